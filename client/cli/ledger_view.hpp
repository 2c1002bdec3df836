#pragma once

#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"

#include <cstdint>
#include <iosfwd>

namespace tongbao::client {

/// How many refused effects nothing has settled since, by the daemon's counts.
[[nodiscard]] std::int64_t open_refusals(const JsonView& counts);

/// Prints GET /v1/ledger: who keeps it, how far it has come, what it holds, and the effects that it
/// refused, each with every reason.
void print_ledger(std::ostream& out, const JsonView& ledger, const CaseWords& words);

/// Prints CSV (print_csv) under a line of names, one record for each reason of each refused effect.
void print_refused_csv(std::ostream& out, const JsonView& ledger, const CaseWords& words);

}  // namespace tongbao::client
