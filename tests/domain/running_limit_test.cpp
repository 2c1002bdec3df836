#include "domain/running_limit.hpp"

#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

struct RunningLimits {
    Calendar calendar = calendar_of_2020();
    FixedZone zone;

    [[nodiscard]] std::string day_of(std::string_view start, std::uint32_t n, TimeUnit unit,
                                     FreeDayRule free_days = FreeDayRule::none) const {
        const LocalDay from = on(start);
        const Checked<RunningLimit> limit =
            running_limit(from, {n, unit}, free_days, from, {calendar, zone});
        return limit ? format_day(limit->due.day) : std::string(code(limit.error().code));
    }
};

/// The same calendar as a plain row of days, counted up from 1 January 2019, a Tuesday, with a look
/// at each: nothing of the code that counts limits.
class PlainDays {
public:
    static constexpr int kCount = 365 + 366 + 365;

    explicit PlainDays(bool amended) {
        static constexpr std::array kMonths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int weekday = 2;
        for (int year = 2019; year <= 2021; ++year) {
            for (int month = 1; month <= 12; ++month) {
                const int leap = year == 2020 && month == 2 ? 1 : 0;
                const int length = kMonths[static_cast<std::size_t>(month - 1)] + leap;
                for (int day = 1; day <= length; ++day) {
                    worked_.push_back(is_worked(year, month * 100 + day, weekday, amended));
                    weekday = weekday % 7 + 1;
                }
            }
        }
    }

    [[nodiscard]] bool worked(int at) const { return worked_[static_cast<std::size_t>(at)]; }
    [[nodiscard]] int rolled(int at) const {
        while (!worked(at)) ++at;
        return at;
    }
    [[nodiscard]] int nth_worked(int at, int n) const {
        while (n > 0) {
            if (worked(++at)) --n;
        }
        return at;
    }

private:
    static bool is_worked(int year, int date, int weekday, bool amended) {
        const bool weekend = weekday >= 6;
        if (year != 2020) return !weekend;
        if (date == 119 || date == 927 || date == 1010) return true;
        if (date == 201) return !amended;
        if (date == 101 || (date >= 124 && date <= 130) || (date >= 1001 && date <= 1008)) {
            return false;
        }
        if (amended && date == 131) return false;
        return !weekend;
    }

    std::vector<bool> worked_;
};

constexpr int kMostDays = 60;
constexpr const char* kFirstPlainDay = "2019-01-01";
/// 27 January 2020, counted from 1 January 2019.
constexpr int kAmendment = 365 + 26;
}  // namespace

