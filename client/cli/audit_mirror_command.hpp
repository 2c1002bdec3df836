#pragma once

#include "client/cli/command.hpp"

namespace tongbao::client {

/// `audit mirror`: a verified copy of the log in files.
void add_audit_mirror_command(CLI::App& audit, Invocation& invocation);

}  // namespace tongbao::client
