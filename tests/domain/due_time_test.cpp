#include "domain/due_time.hpp"

#include "tests/support/fixed_zone.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;
using tongbao::testing::FixedZone;

namespace {

LocalDay date(std::string_view text) {
    return *parse_day(text);
}

UtcTime moment(std::string_view text) {
    return *parse_date_time(text);
}

CalendarYear plain_year(int year) {
    return {std::chrono::year(year), {{1, std::nullopt, {}, {}}}};
}

/// Years without holidays but for 1 to 8 October 2020, with Saturday the 10th worked.
struct Rules {
    Calendar calendar = [] {
        CalendarYear year = plain_year(2020);
        for (int at = 0; at < 8; ++at) {
            year.versions[0].off_days.push_back(date("2020-10-01") + std::chrono::days(at));
        }
        year.versions[0].work_days = {date("2020-10-10")};
        return Calendar("sample", {plain_year(2019), year, plain_year(2021)});
    }();
    FixedZone zone;
    WorkingDays working_days{calendar};
    LimitRules rules{working_days, zone};

    Checked<DueTime> due(const MomentOrDay& start, std::uint32_t n, TimeUnit unit,
                         FreeDayRule free_days = FreeDayRule::none) const {
        return due_time(start, Duration{n, unit}, free_days, rules);
    }
    Checked<UtcTime> step(const DueTime& due, std::int32_t n, EscalationTime::Unit unit) const {
        return step_time(due, EscalationTime{n, unit}, rules);
    }
};

constexpr auto kRolls = FreeDayRule::next_working_day;

}  // namespace

