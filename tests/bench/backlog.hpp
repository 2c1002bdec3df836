#pragma once

#include <cstddef>
#include <ostream>

namespace tongbao::bench {

/// A daemon starts after `notices` have waited for it. Prints how fast it caught up, how often
/// `tongbao status` showed it further on meanwhile, and the most memory that it and the hub had.
///
/// Throws std::runtime_error if what arrived is not what was sent, each once and in the order of
/// sending, if `tongbao status` goes back or shows no progress, or if the daemon takes more memory
/// than 160 MiB, however many waited.
void run_backlog(std::ostream& out, std::size_t notices);

}  // namespace tongbao::bench
