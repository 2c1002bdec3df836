#include "domain/lifecycle.hpp"

namespace tongbao {
namespace {

bool is_for(Whom whom, Addressed addressed) {
    switch (whom) {
        case Whom::addressed:
            return addressed == Addressed::to;
        case Whom::addressed_or_copy:
            return addressed == Addressed::to || addressed == Addressed::cc;
        case Whom::everybody:
            return true;
        case Whom::external:
            return addressed == Addressed::external;
    }
    return false;
}

bool has_asked(KindAsks asks, const Kind& kind) {
    switch (asks) {
        case KindAsks::nothing:
            return true;
        case KindAsks::taking_up:
            return kind.accept.required;
        case KindAsks::may_be_declined:
            return kind.accept.required && kind.accept.decline != DeclineRule::not_allowed;
    }
    return false;
}

/// May it be done from here, whoever does it.
bool may_follow(const Standing& standing, const LifecycleRule& rule) {
    const Milestones state = standing.state.milestones();
    return state.contains(rule.needs) && !state.intersects(rule.not_after) &&
           !standing.marks.intersects(rule.not_beside);
}

Standing standing_after(const Standing& standing, const LifecycleRule& rule, const Kind& kind) {
    Milestones state = standing.state.milestones() | rule.implies | rule.adds;
    const bool takes_up =
        rule.implies_taking_up && kind.accept.required && !state.has(Milestone::declined);
    if (takes_up) state = state | Milestones(Milestone::taken_up);
    return {RecipientState(state.without(rule.removes)),
            standing.marks.without(rule.marks.cleared) | rule.marks.set};
}

}  // namespace

Result<Standing> advance(const Standing& standing, const ActFacts& facts) {
    const LifecycleRule& rule = rule_of(facts.act);
    const bool allowed = party_of(rule.actor) == facts.by && is_for(rule.whom, facts.addressed) &&
                         has_asked(rule.kind_asks, facts.kind);
    if (!allowed) return Errc::act_not_allowed;
    if (!may_follow(standing, rule)) return Errc::act_out_of_order;
    if (rule.words == Words::reason && !facts.has_reason) return Errc::reason_required;
    return standing_after(standing, rule, facts.kind);
}

LifecycleAct lifecycle_act(ActKind act) noexcept {
    switch (act) {
        case ActKind::delivered:
            return LifecycleAct::delivered;
        case ActKind::signed_for:
            return LifecycleAct::signed_for;
        case ActKind::opened:
            return LifecycleAct::opened;
        case ActKind::taken_up:
            return LifecycleAct::taken_up;
        case ActKind::declined:
            return LifecycleAct::declined;
        case ActKind::dispatched:
            return LifecycleAct::dispatched;
        case ActKind::closed_by_sender:
            return LifecycleAct::closed_by_sender;
    }
    return LifecycleAct::delivered;
}

Result<RecipientState> apply(RecipientState state, ActKind act, const Kind& kind,
                             Addressed addressed, bool has_reason) {
    const Result<Standing> next =
        advance({state, {}}, {lifecycle_act(act), Party::recipient, kind, addressed, has_reason});
    if (!next) return next.error();
    return next->state;
}

Result<Standing> after_dispatch(const Standing& standing, const Dispatch& dispatch) {
    // Neither line asks anything of the kind.
    const auto done = [](const Standing& from, LifecycleAct act) {
        return advance(from, {act, Party::sender, Kind(), Addressed::external, false});
    };
    const bool again = standing.state.has(Milestone::registered);
    if (again && !dispatch.evidence) return Errc::act_out_of_order;
    Result<Standing> next =
        again ? Result<Standing>(standing) : done(standing, LifecycleAct::dispatched);
    if (!next || !dispatch.evidence) return next;
    return done(*next, LifecycleAct::evidenced);
}

RecipientState after_answer(RecipientState state, const Kind& kind) noexcept {
    return standing_after({state, {}}, rule_of(LifecycleAct::answered), kind).state;
}

bool awaits_decision(const Standing& standing, const Kind& kind, Addressed addressed) noexcept {
    return addressed == Addressed::to && kind.accept.required &&
           !standing.state.milestones().intersects(Milestone::taken_up | Milestone::declined |
                                                   Milestones(Milestone::closed));
}

}  // namespace tongbao
