#include "domain/recipient_record.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

bool comes_late(const AnswerFact& fact, std::span<const LimitClock> clocks) {
    return std::any_of(clocks.begin(), clocks.end(), [&fact](const LimitClock& clock) {
        const std::optional<ClockStop> stop = stop_by(clock, fact);
        return stop && stop->late;
    });
}

}  // namespace

RecipientRecord logged_record(UtcTime at) {
    RecipientRecord record;
    record.history.logged_at = at;
    return record;
}

Result<RecipientRecord> after_act(const RecipientRecord& record, const ActFacts& facts,
                                  UtcTime at) {
    const Result<Standing> standing = advance(record.standing, facts);
    if (!standing) return standing.error();
    RecipientRecord next{*standing, record.history};
    note_act(next.history, facts.act, at);
    return next;
}

Result<RecipientRecord> after_satisfying_answer(const RecipientRecord& record, AnswerFact fact,
                                                std::span<const LimitClock> clocks,
                                                const Kind& kind, Addressed addressed) {
    const LifecycleAct act =
        comes_late(fact, clocks) ? LifecycleAct::answered_late : LifecycleAct::answered;
    const Result<Standing> standing =
        advance(record.standing, {act, Party::recipient, kind, addressed, false});
    if (!standing) return standing.error();
    RecipientRecord next{*standing, record.history};
    note_answer(next.history, std::move(fact));
    return next;
}

Result<RecipientRecord> after_extension(const RecipientRecord& record, ExtensionFact fact,
                                        const Kind& kind, Addressed addressed) {
    const Result<Standing> standing =
        advance(record.standing, {LifecycleAct::extended, Party::sender, kind, addressed, false});
    if (!standing) return standing.error();
    RecipientRecord next{*standing, record.history};
    note_extension(next.history, std::move(fact));
    return next;
}

RecipientRecord after_reversal(const RecipientRecord& record, LogIndex notice, const Kind& kind,
                               UtcTime at) {
    RecipientRecord next = record;
    const auto follow = [&](LifecycleAct act, Party by) {
        // Refused where the sender took the notice out of force, and where it is open anyway.
        const Result<Standing> standing =
            advance(record.standing, {act, by, kind, Addressed::to, false});
        if (standing) next.standing = *standing;
    };
    switch (note_reversal(next.history, notice, at)) {
        case Reversal::last_answer:
            follow(LifecycleAct::answer_reversed, Party::recipient);
            break;
        case Reversal::runs_again:
            follow(LifecycleAct::reopened, Party::hub);
            break;
        case Reversal::nothing:
        case Reversal::answer:
        case Reversal::extension:
            break;
    }
    return next;
}

RecipientRecord with_clock_marks(const RecipientRecord& record, Marks clock_marks, const Kind& kind,
                                 Addressed addressed) {
    RecipientRecord next = record;
    const auto mark = [&](LifecycleAct act) {
        const Result<Standing> standing =
            advance(next.standing, {act, Party::hub, kind, addressed, false});
        if (standing) next.standing = *standing;
    };
    mark(clock_marks.has(Mark::due_soon) ? LifecycleAct::due_soon : LifecycleAct::due_soon_over);
    if (clock_marks.has(Mark::overdue)) mark(LifecycleAct::overdue);
    if (clock_marks.has(Mark::answered_late)) mark(LifecycleAct::found_late);
    return next;
}

bool is_settled(const RecipientRecord& record, std::span<const LimitClock> clocks, const Kind& kind,
                Addressed addressed, UtcTime now) {
    if (addressed != Addressed::to || record.standing.state.has(Milestone::closed)) return false;
    return !any_owed(clocks, now) && !awaits_decision(record.standing, kind, addressed);
}

}  // namespace tongbao