TEST_SUITE("due time") {
    TEST_CASE_FIXTURE(Rules,
                      "days end at 24:00 of the day named and the first day does not count") {
        const Checked<DueTime> limit = due(moment("2020-09-22T09:30+08:00"), 3, TimeUnit::day);
        REQUIRE(limit.has_value());
        CHECK(limit->day == date("2020-09-25"));
        CHECK(limit->at == moment("2020-09-26T00:00+08:00"));
        CHECK(*due(date("2020-09-22"), 3, TimeUnit::day) == *limit);
    }

    TEST_CASE_FIXTURE(Rules, "the start's day is that of the charter's zone") {
        // 23:59 and 00:00 in UTC+8 lie in one day of UTC.
        CHECK(due(moment("2020-09-21T15:59:59.999Z"), 1, TimeUnit::day)->day == date("2020-09-22"));
        CHECK(due(moment("2020-09-21T16:00Z"), 1, TimeUnit::day)->day == date("2020-09-23"));
    }

    TEST_CASE_FIXTURE(Rules,
                      "an end on a free day moves to the next working day where the rule says so") {
        CHECK(due(date("2020-09-30"), 3, TimeUnit::day)->day == date("2020-10-03"));
        const Checked<DueTime> rolled = due(date("2020-09-30"), 3, TimeUnit::day, kRolls);
        CHECK(rolled->day == date("2020-10-09"));
        CHECK(rolled->at == moment("2020-10-10T00:00+08:00"));
        CHECK(due(date("2020-09-30"), 10, TimeUnit::day, kRolls)->day == date("2020-10-10"));
        CHECK(due(date("2020-09-30"), 11, TimeUnit::day, kRolls)->day == date("2020-10-12"));
    }

    TEST_CASE_FIXTURE(Rules, "working days leave out free days and count make-up days") {
        CHECK(due(date("2020-09-30"), 1, TimeUnit::working_day)->day == date("2020-10-09"));
        CHECK(due(date("2020-09-30"), 2, TimeUnit::working_day)->day == date("2020-10-10"));
        CHECK(due(date("2020-09-30"), 3, TimeUnit::working_day)->day == date("2020-10-12"));
        CHECK(due(date("2020-10-03"), 1, TimeUnit::working_day)->day == date("2020-10-09"));
    }

    TEST_CASE_FIXTURE(Rules, "a month ends on the day of the same number or on its last day") {
        CHECK(due(date("2020-01-31"), 1, TimeUnit::month)->day == date("2020-02-29"));
        CHECK(due(date("2021-01-31"), 1, TimeUnit::month)->day == date("2021-02-28"));
        CHECK(due(date("2020-02-29"), 12, TimeUnit::month)->day == date("2021-02-28"));
        CHECK(due(date("2020-02-29"), 1, TimeUnit::month)->day == date("2020-03-29"));
        CHECK(due(date("2020-12-15"), 1, TimeUnit::month)->day == date("2021-01-15"));
        CHECK(due(date("2020-03-31"), 1, TimeUnit::month)->day == date("2020-04-30"));
        // 3 October is free.
        CHECK(due(date("2020-09-03"), 1, TimeUnit::month, kRolls)->day == date("2020-10-09"));
    }

    TEST_CASE_FIXTURE(Rules, "days since a limit are all days behind the day that it lies in") {
        const auto days = [this](std::string_view limit, std::string_view now) {
            return *days_since(moment(limit), moment(now), zone);
        };
        // 24:00 of the 9th is the 9th's.
        CHECK(days("2020-10-10T00:00+08:00", "2020-10-10T00:00:00.001+08:00") == 1);
        CHECK(days("2020-10-10T00:00+08:00", "2020-10-16T09:00+08:00") == 7);
        CHECK(days("2020-10-09T17:30+08:00", "2020-10-09T23:59+08:00") == 0);
        CHECK(days("2020-10-09T17:30+08:00", "2020-10-10T00:00+08:00") == 1);
        // A clock that is behind.
        CHECK(days("2020-10-09T17:30+08:00", "2020-10-07T00:00+08:00") == 0);
    }

    TEST_CASE_FIXTURE(Rules, "hours run through midnight and holidays to the same minute") {
        const Checked<DueTime> limit = due(moment("2020-09-30T15:30+08:00"), 24, TimeUnit::hour);
        CHECK(limit->at == moment("2020-10-01T15:30+08:00"));
        CHECK(limit->day == date("2020-10-01"));
        CHECK(due(moment("2020-09-30T15:30+08:00"), 72, TimeUnit::hour)->at ==
              moment("2020-10-03T15:30+08:00"));
    }

    TEST_CASE_FIXTURE(Rules, "hours that start within a minute start with its end") {
        CHECK(due(moment("2020-09-30T15:30:00.001+08:00"), 24, TimeUnit::hour)->at ==
              moment("2020-10-01T15:31+08:00"));
        CHECK(due(moment("2020-09-30T15:30:59.999+08:00"), 24, TimeUnit::hour)->at ==
              moment("2020-10-01T15:31+08:00"));
        CHECK(due(moment("2020-09-30T15:31+08:00"), 24, TimeUnit::hour)->at ==
              moment("2020-10-01T15:31+08:00"));
    }

    TEST_CASE_FIXTURE(Rules, "hours that end at midnight end the day before") {
        const Checked<DueTime> limit = due(moment("2020-09-29T00:00+08:00"), 48, TimeUnit::hour);
        CHECK(limit->at == moment("2020-10-01T00:00+08:00"));
        CHECK(limit->day == date("2020-09-30"));
        // 30 September is worked, so nothing moves.
        CHECK(*due(moment("2020-09-29T00:00+08:00"), 48, TimeUnit::hour, kRolls) == *limit);
    }

    TEST_CASE_FIXTURE(Rules, "hours that end on a free day move too where the rule says so") {
        const Checked<DueTime> limit =
            due(moment("2020-09-30T15:30+08:00"), 24, TimeUnit::hour, kRolls);
        CHECK(limit->day == date("2020-10-09"));
        CHECK(limit->at == moment("2020-10-10T00:00+08:00"));
    }

    TEST_CASE_FIXTURE(Rules, "hours that start on a day are refused") {
        const Checked<DueTime> limit = due(date("2020-09-30"), 24, TimeUnit::hour);
        REQUIRE(limit.has_error());
        CHECK(limit.error().code == Errc::bad_time);
    }

    TEST_CASE_FIXTURE(Rules,
                      "a year that is not published stops what asks for it and nothing else") {
        CHECK(due(date("2021-12-31"), 1, TimeUnit::working_day).error().code ==
              Errc::calendar_missing);
        CHECK(due(date("2021-12-31"), 1, TimeUnit::day, kRolls).error().code ==
              Errc::calendar_missing);
        CHECK(due(date("2021-12-31"), 1, TimeUnit::month, kRolls).error().code ==
              Errc::calendar_missing);
        CHECK(due(date("2021-12-31"), 1, TimeUnit::day)->day == date("2022-01-01"));
        CHECK(due(date("2021-12-30"), 1, TimeUnit::working_day)->day == date("2021-12-31"));
    }

    TEST_CASE_FIXTURE(Rules, "what would end after the year 9998 is refused in every unit") {
        constexpr std::uint32_t kMost = 2'147'483'647;
        for (const TimeUnit unit : {TimeUnit::hour, TimeUnit::day, TimeUnit::month}) {
            const Checked<DueTime> limit = due(moment("2020-09-30T15:30+08:00"), kMost, unit);
            REQUIRE(limit.has_error());
            CHECK(limit.error().code == Errc::too_large);
        }
        CHECK(due(date("9998-12-30"), 1, TimeUnit::day)->day == date("9998-12-31"));
        CHECK(due(date("9998-12-31"), 1, TimeUnit::day).error().code == Errc::too_large);
        CHECK(due(date("9998-12-15"), 1, TimeUnit::month).error().code == Errc::too_large);
    }

    TEST_CASE_FIXTURE(Rules, "a limit that a notice names is that day at 24:00 or that moment") {
        CHECK(*due_at(date("2020-10-03"), zone) ==
              DueTime{moment("2020-10-04T00:00+08:00"), date("2020-10-03")});
        CHECK(*due_at(moment("2020-10-03T12:00:30+08:00"), zone) ==
              DueTime{moment("2020-10-03T12:00:30+08:00"), date("2020-10-03")});
        CHECK(due_at(moment("2020-10-04T00:00+08:00"), zone)->day == date("2020-10-03"));
        CHECK(due_at(date("9999-12-31"), zone).error().code == Errc::too_large);
        CHECK(due_at(moment("9999-12-31T00:00Z"), zone).error().code == Errc::too_large);
        CHECK(due_at(date("0000-01-01"), zone).error().code == Errc::too_large);
    }
}

