#include "client/cli/command.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace {

using namespace tongbao;

void add_options(CLI::App& app, client::Invocation& invocation) {
    app.add_option("--config", invocation.config, "configuration file (TOML)");
    app.add_option("--sandbox", invocation.sandbox,
                   "a folder made by `tongbao sandbox up`, in place of --config");
    app.add_option("--as", invocation.as, "with --sandbox: the unit that acts, such as police");
    app.add_flag("--json", invocation.json, "print data as JSON");
    app.require_subcommand(1);
    // So that `tongbao inbox --sandbox DIR --as police` works as well.
    app.fallthrough();
    app.footer(
        "Example: tongbao inbox --sandbox ./sandbox --as police\n"
        "Exit codes: 0 good, 1 refused or not valid, 2 wrong arguments or configuration,\n"
        "3 hub or daemon not reachable, 4 something failed on this machine.");
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        CLI::App app("Tongbao: signed notices between the units of a joint meeting.");
        client::Invocation invocation;
        add_options(app, invocation);
        client::add_send_commands(app, invocation);
        client::add_inbox_commands(app, invocation);
        client::add_act_commands(app, invocation);
        client::add_status_commands(app, invocation);
        client::add_charter_commands(app, invocation);
        client::add_validate_command(app, invocation);
        client::add_audit_commands(app, invocation);
        client::add_ca_commands(app, invocation);
        client::add_sandbox_commands(app, invocation);
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app.exit(error) == 0 ? 0 : to_int(program::ExitCode::usage);
        }
        return to_int(invocation.exit_code);
    } catch (const std::exception& error) {
        std::cerr << "tongbao: " << error.what() << '\n';
        return program::to_int(program::ExitCode::failed);
    }
}
