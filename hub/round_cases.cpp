#include "hub/round_cases.hpp"

#include "domain/case_rules.hpp"
#include "domain/identifiers.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace tongbao::hub {
namespace {

using storage::CasePart;

template <typename Change>
bool has_change(const LedgerPlan& plan) {
    return std::any_of(plan.changes.begin(), plan.changes.end(), [](const LedgerChange& change) {
        return std::holds_alternative<Change>(change);
    });
}

/// Two effects may say the same of one place; once is enough.
void add_reasons(Reasons& all, const Reasons& some) {
    for (const Reason& reason : some) {
        if (std::find(all.begin(), all.end(), reason) == all.end()) all.push_back(reason);
    }
}

void add_facts(std::vector<LedgerFact>& facts, const LedgerPlan& plan) {
    for (const LedgerChange& change : plan.changes) facts.push_back({plan.source, change});
}

}  // namespace

Result<RoundCases::Held*> RoundCases::open(const CaseNumber& number) {
    const auto known = held_.find(number);
    if (known != held_.end()) return &known->second;
    Result<std::optional<storage::CaseHead>> head = store_.find_case(number);
    if (!head) return head.error();
    Held& held = held_[number];
    held.head = *std::move(head);
    return &held;
}

Result<CasePart> RoundCases::part(const CaseNumber& number, const UnitId& unit) {
    if (parties_.contains({number, unit})) return CasePart::some;
    if (unit != deployment_.charter->parts().ledger.kept_by) return store_.case_part(number, unit);
    const Result<Held*> held = open(number);
    if (!held) return held.error();
    return (*held)->head ? CasePart::some : CasePart::none;
}

Result<NoticeCase> RoundCases::next_number(const UnitId& sender) {
    const Charter& charter = *deployment_.charter;
    const std::chrono::year_month_day today(day_in(*deployment_.zone, time_));
    const CaseSeries series{division_of(sender).value_or(charter.parts().division),
                            static_cast<int>(today.year())};
    auto last = last_numbers_.find(series);
    if (last == last_numbers_.end()) {
        Result<std::optional<CaseNumber>> kept = store_.last_case_number(series);
        if (!kept) return kept.error();
        last = last_numbers_.emplace(series, *std::move(kept)).first;
    }
    Result<CaseNumber> next = next_case_number(series, last->second);
    if (!next) return NoticeCase{{}, false, {{to_errc(next.error()), "case", {}}}};
    return NoticeCase{*std::move(next), true, {}};
}

Result<NoticeCase> RoundCases::place(const Notice& notice, const Kind& kind,
                                     const std::optional<CaseNumber>& asked) {
    if (kind.case_use == CaseUse::none) return NoticeCase{};
    if (opens_case(kind, notice)) return next_number(notice.from);
    if (!notice.case_number) return NoticeCase{asked, false, {}};
    // What is no number is said with the notice's other faults.
    if (!check_case_number(notice.case_number->value())) return NoticeCase{};
    const Result<CasePart> has = part(*notice.case_number, notice.from);
    if (!has) return has.error();
    if (*has == CasePart::some) return NoticeCase{notice.case_number, false, {}};
    return NoticeCase{{}, false, {{Errc::no_such_case, "case", "no such case for this unit"}}};
}

Result<std::optional<CaseHistory>> RoundCases::history_for(const LedgerPlan& plan,
                                                           const CasePlans& plans) {
    const Result<Held*> found = open(plan.case_number);
    if (!found) return found.error();
    Held& held = **found;
    CaseHistory history{plan.case_number, plan.charter, {}};
    for (const LedgerPlan& each : plans) {
        if (each.case_number == plan.case_number) add_facts(history.facts, each);
    }
    if (!held.head && history.facts.empty()) return std::optional<CaseHistory>();
    const bool moves = has_change<TrackMoved>(plan) || has_change<NoticeReversed>(plan);
    const bool closes = has_change<CaseClosed>(plan);
    const bool closed =
        (held.head && held.head->ever_closed) ||
        std::any_of(plans.begin(), plans.end(), [&](const LedgerPlan& each) {
            return each.case_number == plan.case_number && has_change<CaseClosed>(each);
        });
    // Only a case that is closed can be refused to be moved; without a closing in it its history
    // speaks for and against nothing.
    if (!closes && !(closed && moves)) return std::optional(std::move(history));
    if (!held.judged) {
        held.judged.emplace(CaseHistory{plan.case_number, plan.charter, {}});
        if (held.head) {
            Result<std::vector<LedgerFact>> kept = store_.read_case_facts(plan.case_number);
            if (!kept) return kept.error();
            held.judged->facts = *std::move(kept);
        }
        held.judged->facts.insert(held.judged->facts.end(), held.fresh.begin(), held.fresh.end());
        std::erase_if(held.judged->facts,
                      [](const LedgerFact& fact) { return !is_judged_by(fact.change); });
    }
    history.facts.insert(history.facts.begin(), held.judged->facts.begin(),
                         held.judged->facts.end());
    return std::optional(std::move(history));
}

Result<Reasons> RoundCases::judge(std::span<const CaseEvent> events, CasePlans& plans) {
    Reasons reasons;
    for (const CaseEvent& each : events) {
        LedgerPlan plan =
            plan_effects(*deployment_.charter, *each.notice, each.event, Viewpoint::hub);
        if (plan.changes.empty() && plan.reasons.empty()) continue;
        const Result<std::optional<CaseHistory>> history = history_for(plan, plans);
        if (!history) return history.error();
        const Reasons faults = check_plan(*history ? &**history : nullptr, plan);
        if (faults.empty()) {
            plans.push_back(std::move(plan));
        } else if (each.event.on != EffectEvent::delivered) {
            add_reasons(reasons, faults);
        }
    }
    return reasons;
}

void RoundCases::add_party(const CaseNumber& number, const UnitId& unit) {
    parties_.insert({number, unit});
}

void RoundCases::logged(const Notice& notice, LogIndex index, const NoticeCase& in_case) {
    if (!in_case.number) return;
    const CaseNumber& number = *in_case.number;
    if (in_case.opened) {
        Held& held = held_[number];
        held.head = storage::CaseHead{number, notice.charter, false};
        held.changed = true;
        given_.push_back(number);
        const Result<CaseNumberParts> parts = parse_case_number(number.value());
        if (parts) last_numbers_[parts->series] = number;
    }
    notices_.push_back({number, index});
    add_party(number, notice.from);
    for (const UnitId& unit : notice.to) add_party(number, unit);
    for (const UnitId& unit : notice.cc) add_party(number, unit);
}

void RoundCases::write(const CasePlans& plans) {
    for (const LedgerPlan& plan : plans) {
        Held& held = held_[plan.case_number];
        add_facts(held.fresh, plan);
        if (held.judged) {
            for (const LedgerChange& change : plan.changes) {
                if (is_judged_by(change)) held.judged->facts.push_back({plan.source, change});
            }
        }
        if (!has_change<CaseClosed>(plan) || !held.head || held.head->ever_closed) continue;
        held.head->ever_closed = true;
        held.changed = true;
    }
}

void RoundCases::put(storage::Commit& commit) {
    commit.cases = std::move(notices_);
    commit.case_numbers = std::move(given_);
    for (auto& [number, held] : held_) {
        if (held.changed) commit.case_heads.push_back(*held.head);
        if (!held.fresh.empty()) commit.case_facts.push_back({number, std::move(held.fresh)});
    }
    commit.case_parties.assign(parties_.begin(), parties_.end());
}

}  // namespace tongbao::hub
