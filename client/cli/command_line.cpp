#include "client/cli/command_line.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace tongbao::client {
namespace {

using program::ExitCode;

void add_shared_options(CLI::App& app, Invocation& invocation) {
    app.add_option("--config", invocation.config, "configuration file (TOML)");
    app.add_option("--sandbox", invocation.sandbox,
                   "a folder made by `tongbao sandbox up`, in place of --config");
    app.add_option("--as", invocation.as,
                   "with --sandbox: the unit that acts, by the charter's id");
    app.add_flag("--json", invocation.json, "print data as JSON");
    app.require_subcommand(1);
    // So that `tongbao inbox --sandbox DIR --as UNIT` works as well.
    app.fallthrough();
    app.footer(
        "Example: tongbao inbox --sandbox ./sandbox --as UNIT\n"
        "Exit codes: 0 good, 1 refused or not valid, 2 wrong arguments or configuration,\n"
        "3 hub or daemon not reachable, 4 something failed on this machine.");
}

/// Whether whoever read standard output through a pipe has gone.
bool reader_has_gone() {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

void add_command_line(CLI::App& app, Invocation& invocation) {
    add_shared_options(app, invocation);
    add_send_commands(app, invocation);
    add_endorse_command(app, invocation);
    add_inbox_commands(app, invocation);
    add_act_commands(app, invocation);
    add_close_command(app, invocation);
    add_dispatch_command(app, invocation);
    add_dispatches_command(app, invocation);
    add_status_commands(app, invocation);
    add_proof_commands(app, invocation);
    add_due_command(app, invocation);
    add_tray_commands(app, invocation);
    add_case_commands(app, invocation);
    add_ledger_commands(app, invocation);
    add_search_command(app, invocation);
    add_watch_command(app, invocation);
    add_explain_command(app, invocation);
    add_charter_commands(app, invocation);
    add_calendar_commands(app, invocation);
    add_validate_command(app, invocation);
    add_audit_commands(app, invocation);
    add_ca_commands(app, invocation);
    add_sandbox_commands(app, invocation);
}

ExitCode run_command_line(std::vector<std::string> arguments) {
    CLI::App app("Tongbao: signed notices between the units of a joint meeting.", "tongbao");
    Invocation invocation;
    add_command_line(app, invocation);
    // CLI11 takes them last first.
    std::reverse(arguments.begin(), arguments.end());
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        if (app.exit(error) != 0) return ExitCode::usage;
    }
    std::cout.flush();
    if (std::cout || reader_has_gone()) return invocation.exit_code;
    std::cerr << "not all of the output could be written: is the disk full?\n";
    return ExitCode::failed;
}

}  // namespace tongbao::client
