#pragma once

#include "domain/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace tongbao {

/// A moment, in milliseconds since 1970-01-01T00:00:00Z without leap seconds.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// A day as dates name it, in whatever time zone its reader lives.
using LocalDay = std::chrono::local_days;

/// Tells the time; what needs it takes a Clock, so that tests decide what time it is.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UtcTime now() const = 0;
};

/// `2026-11-22T09:30:00.123Z`: always UTC, always three decimals. Years 0000 to 9999.
[[nodiscard]] std::string format_utc(UtcTime time);

/// Reads exactly what format_utc writes.
///
/// Errors: Errc::bad_time, for an impossible date or hour too.
[[nodiscard]] Result<UtcTime> parse_utc(std::string_view text);

/// Reads a date and time with its offset: at least minutes, at most three decimals of a second,
/// `Z` or `±hh:mm`: `2020-10-13T09:30+08:00`. `T` and `Z` in upper case.
///
/// Errors: Errc::bad_time. Source: RFC 3339 section 5.6, seconds made optional by the charters.
[[nodiscard]] Result<UtcTime> parse_date_time(std::string_view text);

/// Reads a calendar date, `2020-10-13`.
///
/// Errors: Errc::bad_time, for a day that the month does not have too.
[[nodiscard]] Result<std::chrono::year_month_day> parse_date(std::string_view text);

/// The same, as a day that can be counted from.
///
/// Errors: Errc::bad_time.
[[nodiscard]] Result<LocalDay> parse_day(std::string_view text);

/// `2020-10-13`. Years 0000 to 9999.
[[nodiscard]] std::string format_day(LocalDay day);

}  // namespace tongbao
