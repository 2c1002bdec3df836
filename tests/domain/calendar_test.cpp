#include "domain/calendar.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tongbao;

namespace {

LocalDay day(std::string_view text) {
    return *parse_day(text);
}

std::vector<LocalDay> list(std::initializer_list<std::string_view> texts) {
    std::vector<LocalDay> out;
    for (const std::string_view text : texts) out.push_back(day(text));
    return out;
}

/// The Spring Festival of 2020 as announced on 2019-11-21 (国办发明电〔2019〕16号), and as
/// prolonged on 2020-01-27 (国办发明电〔2020〕1号).
CalendarYear year_2020() {
    CalendarVersion first{1, day("2019-11-21"),
                          list({"2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27",
                                "2020-01-28", "2020-01-29", "2020-01-30"}),
                          list({"2020-01-19", "2020-02-01"})};
    CalendarVersion second{
        2, day("2020-01-27"),
        list({"2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27", "2020-01-28", "2020-01-29",
              "2020-01-30", "2020-01-31", "2020-02-01", "2020-02-02"}),
        list({"2020-01-19"})};
    return {std::chrono::year(2020), {first, second}};
}

Calendar calendar() {
    CalendarYear before{std::chrono::year(2019), {{1, std::nullopt, {}, {}}}};
    return Calendar("sample", {year_2020(), before});
}

struct Fault {
    std::function<void(CalendarYear&)> how;
    Errc code;
    std::string place;
};

}  // namespace

