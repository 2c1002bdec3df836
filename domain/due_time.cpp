#include "domain/due_time.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tongbao {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

// Less than times can be written in, so that a zone's offset leads over neither end.
constexpr LocalDay kFirstDay{year(0) / std::chrono::January / 2};
constexpr LocalDay kLastDay{year(9998) / std::chrono::December / 31};

Reason too_far() {
    return Reason{Errc::too_large, "", "it would end outside the years 0 to 9998"};
}

/// The limit at 24:00 of `day`.
Checked<DueTime> end_of(LocalDay day, const TimeZone& zone) {
    if (day < kFirstDay || day > kLastDay) return too_far();
    return DueTime{zone.start_of(day + days(1)), day};
}

/// The limit at `moment`.
Checked<DueTime> limit_at(UtcTime moment, const TimeZone& zone) {
    const LocalDay day = day_in(zone, moment - milliseconds(1));
    if (day < kFirstDay || day > kLastDay) return too_far();
    return DueTime{moment, day};
}

/// The day `count` months after `day`: of the same number, or the month's last one.
Checked<LocalDay> months_after(LocalDay day, std::uint32_t count) {
    // More than this leads out of every year, and would not fit std::chrono's years.
    constexpr std::uint32_t kMostMonths = 12 * 9999;
    if (count > kMostMonths) return too_far();
    const year_month_day date(day);
    const year_month month =
        year_month(date.year(), date.month()) + std::chrono::months(static_cast<int>(count));
    const year_month_day same_number(month.year(), month.month(), date.day());
    if (same_number.ok()) return LocalDay(same_number);
    return LocalDay(year_month_day_last(month.year(), std::chrono::month_day_last(month.month())));
}

/// The day that a limit in days, working days or months names.
Checked<LocalDay> day_named(LocalDay start, const Duration& length, const LimitRules& rules) {
    switch (length.unit) {
        case TimeUnit::working_day:
            return rules.working_days.nth_from(start, length.n);
        case TimeUnit::month:
            return months_after(start, length.n);
        case TimeUnit::day:
        case TimeUnit::hour:
            break;
    }
    return start + days(length.n);
}

Checked<DueTime> after_hours(const MomentOrDay& start, std::uint32_t count, const TimeZone& zone) {
    const auto* const moment = std::get_if<UtcTime>(&start);
    if (moment == nullptr) {
        return Reason{Errc::bad_time, "",
                      "a limit in hours starts at a moment: a date alone does not tell it"};
    }
    return limit_at(std::chrono::ceil<minutes>(*moment) + hours(count), zone);
}

Checked<DueTime> after_days(const MomentOrDay& start, const Duration& length,
                            const LimitRules& rules) {
    const auto* const moment = std::get_if<UtcTime>(&start);
    const LocalDay first =
        moment != nullptr ? day_in(rules.zone, *moment) : std::get<LocalDay>(start);
    const Checked<LocalDay> day = day_named(first, length, rules);
    if (!day) return day.error();
    return end_of(*day, rules.zone);
}

}  // namespace

Checked<DueTime> due_time(const MomentOrDay& start, const Duration& length, FreeDayRule free_days,
                          const LimitRules& rules) {
    Checked<DueTime> due = length.unit == TimeUnit::hour ? after_hours(start, length.n, rules.zone)
                                                         : after_days(start, length, rules);
    if (!due || free_days == FreeDayRule::none) return due;
    const Checked<LocalDay> worked = rules.working_days.at_or_after(due->day);
    if (!worked) return worked.error();
    if (*worked == due->day) return due;
    return end_of(*worked, rules.zone);
}

Checked<DueTime> due_at(const MomentOrDay& named, const TimeZone& zone) {
    if (const auto* const day = std::get_if<LocalDay>(&named)) return end_of(*day, zone);
    return limit_at(std::get<UtcTime>(named), zone);
}

Checked<UtcTime> step_time(const DueTime& due, const EscalationTime& step,
                           const LimitRules& rules) {
    if (step.n == 0) return due.at;
    if (step.unit == EscalationTime::Unit::hours) {
        const Checked<DueTime> moment = limit_at(due.at + hours(step.n), rules.zone);
        if (!moment) return moment.error();
        return moment->at;
    }
    Checked<LocalDay> day = due.day + days(step.n);
    if (step.unit == EscalationTime::Unit::working_days) {
        day = rules.working_days.nth_from(due.day, step.n);
    }
    if (!day) return day.error();
    const Checked<DueTime> end = end_of(*day, rules.zone);
    if (!end) return end.error();
    return end->at;
}

Checked<std::int64_t> days_since(UtcTime limit, UtcTime now, const TimeZone& zone) {
    const Checked<DueTime> due = due_at(MomentOrDay(limit), zone);
    if (!due) return due.error();
    // Another computer's clock may be behind the one that set the limit.
    return std::max<std::int64_t>((day_in(zone, now) - due->day).count(), 0);
}

}  // namespace tongbao
