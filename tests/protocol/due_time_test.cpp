#include "domain/due_time.hpp"

#include "tests/protocol/calendar_fixture.hpp"
#include "tests/protocol/day_table.hpp"
#include "tests/support/fixed_zone.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Limits over the shipped calendars: known cases, and every day and length against a plain count.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

constexpr int kMostUnits = 60;
constexpr auto kRolls = FreeDayRule::next_working_day;
constexpr auto kStays = FreeDayRule::none;

LocalDay day(std::string_view text) {
    return *parse_day(text);
}

/// The shipped calendar as known on a day, in UTC+8.
struct Shipped {
    explicit Shipped(std::optional<std::string_view> known_on = std::nullopt)
        : working_days(calendar, known_on ? std::optional(day(*known_on)) : std::nullopt) {}

    Checked<DueTime> due(const MomentOrDay& start, std::uint32_t n, TimeUnit unit,
                         FreeDayRule free_days = kStays) const {
        return due_time(start, Duration{n, unit}, free_days, {working_days, zone});
    }

    /// The day on which the limit ends, or the code of the error.
    std::string day_of(std::string_view start, std::uint32_t n, TimeUnit unit,
                       FreeDayRule free_days = kStays) const {
        return said(due(day(start), n, unit, free_days));
    }

    static std::string said(const Checked<DueTime>& due) {
        return due ? format_day(due->day) : std::string(code(due.error().code));
    }

    Calendar calendar = load_shipped_calendar();
    WorkingDays working_days;
    FixedZone zone;
};

/// What the table says of a limit; the last day it can know of is in a published year.
std::string said(const DayTable& table, std::optional<std::size_t> at) {
    return at ? table.days()[*at].text : "calendar_missing";
}

/// Compares every length up to 60 in every unit, from the days of `table` in [first, last).
void compare_all(const Shipped& shipped, const DayTable& table, std::size_t first,
                 std::size_t last) {
    for (std::size_t at = first; at < last; ++at) {
        const LocalDay start = day(table.days()[at].text);
        CAPTURE(table.days()[at].text);
        for (int n = 0; n <= kMostUnits; ++n) {
            const auto count = static_cast<std::uint32_t>(n);
            const auto is = [&](TimeUnit unit, FreeDayRule rule, const std::string& expected) {
                const std::string counted = Shipped::said(shipped.due(start, count, unit, rule));
                if (counted == expected) return;
                CAPTURE(n);
                CHECK(counted == expected);
            };
            const std::size_t plain = at + count;
            is(TimeUnit::day, kStays, table.days()[plain].text);
            is(TimeUnit::day, kRolls, said(table, table.worked_from(plain)));
            const auto worked = table.nth_worked(at, n);
            is(TimeUnit::working_day, kStays, said(table, worked));
            const std::size_t month = table.months_after(at, n);
            is(TimeUnit::month, kStays, table.days()[month].text);
            is(TimeUnit::month, kRolls, said(table, table.worked_from(month)));
        }
    }
}

std::size_t place_of(const DayTable& table, std::string_view text) {
    std::size_t at = 0;
    while (table.days()[at].text != text) ++at;
    return at;
}

}  // namespace

