#pragma once

#include "client/sandbox/sandbox_file.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "program/shipped_files.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// What `sandbox up` is asked to do.
struct SandboxOrder {
    std::filesystem::path folder;
    /// A shipped charter's name or a file; none: that of the sandbox that is there.
    std::optional<std::string> charter;
    /// Ids of local units that a new sandbox has besides members and office; one that is there has
    /// these already.
    std::vector<std::string> local;
    /// A new sandbox becomes a test deployment whose clock is set to this; the clock of one that is
    /// there goes on to it (program::parse_clock_setting). None: the machine's clock, or what is
    /// set already.
    std::optional<std::string> clock;
    /// The hub's port; 0: any free one.
    std::uint16_t port{0};
    /// How long all may take to be ready.
    std::chrono::seconds patience{60};
};

/// What there was before.
enum class SandboxBefore : std::uint8_t {
    nothing,  ///< made and started
    stopped,  ///< started again with its keys and data
    partly,   ///< what was missing was started
    running,  ///< nothing was started
};

struct SandboxUp {
    SandboxBefore before{};
    SandboxFile sandbox;
};

/// Called with a line for the person who waits, such as `starting the hub`.
using TellProgress = std::function<void(std::string_view)>;

/// Makes a sandbox if there is none, and starts those of its processes that do not run: the hub,
/// then every unit's daemon, all on 127.0.0.1. Returns when all are ready, those that ran before
/// among them: the hub serves its log, each daemon is connected to it. If they are not in time,
/// those started here are stopped again. Certificates and lists are made by `machine_clock`, those
/// of a test deployment by its own.
///
/// Errors: Errc::not_found for charter or program; Errc::bad_charter for a charter that does not
/// load; Errc::bad_argument if there is no sandbox and no charter was named; Errc::already_exists
/// if the folder holds something else; Errc::charter_mismatch if the sandbox there has another
/// charter; Errc::bad_argument for a local unit that the charter or
/// the sandbox there has not; Errc::already_running if another command works on it;
/// Errc::timed_out, Errc::process_failed with the last lines of the log; those of
/// make_sandbox_material; of program::set_test_clock, and Errc::bad_argument for the clock of a
/// sandbox that has none.
[[nodiscard]] Checked<SandboxUp> sandbox_up(const SandboxOrder& order,
                                            const program::ShippedFiles& shipped,
                                            const Clock& machine_clock, const TellProgress& tell);

/// What time it is in the sandbox, if it is a test deployment; `setting` moves its clock on first.
///
/// Errors: those of read_sandbox_file and program::set_test_clock; Errc::bad_argument for a sandbox
/// that runs by the machine's clock.
[[nodiscard]] Checked<UtcTime> sandbox_clock(const std::filesystem::path& folder,
                                             const std::optional<std::string>& setting);

/// The state of a process that even SIGKILL has not ended, such as one that waits for a dead disk.
inline constexpr std::string_view kCannotBeKilled = "can't be killed";

/// The states of a process that does not run: one that sandbox_down ended or that was never
/// started, and one that ended without it.
inline constexpr const char* kStopped = "stopped";
inline constexpr const char* kEnded = "ended by itself";

/// One process of a sandbox.
struct SandboxPart {
    std::string name;     ///< `hub`, or the unit
    std::int64_t pid{0};  ///< 0: does not run
    std::string address;  ///< the hub's URL, a daemon's socket
    std::string log_file;
    /// `running`, kStopped, kEnded, or for a daemon `connected`, `not connected: <why>`.
    std::string state;
};

/// How the processes of a sandbox are. Asks each running daemon.
///
/// Errors: those of read_sandbox_file.
[[nodiscard]] Checked<std::vector<SandboxPart>> sandbox_status(const std::filesystem::path& folder);

/// Stops the daemons, then the hub: those very processes, whatever has their numbers now. Each is
/// asked to end, and killed if it has not after 15 seconds. Deletes nothing; doing it twice is no
/// fault. Gives what was stopped: state `stopped`, `killed`, `was not running`, or kCannotBeKilled
/// for one that runs on and stays in sandbox.json.
///
/// Errors: those of read_sandbox_file; Errc::already_running if another command works on it.
[[nodiscard]] Checked<std::vector<SandboxPart>> sandbox_down(const std::filesystem::path& folder);

}  // namespace tongbao::client
