#pragma once

#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tongbao {

/// The working days of a year as they were published at one time. Saturdays and Sundays are free
/// unless they stand among `work_days`, all other days are worked unless they stand among
/// `off_days`.
struct CalendarVersion {
    /// 1 for the first one of a year, 2 for its amendment, and so on.
    std::uint32_t version{0};
    /// None, for a year's first version only: it counts as published before anybody asks.
    std::optional<LocalDay> published;
    /// Holidays, the weekends inside them included.
    std::vector<LocalDay> off_days;
    /// Saturdays and Sundays that are worked in place of other days (调休).
    std::vector<LocalDay> work_days;
};

/// A year with everything that was ever published of it, oldest first.
struct CalendarYear {
    std::chrono::year year{0};
    std::vector<CalendarVersion> versions;
};

/// Everything that is wrong with a year, each with a place such as `versions[1].off_days[3]`.
///
/// Reasons: Errc::missing_member for a year without versions and a version after the first without
/// its day of publication; Errc::bad_value for versions that are not numbered from 1 on or not
/// published on later and later days, for days of another year, days that do not ascend or stand
/// twice in a list or in both, and a working day that is no Saturday or Sunday.
[[nodiscard]] Reasons check_calendar_year(const CalendarYear& year);

/// A calendar of working days: its years in all their versions. Immutable, so threads may share it.
class Calendar {
public:
    /// `years`: no year twice, and check_calendar_year finds nothing in any of them.
    Calendar(std::string name, std::vector<CalendarYear> years);

    /// As charters name it: `cn-state-council`.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Ascending.
    [[nodiscard]] const std::vector<CalendarYear>& years() const noexcept { return years_; }
    /// nullptr if nothing is published of that year.
    [[nodiscard]] const CalendarYear* find_year(std::chrono::year year) const;

private:
    std::string name_;
    std::vector<CalendarYear> years_;
};

enum class DayKind : std::uint8_t { worked, free };

/// Which days are worked, as it was known on some day. Borrows the calendar. Threads may share it.
///
/// Errors of all three questions: Errc::calendar_missing, whose explanation names the year, where
/// nothing was published of a year that the answer depends on. Such a year has no working days
/// that anybody knows of, and never "no holidays".
class WorkingDays {
public:
    /// Of each year counts the newest version that was published not later than `known_on`;
    /// without it the newest one.
    explicit WorkingDays(const Calendar& calendar, std::optional<LocalDay> known_on = std::nullopt)
        : calendar_(calendar), known_on_(known_on) {}
    explicit WorkingDays(const Calendar&& calendar,
                         std::optional<LocalDay> known_on = std::nullopt) = delete;

    [[nodiscard]] Checked<DayKind> kind_of(LocalDay day) const;

    /// The `n`th working day after `day`, the -`n`th before it if `n` is negative, `day` itself,
    /// worked or not, if it is 0. Costs a look at every day between.
    [[nodiscard]] Checked<LocalDay> nth_from(LocalDay day, std::int64_t n) const;

    /// `day` if it is worked, else the next working day.
    [[nodiscard]] Checked<LocalDay> at_or_after(LocalDay day) const;

private:
    [[nodiscard]] Checked<const CalendarVersion*> version_of(std::chrono::year year) const;

    const Calendar& calendar_;
    std::optional<LocalDay> known_on_;
};

}  // namespace tongbao
