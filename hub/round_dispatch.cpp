#include "domain/dispatch_stage.hpp"
#include "domain/leaf_event.hpp"
#include "domain/lifecycle.hpp"
#include "domain/reach.hpp"
#include "hub/clock_view.hpp"
#include "hub/round.hpp"
#include "hub/round_current.hpp"

// The register of dispatches: how a notice went to those to whom the hub delivers nothing.

namespace tongbao::hub {

Result<std::optional<storage::DispatchRow>> Round::item_of(const NoticeFacts& notice,
                                                           const UnitId& unit) {
    const auto pending = dispatches_.find({notice.index, unit});
    if (pending != dispatches_.end()) return std::optional(pending->second);
    // Whom this charter has online had none if it was in force when the notice was logged.
    const Charter& charter = *deployment_.charter;
    const bool reached = charter.online(unit) &&
                         keys_->adopted_before(notice.index, charter.id(), charter.version());
    if (reached) return std::optional<storage::DispatchRow>();
    const Result<std::uint32_t> bits = state_of(notice.index, unit);
    if (!bits) return bits.error();
    if (standing_from(*bits).state.has(Milestone::delivered)) {
        return std::optional<storage::DispatchRow>();
    }
    return store_.find_dispatch(
        {dispatch_stage(standing_from(*bits)), notice.from, notice.index, unit});
}

Result<void> Round::note_item(storage::DispatchRow item, LogIndex entry) {
    const Result<std::uint32_t> bits = state_of(item.place.notice, item.place.unit);
    if (!bits) return bits.error();
    const DispatchStage before = item.place.stage;
    item.place.stage = dispatch_stage(standing_from(*bits));
    item.entries.push_back(entry);
    dispatches_.insert_or_assign({item.place.notice, item.place.unit}, item);
    commit_.dispatches.push_back({std::move(item), before});
    return {};
}

void Round::open_items(const Notice& notice, LogIndex index) {
    for (const UnitId& unit : other_recipients(reach_, notice)) {
        storage::DispatchRow item{{DispatchStage::open, notice.from, index, unit}, {}};
        dispatches_.insert_or_assign({index, unit}, item);
        commit_.dispatches.push_back({std::move(item), std::nullopt});
    }
}

Result<Reasons> Round::check_dispatch(const Act& act, Dispatched& dispatched) {
    const NoticeRef& named = act.notices.front();
    const Result<SharedFacts> facts = facts_at(named.index);
    if (!facts) return facts.error();
    // Absent, another notice, and another unit's: one answer for all three.
    if (!*facts || (*facts)->sha256 != named.sha256 || (*facts)->from != act.from) {
        return Reasons{{Errc::no_such_notice, "notices[0]", {}}};
    }
    dispatched.notice = *facts;
    const UnitId& to = act.dispatch->to;
    if (!(*facts)->recipient(to) && !(*facts)->copied(to)) {
        return Reasons{{Errc::act_not_allowed, "dispatch.to", "the notice does not go to it"}};
    }
    // Whom the register has enrolled since is not reached by what was logged before.
    Result<std::optional<storage::DispatchRow>> item = item_of(**facts, to);
    if (!item) return item.error();
    if (!*item) return Reasons{{Errc::act_not_allowed, "dispatch.to", "the hub delivers to it"}};
    const Result<std::uint32_t> bits = state_of((*facts)->index, to);
    if (!bits) return bits.error();
    const Result<Standing> next = after_dispatch(standing_from(*bits), *act.dispatch);
    if (!next) return Reasons{{to_errc(next.error()), "dispatch.to", {}}};
    dispatched = {*facts, **std::move(item), *bits, bits_of(*next)};
    return Reasons();
}

Result<protocol::LeafOutcome> Round::log_dispatch(Current& current, std::size_t position,
                                                  const Act& act) {
    Dispatched dispatched;
    Result<Reasons> reasons = check_dispatch(act, dispatched);
    if (!reasons) return reasons.error();
    // Nor is it others' to know that it was tried on a notice of which they must not hear.
    const Readers readers = dispatched.notice ? readers_of(*dispatched.notice) : Readers::all;
    if (reasons->empty()) *reasons = check_alone(current, readers);
    if (!reasons->empty()) return refuse(current, position, *std::move(reasons), readers);
    const LogIndex index = accept(current, position, act, readers);
    const LogIndex notice = dispatched.notice->index;
    set_state(notice, act.dispatch->to, dispatched.after, dispatched.before == 0);
    commit_.trails.push_back({notice, index});
    const Result<void> noted = note_item(std::move(dispatched.item), index);
    if (!noted) return noted.error();
    return protocol::LeafAccepted{index, false};
}

}  // namespace tongbao::hub
