#pragma once

#include "client/cli/case_filter.hpp"
#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"

#include <iosfwd>

namespace tongbao::client {

/// What the totals are of.
struct TotalsShown {
    TotalsDays days;
    std::string unit;
    std::string division;
};

/// Prints GET /v1/ledger/totals: what was asked for, each kind of money of the charter in yuan with
/// two decimals (0.00 where nothing counts), then others that the daemon gave, then how many cases.
void print_case_totals(std::ostream& out, const JsonView& totals, const TotalsShown& shown,
                       const CaseWords& words);

/// Prints CSV (print_csv) under a line of names, one record a kind of money and a count.
void print_case_totals_csv(std::ostream& out, const JsonView& totals, const TotalsShown& shown,
                           const CaseWords& words);

}  // namespace tongbao::client
