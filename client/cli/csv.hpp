#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// `cell` as a field of CSV: between double quotes, those inside it doubled. What a spreadsheet
/// would take for a formula (what begins with `=`, `+`, `-`, `@`, one of their fullwidth forms, a
/// tab, a line's end or a NUL) gets a single quote in front, which spreadsheets read as "this is
/// text".
///
/// Source: RFC 4180 section 2, rules 5 to 7; OWASP, "CSV Injection".
[[nodiscard]] std::string csv_field(std::string_view cell);

/// Prints one record: the cells as csv_field makes them, commas between, CR LF behind (RFC 4180
/// section 2, rules 1 and 4). Cells may hold anything: like those of a TextTable they are made
/// printable, so that no record has more than one line and none moves a terminal's cursor.
void print_csv(std::ostream& out, const std::vector<std::string>& cells);

}  // namespace tongbao::client
