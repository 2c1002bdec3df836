#pragma once

#include <cstddef>

namespace tongbao::program {

/// What every service does before it reads its keys:
///
/// - no core is ever written, and no other process of the user may look into it: keys are in its
///   memory, and it ends by std::abort() where it must not go on;
/// - what is freed stays with the process for the next batch, up to some tens of MiB;
/// - a pipe that nobody reads any more is an error of that write, not the end of the process;
/// - it may open as many files as the system lets it: each connection is one.
void settle_process();

/// How many files this process may have open at once.
[[nodiscard]] std::size_t descriptor_limit();

}  // namespace tongbao::program
