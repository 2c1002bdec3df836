#include "domain/answered_act_rules.hpp"

#include "domain/bound_expression.hpp"
#include "domain/clock_terms.hpp"
#include "domain/due_time.hpp"
#include "domain/reach.hpp"

#include <algorithm>
#include <string>

namespace tongbao {
namespace {

std::string field_place(const std::optional<std::string>& field) {
    return "fields." + field.value_or("");
}

/// The text of the field; nullptr if it is absent or no text.
const std::string* text_field(const Notice& notice, const std::optional<std::string>& field) {
    return field ? std::get_if<std::string>(notice.find(*field)) : nullptr;
}

Checked<MomentOrDay> granted_moment(const AnsweredRule& rule, const Notice& notice) {
    const std::string* const text = text_field(notice, rule.new_due);
    const std::string place = field_place(rule.new_due);
    if (text == nullptr) return Reason{Errc::missing_field, place, "the new limit must be there"};
    const Result<MomentOrDay> moment = moment_or_day(*text);
    if (!moment) return Reason{to_errc(moment.error()), place, {}};
    return *moment;
}

void check_reached(Reasons& reasons, const Reach& reach, const Notice& notice,
                   const Notice& asked) {
    for (const UnitId& unit : online_recipients(reach, asked)) {
        if (contains(notice.to, unit) || contains(notice.cc, unit)) continue;
        reasons.push_back({Errc::recipient_missing, "to", unit.value() + " got the notice"});
    }
}

void check_replacement(Reasons& reasons, const AnsweredRule& rule, const Notice& notice,
                       const Notice& asked) {
    const std::string place = field_place(rule.replaced_by);
    if (text_field(notice, rule.replaced_by) == nullptr) {
        reasons.push_back({Errc::missing_field, place, "names the notice that counts instead"});
        return;
    }
    const std::optional<NoticeId> named = replacement_in(rule, notice);
    if (!named) {
        reasons.push_back({Errc::bad_value, place, "is no notice's identifier"});
    } else if (*named == asked.id) {
        reasons.push_back({Errc::bad_value, place, "is the notice that is corrected"});
    }
}

}  // namespace

const AnsweredRule* answered_act_of(const Kind& kind, const Notice& notice) {
    const auto holds = [&notice](const AnsweredRule& rule) {
        return !rule.when || rule.when->holds(fields_of(notice));
    };
    const auto found = std::find_if(kind.on_answered.begin(), kind.on_answered.end(), holds);
    return found == kind.on_answered.end() ? nullptr : &*found;
}

LifecycleAct lifecycle_act(AnsweredAct act) noexcept {
    switch (act) {
        case AnsweredAct::correct:
            return LifecycleAct::corrected;
        case AnsweredAct::withdraw:
            return LifecycleAct::withdrawn;
        case AnsweredAct::extend:
            return LifecycleAct::extended;
        case AnsweredAct::urge:
            return LifecycleAct::urged;
        case AnsweredAct::supervise:
            return LifecycleAct::supervised;
    }
    return LifecycleAct::withdrawn;
}

Reasons check_answered_act(const Reach& reach, const Notice& notice, const Notice& asked) {
    Reasons reasons;
    const Kind* const kind = reach.charter().find_kind(notice.kind);
    const AnsweredRule* const rule = kind == nullptr ? nullptr : answered_act_of(*kind, notice);
    if (rule == nullptr) return reasons;
    switch (rule->act) {
        case AnsweredAct::correct:
            check_replacement(reasons, *rule, notice, asked);
            check_reached(reasons, reach, notice, asked);
            break;
        case AnsweredAct::withdraw:
            check_reached(reasons, reach, notice, asked);
            break;
        case AnsweredAct::extend: {
            const Checked<MomentOrDay> moment = granted_moment(*rule, notice);
            if (!moment) reasons.push_back(moment.error());
            break;
        }
        case AnsweredAct::urge:
        case AnsweredAct::supervise:
            if (units_urged(notice, asked).empty()) {
                reasons.push_back({Errc::recipient_not_allowed, "to",
                                   "goes to a recipient of the notice that it is about"});
            }
            break;
    }
    return reasons;
}

std::optional<NoticeId> replacement_in(const AnsweredRule& rule, const Notice& notice) {
    const std::string* const text = text_field(notice, rule.replaced_by);
    if (text == nullptr) return std::nullopt;
    const Result<Uuid> id = Uuid::parse(*text);
    return id ? std::optional(NoticeId(*id)) : std::nullopt;
}

Checked<ExtensionGrant> grant_in(const AnsweredRule& rule, const Notice& notice,
                                 const TimeZone& zone) {
    const Checked<MomentOrDay> moment = granted_moment(rule, notice);
    if (!moment) return moment.error();
    const Checked<DueTime> due = due_at(*moment, zone);
    if (!due) return Reason{due.error().code, field_place(rule.new_due), due.error().explanation};
    return ExtensionGrant{due->at, text_field(notice, rule.basis) != nullptr};
}

std::vector<UnitId> units_urged(const Notice& notice, const Notice& asked) {
    std::vector<UnitId> units;
    for (const UnitId& unit : notice.to) {
        if (contains(asked.to, unit)) units.push_back(unit);
    }
    return units;
}

}  // namespace tongbao
