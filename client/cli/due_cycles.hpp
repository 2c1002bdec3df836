#pragma once

#include "client/cli/command.hpp"
#include "client/cli/daemon_client.hpp"
#include "client/cli/due_cycles_view.hpp"

#include <string>

namespace tongbao::client {

/// What `tongbao due --cycles` was given.
struct DueCyclesArguments {
    /// `2026-Q3`; empty: as the daemon chooses.
    std::string period;
    DutyFilter filter;
    bool csv{false};
};

/// Prints who handed in the data of the charter's reporting cycles, and who did not.
///
/// Fails with ExitCode::usage for a period or unit of another form; as DaemonClient::get does.
[[nodiscard]] Attempt<void> list_due_cycles(DaemonClient& daemon, const Invocation& invocation,
                                            const DueCyclesArguments& arguments);

}  // namespace tongbao::client
