#pragma once

#include "domain/clock_history.hpp"
#include "domain/clock_terms.hpp"
#include "domain/running_limit.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tongbao {

/// A limit of a clock, in force from `since` until the next one.
struct ClockLimit {
    UtcTime since{};
    RunningLimit limit;

    friend bool operator==(const ClockLimit&, const ClockLimit&) = default;
};

/// A stretch of time in which a clock ran: from `from` on, and before `to`.
struct ClockRun {
    UtcTime from{};
    /// none: it runs on.
    std::optional<UtcTime> to{};

    friend bool operator==(const ClockRun&, const ClockRun&) = default;
};

/// What stopped a clock.
struct ClockStop {
    UtcTime at{};
    /// The answer; none for a receipt, which is stopped by signing for the notice.
    std::optional<LogIndex> answer{};
    /// Logged later than the limit that was in force then; not where another one, that stood for as
    /// long, had stopped the clock before.
    bool late{false};
    /// When the answer was withdrawn or corrected.
    std::optional<UtcTime> reversed_at{};

    friend bool operator==(const ClockStop&, const ClockStop&) = default;
};

/// One clock as its terms and its history give it: a pure function of both, so that whoever
/// replays the log has the same. Of what is still to come it says only what holds if nothing else
/// happens: a receipt that is not signed for starts the next clock when it was due.
struct LimitClock {
    ClockId id;
    bool owed{true};
    /// none: not started, and nothing that is known will start it.
    std::optional<MomentOrDay> start{};
    /// It starts because the receipt was due, not because it was signed for.
    bool presumed{false};
    /// The first limit, then one for each time that a decision or its reversal moved it; empty
    /// while there is none. Ascending by `since`.
    std::vector<ClockLimit> limits{};
    /// In order, none empty, none touching the next.
    std::vector<ClockRun> runs{};
    /// In the order of the log.
    std::vector<ClockStop> stops{};
    std::optional<UtcTime> ended_at{};
    /// Why there is no limit though there should be: Errc::calendar_missing with the year,
    /// Errc::too_large, Errc::bad_time for hours that start on a date.
    std::optional<Reason> fault{};

    friend bool operator==(const LimitClock&, const LimitClock&) = default;
};

/// The clocks of `terms`, those of one notice at one recipient, in their order. Faults stand in
/// each clock: one without a limit hides none of the others. Costs a few counts of days a clock.
///
/// Source: lifecycle, "Clocks" 1 to 7.
[[nodiscard]] std::vector<LimitClock> run_clocks(std::span<const ClockTerms> terms,
                                                 const ClockHistory& history,
                                                 const LimitCalendar& by);

enum class ClockStatus : std::uint8_t {
    not_started,
    running,
    satisfied,  ///< stopped by what was asked for
    ended,      ///< nothing is owed any more, without that
};

/// As of what is in its history; `now` is not before that.
[[nodiscard]] ClockStatus status_at(const LimitClock& clock, UtcTime now);

/// What stopped it, if that still counts: the first of those that were not reversed.
[[nodiscard]] const ClockStop* satisfied_by(const LimitClock& clock) noexcept;

/// How `fact`, which comes after all of clock.stops, stops the clock; none if it is not for this
/// clock, or comes after the clock ended. A clock that is looked at again with `fact` in its
/// history has this stop.
[[nodiscard]] std::optional<ClockStop> stop_by(const LimitClock& clock, const AnswerFact& fact);

/// The limit in force at `at`; before the first one, that; nullptr if there is none.
[[nodiscard]] const ClockLimit* limit_at(const LimitClock& clock, UtcTime at) noexcept;

/// The first moment, not before `at`, from which on the clock runs under the limit `limit` (a place
/// among clock.limits): the moment at which something that `at` calls for has to be done. None if
/// it never does. What stops the clock at that very moment comes first: an answer that is
/// logged at the limit is in time.
[[nodiscard]] std::optional<UtcTime> running_from(const LimitClock& clock, std::size_t limit,
                                                  UtcTime at);

/// When it went over a limit while it ran; it is overdue at every later moment. None for what is
/// not owed.
[[nodiscard]] std::optional<UtcTime> overdue_since(const LimitClock& clock);

/// Whether anything is still to be waited for: one that is owed runs, or has not started.
[[nodiscard]] bool any_owed(std::span<const LimitClock> clocks, UtcTime now);

}  // namespace tongbao
