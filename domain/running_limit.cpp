#include "domain/running_limit.hpp"

#include <algorithm>
#include <variant>
#include <vector>

namespace tongbao {
namespace {

/// The days after `day` on which something was published of the calendar, ascending.
std::vector<LocalDay> publications_after(LocalDay day, const Calendar& calendar) {
    std::vector<LocalDay> published;
    for (const CalendarYear& year : calendar.years()) {
        for (const CalendarVersion& version : year.versions) {
            if (version.published && *version.published > day)
                published.push_back(*version.published);
        }
    }
    std::sort(published.begin(), published.end());
    return published;
}

/// What `count` gives by what was known on `known_on`, or, if a year was missing then, on the first
/// later day on which none is. Answers that day with it.
template <typename T, typename Count>
Checked<std::pair<T, LocalDay>> count_once_known(LocalDay known_on, const LimitCalendar& by,
                                                 const Count& count) {
    Checked<T> counted = count(LimitRules{WorkingDays(by.calendar, known_on), by.zone});
    if (counted) return std::pair(*counted, known_on);
    for (const LocalDay day : publications_after(known_on, by.calendar)) {
        if (counted.error().code != Errc::calendar_missing) break;
        counted = count(LimitRules{WorkingDays(by.calendar, day), by.zone});
        if (counted) return std::pair(*counted, day);
    }
    return counted.error();
}

/// Moves an end on a working day that was made free while the limit ran.
Checked<RunningLimit> amended(RunningLimit limit, const LimitCalendar& by) {
    for (const LocalDay published : publications_after(limit.known_on, by.calendar)) {
        if (published > limit.due.day) break;
        const WorkingDays before(by.calendar, limit.known_on);
        const WorkingDays after(by.calendar, published);
        const Checked<DayKind> was = before.kind_of(limit.due.day);
        if (!was) return was.error();
        const Checked<DayKind> is = after.kind_of(limit.due.day);
        if (!is) return is.error();
        if (*was == DayKind::free || *is == DayKind::worked) continue;
        const Checked<LocalDay> moved = after.at_or_after(limit.due.day);
        if (!moved) return moved.error();
        const Checked<DueTime> due = due_at(*moved, by.zone);
        if (!due) return due.error();
        limit = {*due, published};
    }
    return limit;
}

}  // namespace

LocalDay start_day(const MomentOrDay& start, const TimeZone& zone) {
    const auto* const moment = std::get_if<UtcTime>(&start);
    return moment != nullptr ? day_in(zone, *moment) : std::get<LocalDay>(start);
}

Checked<RunningLimit> running_limit(const MomentOrDay& start, const Duration& length,
                                    FreeDayRule free_days, LocalDay known_on,
                                    const LimitCalendar& by) {
    const auto counted = count_once_known<DueTime>(known_on, by, [&](const LimitRules& rules) {
        return due_time(start, length, free_days, rules);
    });
    if (!counted) return counted.error();
    const RunningLimit limit{counted->first, counted->second};
    const bool ends_on_working_day =
        length.unit == TimeUnit::working_day || free_days == FreeDayRule::next_working_day;
    if (!ends_on_working_day) return limit;
    return amended(limit, by);
}

Checked<RunningLimit> named_limit(const MomentOrDay& named, LocalDay known_on,
                                  const LimitCalendar& by) {
    const Checked<DueTime> due = due_at(named, by.zone);
    if (!due) return due.error();
    return RunningLimit{*due, known_on};
}

Checked<UtcTime> running_step(const RunningLimit& limit, const EscalationTime& step,
                              const LimitCalendar& by) {
    const auto counted = count_once_known<UtcTime>(
        limit.known_on, by,
        [&](const LimitRules& rules) { return step_time(limit.due, step, rules); });
    if (!counted) return counted.error();
    return counted->first;
}

}  // namespace tongbao
