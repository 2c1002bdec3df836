#include "domain/clock_history.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

void note_milestones(ClockHistory& history, Milestones milestones, UtcTime at) {
    if (milestones.has(Milestone::delivered) && !history.delivered_at) history.delivered_at = at;
    if (milestones.has(Milestone::signed_for) && !history.signed_for_at) history.signed_for_at = at;
}

bool still_counts(const AnswerFact& fact) {
    return !fact.reversed_at.has_value();
}

bool is_stopped(const ClockHistory& history, const ClockId& clock) {
    return std::any_of(
        history.answers.begin(), history.answers.end(),
        [&clock](const AnswerFact& fact) { return still_counts(fact) && can_stop(fact, clock); });
}

/// What the reversal of `fact`, which is noted, leaves.
Reversal left_by(const ClockHistory& history, const AnswerFact& fact) {
    if (std::none_of(history.answers.begin(), history.answers.end(), still_counts)) {
        return Reversal::last_answer;
    }
    const bool all_stopped =
        std::all_of(fact.stops.begin(), fact.stops.end(),
                    [&history](const ClockId& clock) { return is_stopped(history, clock); });
    return all_stopped ? Reversal::answer : Reversal::runs_again;
}

}  // namespace

bool can_stop(const AnswerFact& fact, const ClockId& clock) noexcept {
    return std::find(fact.stops.begin(), fact.stops.end(), clock) != fact.stops.end();
}

void note_act(ClockHistory& history, LifecycleAct act, UtcTime at) {
    const LifecycleRule& rule = rule_of(act);
    note_milestones(history, rule.implies | rule.adds, at);
    const bool ends = rule.adds.has(Milestone::declined) || rule.marks.set.intersects(kOutOfForce);
    if (ends && !history.ended_at) history.ended_at = at;
}

void note_answer(ClockHistory& history, AnswerFact fact) {
    note_act(history, LifecycleAct::answered, fact.at);
    history.answers.push_back(std::move(fact));
}

void note_extension(ClockHistory& history, ExtensionFact fact) {
    history.extensions.push_back(std::move(fact));
}

Reversal note_reversal(ClockHistory& history, LogIndex notice, UtcTime at) {
    for (AnswerFact& fact : history.answers) {
        if (fact.answer != notice || !still_counts(fact)) continue;
        fact.reversed_at = at;
        return left_by(history, fact);
    }
    for (ExtensionFact& fact : history.extensions) {
        if (fact.decision != notice || fact.reversed_at) continue;
        fact.reversed_at = at;
        return Reversal::extension;
    }
    return Reversal::nothing;
}

}  // namespace tongbao
