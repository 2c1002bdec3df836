#pragma once

#include "client/cli/command.hpp"
#include "program/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace tongbao::client {

/// Adds the shared options and every command of `tongbao`. `invocation` outlives `app`.
void add_command_line(CLI::App& app, Invocation& invocation);

/// Runs one command of `tongbao`; `arguments` are without the program's name. Gives what the
/// command left, ExitCode::usage for arguments that can't be parsed, and ExitCode::failed if what
/// was printed could not be written whole. A reader of a pipe that has gone, such as `head`, is no
/// failure.
[[nodiscard]] program::ExitCode run_command_line(std::vector<std::string> arguments);

}  // namespace tongbao::client
