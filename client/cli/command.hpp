#pragma once

#include "program/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace tongbao::client {

/// What every command of `tongbao` shares: the options before the command, and the exit code that
/// the command which ran leaves.
struct Invocation {
    /// --config FILE
    std::optional<std::filesystem::path> config;
    /// --sandbox DIR and --as UNIT, in place of a configuration file
    std::optional<std::filesystem::path> sandbox;
    std::string as;
    /// --json: data as JSON on standard output
    bool json{false};

    program::ExitCode exit_code{program::ExitCode::good};
};

// Each adds its commands to `app`: a description with an example, options, and a callback that does
// the work and sets invocation.exit_code. Data goes to standard output, messages to standard error.
// `invocation` outlives `app`.

void add_ca_commands(CLI::App& app, Invocation& invocation);
void add_calendar_commands(CLI::App& app, Invocation& invocation);
void add_charter_commands(CLI::App& app, Invocation& invocation);
void add_validate_command(CLI::App& app, Invocation& invocation);
void add_sandbox_commands(CLI::App& app, Invocation& invocation);
void add_audit_commands(CLI::App& app, Invocation& invocation);
void add_send_commands(CLI::App& app, Invocation& invocation);   ///< send, reply
void add_inbox_commands(CLI::App& app, Invocation& invocation);  ///< inbox, show, fetch
void add_endorse_command(CLI::App& app, Invocation& invocation);
void add_act_commands(CLI::App& app, Invocation& invocation);  ///< sign-for, take-up, decline
void add_close_command(CLI::App& app, Invocation& invocation);
void add_dispatch_command(CLI::App& app, Invocation& invocation);
void add_dispatches_command(CLI::App& app, Invocation& invocation);
void add_status_commands(CLI::App& app, Invocation& invocation);  ///< status, trail
void add_proof_commands(CLI::App& app, Invocation& invocation);   ///< proof, proof verify
void add_due_command(CLI::App& app, Invocation& invocation);
void add_tray_commands(CLI::App& app, Invocation& invocation);    ///< reminders, tray
void add_case_commands(CLI::App& app, Invocation& invocation);    ///< case list, show, totals
void add_ledger_commands(CLI::App& app, Invocation& invocation);  ///< ledger status, check, rebuild
void add_search_command(CLI::App& app, Invocation& invocation);
void add_watch_command(CLI::App& app, Invocation& invocation);
void add_explain_command(CLI::App& app, Invocation& invocation);

}  // namespace tongbao::client
