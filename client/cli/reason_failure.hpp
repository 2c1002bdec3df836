#pragma once

#include "client/cli/command.hpp"
#include "client/cli/failure.hpp"
#include "domain/reason.hpp"

#include <functional>

namespace tongbao::client {

/// What a command of this machine's own files and processes ends with that met `reason`, whose
/// place is a file and whose explanation is what to do about it: failed or unavailable as
/// exit_code_of says, failed for a process that ended, otherwise usage.
[[nodiscard]] Failure local_failure(const Reason& reason);

/// Does `work`, says a failure on standard error, and sets the exit code.
void run_locally(Invocation& invocation, const std::function<Attempt<void>()>& work);

}  // namespace tongbao::client