TEST_SUITE("limits over the shipped calendars") {
    TEST_CASE("three days received before the National Day of 2020 end after it") {
        const Shipped shipped;
        CHECK(shipped.day_of("2020-09-30", 3, TimeUnit::day, kRolls) == "2020-10-09");
        CHECK(shipped.day_of("2020-09-30", 3, TimeUnit::day) == "2020-10-03");
        CHECK(shipped.day_of("2020-09-30", 3, TimeUnit::working_day) == "2020-10-12");
        CHECK(shipped.due(day("2020-09-30"), 3, TimeUnit::day, kRolls)->at ==
              *parse_date_time("2020-10-10T00:00+08:00"));
    }

    TEST_CASE("31 January and one month is the last of February") {
        const Shipped shipped;
        CHECK(shipped.day_of("2020-01-31", 1, TimeUnit::month) == "2020-02-29");
        CHECK(shipped.day_of("2021-01-31", 1, TimeUnit::month) == "2021-02-28");
        CHECK(shipped.day_of("2024-01-31", 1, TimeUnit::month) == "2024-02-29");
    }

    TEST_CASE("the Spring Festival of 2020 before and after it was prolonged") {
        // First version: free to 30 January, worked on Friday 31st and Saturday 1st. Second: free
        // to 2 February.
        const Shipped before("2020-01-20");
        const Shipped after("2020-01-27");
        CHECK(before.day_of("2020-01-20", 3, TimeUnit::working_day) == "2020-01-23");
        CHECK(before.day_of("2020-01-20", 4, TimeUnit::working_day) == "2020-01-31");
        CHECK(before.day_of("2020-01-20", 5, TimeUnit::working_day) == "2020-02-01");
        CHECK(before.day_of("2020-01-20", 6, TimeUnit::working_day) == "2020-02-03");
        CHECK(after.day_of("2020-01-20", 3, TimeUnit::working_day) == "2020-01-23");
        CHECK(after.day_of("2020-01-20", 4, TimeUnit::working_day) == "2020-02-03");
        CHECK(after.day_of("2020-01-20", 5, TimeUnit::working_day) == "2020-02-04");
        CHECK(before.day_of("2020-01-20", 10, TimeUnit::day, kRolls) == "2020-01-31");
        CHECK(after.day_of("2020-01-20", 10, TimeUnit::day, kRolls) == "2020-02-03");
        CHECK(Shipped().day_of("2020-01-20", 10, TimeUnit::day, kRolls) == "2020-02-03");
    }

    TEST_CASE("make-up Saturdays and Sundays count as working days") {
        const Shipped shipped;
        CHECK(shipped.day_of("2024-02-02", 1, TimeUnit::working_day) == "2024-02-04");  // a Sunday
        CHECK(shipped.day_of("2024-10-11", 1, TimeUnit::working_day) == "2024-10-12");
        CHECK(shipped.day_of("2024-10-09", 3, TimeUnit::day, kRolls) == "2024-10-12");
        CHECK(shipped.day_of("2026-02-13", 1, TimeUnit::working_day) == "2026-02-14");
        CHECK(shipped.day_of("2024-11-01", 1, TimeUnit::working_day) == "2024-11-04");
    }

    TEST_CASE("a limit that needs a year nobody has published is an error that names the year") {
        const Shipped shipped;
        for (const Checked<DueTime>& due :
             {shipped.due(day("2026-12-25"), 5, TimeUnit::working_day),
              shipped.due(day("2026-12-31"), 1, TimeUnit::day, kRolls),
              shipped.due(day("2026-12-01"), 1, TimeUnit::month, kRolls),
              shipped.due(*parse_date_time("2026-12-31T12:00+08:00"), 24, TimeUnit::hour,
                          kRolls)}) {
            REQUIRE(due.has_error());
            CHECK(due.error().code == Errc::calendar_missing);
            CHECK(due.error().place == kShippedCalendar);
            CHECK(due.error().explanation.find("2027") != std::string::npos);
        }
        CHECK(shipped.day_of("2026-12-25", 4, TimeUnit::working_day) == "2026-12-31");
        CHECK(shipped.day_of("2026-12-31", 1, TimeUnit::day) == "2027-01-01");
    }

    TEST_CASE("a limit into a year that was not published at the time is an error") {
        CHECK(Shipped("2019-11-20").day_of("2019-12-31", 1, TimeUnit::working_day) ==
              "calendar_missing");
        CHECK(Shipped("2019-11-21").day_of("2019-12-31", 1, TimeUnit::working_day) == "2020-01-02");
    }

    TEST_CASE("hours run through midnight and the National Day") {
        const Shipped shipped;
        const auto hours = [&shipped](std::string_view start, std::uint32_t n) {
            return shipped.due(*parse_date_time(start), n, TimeUnit::hour)->at;
        };
        CHECK(hours("2020-09-30T23:59+08:00", 24) == *parse_date_time("2020-10-01T23:59+08:00"));
        CHECK(hours("2020-09-30T09:15+08:00", 240) == *parse_date_time("2020-10-10T09:15+08:00"));
        CHECK(hours("2026-12-31T09:15+08:00", 24) == *parse_date_time("2027-01-01T09:15+08:00"));
    }

    TEST_CASE("every day and length of 2019 to 2026 agrees with a count day by day") {
        const DayTable table(2);
        compare_all(Shipped(), table, 0, place_of(table, "2027-01-01"));
    }

    TEST_CASE("every day and length around 2020 agrees with its first version") {
        const DayTable table(1);
        compare_all(Shipped("2020-01-26"), table, place_of(table, "2019-10-01"),
                    place_of(table, "2021-01-01"));
    }

    TEST_CASE("every step of working days agrees with a count day by day") {
        constexpr std::int32_t kMostSteps = 20;
        const DayTable table(2);
        const Shipped shipped;
        for (std::size_t at = 0; at < place_of(table, "2027-01-01"); ++at) {
            const DueTime due = *due_at(day(table.days()[at].text), shipped.zone);
            CAPTURE(table.days()[at].text);
            for (std::int32_t n = -kMostSteps; n <= kMostSteps; ++n) {
                const Checked<UtcTime> step =
                    step_time(due, {n, EscalationTime::Unit::working_days},
                              {shipped.working_days, shipped.zone});
                // The last hour of the step's day.
                const std::string counted =
                    step ? format_day(day_in(shipped.zone, *step - std::chrono::hours(1)))
                         : std::string(code(step.error().code));
                const std::string expected = said(table, table.nth_worked(at, n));
                if (counted == expected) continue;
                CAPTURE(n);
                CHECK(counted == expected);
            }
        }
    }

    TEST_CASE("hours agree with a count of minutes in every zone") {
        const Shipped shipped;
        for (const int offset : {-720, -210, 0, 345, 480, 840}) {
            const FixedZone zone{std::chrono::minutes(offset)};
            for (int start = 0; start < 3 * 24 * 60; start += 7) {
                const UtcTime from =
                    *parse_utc("2020-09-29T00:00:00.000Z") + std::chrono::minutes(start);
                for (std::uint32_t n = 0; n <= 50; n += 5) {
                    const Checked<DueTime> due = due_time(from, Duration{n, TimeUnit::hour}, kStays,
                                                          {shipped.working_days, zone});
                    const int end = start + static_cast<int>(n) * 60;
                    // Minutes of the zone since its 28 September, and midnight ends a day.
                    const int local = 24 * 60 + end + offset;
                    const int days = (local - 1) / (24 * 60);
                    if (due->at == from + std::chrono::minutes(n * 60) &&
                        due->day == day("2020-09-28") + std::chrono::days(days)) {
                        continue;
                    }
                    CAPTURE(offset);
                    CAPTURE(start);
                    CAPTURE(n);
                    CHECK(format_day(due->day) == "");
                }
            }
        }
    }
}
