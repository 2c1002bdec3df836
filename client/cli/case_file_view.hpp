#pragma once

#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"

#include <iosfwd>

namespace tongbao::client {

/// Prints GET /v1/cases/{case} for a person: the case's head and warnings, its subjects, the tracks
/// unit by unit with what became of each, decisions of the case as a whole, money with its totals,
/// facts and flags, and the notices of the case. Each entry has its time, who did it, the log index
/// of the notice that says it, and that of the notice which took it back. Made printable.
void print_case_file(std::ostream& out, const JsonView& file, CaseWords& words);

/// Prints CSV (print_csv) under a line of names: one record for each entry of the case, in the
/// log's order.
void print_case_file_csv(std::ostream& out, const JsonView& file, CaseWords& words);

}  // namespace tongbao::client
