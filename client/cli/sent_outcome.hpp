#pragma once

#include "client/cli/daemon_client.hpp"

#include <cstdint>
#include <string>

namespace tongbao::client {

/// How long a command waits for the hub's word on what it sent.
struct Waiting {
    std::int64_t seconds{30};
    bool none{false};
};

/// Adds --wait and --no-wait.
void add_waiting(CLI::App& command, Waiting& waiting);

/// Waits for the hub's word on what the daemon queued, prints it (id, state, and the log index once
/// there is one; with --json what the daemon says), and fails with ExitCode::refused and every
/// reason if the hub refused it, with ExitCode::unavailable if it did not answer in time: the
/// daemon then goes on trying.
[[nodiscard]] Attempt<void> report_outcome(DaemonClient& daemon, const Invocation& invocation,
                                           const Answer& queued, const Waiting& waiting);

/// `id` as a segment of a target. Fails with ExitCode::usage unless it is a notice's id or a log
/// index in decimal.
[[nodiscard]] Attempt<std::string> notice_target(const std::string& id);

}  // namespace tongbao::client
