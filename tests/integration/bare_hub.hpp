#pragma once

#include "crypto/certificate.hpp"
#include "tests/integration/mortal_service.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/test_pki.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::testing {

/// A `tongbao-hub` of its own, without daemons, with the certificates of a test: Guangdong's
/// charter under the trust domain of the test, a seal of the unit `hsa` enrolled. Killed with the
/// object. Throws std::runtime_error with what went wrong.
class BareHub {
public:
    /// Its files, with the trust file that `pki` gives now; `pki` tells the computer's time.
    /// `enrolled` may connect: those of `hsa` are enrolled with its seal's consent.
    explicit BareHub(const TestPki& pki, const std::vector<crypto::Certificate>& enrolled = {});
    ~BareHub() { kill_now(); }
    BareHub(const BareHub&) = delete;
    BareHub& operator=(const BareHub&) = delete;
    BareHub(BareHub&&) = delete;
    BareHub& operator=(BareHub&&) = delete;

    /// Starts it and waits until it is ready, on a port of its own.
    void start();
    /// Starts it to die `when` ("before" or "after") it takes the step; whether it did. If it comes
    /// to serve without, it is killed.
    [[nodiscard]] bool dies_at(const DurableStep& step, const std::string& when);
    void kill_now();
    /// Asks it to end and waits; it must end in order.
    void stop();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
    /// What it wrote to its running log, whole once it has ended.
    [[nodiscard]] std::string log() const;

private:
    void launch(const DurableStep* step, const std::string& when);
    [[nodiscard]] bool ended(int& status);
    /// Waits for either; whether it is ready.
    [[nodiscard]] bool ready_or_ended(int& status);
    void enrol(const TestPki& pki, const std::vector<crypto::Certificate>& enrolled) const;
    void write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string file(const std::string& name) const;

    /// It is killed, the machine is not: what it writes need not come to a disk.
    storage::TemporaryFolder folder_{storage::memory_path()};
    pid_t pid_{0};
    /// How long its log was when it was started last.
    std::size_t log_before_{0};
    std::uint16_t port_{0};
};

}  // namespace tongbao::testing
