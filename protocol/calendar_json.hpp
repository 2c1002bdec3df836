#pragma once

#include "domain/calendar.hpp"
#include "domain/reason.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace tongbao::protocol {

/// A file of a calendar's folder.
struct CalendarFile {
    /// Without its folder: `2020.json`.
    std::string name;
    std::string text;
};

/// A calendar that may be used, or everything that is wrong with its files.
using LoadedCalendar = std::variant<Calendar, Reasons>;

/// Reads the calendar `name` from its files, one for each year and named after it. Each is read as
/// strict JSON, by the schema, then by check_calendar_year; of a file, a step is taken only if the
/// one before found nothing.
///
/// Reasons, each with a place such as `2020.json: versions[1].off_days[3]`: those of
/// parse_strict_json, and Errc::too_large beyond kMaxCalendarBytes; from the schema
/// Errc::unknown_member, missing_member, wrong_type, bad_value; those of check_calendar_year;
/// Errc::bad_value for a file that is not named after its year, and for one whose year stands in
/// another file too. Costs less than a millisecond a file.
///
/// Source: domain/calendars/README.md.
[[nodiscard]] LoadedCalendar load_calendar(std::string_view name,
                                           std::span<const CalendarFile> files);

/// Twenty times what a shipped year has.
inline constexpr std::size_t kMaxCalendarBytes = 64 * 1024;

}  // namespace tongbao::protocol
