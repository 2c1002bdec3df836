#pragma once

#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace tongbao::client {

/// One process of this machine. A process id alone is given out again after its process ended; with
/// the moment of its start it never means another one.
struct ProcessId {
    std::int64_t pid{0};  ///< 0: none was started
    std::uint64_t started{
        0};  ///< in clock ticks since the machine started, as /proc/<pid>/stat has it

    friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// Starts `program` with `arguments` (without its name) in a session of its own, so that it
/// outlives the shell; standard output and error are appended to `log_file`, created 0600.
///
/// Errors: Errc::process_failed if it can't be executed; Errc::storage_failure if the log file
/// can't be opened.
[[nodiscard]] Result<ProcessId> start_process(const std::filesystem::path& program,
                                              std::span<const std::string> arguments,
                                              const std::filesystem::path& log_file);

/// Whether that very process still runs; one that ended and was not waited for does not.
[[nodiscard]] bool is_running(const ProcessId& process);

/// Waits until the process has ended, at most `limit`; whether it has.
[[nodiscard]] bool wait_for_end(const ProcessId& process, std::chrono::milliseconds limit);

/// Asks the process to end (SIGTERM); nothing happens if it has. Never signals another process that
/// was given the same number since.
void ask_to_end(const ProcessId& process);

/// Ends the process at once (SIGKILL); nothing happens if it has ended.
void kill_process(const ProcessId& process);

}  // namespace tongbao::client
