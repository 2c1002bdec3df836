#pragma once

#include "domain/clock_terms.hpp"
#include "domain/lifecycle_table.hpp"
#include "domain/log_position.hpp"
#include "domain/time.hpp"

#include <optional>
#include <vector>

namespace tongbao {

/// An answer that satisfies, and the clocks that it stops.
struct AnswerFact {
    /// Of its `logged` entry.
    LogIndex answer;
    UtcTime at{};
    std::vector<ClockId> stops;
    /// When its sender withdrew or corrected it: from then on it stops nothing.
    std::optional<UtcTime> reversed_at{};

    friend bool operator==(const AnswerFact&, const AnswerFact&) = default;
};

/// Whether `fact` is what `clock` waits for, whether or not it still counts.
[[nodiscard]] bool can_stop(const AnswerFact& fact, const ClockId& clock) noexcept;

/// A decision that moved limits.
struct ExtensionFact {
    /// Of its `logged` entry.
    LogIndex decision;
    UtcTime at{};
    /// The last moment that is in time from then on.
    UtcTime new_due{};
    std::vector<ClockId> moves;
    /// When its sender withdrew or corrected it: from then on it moves nothing.
    std::optional<UtcTime> reversed_at{};

    friend bool operator==(const ExtensionFact&, const ExtensionFact&) = default;
};

/// All that the clocks of one notice at one recipient depend on besides their terms: the times of
/// entries of the log, so that a replay of the log gives it again. A value of a few rows; times
/// are the hub's signed ones, in the order of the log. Holds nothing of other recipients.
struct ClockHistory {
    UtcTime logged_at{};
    std::optional<UtcTime> delivered_at{};
    std::optional<UtcTime> signed_for_at{};
    /// When nothing was owed any more: declined, withdrawn, corrected, closed by the sender.
    std::optional<UtcTime> ended_at{};
    std::vector<AnswerFact> answers{};
    std::vector<ExtensionFact> extensions{};

    friend bool operator==(const ClockHistory&, const ClockHistory&) = default;
};

/// Notes an act of the lifecycle's table at `at`: what it is or implies of delivery and receipt,
/// and whether it ends what is owed. The first time counts. Answers and extensions bring facts of
/// their own, see below; an act that reverses an answer changes nothing here.
void note_act(ClockHistory& history, LifecycleAct act, UtcTime at);

/// Notes an answer that satisfies: with what it implies. That it was not noted before, the caller
/// knows.
void note_answer(ClockHistory& history, AnswerFact fact);
void note_extension(ClockHistory& history, ExtensionFact fact);

enum class Reversal : std::uint8_t {
    nothing,      ///< the notice was no answer or extension here, or was reversed before
    answer,       ///< others that satisfy remain, and all that it stopped they stop too
    runs_again,   ///< others remain, but not for all that it stopped: LifecycleAct::reopened
    last_answer,  ///< the last that satisfied: LifecycleAct::answer_reversed
    extension,
};

/// Notes that the notice logged at `notice` was withdrawn or corrected by its sender at `at`: the
/// clocks that it had stopped run again, the limits that it had moved go back. The fact itself
/// stays. What replaces a corrected notice is a notice of its own and counts from its own time.
///
/// Source: lifecycle, "correction".
[[nodiscard]] Reversal note_reversal(ClockHistory& history, LogIndex notice, UtcTime at);

}  // namespace tongbao
