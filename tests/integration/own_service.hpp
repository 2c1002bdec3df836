#pragma once

#include "tests/integration/live_sandbox.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tongbao::testing {

/// The hub or one unit's daemon of a sandbox, run by the test itself: with another configuration,
/// with variables of its own in its environment, stopped and started at will. It ends with the
/// object. Throws std::runtime_error with what went wrong.
class OwnService {
public:
    /// Ends the sandbox's own hub, or the daemon of `unit`, to take its place.
    [[nodiscard]] static OwnService hub(const LiveSandbox& sandbox);
    [[nodiscard]] static OwnService daemon(const LiveSandbox& sandbox, const std::string& unit);

    ~OwnService();
    OwnService(const OwnService&) = delete;
    OwnService& operator=(const OwnService&) = delete;
    OwnService(OwnService&&) = delete;
    OwnService& operator=(OwnService&&) = delete;

    void start(const std::map<std::string, std::string>& environment = {});
    /// Asks it to end and waits until it has.
    void stop();

    /// Replaces the first `from` of its configuration; `from` empty: adds `to` at the end.
    void configure(const std::string& from, const std::string& to) const;
    /// Puts its data into another folder.
    void move_data(const std::filesystem::path& folder) const;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// What it wrote to its running log since the object was made.
    [[nodiscard]] std::string log() const;

private:
    OwnService(const LiveSandbox& sandbox, const Json& process, const std::string& program,
               std::filesystem::path config);

    std::string program_;
    std::filesystem::path config_;
    std::vector<std::string> clock_;
    std::filesystem::path log_;
    pid_t pid_{0};
};

/// Waits, at most `limit`, until `reached` answers true. Throws with `what` if it
/// does not.
void wait_until(const std::string& what, const std::function<bool()>& reached,
                std::chrono::seconds limit = std::chrono::seconds(90));

/// How many times `what` stands in `text`, such as an event in a running log.
[[nodiscard]] std::size_t count(const std::string& text, const std::string& what);

/// Whether the unit's daemon is connected to the hub, and how many items wait in its outbox.
[[nodiscard]] bool is_connected(const LiveSandbox& sandbox, const std::string& unit);
[[nodiscard]] std::size_t outbox_of(const LiveSandbox& sandbox, const std::string& unit);

/// Hands over an `agenda_item` of `unit` with this number as its summary, without waiting for the
/// hub; its id.
std::string send_numbered(const LiveSandbox& sandbox, const std::string& unit, std::size_t number);

}  // namespace tongbao::testing
