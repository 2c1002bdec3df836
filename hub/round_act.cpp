#include "domain/case_events.hpp"
#include "domain/leaf_event.hpp"
#include "domain/lifecycle.hpp"
#include "hub/round.hpp"
#include "hub/round_current.hpp"

#include <algorithm>

// How an act is judged and logged.

namespace tongbao::hub {
namespace {

/// An act has more faults than these only by intent: each costs the one writer a look at the disk.
constexpr std::size_t kMaxActFaults = 8;

std::string place_in_act(std::size_t at) {
    return "notices[" + std::to_string(at) + ']';
}

}  // namespace

Result<Reasons> Round::check_act(const Act& act, std::vector<ActedOn>& acted_on, Readers& readers) {
    Reasons reasons;
    acted_on.reserve(act.notices.size());
    for (std::size_t i = 0; i < act.notices.size(); ++i) {
        if (reasons.size() == kMaxActFaults) {
            reasons.push_back({Errc::more_reasons, {}, {}});
            break;
        }
        const Result<SharedFacts> facts = facts_at(act.notices[i].index);
        if (!facts) return facts.error();
        // Absent, another notice, and not this unit's to act on: one answer for all three.
        if (!*facts || (*facts)->sha256 != act.notices[i].sha256 ||
            !((*facts)->recipient(act.from) || (*facts)->copied(act.from))) {
            reasons.push_back({Errc::no_such_notice, place_in_act(i), {}});
            continue;
        }
        readers = std::max(readers, readers_of(**facts));
        const Kind* const kind = deployment_.charter->find_kind((*facts)->kind);
        if (kind == nullptr) {
            reasons.push_back({Errc::unknown_kind, place_in_act(i), {}});
            continue;
        }
        const Result<std::uint32_t> state = state_of((*facts)->index, act.from);
        if (!state) return state.error();
        // An officer may have signed for some of them before the daemon's act came: it stands for
        // the others.
        const bool before = state_in(*state).has(ActKind::delivered);
        if (act.kind == ActKind::delivered && before && act.notices.size() > 1) continue;
        // A unit that is reached since: what was logged before goes there otherwise.
        const Result<std::optional<storage::DispatchRow>> item = item_of(**facts, act.from);
        if (!item) return item.error();
        if (*item) {
            reasons.push_back({Errc::act_not_allowed, place_in_act(i), {}});
            continue;
        }
        const Addressed addressed = (*facts)->addressed(act.from);
        const Result<RecipientState> next =
            apply(state_in(*state), act.kind, *kind, addressed, act.reason.has_value());
        if (!next) {
            reasons.push_back({to_errc(next.error()), place_in_act(i), {}});
            continue;
        }
        acted_on.push_back({*facts, i, *state, with_state(*state, *next)});
    }
    if (reasons.empty() && acted_on.empty())
        return Reasons{{Errc::act_out_of_order, "notices", {}}};
    return reasons;
}

Result<Reasons> Round::check_act_cases(const Act& act, const NoticeRef& ref,
                                       const std::vector<ActedOn>& acted_on, CasePlans& plans) {
    Reasons reasons;
    for (const ActedOn& each : acted_on) {
        const NoticeFacts& facts = *each.notice;
        const RecipientState before = state_in(each.before);
        const RecipientState after = state_in(each.after);
        // Nearly always so; else the notice has to be read.
        if (!facts.case_number) continue;
        if (!has_events(*deployment_.charter, facts.kind, before, after)) continue;
        const Result<Notice> notice = notice_at(facts.index);
        if (!notice) return notice.error();
        const ActedInLog acted[] = {
            {{&*notice, {facts.sha256, facts.index}, facts.case_number, {}}, before, after}};
        const Result<Reasons> faults = cases_.judge(
            events_of_act(*deployment_.charter, act, ref, acted, {ref.index, time_}), plans);
        if (!faults) return faults.error();
        for (const Reason& fault : *faults) {
            const std::string words =
                fault.explanation.empty() ? fault.place : fault.place + ": " + fault.explanation;
            reasons.push_back({fault.code, place_in_act(each.place), words});
        }
    }
    return reasons;
}

Result<protocol::LeafOutcome> Round::log_act(Current& current, std::size_t position,
                                             const Act& act) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    std::vector<ActedOn> acted_on;
    Readers readers = Readers::all;
    Result<Reasons> reasons = check_act(act, acted_on, readers);
    if (!reasons) return reasons.error();
    if (reasons->empty()) *reasons = check_alone(current, readers);
    if (readers == Readers::parties && act.notices.size() > 1) {
        reasons->push_back({Errc::restricted_not_alone, "notices", {}});
    }
    if (!reasons->empty()) return refuse(current, position, *std::move(reasons), readers);
    CasePlans plans;
    Result<Reasons> faults = check_act_cases(act, {leaf.sha256, next_entry()}, acted_on, plans);
    if (!faults) return faults.error();
    if (!faults->empty()) return refuse(current, position, *std::move(faults), readers);

    const LogIndex index = accept(current, position, act, readers);
    cases_.write(plans);
    for (const ActedOn& each : acted_on) {
        const NoticeFacts& facts = *each.notice;
        set_state(facts.index, act.from, each.after, each.before == 0);
        const Result<void> noted = clocks_.acted(facts, act.from, act.kind);
        if (!noted) return noted.error();
        commit_.trails.push_back({facts.index, index});
        // The sender is told; an act upon an act there is not.
        if (reach_.online(facts.from)) mail(current, position, facts.from);
        const std::optional<UnitId> keeper = keeper_for(*deployment_.charter, facts.kind);
        if (keeper && !facts.restricted) mail(current, position, *keeper);
    }
    return protocol::LeafAccepted{index, false};
}

}  // namespace tongbao::hub
