#pragma once

#include "domain/clock_history.hpp"
#include "domain/lifecycle.hpp"
#include "domain/limit_clock.hpp"

#include <span>

namespace tongbao {

/// All that is kept of one notice at one recipient: where it stands, and what its clocks depend on.
/// The log, entry by entry, gives it; so a replay and what was kept are equal. One recipient's
/// holds nothing of another's.
struct RecipientRecord {
    Standing standing;
    ClockHistory history;

    friend bool operator==(const RecipientRecord&, const RecipientRecord&) = default;
};

/// 入册: the notice got its place at `at`.
[[nodiscard]] RecipientRecord logged_record(UtcTime at);

/// The record after an act at `at`, the time of its entry. For all acts but those of the functions
/// below, which bring facts with them.
///
/// Errors: as advance. Then nothing of the record changes.
[[nodiscard]] Result<RecipientRecord> after_act(const RecipientRecord& record,
                                                const ActFacts& facts, UtcTime at);

/// The record after an answer that satisfies, `fact`, by the recipient. It is late if it stops any
/// clock late, as stop_by says; `clocks` are those of the record, before it.
///
/// Errors: as advance, for LifecycleAct::answered: at a copy, or to a notice that its sender took
/// out of force.
[[nodiscard]] Result<RecipientRecord> after_satisfying_answer(const RecipientRecord& record,
                                                              AnswerFact fact,
                                                              std::span<const LimitClock> clocks,
                                                              const Kind& kind,
                                                              Addressed addressed);

/// The record after a decision that moves limits, which clocks_moved_by allowed.
///
/// Errors: as advance, for LifecycleAct::extended.
[[nodiscard]] Result<RecipientRecord> after_extension(const RecipientRecord& record,
                                                      ExtensionFact fact, const Kind& kind,
                                                      Addressed addressed);

/// The record after the notice logged at `notice`, an answer or a decision noted here, was
/// withdrawn or corrected by its sender: what it stopped runs again, what it moved goes back. The
/// same record for any other notice, and for one that was reversed before. That the notice's own
/// clocks end, its own records say: LifecycleAct::withdrawn and corrected at each of its
/// recipients.
///
/// Source: lifecycle, "correction".
[[nodiscard]] RecipientRecord after_reversal(const RecipientRecord& record, LogIndex notice,
                                             const Kind& kind, UtcTime at);

/// The record with the marks that its clocks give at `now` (clock_marks): due_soon comes and goes,
/// overdue and answered_late come to stay. The hub's acts, as the table has them; what that does
/// not allow, a reminder of what is closed, is left out. Changes nothing else.
[[nodiscard]] RecipientRecord with_clock_marks(const RecipientRecord& record, Marks clock_marks,
                                               const Kind& kind, Addressed addressed);

/// Whether nothing more is owed at `now`, so that the hub closes it (LifecycleAct::settled): every
/// clock that is owed stopped, and the decision that the kind asks for was made. Never of a copy or
/// of one that is closed.
[[nodiscard]] bool is_settled(const RecipientRecord& record, std::span<const LimitClock> clocks,
                              const Kind& kind, Addressed addressed, UtcTime now);

}  // namespace tongbao