TEST_SUITE("running limits") {
    TEST_CASE_FIXTURE(RunningLimits, "received before the National Day of 2020") {
        CHECK(day_of("2020-09-30", 3, TimeUnit::day, kRolling) == "2020-10-09");
        CHECK(day_of("2020-09-30", 3, TimeUnit::day) == "2020-10-03");
        CHECK(day_of("2020-09-30", 3, TimeUnit::working_day) == "2020-10-12");
    }

    TEST_CASE_FIXTURE(RunningLimits,
                      "an amendment that makes the last day free moves the end to the next one") {
        // By the first version 31 January and 1 February are worked. The second, of 27 January,
        // makes both free; Monday the 3rd is worked.
        CHECK(day_of("2020-01-20", 4, TimeUnit::working_day) == "2020-02-03");
        CHECK(day_of("2020-01-20", 5, TimeUnit::working_day) == "2020-02-03");
        CHECK(day_of("2020-01-20", 11, TimeUnit::day, kRolling) == "2020-02-03");
        CHECK(day_of("2020-01-20", 12, TimeUnit::day, kRolling) == "2020-02-03");
    }

    TEST_CASE_FIXTURE(RunningLimits, "otherwise a limit keeps the calendar of the day it started") {
        // By the second version the sixth working day would be Wednesday the 5th.
        CHECK(day_of("2020-01-20", 6, TimeUnit::working_day) == "2020-02-03");
        CHECK(day_of("2020-01-20", 7, TimeUnit::working_day) == "2020-02-04");
        CHECK(day_of("2020-01-27", 1, TimeUnit::working_day) == "2020-02-03");
        CHECK(day_of("2020-01-27", 2, TimeUnit::working_day) == "2020-02-04");
    }

    TEST_CASE_FIXTURE(RunningLimits, "an end that asks for no working day stays where it is") {
        CHECK(day_of("2020-01-20", 11, TimeUnit::day) == "2020-01-31");
        const UtcTime start = at("2020-01-30 15:30");
        const auto hours = [&](FreeDayRule free_days) {
            return *running_limit(start, {24, TimeUnit::hour}, free_days, on("2020-01-20"),
                                  {calendar, zone});
        };
        CHECK(hours(FreeDayRule::none).due.at == at("2020-01-31 15:30"));
        CHECK(hours(kRolling).due.at == end_of("2020-02-03"));
    }

    TEST_CASE_FIXTURE(RunningLimits, "an amendment that comes after the end moves nothing") {
        Calendar late(
            "late",
            {{std::chrono::year(2020),
              {{1, std::nullopt, {}, {}}, {2, on("2020-02-06"), days({"2020-02-05"}), {}}}}});
        const auto end = [&late, this](const char* start, std::uint32_t n) {
            return format_day(running_limit(on(start), {n, TimeUnit::working_day},
                                            FreeDayRule::none, on(start), {late, zone})
                                  ->due.day);
        };
        CHECK(end("2020-02-03", 2) == "2020-02-05");
        CHECK(end("2020-02-03", 3) == "2020-02-06");
        // Published on the very day that it makes free: that day is not over yet.
        late = Calendar(
            "same day",
            {{std::chrono::year(2020),
              {{1, std::nullopt, {}, {}}, {2, on("2020-02-05"), days({"2020-02-05"}), {}}}}});
        CHECK(end("2020-02-03", 2) == "2020-02-06");
    }

    TEST_CASE_FIXTURE(RunningLimits, "a second amendment moves an end that the first one moved") {
        const Calendar twice("twice",
                             {{std::chrono::year(2020),
                               {{1, std::nullopt, {}, {}},
                                {2, on("2020-02-04"), days({"2020-02-05"}), {}},
                                {3, on("2020-02-06"), days({"2020-02-05", "2020-02-06"}), {}}}}});
        const Checked<RunningLimit> limit =
            running_limit(on("2020-02-03"), {2, TimeUnit::working_day}, FreeDayRule::none,
                          on("2020-02-03"), {twice, zone});
        CHECK(format_day(limit->due.day) == "2020-02-07");
        CHECK(format_day(limit->known_on) == "2020-02-06");
    }

    TEST_CASE_FIXTURE(RunningLimits, "a year that nobody has published is an error that names it") {
        const Checked<RunningLimit> limit =
            running_limit(on("2021-12-30"), {2, TimeUnit::working_day}, FreeDayRule::none,
                          on("2021-12-30"), {calendar, zone});
        REQUIRE(limit.has_error());
        CHECK(limit.error().code == Errc::calendar_missing);
        CHECK(limit.error().explanation.find("2022") != std::string::npos);
        CHECK(day_of("2021-12-30", 2, TimeUnit::day) == "2022-01-01");
    }

    TEST_CASE_FIXTURE(RunningLimits,
                      "a year published after the start is counted by what was published first") {
        // After 2 November 2020 come 43 working days to the end of the year. 1 January 2021 is a
        // Friday and, in this calendar, worked.
        CHECK(day_of("2020-11-02", 43, TimeUnit::working_day) == "2020-12-31");
        CHECK(day_of("2020-11-02", 44, TimeUnit::working_day) == "2021-01-01");
        // Started before 2020 was published at all: known since 21 November 2019.
        CHECK(day_of("2019-11-20", 30, TimeUnit::working_day) == "2020-01-02");
    }

    TEST_CASE_FIXTURE(RunningLimits, "a step is counted by what the limit was counted by") {
        const LimitCalendar by{calendar, zone};
        const auto third_day_after = [&by](std::string_view started, std::uint32_t n) {
            const LocalDay start = on(started);
            const Checked<RunningLimit> limit =
                running_limit(start, {n, TimeUnit::working_day}, FreeDayRule::none, start, by);
            return *running_step(*limit, {3, EscalationTime::Unit::working_days}, by);
        };
        // Due on 22 January; then, by the first version, 23, 31 January and 1 February.
        CHECK(third_day_after("2020-01-20", 2) == end_of("2020-02-01"));
        // Moved from 31 January to 3 February by the second version; then 4, 5 and 6 February.
        CHECK(third_day_after("2020-01-20", 4) == end_of("2020-02-06"));
    }

    TEST_CASE_FIXTURE(RunningLimits, "a limit named by a notice is moved by nothing") {
        const Checked<RunningLimit> limit =
            named_limit(on("2020-01-31"), on("2020-01-20"), {calendar, zone});
        CHECK(limit->due.at == end_of("2020-01-31"));
        CHECK(named_limit(at("2020-10-03 12:00"), on("2020-01-20"), {calendar, zone})->due.at ==
              at("2020-10-03 12:00"));
    }

    TEST_CASE("every day and length agrees with a plain count of days") {
        const RunningLimits limits;
        const PlainDays first(false);
        const PlainDays second(true);
        for (int start = 0; start < 365 + 366; ++start) {
            const LocalDay day = on(kFirstPlainDay) + std::chrono::days(start);
            const std::string from = format_day(day);
            CAPTURE(from);
            const PlainDays& known = start >= kAmendment ? second : first;
            for (int n = 1; n < kMostDays; ++n) {
                const auto is = [&](TimeUnit unit, FreeDayRule rule, int end) {
                    const bool worked = unit == TimeUnit::working_day || rule == kRolling;
                    // What the amendment made free while the limit ran.
                    if (worked && end >= kAmendment) end = second.rolled(end);
                    const std::string counted =
                        limits.day_of(from, static_cast<std::uint32_t>(n), unit, rule);
                    const std::string expected =
                        format_day(on(kFirstPlainDay) + std::chrono::days(end));
                    if (counted == expected) return;
                    CAPTURE(n);
                    CHECK(counted == expected);
                };
                is(TimeUnit::day, FreeDayRule::none, start + n);
                is(TimeUnit::day, kRolling, known.rolled(start + n));
                is(TimeUnit::working_day, FreeDayRule::none, known.nth_worked(start, n));
            }
        }
    }
}
