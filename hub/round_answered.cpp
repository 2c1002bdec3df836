#include "domain/answer_rules.hpp"
#include "domain/answered_act_rules.hpp"
#include "domain/lifecycle.hpp"
#include "hub/round.hpp"
#include "hub/round_current.hpp"

#include <algorithm>

// What a notice does to those before it: as an answer, and as its kind's `on_answered` has it.

namespace tongbao::hub {
namespace {

/// A reason of domain/extension.hpp, at the field of the notice that it means.
Reason at_field(Reason reason, const AnsweredRule& rule) {
    const bool basis = reason.code == Errc::basis_required && rule.basis;
    reason.place = "fields." + (basis ? *rule.basis : rule.new_due.value_or(""));
    return reason;
}

bool may_extend(const Kind& kind) {
    return std::any_of(kind.on_answered.begin(), kind.on_answered.end(),
                       [](const AnsweredRule& rule) { return rule.act == AnsweredAct::extend; });
}

}  // namespace

Result<void> Round::note_answer(Current& current, const Notice& answer, const NoticeRef& by,
                                const Asked& asked) {
    if (satisfied_reply(*deployment_.charter, asked.notice, answer) == nullptr) return {};
    const NoticeFacts& facts = *asked.facts;
    const Result<std::uint32_t> bits = state_of(facts.index, answer.from);
    if (!bits) return bits.error();
    // A unit that is reached since has it on paper: what it says counts, but the register of
    // dispatches alone says how far the notice got.
    const Result<std::optional<storage::DispatchRow>> item = item_of(facts, answer.from);
    if (!item) return item.error();
    if (*item) return {};
    Standing standing = standing_from(*bits);
    // Its sender took it out of force while the answer was under way: that asks for nothing.
    // Its kind is in the charter, or it would ask for nothing.
    const Kind& asking = *deployment_.charter->find_kind(asked.notice.kind);
    if (standing.marks.intersects(kOutOfForce)) {
        // But it says that the notice arrived: so whoever keeps the case ledger has it too.
        const bool replied = standing.state.has(Milestone::replied);
        RecipientState arrived = after_answer(standing.state, asking);
        if (!replied) arrived = RecipientState(arrived.milestones().without(Milestone::replied));
        if (arrived == standing.state) return {};
        standing.state = arrived;
        set_state(facts.index, answer.from, bits_of(standing), *bits == 0);
        return {};
    }
    const LogIndex event =
        append(current, RepliedEvent{answer.from, {facts.sha256, facts.index}, by},
               readers_of_both(facts.index, by.index));
    commit_.trails.push_back({facts.index, event});
    standing.state = after_answer(standing.state, asking);
    set_state(facts.index, answer.from, bits_of(standing), *bits == 0);
    return clocks_.answered(facts, asked.notice, answer, by.index);
}

Result<Round::Deed> Round::deed_of(const Notice& notice, const Asked& asked) {
    Deed deed;
    if (!asked.faults.empty()) return deed;
    const Charter& charter = *deployment_.charter;
    deed.rule = answered_act_of(*charter.find_kind(notice.kind), notice);
    if (deed.rule == nullptr) return deed;
    deed.target = asked.facts;
    deed.faults = check_answered_act(reach_, notice, asked.notice);
    if (!deed.faults.empty()) return deed;
    Result<void> judged;
    switch (deed.rule->act) {
        case AnsweredAct::correct:
        case AnsweredAct::withdraw:
            judged = judge_reversal(deed, notice);
            break;
        case AnsweredAct::extend:
            judged = judge_extension(deed, notice, asked.notice);
            break;
        case AnsweredAct::urge:
        case AnsweredAct::supervise:
            judged = judge_urging(deed, notice, asked.notice);
            break;
    }
    if (!judged) return judged.error();
    return deed;
}

Result<void> Round::judge_reversal(Deed& deed, const Notice& notice) {
    const NoticeFacts& old = *deed.target;
    // Also where the hub does not deliver: there is nothing to be registered any more. Where a
    // later charter has made one external his clocks run like the others'.
    deed.units = old.to;
    deed.units.insert(deed.units.end(), old.cc.begin(), old.cc.end());
    // It is taken out of force at all of them at once: one tells for all.
    const Result<std::uint32_t> bits = state_of(old.index, deed.units.front());
    if (!bits) return bits.error();
    const LifecycleRule& line = rule_of(lifecycle_act(deed.rule->act));
    if (standing_from(*bits).marks.intersects(line.not_beside)) {
        deed.faults.push_back({Errc::act_out_of_order, "in_reply_to",
                               "the notice was corrected or withdrawn before"});
    }
    const std::optional<NoticeId> replacement = replacement_in(*deed.rule, notice);
    if (!replacement) return {};
    const Result<SharedFacts> facts = notice_of(notice.from, *replacement);
    if (!facts) return facts.error();
    if (!*facts) {
        deed.faults.push_back({Errc::no_such_notice, "fields." + *deed.rule->replaced_by,
                               "the notice that counts instead is sent before"});
    }
    return {};
}

Result<void> Round::judge_extension(Deed& deed, const Notice& notice, const Notice& request) {
    const auto refuse_it = [&deed](const char* words) {
        deed.faults.push_back({Errc::extension_not_allowed, "in_reply_to", words});
    };
    // Only who asked for the answer may give more time for it, and identifiers are each sender's
    // own: so the one that is meant is certain.
    Result<SharedFacts> target =
        request.in_reply_to ? notice_of(notice.from, *request.in_reply_to) : SharedFacts();
    if (!target) return target.error();
    if (!*target || !(*target)->recipient(request.from)) {
        refuse_it("the request is about no notice that this unit sent to who asks");
        return {};
    }
    deed.target = *std::move(target);
    deed.units = {request.from};
    if (deployment_.clocks == nullptr) {
        refuse_it("no limits are kept here");
        return {};
    }
    const Checked<ExtensionGrant> grant = grant_in(*deed.rule, notice, *deployment_.zone);
    if (!grant) {
        deed.faults.push_back(grant.error());
        return {};
    }
    Result<Checked<std::vector<ClockId>>> moves =
        clocks_.movable(*deed.target, request.from, *grant);
    if (!moves) return moves.error();
    if (!*moves) {
        deed.faults.push_back(at_field(moves->error(), *deed.rule));
        return {};
    }
    deed.moves = **std::move(moves);
    deed.new_due = grant->new_due;
    return {};
}

Result<void> Round::judge_urging(Deed& deed, const Notice& notice, const Notice& asked) {
    for (const UnitId& unit : units_urged(notice, asked)) {
        const Result<std::size_t> owed = clocks_.owed_clocks(*deed.target, unit);
        if (!owed) return owed.error();
        if (*owed > 0) deed.units.push_back(unit);
    }
    if (deed.units.empty()) {
        deed.faults.push_back({Errc::act_out_of_order, "in_reply_to",
                               "nothing that the notice asked of them is waited for"});
    }
    return {};
}

Result<void> Round::advance_at(LogIndex notice, const UnitId& unit, Addressed addressed,
                               AnsweredAct act) {
    const Result<std::uint32_t> bits = state_of(notice, unit);
    if (!bits) return bits.error();
    const LifecycleAct what = lifecycle_act(act);
    const Result<Standing> next = advance(
        standing_from(*bits), {what, party_of(rule_of(what).actor), Kind(), addressed, false});
    // Of what was judged before nothing is refused.
    if (next) set_state(notice, unit, bits_of(*next), *bits == 0);
    return {};
}

Result<void> Round::do_deed(Current& current, const Notice& notice, const NoticeRef& by,
                            const Deed& deed, const Asked& asked) {
    if (deed.rule == nullptr) return {};
    const AnsweredAct act = deed.rule->act;
    const NoticeFacts& target = *deed.target;
    AnsweredActEvent event{act, notice.from, {target.sha256, target.index}, by};
    const auto say = [this, &current, &event] {
        const LogIndex entry =
            append(current, event, readers_of_both(event.notice.index, event.by.index));
        commit_.trails.push_back({event.notice.index, entry});
        for (const NoticeAt& each : event.restored) {
            commit_.trails.push_back({each.notice.index, entry});
        }
        return entry;
    };
    std::vector<storage::DispatchRow> items;
    for (const UnitId& unit : deed.units) {
        const Result<std::uint32_t> before = state_of(target.index, unit);
        if (!before) return before.error();
        Result<std::optional<storage::DispatchRow>> item = item_of(target, unit);
        if (!item) return item.error();
        const Addressed addressed = *item ? Addressed::external : target.addressed(unit);
        if (*item && reverses(act)) items.push_back(**std::move(item));
        const Result<void> advanced = advance_at(target.index, unit, addressed, act);
        if (!advanced) return advanced.error();
        if (reverses(act)) {
            const bool closed = standing_from(*before).state.has(Milestone::closed);
            const Result<void> ended = clocks_.taken_back(target, unit, lifecycle_act(act), closed);
            if (!ended) return ended.error();
            continue;
        }
        event.unit = unit;
        if (act == AnsweredAct::extend) {
            Result<std::vector<std::uint16_t>> places =
                clocks_.extended(target, unit, {by.index, time_, deed.new_due, deed.moves, {}});
            if (!places) return places.error();
            event.clocks = *std::move(places);
            event.due = deed.new_due;
        }
        say();
    }
    if (!reverses(act)) return {};
    Result<std::vector<NoticeAt>> restored = restore(asked.notice, target.index);
    if (!restored) return restored.error();
    event.restored = *std::move(restored);
    const LogIndex entry = say();
    for (storage::DispatchRow& item : items) {
        const Result<void> noted = note_item(std::move(item), entry);
        if (!noted) return noted.error();
    }
    return {};
}

Result<std::vector<NoticeAt>> Round::restore(const Notice& old, LogIndex index) {
    std::vector<NoticeAt> restored;
    RoundAccess round = access();
    const auto reverse_at = [&](const NoticeFacts& notice, const UnitId& unit) -> Result<void> {
        const Result<Reversal> reversal = clocks_.reversed(round, notice, unit, index);
        if (!reversal) return reversal.error();
        if (*reversal != Reversal::nothing) {
            restored.push_back({{notice.sha256, notice.index}, unit});
        }
        return {};
    };
    if (!old.in_reply_to) return restored;
    const Kind* const kind = deployment_.charter->find_kind(old.kind);
    const Result<std::vector<LogIndex>> uses = uses_of(*old.in_reply_to);
    if (!uses) return uses.error();
    for (const LogIndex use : *uses) {
        const Result<SharedFacts> asked = facts_at(use);
        if (!asked) return asked.error();
        if (!*asked || !(*asked)->party(old.from)) continue;
        const Result<void> stopped = reverse_at(**asked, old.from);
        if (!stopped) return stopped.error();
        if (kind == nullptr || !may_extend(*kind)) continue;
        // It decided a request: then it may have moved limits of what the request was about.
        const Result<Notice> request = notice_at(use);
        if (!request) return request.error();
        if (!request->in_reply_to) continue;
        const Result<SharedFacts> moved = notice_of(old.from, *request->in_reply_to);
        if (!moved) return moved.error();
        if (!*moved) continue;
        const Result<void> back = reverse_at(**moved, request->from);
        if (!back) return back.error();
    }
    return restored;
}

Result<std::vector<LogIndex>> Round::uses_of(const NoticeId& id) {
    std::vector<LogIndex> indexes;
    const Result<std::vector<storage::IdentifierRow>> rows =
        store_.find_identifiers(std::span(&id.value(), 1));
    if (!rows) return rows.error();
    for (const storage::IdentifierRow& row : *rows) indexes.push_back(row.index);
    add_uses(identifiers_, id.value(), indexes);
    return indexes;
}

Result<SharedFacts> Round::notice_of(const UnitId& sender, const NoticeId& id) {
    const Result<std::vector<LogIndex>> uses = uses_of(id);
    if (!uses) return uses.error();
    for (const LogIndex use : *uses) {
        Result<SharedFacts> facts = facts_at(use);
        if (!facts || (*facts && (*facts)->from == sender)) return facts;
    }
    return SharedFacts();
}

}  // namespace tongbao::hub
