#pragma once

#include "client/cli/command.hpp"

namespace tongbao::client {

/// `audit search`: entries by event, unit, kind, case, notice, class, reason and time.
void add_audit_search_command(CLI::App& audit, Invocation& invocation);

}  // namespace tongbao::client
