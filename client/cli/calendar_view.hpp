#pragma once

#include "domain/calendar.hpp"
#include "domain/due_time.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// The end of a limit, and by what it was counted. Borrows all but the days.
struct DueView {
    DueTime due;
    const TimeZone& zone;
    std::string_view zone_name;
    std::string_view calendar;
    std::optional<LocalDay> known_at;
};

/// What clocks in `zone` show at the end of a limit: `15:30`, or `24:00` for the end of its day.
[[nodiscard]] std::string time_of_day(const DueTime& due, const TimeZone& zone);

/// Prints day and time in the zone, midnight as 24:00 of the day that it ends, and the same in UTC.
void print_due(std::ostream& out, const DueView& view);

/// Prints what is published of a year, version by version: holidays and make-up working days, days
/// on end in one line. `year` is the calendar's.
void print_calendar_year(std::ostream& out, const Calendar& calendar, const CalendarYear& year);

/// The same as JSON.
[[nodiscard]] std::string due_json(const DueView& view);
[[nodiscard]] std::string calendar_year_json(const Calendar& calendar, const CalendarYear& year);

}  // namespace tongbao::client
