#pragma once

#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"
#include "domain/money.hpp"

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {

/// Cases as the daemon's GET /v1/cases gives them, in the order in which they are shown.
using CaseRows = std::vector<const protocol::JsonValue*>;

/// The amounts of an object of fen by kind of money: the charter's kinds in its order, then others.
[[nodiscard]] std::vector<std::pair<std::string, Fen>> amounts_of(const JsonView& money,
                                                                  const Charter& charter);

/// Prints a table: number, state, day and unit that opened it, title, tracks with their states,
/// money in yuan, flags; `repeated`: whose subjects stand in other cases too, where the daemon says
/// so.
void print_case_table(std::ostream& out, const CaseRows& cases, const CaseWords& words);

/// Prints CSV (print_csv) under a line of names, one record a case, with a column for each track
/// and each kind of money.
void print_case_csv(std::ostream& out, const CaseRows& cases, const CaseWords& words);

/// `{"cases": […]}`, each as the daemon gave it.
[[nodiscard]] std::string case_list_json(const CaseRows& cases);

}  // namespace tongbao::client