TEST_SUITE("calendar") {
    TEST_CASE("weekends are free and other days are worked where the calendar says nothing") {
        const Calendar sample = calendar();
        const WorkingDays days(sample);
        CHECK(*days.kind_of(day("2020-03-06")) == DayKind::worked);  // a Friday
        CHECK(*days.kind_of(day("2020-03-07")) == DayKind::free);
        CHECK(*days.kind_of(day("2020-03-08")) == DayKind::free);
        CHECK(*days.kind_of(day("2020-03-09")) == DayKind::worked);
    }

    TEST_CASE("holidays are free and make-up weekends are worked") {
        const Calendar sample = calendar();
        const WorkingDays days(sample);
        CHECK(*days.kind_of(day("2020-01-24")) == DayKind::free);    // a Friday
        CHECK(*days.kind_of(day("2020-01-25")) == DayKind::free);    // a Saturday
        CHECK(*days.kind_of(day("2020-01-19")) == DayKind::worked);  // a Sunday
    }

    TEST_CASE("an amendment counts from the day of its publication and not before") {
        const Calendar sample = calendar();
        const LocalDay friday = day("2020-01-31");
        const LocalDay saturday = day("2020-02-01");
        const WorkingDays before(sample, day("2020-01-26"));
        CHECK(*before.kind_of(friday) == DayKind::worked);
        CHECK(*before.kind_of(saturday) == DayKind::worked);
        for (const WorkingDays& after :
             {WorkingDays(sample, day("2020-01-27")), WorkingDays(sample, day("2026-01-01")),
              WorkingDays(sample)}) {
            CHECK(*after.kind_of(friday) == DayKind::free);
            CHECK(*after.kind_of(saturday) == DayKind::free);
        }
    }

    TEST_CASE("a year that is not published is an error that names it") {
        const Calendar sample = calendar();
        const Checked<DayKind> kind = WorkingDays(sample).kind_of(day("2021-01-01"));
        REQUIRE(kind.has_error());
        CHECK(kind.error().code == Errc::calendar_missing);
        CHECK(kind.error().place == "sample");
        CHECK(kind.error().explanation.find("2021") != std::string::npos);
        CHECK(WorkingDays(sample).kind_of(day("2018-12-31")).has_error());
    }

    TEST_CASE("a year is not published before the day of its first version") {
        const Calendar sample = calendar();
        const WorkingDays early(sample, day("2019-11-20"));
        CHECK(early.kind_of(day("2019-12-31")).has_value());
        const Checked<DayKind> kind = early.kind_of(day("2020-01-01"));
        REQUIRE(kind.has_error());
        CHECK(kind.error().code == Errc::calendar_missing);
        CHECK(kind.error().explanation.find("2020 by 2019-11-20") != std::string::npos);
        CHECK(WorkingDays(sample, day("2019-11-21")).kind_of(day("2020-01-01")).has_value());
    }

    TEST_CASE("working days are counted forwards and backwards over free ones") {
        const Calendar sample = calendar();
        const WorkingDays days(sample);
        // Worked: Sunday 19th to Thursday 23rd, then from Monday, 3 February.
        CHECK(*days.nth_from(day("2020-01-22"), 1) == day("2020-01-23"));
        CHECK(*days.nth_from(day("2020-01-22"), 2) == day("2020-02-03"));
        CHECK(*days.nth_from(day("2020-02-03"), -1) == day("2020-01-23"));
        CHECK(*days.nth_from(day("2020-01-26"), -1) == day("2020-01-23"));
        CHECK(*days.nth_from(day("2020-01-26"), 0) == day("2020-01-26"));
        CHECK(*days.at_or_after(day("2020-01-26")) == day("2020-02-03"));
        CHECK(*days.at_or_after(day("2020-01-23")) == day("2020-01-23"));
    }

    TEST_CASE("counting into a year that is not published is an error in both directions") {
        const Calendar sample = calendar();
        const WorkingDays days(sample);
        CHECK(days.nth_from(day("2020-12-31"), 1).error().code == Errc::calendar_missing);
        CHECK(days.nth_from(day("2019-01-01"), -1).error().code == Errc::calendar_missing);
        CHECK(days.nth_from(day("2020-12-30"), 4'000'000'000).error().code ==
              Errc::calendar_missing);
        CHECK(days.at_or_after(day("2021-01-01")).error().code == Errc::calendar_missing);
    }
}

TEST_SUITE("calendar check") {
    TEST_CASE("a year as it was published is good") {
        CHECK(check_calendar_year(year_2020()).empty());
        CHECK(check_calendar_year({std::chrono::year(2019), {{1, std::nullopt, {}, {}}}}).empty());
    }

    TEST_CASE("each fault is found at its place") {
        const std::vector<Fault> faults{
            {[](CalendarYear& y) { y.versions.clear(); }, Errc::missing_member, "versions"},
            {[](CalendarYear& y) { y.versions[0].version = 0; }, Errc::bad_value,
             "versions[0].version"},
            {[](CalendarYear& y) { y.versions[1].version = 3; }, Errc::bad_value,
             "versions[1].version"},
            {[](CalendarYear& y) { y.versions[1].published.reset(); }, Errc::missing_member,
             "versions[1].published"},
            {[](CalendarYear& y) { y.versions[1].published = day("2019-11-21"); }, Errc::bad_value,
             "versions[1].published"},
            {[](CalendarYear& y) { y.versions[1].published = day("2019-11-20"); }, Errc::bad_value,
             "versions[1].published"},
            {[](CalendarYear& y) { y.versions[0].off_days.push_back(day("2021-01-01")); },
             Errc::bad_value, "versions[0].off_days[7]"},
            {[](CalendarYear& y) { y.versions[1].work_days[0] = day("2019-12-29"); },
             Errc::bad_value, "versions[1].work_days[0]"},
            {[](CalendarYear& y) { y.versions[0].off_days[1] = y.versions[0].off_days[0]; },
             Errc::bad_value, "versions[0].off_days[1]"},
            {[](CalendarYear& y) {
                 std::swap(y.versions[0].work_days[0], y.versions[0].work_days[1]);
             },
             Errc::bad_value, "versions[0].work_days[1]"},
            {[](CalendarYear& y) { y.versions[0].work_days[1] = day("2020-01-25"); },
             Errc::bad_value, "versions[0].work_days[1]"},
            {[](CalendarYear& y) { y.versions[0].work_days[1] = day("2020-02-03"); },
             Errc::bad_value, "versions[0].work_days[1]"},
        };
        for (const Fault& fault : faults) {
            CAPTURE(fault.place);
            CalendarYear year = year_2020();
            fault.how(year);
            const Reasons reasons = check_calendar_year(year);
            REQUIRE(reasons.size() == 1);
            CHECK(reasons[0].code == fault.code);
            CHECK(reasons[0].place == fault.place);
            CHECK_FALSE(reasons[0].explanation.empty());
        }
    }

    TEST_CASE("all faults are found at once") {
        CalendarYear year = year_2020();
        year.versions[0].version = 7;
        year.versions[0].off_days[0] = day("2019-01-24");
        year.versions[1].published.reset();
        CHECK(check_calendar_year(year).size() == 3);
    }
}
