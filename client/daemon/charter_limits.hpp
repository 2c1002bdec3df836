#pragma once

#include "domain/calendar.hpp"
#include "domain/charter.hpp"
#include "domain/running_limit.hpp"
#include "domain/time_zone.hpp"
#include "program/logging.hpp"
#include "program/shipped_files.hpp"

#include <memory>

namespace tongbao::client {

/// By what a daemon counts limits itself, where the hub keeps no clock of them: the calendar and
/// the zone that its charter names. Threads share it.
struct CharterLimits {
    Calendar calendar;
    std::shared_ptr<const TimeZone> zone;

    [[nodiscard]] LimitCalendar by() const { return {calendar, *zone}; }
};

/// Reads the calendar from the files that lie with the programs, and the zone from this machine's
/// tz database. What can't be read is said in `logging` once, and the daemon works on: without the
/// calendar it counts as one of which no year is published, without the zone nothing is counted,
/// nullptr.
[[nodiscard]] std::shared_ptr<const CharterLimits> load_charter_limits(
    const Charter& charter, const program::ShippedFiles& shipped, program::Logging& logging);

}  // namespace tongbao::client
