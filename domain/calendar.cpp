#include "domain/calendar.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tongbao {
namespace {

using std::chrono::days;

std::chrono::year year_of(LocalDay day) {
    return std::chrono::year_month_day(day).year();
}

std::string year_text(std::chrono::year year) {
    return std::to_string(static_cast<int>(year));
}

bool is_weekend(LocalDay day) {
    const std::chrono::weekday weekday(day);
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

bool is_among(const std::vector<LocalDay>& list, LocalDay day) {
    return std::binary_search(list.begin(), list.end(), day);
}

/// Looks at one year and notes what is wrong with it.
class YearCheck {
public:
    explicit YearCheck(const CalendarYear& year) : year_(year) {}

    Reasons run() {
        if (year_.versions.empty()) fault(Errc::missing_member, "versions", "expected at least 1");
        for (std::size_t at = 0; at < year_.versions.size(); ++at) check_version(at);
        return std::move(reasons_);
    }

private:
    void check_version(std::size_t at) {
        const CalendarVersion& version = year_.versions[at];
        const std::string place = "versions[" + std::to_string(at) + "].";
        if (version.version != at + 1) {
            fault(Errc::bad_value, place + "version", "expected " + std::to_string(at + 1));
        }
        if (at > 0) check_publication(year_.versions[at - 1], version, place + "published");
        check_list(version.off_days, place + "off_days");
        check_list(version.work_days, place + "work_days");
        check_work_days(version, place + "work_days");
    }

    void check_publication(const CalendarVersion& before, const CalendarVersion& version,
                           const std::string& place) {
        if (!version.published) {
            fault(Errc::missing_member, place, "must be there in every version but a year's first");
        } else if (before.published && *version.published <= *before.published) {
            fault(Errc::bad_value, place,
                  "expected a day after " + format_day(*before.published) +
                      ", when the version before it was published");
        }
    }

    void check_list(const std::vector<LocalDay>& list, const std::string& place) {
        for (std::size_t at = 0; at < list.size(); ++at) {
            const std::string here = element(place, at);
            if (year_of(list[at]) != year_.year) {
                fault(Errc::bad_value, here, "expected a day of " + year_text(year_.year));
            }
            if (at == 0 || list[at - 1] < list[at]) continue;
            fault(Errc::bad_value, here,
                  list[at - 1] == list[at] ? "stands twice" : "expected ascending days");
        }
    }

    void check_work_days(const CalendarVersion& version, const std::string& place) {
        for (std::size_t at = 0; at < version.work_days.size(); ++at) {
            const LocalDay day = version.work_days[at];
            // Not is_among: the other list may be out of order.
            if (std::find(version.off_days.begin(), version.off_days.end(), day) !=
                version.off_days.end()) {
                fault(Errc::bad_value, element(place, at), "stands among off_days too");
            }
            if (!is_weekend(day)) {
                fault(Errc::bad_value, element(place, at),
                      "expected a Saturday or a Sunday: other days are worked anyway");
            }
        }
    }

    static std::string element(const std::string& list, std::size_t at) {
        return list + '[' + std::to_string(at) + ']';
    }

    void fault(Errc code, std::string place, std::string explanation) {
        reasons_.push_back(Reason{code, std::move(place), std::move(explanation)});
    }

    const CalendarYear& year_;
    Reasons reasons_;
};

}  // namespace

Reasons check_calendar_year(const CalendarYear& year) {
    return YearCheck(year).run();
}

Calendar::Calendar(std::string name, std::vector<CalendarYear> years)
    : name_(std::move(name)), years_(std::move(years)) {
    std::sort(years_.begin(), years_.end(),
              [](const CalendarYear& a, const CalendarYear& b) { return a.year < b.year; });
}

const CalendarYear* Calendar::find_year(std::chrono::year year) const {
    const auto found = std::lower_bound(
        years_.begin(), years_.end(), year,
        [](const CalendarYear& each, std::chrono::year wanted) { return each.year < wanted; });
    return found != years_.end() && found->year == year ? &*found : nullptr;
}

Checked<const CalendarVersion*> WorkingDays::version_of(std::chrono::year year) const {
    const CalendarYear* const found = calendar_.find_year(year);
    if (found == nullptr) {
        return Reason{Errc::calendar_missing, calendar_.name(),
                      "nothing is published of the year " + year_text(year)};
    }
    // From the newest on: at most a few.
    for (auto version = found->versions.rbegin(); version != found->versions.rend(); ++version) {
        if (!known_on_ || !version->published || *version->published <= *known_on_) {
            return &*version;
        }
    }
    return Reason{
        Errc::calendar_missing, calendar_.name(),
        "nothing was published of the year " + year_text(year) + " by " + format_day(*known_on_)};
}

Checked<DayKind> WorkingDays::kind_of(LocalDay day) const {
    const Checked<const CalendarVersion*> version = version_of(year_of(day));
    if (!version) return version.error();
    if (is_weekend(day)) {
        return is_among((*version)->work_days, day) ? DayKind::worked : DayKind::free;
    }
    return is_among((*version)->off_days, day) ? DayKind::free : DayKind::worked;
}

Checked<LocalDay> WorkingDays::nth_from(LocalDay day, std::int64_t n) const {
    const days step(n < 0 ? -1 : 1);
    while (n != 0) {
        day += step;
        const Checked<DayKind> kind = kind_of(day);
        if (!kind) return kind.error();
        if (*kind == DayKind::worked) n -= step.count();
    }
    return day;
}

Checked<LocalDay> WorkingDays::at_or_after(LocalDay day) const {
    const Checked<DayKind> kind = kind_of(day);
    if (!kind) return kind.error();
    if (*kind == DayKind::worked) return day;
    return nth_from(day, 1);
}

}  // namespace tongbao
