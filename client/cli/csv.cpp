#include "client/cli/csv.hpp"

#include "client/cli/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace tongbao::client {
namespace {

using namespace std::string_view_literals;

// The fullwidth forms are taken for the others in some locales.
constexpr std::array kFormulaStarts{"="sv,  "+"sv,  "-"sv,  "@"sv,  "\t"sv, "\r"sv,
                                    "\n"sv, "\0"sv, "＝"sv, "＋"sv, "－"sv, "＠"sv};

}  // namespace

std::string csv_field(std::string_view cell) {
    const bool formula =
        std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                    [cell](std::string_view start) { return cell.starts_with(start); });
    std::string field = formula ? "\"'" : "\"";
    for (const char each : cell) {
        if (each == '"') field += '"';
        field += each;
    }
    return field + '"';
}

void print_csv(std::ostream& out, const std::vector<std::string>& cells) {
    std::string record;
    for (const std::string& cell : cells) {
        if (!record.empty()) record += ',';
        record += csv_field(printable(cell));
    }
    out << record << "\r\n";
}

}  // namespace tongbao::client
