#include "client/cli/checked_argument.hpp"

#include "client/cli/terminal_text.hpp"
#include "domain/identifiers.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tongbao::client {
namespace {

std::string given(const std::string& option, const std::string& value) {
    return option + (option.empty() ? "" : " ") + printable(value);
}

std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
    return list;
}

Attempt<void> one_of(const std::string& option, const std::string& value, const std::string& what,
                     const std::vector<std::string>& names) {
    if (value.empty() || std::find(names.begin(), names.end(), value) != names.end()) return {};
    return usage_failure(given(option, value) + ": the charter has no such " + what +
                         "; it has: " + listed(names));
}

}  // namespace

Attempt<void> check_unit_argument(const std::string& option, const std::string& unit,
                                  const Charter& charter) {
    if (charter.knows(UnitId(unit))) return {};
    std::vector<std::string> names;
    for (const Unit& each : charter.parts().units) names.push_back(each.id.value());
    return one_of(option, unit, "unit", names);
}

Attempt<void> check_kind_argument(const std::string& option, const std::string& kind,
                                  const Charter& charter) {
    if (kind.empty() || charter.find_kind(KindId(kind)) != nullptr) return {};
    return usage_failure(given(option, kind) +
                         ": the charter has no such kind; `tongbao charter show` lists them");
}

Attempt<void> check_track_argument(const std::string& option, const std::string& track,
                                   const Charter& charter) {
    std::vector<std::string> names;
    for (const LedgerTrack& each : charter.parts().ledger.tracks) names.push_back(each.id);
    return one_of(option, track, "track", names);
}

Attempt<void> check_state_argument(const std::string& option, const std::string& value,
                                   std::string_view type, const Charter& charter) {
    std::vector<std::string> names;
    if (const EnumType* const known = charter.find_enum(type)) {
        for (const EnumValue& each : known->values) names.push_back(each.id);
    }
    return one_of(option, value, "state", names);
}

Attempt<void> check_division_argument(const std::string& option, const std::string& division) {
    if (division.empty() || check_division(division)) return {};
    return usage_failure(given(option, division) + ": is no division: six digits, such as 440000");
}

Attempt<void> check_case_argument(const std::string& option, const std::string& number) {
    if (check_case_number(number)) return {};
    return usage_failure(given(option, number) +
                         ": is no case number: a division, a year, five digits");
}

Attempt<std::optional<LocalDay>> day_argument(const std::string& option, const std::string& text) {
    if (text.empty()) return std::optional<LocalDay>();
    const Result<LocalDay> day = parse_day(text);
    if (day) return std::optional<LocalDay>(*day);
    return usage_failure(option + ' ' + printable(text) + ": is no date, such as 2026-07-01");
}

}  // namespace tongbao::client
