#pragma once

#include "domain/calendar.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/running_limit.hpp"
#include "domain/time_zone.hpp"
#include "program/shipped_files.hpp"

#include <memory>
#include <string>

namespace tongbao::hub {

/// By what the limits of a charter are counted: its calendar and its time zone. Fixed while the hub
/// runs; threads share it.
struct ClockRules {
    Calendar calendar;
    std::shared_ptr<const TimeZone> zone;
    /// Over the zone's name and the calendar's files: another one counts limits anew.
    Digest digest;

    [[nodiscard]] LimitCalendar by() const { return {calendar, *zone}; }
};

/// Reads the calendar and the zone that the charter names: a calendar among the shipped files, a
/// zone of this machine's tz database.
///
/// Errors, with what and the cure in `words`: Errc::not_found for a calendar or zone that is not
/// there; Errc::bad_charter for a calendar whose files have faults; those of program::read_folder.
[[nodiscard]] Result<std::shared_ptr<const ClockRules>> load_clock_rules(
    const Charter& charter, const program::ShippedFiles& shipped, std::string& words);

}  // namespace tongbao::hub
