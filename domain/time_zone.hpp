#pragma once

#include "domain/time.hpp"

#include <chrono>

namespace tongbao {

/// What clocks show where a charter is in force. An interface, because the zones' rules stand in a
/// database of the machine: program/tz_database.hpp reads it. Threads may share every zone.
class TimeZone {
public:
    virtual ~TimeZone() = default;

    /// What is added to UTC to get what clocks there show at `time`.
    [[nodiscard]] virtual std::chrono::seconds offset_at(UtcTime time) const = 0;

    /// The first moment of `day` there: 00:00, unless clocks skip it, and the first 00:00 if they
    /// show it twice.
    [[nodiscard]] virtual UtcTime start_of(LocalDay day) const = 0;
};

/// What clocks in `zone` show at `time`.
[[nodiscard]] inline std::chrono::local_time<std::chrono::milliseconds> local_time_in(
    const TimeZone& zone, UtcTime time) {
    return std::chrono::local_time<std::chrono::milliseconds>(time.time_since_epoch() +
                                                              zone.offset_at(time));
}

/// The day that it is in `zone` at `time`.
[[nodiscard]] inline LocalDay day_in(const TimeZone& zone, UtcTime time) {
    return std::chrono::floor<std::chrono::days>(local_time_in(zone, time));
}

}  // namespace tongbao
