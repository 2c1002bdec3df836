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

/// Whether `plan` has a change on which a rule of the case depends; the other ones, a link, a fact,
/// a flag or a decision, neither move the case nor add to its money.
bool may_break_rule(const LedgerPlan& plan) {
    return std::any_of(plan.changes.begin(), plan.changes.end(), [](const LedgerChange& change) {
        return is_judged_by(change) || std::holds_alternative<MoneyStated>(change);
    });
}

/// Whether the case was concluded with `before` and is not with `after`, which goes on from there.
bool opens_again(const CaseHistory& before, const CaseFile& after) {
    if (after.state == CaseState::concluded) return false;
    const bool ever_closed =
        std::any_of(after.links.begin(), after.links.end(),
                    [](const CaseLink& link) { return link.role == LinkRole::closed; });
    return ever_closed && case_file_of(before).state == CaseState::concluded;
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

bool is_judged_by(const LedgerChange& written) noexcept {
    return std::holds_alternative<CaseClosed>(written) ||
           std::holds_alternative<TrackMoved>(written) ||
           std::holds_alternative<NoticeReversed>(written);
}

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
    if (!may_break_rule(plan)) return reasons;
    CaseHistory after = history != nullptr ? *history : CaseHistory{plan.case_number, {}, {}};
    for (const LedgerChange& change : plan.changes) {
        if (const auto* const closing = std::get_if<CaseClosed>(&change)) {
            check_closing(case_file_of(after), *closing, plan, reasons);
        }
        after.facts.push_back({plan.source, change});
    }
    const CaseFile file = case_file_of(after);
    if (!plan.may_close && history != nullptr && opens_again(*history, file)) {
        reasons.push_back({Errc::case_concluded, "case", "only who may close it opens it again"});
    }
    if (!totals_of(file)) {
        reasons.push_back({Errc::bad_amount, "case", "the case's total is too large"});
    }
    return reasons;
}

std::optional<LedgerPlan> opening_of(const CaseHistory* history, const LedgerPlan& plan) {
    if (history != nullptr || !opens(plan)) return std::nullopt;
    LedgerPlan opening = plan;
    opening.changes = {CaseOpened{}};
    opening.reasons.clear();
    return opening;
}

Result<void> write_plan(CaseHistory& history, const LedgerPlan& plan) {
    if (!history.facts.empty() && plan.source.entry < history.facts.back().source.entry) {
        return Errc::bad_argument;
    }
    if (is_written(history.facts, plan.source)) return Errc::already_exists;
    for (const LedgerChange& change : plan.changes) history.facts.push_back({plan.source, change});
    return {};
}

}  // namespace tongbao
