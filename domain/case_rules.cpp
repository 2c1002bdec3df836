#include "domain/case_rules.hpp"

#include "domain/case_file.hpp"
#include "domain/case_money.hpp"

#include <algorithm>

namespace tongbao {
namespace {

bool opens(const LedgerPlan& plan) {
    return std::any_of(plan.changes.begin(), plan.changes.end(), [](const LedgerChange& change) {
        return std::holds_alternative<CaseOpened>(change);
    });
}

/// Looks at one closing, with `before` as everything that was written ahead of it.
void check_closing(const CaseFile& before, const CaseClosed& closing, const LedgerPlan& plan,
                   Reasons& reasons) {
    for (const CaseTrack& track : before.tracks) {
        if (!track.open()) continue;
        reasons.push_back({Errc::tracks_open, "tracks." + track.id, "is " + *track.state});
    }
    const Result<MoneyTotals> totals = totals_of(before);
    const bool unpaid = totals && open_money(*totals).any();
    if (plan.viewpoint == Viewpoint::unit && unpaid && !closing.reason) {
        reasons.push_back({Errc::reason_required, "fields.closing_reason",
                           "money that was ordered to be paid is open"});
    }
}

}  // namespace

Reasons check_plan(const CaseHistory* history, const LedgerPlan& plan) {
    Reasons reasons = plan.reasons;
    if (history == nullptr && !opens(plan)) {
        if (!plan.changes.empty()) {
            reasons.push_back({Errc::no_such_case, "case", "no case has this number"});
        }
        return reasons;
    }
    if (history != nullptr && opens(plan)) {
        reasons.push_back({Errc::already_exists, "case", "a case of this number is there"});
        return reasons;
    }
    CaseHistory after = history != nullptr ? *history : CaseHistory{plan.case_number, {}, {}};
    const CaseState state_before = case_file_of(after).state;
    for (const LedgerChange& change : plan.changes) {
        if (const auto* const closing = std::get_if<CaseClosed>(&change)) {
            check_closing(case_file_of(after), *closing, plan, reasons);
        }
        after.facts.push_back({plan.source, change});
    }
    const CaseFile file = case_file_of(after);
    const bool moved = state_before == CaseState::concluded && file.state != CaseState::concluded;
    if (moved && !plan.may_close) {
        reasons.push_back({Errc::case_concluded, "case", "only who may close it opens it again"});
    }
    if (!totals_of(file)) {
        reasons.push_back({Errc::bad_amount, "case", "the case's total is too large"});
    }
    return reasons;
}

bool is_written(const CaseHistory& history, const LedgerSource& source) noexcept {
    return std::any_of(history.facts.rbegin(), history.facts.rend(),
                       [&](const LedgerFact& fact) { return fact.source == source; });
}

Result<void> write_plan(CaseHistory& history, const LedgerPlan& plan) {
    if (!history.facts.empty() && plan.source.entry < history.facts.back().source.entry) {
        return Errc::time_decreased;
    }
    if (is_written(history, plan.source)) return Errc::already_exists;
    for (const LedgerChange& change : plan.changes) history.facts.push_back({plan.source, change});
    return {};
}

}  // namespace tongbao
