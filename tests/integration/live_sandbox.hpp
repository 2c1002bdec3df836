#pragma once

#include "domain/bytes.hpp"
#include "tests/support/command.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::testing {

using Json = nlohmann::json;

/// The text of a file. Throws std::runtime_error if it can't be read or has more than 4 MiB.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// What a program has written to its running log; empty before its first start.
[[nodiscard]] std::string log_text(const std::filesystem::path& path);

/// A sandbox of real processes for one test: the hub and every unit's daemon. Stopped, by the ids
/// of exactly its own processes, and removed at the end. Throws std::runtime_error with what was
/// printed when something that a test takes for granted fails.
class LiveSandbox {
public:
    /// `charter` is a shipped charter's name or a file. With `clock`, such as
    /// `2020-09-30T09:00+08:00`, a test deployment whose clock stands there. `local`: the local
    /// units that take part.
    explicit LiveSandbox(const std::string& charter, const std::string& clock = {},
                         const std::vector<std::string>& local = {});
    ~LiveSandbox();
    LiveSandbox(const LiveSandbox&) = delete;
    LiveSandbox& operator=(const LiveSandbox&) = delete;
    LiveSandbox(LiveSandbox&&) = delete;
    LiveSandbox& operator=(LiveSandbox&&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    /// What sandbox.json says now.
    [[nodiscard]] Json file() const;

    /// Runs `tongbao <arguments>` and gives what it left behind.
    [[nodiscard]] CommandResult tongbao(const std::string& arguments) const;
    /// The same as a unit: with --sandbox and --as.
    [[nodiscard]] CommandResult as(const std::string& unit, const std::string& arguments) const;
    /// The same with --json; what was printed on standard output, which must be JSON, exit code 0.
    [[nodiscard]] Json json_as(const std::string& unit, const std::string& arguments) const;

    /// Sends a notice that others must sign, and has it signed by the holders of these posts; its
    /// id once the hub has accepted it.
    [[nodiscard]] std::string send_endorsed(const std::string& unit, const std::string& arguments,
                                            const std::vector<std::string>& posts) const;

    /// Waits, 30 seconds at most, until `unit` has `count` notices in its inbox; the inbox.
    [[nodiscard]] Json wait_for_inbox(const std::string& unit, std::size_t count) const;

    /// Sets the clock of a test deployment on.
    void set_clock(const std::string& time) const;
    /// What else a service of this sandbox is started with: `--clock` and its file, or nothing.
    [[nodiscard]] std::vector<std::string> clock_arguments() const;

    void up() const;
    void down() const;

    /// A file in the test's own folder.
    [[nodiscard]] std::filesystem::path write(const std::string& name,
                                              const std::string& text) const;

private:
    std::filesystem::path folder_;
    std::string charter_;
};

/// A unit without our daemon: it signs by hand and posts to the hub, with the sandbox's keys.
class RawUnit {
public:
    RawUnit(const LiveSandbox& sandbox, std::string unit);

    /// The members that every notice has; `from` is this unit.
    [[nodiscard]] Json notice(const std::string& kind) const;

    /// Signs one leaf and posts it over the connection of `peer` (this unit if empty); the hub's
    /// answer, with `http_status` added.
    [[nodiscard]] Json submit(const std::string& leaf, const std::string& peer = {}) const;

    /// The codes of the refusal of a leaf, sorted; empty if it was accepted.
    [[nodiscard]] std::vector<std::string> codes_of(const std::string& leaf) const;

private:
    const LiveSandbox& sandbox_;
    std::string unit_;
    Json file_;
};

}  // namespace tongbao::testing
