#pragma once

#include "domain/calendar.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/due_time.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"

namespace tongbao {

// How a limit that runs keeps the calendar of the day it started, while amendments are published.
// Borrowed calendars and zones must outlive what is counted by them; threads may share all of it.

/// A charter's calendar with everything that was published of it, and its zone. Borrows both.
struct LimitCalendar {
    const Calendar& calendar;
    const TimeZone& zone;
};

/// A limit's end, and what was known of the calendar when it was counted.
struct RunningLimit {
    DueTime due;
    /// Steps around the limit are counted by what was published up to this day.
    LocalDay known_on{};

    friend bool operator==(const RunningLimit&, const RunningLimit&) = default;
};

/// The day of `start` in `zone`.
[[nodiscard]] LocalDay start_day(const MomentOrDay& start, const TimeZone& zone);

/// When a limit of `length` that starts at `start` ends, counted by the calendar as it was known on
/// `known_on`, as a rule the day it started; what is published later changes nothing, with two
/// exceptions:
/// - an amendment that makes a day free on which the limit ends, published on that day or before
///   it, moves the end to the next working day of the amendment, and so on. Not where the end does
///   not ask for working days: days, months and hours without next_working_day;
/// - a year of which nothing was published by `known_on` is counted by what was published of it
///   first, together with what was known of the others by then.
///
/// Errors: Errc::calendar_missing, with the year, while that is not published at all;
/// Errc::bad_time and Errc::too_large as due_time. Costs one count for each publication.
///
/// Source: lifecycle, "Clocks" 3, 4 and 7.
[[nodiscard]] Checked<RunningLimit> running_limit(const MomentOrDay& start, const Duration& length,
                                                  FreeDayRule free_days, LocalDay known_on,
                                                  const LimitCalendar& by);

/// A limit that a notice or a decision names by itself. No amendment moves it.
///
/// Errors: Errc::too_large as due_at.
[[nodiscard]] Checked<RunningLimit> named_limit(const MomentOrDay& named, LocalDay known_on,
                                                const LimitCalendar& by);

/// When a step of an escalation around `limit` is taken, by what was known when it was counted.
///
/// Errors: Errc::calendar_missing, Errc::too_large as step_time; a year of which nothing was
/// published by then is counted as running_limit does.
/// Source: lifecycle, "Clocks" 6.
[[nodiscard]] Checked<UtcTime> running_step(const RunningLimit& limit, const EscalationTime& step,
                                            const LimitCalendar& by);

}  // namespace tongbao