TEST_SUITE("escalation step") {
    using StepUnit = EscalationTime::Unit;

    TEST_CASE_FIXTURE(Rules, "hours are counted from the limit's moment") {
        const DueTime limit = *due_at(date("2020-09-30"), zone);
        CHECK(*step(limit, -8, StepUnit::hours) == moment("2020-09-30T16:00+08:00"));
        CHECK(*step(limit, 30, StepUnit::hours) == moment("2020-10-02T06:00+08:00"));
        CHECK(*step(limit, 0, StepUnit::hours) == limit.at);
    }

    TEST_CASE_FIXTURE(Rules, "working days are whole ones from the limit's day") {
        const DueTime limit = *due_at(date("2020-10-09"), zone);
        CHECK(*step(limit, 1, StepUnit::working_days) == moment("2020-10-11T00:00+08:00"));
        CHECK(*step(limit, 3, StepUnit::working_days) == moment("2020-10-14T00:00+08:00"));
        CHECK(*step(limit, -1, StepUnit::working_days) == moment("2020-10-01T00:00+08:00"));
        CHECK(*step(limit, 0, StepUnit::working_days) == limit.at);
    }

    TEST_CASE_FIXTURE(Rules, "working days after a limit in hours end at 24:00 too") {
        const DueTime limit = *due_at(moment("2020-09-29T15:30+08:00"), zone);
        CHECK(*step(limit, 1, StepUnit::working_days) == moment("2020-10-01T00:00+08:00"));
        CHECK(*step(limit, 0, StepUnit::working_days) == limit.at);
    }

    TEST_CASE_FIXTURE(Rules,
                      "working days from a limit on a free day begin with the next worked one") {
        const DueTime limit = *due_at(date("2020-10-03"), zone);
        CHECK(*step(limit, 1, StepUnit::working_days) == moment("2020-10-10T00:00+08:00"));
        CHECK(*step(limit, -1, StepUnit::working_days) == moment("2020-10-01T00:00+08:00"));
    }

    TEST_CASE_FIXTURE(Rules, "days are whole ones whether free or not") {
        const DueTime limit = *due_at(date("2020-09-30"), zone);
        CHECK(*step(limit, 3, StepUnit::days) == moment("2020-10-04T00:00+08:00"));
        CHECK(*step(limit, -3, StepUnit::days) == moment("2020-09-28T00:00+08:00"));
    }

    TEST_CASE_FIXTURE(Rules, "a step that needs a year that is not published is refused") {
        const DueTime limit = *due_at(date("2021-12-31"), zone);
        CHECK(step(limit, 1, StepUnit::working_days).error().code == Errc::calendar_missing);
        CHECK(step(limit, 1, StepUnit::days).has_value());
        CHECK(step(*due_at(date("9998-12-31"), zone), 1, StepUnit::days).error().code ==
              Errc::too_large);
        CHECK(step(*due_at(date("9998-12-31"), zone), 1, StepUnit::hours).error().code ==
              Errc::too_large);
    }
}
