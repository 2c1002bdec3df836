#pragma once

#include "tests/integration/mortal_service.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/test_pki.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace tongbao::testing {

/// A `tongbao-hub` of its own, without daemons, with the certificates of a test: Guangdong's
/// charter under the trust domain of the test, a sign certificate of `hsa` enrolled. Ends with the
/// object. Throws std::runtime_error with what went wrong.
class BareHub {
public:
    /// Its files, with the trust file that `pki` gives now, which tells the computer's time.
    explicit BareHub(const TestPki& pki);
    ~BareHub();
    BareHub(const BareHub&) = delete;
    BareHub& operator=(const BareHub&) = delete;
    BareHub(BareHub&&) = delete;
    BareHub& operator=(BareHub&&) = delete;

    /// Starts it and waits until it has said its port.
    void start();
    /// Starts it to die `when` ("before" or "after") it takes the step; whether it did, and did not
    /// say its port before that.
    [[nodiscard]] bool dies_at(const DurableStep& step, const std::string& when);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
    /// Asks it to end and waits; it must end in order.
    void stop();
    /// What it wrote to its running log.
    [[nodiscard]] std::string log() const;

private:
    void launch(const DurableStep* step, const std::string& when);
    void write(const char* name, const std::string& text) const;
    [[nodiscard]] std::string file(const char* name) const;

    storage::TemporaryFolder folder_;
    pid_t pid_{0};
    std::uint16_t port_{0};
};

}  // namespace tongbao::testing
