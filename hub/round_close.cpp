#include "domain/leaf_event.hpp"
#include "domain/lifecycle.hpp"
#include "hub/clock_view.hpp"
#include "hub/round.hpp"
#include "hub/round_current.hpp"

// 关闭: how a notice is closed by its sender, at one recipient.

namespace tongbao::hub {

Result<Reasons> Round::check_close(const Act& act, ActedOn& closing) {
    const NoticeRef& named = act.notices.front();
    const Result<SharedFacts> facts = facts_at(named.index);
    if (!facts) return facts.error();
    // Absent, another notice, and another unit's: one answer for all three.
    if (!*facts || (*facts)->sha256 != named.sha256 || (*facts)->from != act.from) {
        return Reasons{{Errc::no_such_notice, "notices[0]", {}}};
    }
    closing.notice = *facts;
    const UnitId& unit = *act.unit;
    if (!(*facts)->recipient(unit) && !(*facts)->copied(unit)) {
        return Reasons{{Errc::act_not_allowed, "unit", "the notice does not go to it"}};
    }
    // Of who is outside nothing is waited for but the register of dispatches.
    const Result<std::optional<storage::DispatchRow>> item = item_of(**facts, unit);
    if (!item) return item.error();
    const Addressed addressed = *item ? Addressed::external : (*facts)->addressed(unit);
    const Result<std::uint32_t> bits = state_of((*facts)->index, unit);
    if (!bits) return bits.error();
    // Its line asks nothing of the kind.
    const Result<Standing> next = advance(
        standing_from(*bits),
        {LifecycleAct::closed_by_sender, Party::sender, Kind(), addressed, act.reason.has_value()});
    if (!next) {
        const Errc errc = to_errc(next.error());
        return Reasons{{errc, errc == Errc::reason_required ? "reason" : "unit", {}}};
    }
    closing.before = *bits;
    closing.after = bits_of(*next);
    return Reasons();
}

Result<protocol::LeafOutcome> Round::log_close(Current& current, std::size_t position,
                                               const Act& act) {
    ActedOn closing;
    Result<Reasons> reasons = check_close(act, closing);
    if (!reasons) return reasons.error();
    // Nor is it others' to know that it was tried on a notice of which they must not hear.
    const Readers readers = closing.notice ? readers_of(*closing.notice) : Readers::all;
    if (reasons->empty()) *reasons = check_alone(current, readers);
    if (!reasons->empty()) return refuse(current, position, *std::move(reasons), readers);
    const NoticeFacts& facts = *closing.notice;
    const LogIndex index = accept(current, position, act, readers);
    set_state(facts.index, *act.unit, closing.after, closing.before == 0);
    // As where it is withdrawn: the act says that it is closed, so no `closed` of the hub's own
    // follows.
    const Result<void> ended =
        clocks_.taken_back(facts, *act.unit, LifecycleAct::closed_by_sender, false);
    if (!ended) return ended.error();
    commit_.trails.push_back({facts.index, index});
    if (reach_.online(*act.unit)) mail(current, position, *act.unit);
    const std::optional<UnitId> keeper = keeper_for(*deployment_.charter, facts.kind);
    if (keeper && !facts.restricted) mail(current, position, *keeper);
    return protocol::LeafAccepted{index, false};
}

}  // namespace tongbao::hub
