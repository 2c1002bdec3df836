#pragma once

#include "domain/calendar.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/expression_times.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"

#include <cstdint>
#include <variant>

namespace tongbao {

/// A moment, or a day where no more than a date is known, as of a field of the type date.
using MomentOrDay = std::variant<UtcTime, LocalDay>;

/// When a limit ends.
struct DueTime {
    /// The last moment that is in time.
    UtcTime at{};
    /// The day of the limit: the one that `at` lies in. Midnight lies in the day that it ends, so a
    /// limit that ends at 24:00 of a day is that day's.
    LocalDay day{};

    friend bool operator==(const DueTime&, const DueTime&) = default;
};

/// By what a charter's limits are counted. Borrows both.
struct LimitRules {
    const WorkingDays& working_days;
    const TimeZone& zone;
};

// Errors of all three: Errc::too_large for what would end after the year 9998, or on or before
// the first day of the year 0; Errc::calendar_missing, with the year, where working days decide
// (see WorkingDays). Threads may share what they take.

/// When a limit of `length` that starts at `start` ends.
///
/// Hours run through nights and holidays. They are counted to the minute: a start within a minute
/// counts as the end of that minute, so that nobody loses seconds of what is shown without them.
/// In days, working days and months the start's day, whatever its hour, does not count, and the
/// limit ends at 24:00 of the day named; that of months is the day of the same number, or the
/// month's last one if it has none. With next_working_day an end on a free day moves to 24:00 of
/// the next working day, an end of hours too.
///
/// Errors, besides those of all three: Errc::bad_time for hours that start on a day.
/// Costs a look at each day for working days, else a few.
///
/// Source: the charters' rules of clocks, docs/decisions/0010-how-limits-are-counted.md; 刑事诉讼法
/// (2018) art. 105 for the day that does not count and the end on a holiday.
[[nodiscard]] Checked<DueTime> due_time(const MomentOrDay& start, const Duration& length,
                                        FreeDayRule free_days, const LimitRules& rules);

/// The limit that a notice names by itself (`within` of `field:x` and `row:x`): a day at its 24:00,
/// or a moment as it is. Asks no calendar: such a limit ends on free days too.
[[nodiscard]] Checked<DueTime> due_at(const MomentOrDay& named, const TimeZone& zone);

/// When a step of an escalation is taken: hours from the limit's moment; days and working days from
/// the limit's day, whole ones, so at 24:00 of the day that is `n` days or working days behind or
/// before it. 0 of any unit is the limit's moment.
[[nodiscard]] Checked<UtcTime> step_time(const DueTime& due, const EscalationTime& step,
                                         const LimitRules& rules);

/// The whole days at `now` since the day of a limit that ended at `limit`, both in `zone`: 0 on
/// that day and before it. Errors: Errc::too_large as due_at.
[[nodiscard]] Checked<std::int64_t> days_since(UtcTime limit, UtcTime now, const TimeZone& zone);

}  // namespace tongbao
