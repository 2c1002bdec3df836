#include "domain/case_ledger.hpp"

#include <utility>

namespace tongbao {

Result<void> CaseLedger::record(const LedgerPlan& plan) {
    if (plan.source.entry < last_) return Errc::bad_argument;
    const bool is_faulted = role_ == LedgerRole::keeper && !plan.reasons.empty();
    if (plan.changes.empty() && !is_faulted) return {};
    const CaseHistory* const history = find(plan.case_number);
    const bool written = history != nullptr && is_written(history->facts, plan.source);
    if (written || is_written(refused_, plan.source)) return Errc::already_exists;
    last_ = plan.source.entry;
    if (role_ == LedgerRole::keeper) {
        Reasons reasons = check_plan(history, plan);
        if (!reasons.empty()) {
            const std::optional<LedgerPlan> opening = opening_of(history, plan);
            refused_.push_back({plan.case_number, plan.source, std::move(reasons)});
            return opening ? write(*opening) : Result<void>();
        }
    }
    return write(plan);
}

Result<void> CaseLedger::write(const LedgerPlan& plan) {
    const auto [found, is_new] = cases_.try_emplace(plan.case_number);
    if (is_new) {
        found->second.number = plan.case_number;
        found->second.charter = plan.charter;
    }
    return write_plan(found->second, plan);
}

const CaseHistory* CaseLedger::find(const CaseNumber& number) const {
    const auto found = cases_.find(number);
    return found == cases_.end() ? nullptr : &found->second;
}

}  // namespace tongbao
