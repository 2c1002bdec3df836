#include "client/cli/case_totals_view.hpp"

#include "client/cli/case_list_view.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

constexpr std::array<std::string_view, 3> kCounts{"cases", "opened", "concluded"};

/// With 0 for each kind of the charter that the daemon does not name.
std::vector<std::pair<std::string, Fen>> all_amounts(const JsonView& totals,
                                                     const Charter& charter) {
    const auto given = amounts_of(JsonView(totals.member("money")), charter);
    std::vector<std::pair<std::string, Fen>> all;
    for (const LedgerMoney& each : charter.parts().ledger.money)
        all.emplace_back(each.kind, Fen(0));
    for (const auto& [kind, fen] : given) {
        const auto found = std::find_if(all.begin(), all.end(), [&name = kind](const auto& each) {
            return each.first == name;
        });
        if (found == all.end()) {
            all.emplace_back(kind, fen);
        } else {
            found->second = fen;
        }
    }
    return all;
}

std::string day_text(const std::optional<LocalDay>& day) {
    return day ? format_day(*day) : "";
}

}  // namespace

void print_case_totals(std::ostream& out, const JsonView& totals, const TotalsShown& shown,
                       const CaseWords& words) {
    if (shown.days.first) out << "from       " << format_day(*shown.days.first) << " 00:00\n";
    if (shown.days.last) out << "until      " << format_day(*shown.days.last) << " 24:00\n";
    if (!shown.unit.empty()) out << "said by    " << printable(words.unit(shown.unit)) << '\n';
    if (!shown.division.empty()) out << "division   " << printable(shown.division) << '\n';
    if (shown.days.first || shown.days.last || !shown.unit.empty() || !shown.division.empty()) {
        out << '\n';
    }
    const auto amounts = all_amounts(totals, words.charter());
    std::size_t width = 0;
    for (const auto& [kind, fen] : amounts) width = std::max(width, format_yuan(fen).size());
    TextTable table({"money", "yuan"});
    for (const auto& [kind, fen] : amounts) {
        const std::string yuan = format_yuan(fen);
        table.add({words.money(kind), std::string(width - yuan.size(), ' ') + yuan});
    }
    table.print(out);
    out << '\n';
    for (const std::string_view name : kCounts) {
        out << name << std::string(11 - name.size(), ' ') << totals.integer_text(name) << '\n';
    }
}

void print_case_totals_csv(std::ostream& out, const JsonView& totals, const TotalsShown& shown,
                           const CaseWords& words) {
    print_csv(out, {"from_day", "until_day", "zone", "unit", "division", "what", "what_words",
                    "yuan", "count"});
    const auto record = [&](const std::string& what, const std::string& in_words,
                            const std::string& yuan, const std::string& count) {
        print_csv(out, {day_text(shown.days.first), day_text(shown.days.last),
                        std::string(words.zone_name()), shown.unit, shown.division, what, in_words,
                        yuan, count});
    };
    for (const auto& [kind, fen] : all_amounts(totals, words.charter())) {
        record(kind, words.money(kind), format_yuan(fen), "");
    }
    for (const std::string_view name : kCounts) {
        record(std::string(name), "", "", totals.integer_text(name));
    }
}

}  // namespace tongbao::client
