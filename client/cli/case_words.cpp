#include "client/cli/case_words.hpp"

#include "client/cli/calendar_view.hpp"
#include "domain/charter_enums.hpp"
#include "domain/due_time.hpp"

#include <vector>

namespace tongbao::client {
namespace {

/// The enum by which both charters word their tracks; one without it shows their ids.
constexpr std::string_view kTrackTitles = "tracks";

const FieldRule* field_behind(const Charter& charter, const std::string& kind_id,
                              std::string_view attribute,
                              std::vector<LedgerAttribute> Effect::*list) {
    const Kind* const kind = charter.find_kind(KindId(kind_id));
    if (kind == nullptr) return nullptr;
    for (const Effect& effect : kind->effects) {
        for (const LedgerAttribute& each : effect.*list) {
            if (each.attribute == attribute) return find_field(kind->fields, each.field);
        }
    }
    return nullptr;
}

}  // namespace

std::string CaseWords::case_state(const std::string& state) const {
    return fields_.enumerated(kCaseStates, state);
}

std::string CaseWords::track_state(const std::string& state) const {
    return fields_.enumerated(kTrackStates, state);
}

std::string CaseWords::track(const std::string& id) const {
    return fields_.enumerated(kTrackTitles, id);
}

std::string CaseWords::money(const std::string& kind) const {
    return fields_.enumerated(kMoneyKinds, kind);
}

std::string CaseWords::unit(const std::string& id) const {
    return fields_.unit(UnitId(id));
}

std::string CaseWords::kind(const std::string& id) const {
    const Kind* const known = charter_.find_kind(KindId(id));
    return known == nullptr ? id : id + ' ' + known->title_zh;
}

std::string CaseWords::day(const std::string& utc) const {
    const Result<UtcTime> at = parse_utc(utc);
    return at ? format_day(day_in(zone_, *at)) : "";
}

std::string CaseWords::time(const std::string& utc) const {
    const Result<UtcTime> at = parse_utc(utc);
    return at ? time_of_day(DueTime{*at, day_in(zone_, *at)}, zone_) : "";
}

std::string CaseWords::day_and_time(const std::string& utc) const {
    const std::string shown = day(utc);
    return shown.empty() ? shown : shown + ' ' + time(utc);
}

const FieldRule* CaseWords::fact_field(const std::string& kind, std::string_view attribute) const {
    return field_behind(charter_, kind, attribute, &Effect::facts);
}

const FieldRule* CaseWords::decision_field(const std::string& kind,
                                           std::string_view attribute) const {
    return field_behind(charter_, kind, attribute, &Effect::decision);
}

}  // namespace tongbao::client
