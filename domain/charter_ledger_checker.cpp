#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

/// Notes where `name` is no value of the enum `id`, or the enum is missing.
void expect_value(Findings& findings, const std::string& place, std::string_view id,
                  const std::string& name) {
    const EnumType* const type = findings.charter.find_enum(id);
    if (type == nullptr) {
        findings.unresolved("enums." + std::string(id), "enum", id);
    } else if (!type->has(name)) {
        findings.unresolved(place, "value of " + std::string(id), name);
    }
}

}  // namespace

void check_ledger(Findings& findings) {
    const LedgerRules& ledger = findings.charter.parts().ledger;
    findings.expect_unit("ledger.kept_by", ledger.kept_by);
    for (const UnitId& unit : ledger.closed_by) findings.expect_unit("ledger.closed_by", unit);
    for (const LedgerTrack& track : ledger.tracks) {
        findings.expect_unit("ledger.tracks." + track.id + ".unit", track.unit);
        const auto mains = std::count_if(
            ledger.tracks.begin(), ledger.tracks.end(), [&](const LedgerTrack& other) {
                return other.main && track.main && other.unit == track.unit;
            });
        if (mains > 1) {
            findings.broken("ledger.tracks." + track.id + ".main", "the unit has another one");
        }
    }
    for (const std::string& state : ledger.finished_states) {
        expect_value(findings, "ledger.finished_states", kTrackStates, state);
    }
    std::vector<std::string> kinds;
    for (const LedgerMoney& money : ledger.money) {
        kinds.push_back(money.kind);
        expect_value(findings, "ledger.money." + money.kind, kMoneyKinds, money.kind);
    }
    findings.expect_unique("ledger.money.", kinds);
}

}  // namespace tongbao::checking
