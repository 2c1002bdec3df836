#pragma once

#include <cstddef>
#include <ostream>

namespace tongbao::bench {

/// Fills a case ledger with `notices` invented notices of Guangdong's charter, ten in a case, by
/// the feed's own way of writing, then times each question. Prints a line for each; throws
/// std::runtime_error if one fails.
void run_ledger(std::ostream& out, std::size_t notices);

}  // namespace tongbao::bench
