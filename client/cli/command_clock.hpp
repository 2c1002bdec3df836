#pragma once

#include "client/cli/command.hpp"
#include "client/cli/failure.hpp"
#include "domain/time.hpp"

#include <memory>

namespace tongbao::client {

/// The clock that a command judges by: the machine's, or that of the test deployment which
/// --sandbox or --config names, if it sets one.
///
/// Fails with ExitCode::usage for a configuration or a sandbox that can't be read, and for a file
/// that sets no clock.
[[nodiscard]] Attempt<std::unique_ptr<Clock>> command_clock(const Invocation& invocation);

}  // namespace tongbao::client
