#pragma once

#include <cstddef>
#include <ostream>

namespace tongbao::bench {

/// Fills the index of what can be found with `notices` invented notices of nine values each,
/// through its own way of writing, then times questions of each kind. Prints a line for each;
/// throws std::runtime_error if one fails.
void run_search(std::ostream& out, std::size_t notices);

}  // namespace tongbao::bench
