#include "client/cli/due_span.hpp"

#include "client/cli/calendar_file.hpp"
#include "tests/support/fixed_zone.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

/// Counts by the shipped calendar in UTC+08:00.
struct Spans {
    Calendar calendar =
        *read_calendar(tongbao::testing::source_dir() + "/domain/calendars/cn-state-council");
    WorkingDays working_days{calendar};
    tongbao::testing::FixedZone zone;

    /// The end of the span as UTC, or the code of what is wrong.
    [[nodiscard]] std::string end(const std::string& span, const std::string& now) const {
        const Checked<DueTime> due =
            end_of_span(*parse_span(span), *parse_date_time(now), {working_days, zone});
        return due ? format_utc(due->at) : std::string(code(due.error().code));
    }
};

}  // namespace

TEST_SUITE("tongbao due --within") {
    // Of October 2020 the 1st to the 8th are free, Saturday the 10th is worked.
    TEST_CASE_FIXTURE(Spans,
                      "working days end at 24:00 of the last one and today is none of them") {
        const std::string now = "2020-09-30T09:30+08:00";
        CHECK(end("1wd", now) == "2020-10-09T16:00:00.000Z");
        CHECK(end("2wd", now) == "2020-10-10T16:00:00.000Z");
        CHECK(end("3wd", now) == "2020-10-12T16:00:00.000Z");
        CHECK(end("5wd", now) == "2020-10-14T16:00:00.000Z");
        // The last minute of the day is the same day, the next one the holiday's first.
        CHECK(end("1wd", "2020-09-30T23:59+08:00") == "2020-10-09T16:00:00.000Z");
        CHECK(end("1wd", "2020-09-30T16:00Z") == "2020-10-09T16:00:00.000Z");
        CHECK(end("1wd", "2020-09-29T23:59+08:00") == "2020-09-30T16:00:00.000Z");
    }

    TEST_CASE_FIXTURE(Spans, "days run through the holiday and hours through the night") {
        CHECK(end("3d", "2020-09-30T09:30+08:00") == "2020-10-03T16:00:00.000Z");
        CHECK(end("3d", "2020-09-30T16:00Z") == "2020-10-04T16:00:00.000Z");
        CHECK(end("8h", "2020-09-30T20:30+08:00") == "2020-09-30T20:30:00.000Z");
        CHECK(end("8h", "2020-09-30T20:30:01+08:00") == "2020-09-30T20:31:00.000Z");
    }

    TEST_CASE_FIXTURE(Spans,
                      "a year that nobody has published is missing and not without holidays") {
        CHECK(end("1wd", "2026-12-31T09:30+08:00") == "calendar_missing");
        CHECK(end("9999wd", "2020-09-30T09:30+08:00") == "calendar_missing");
        CHECK(end("1d", "2026-12-31T09:30+08:00") == "2027-01-01T16:00:00.000Z");
    }

    TEST_CASE("a span is a number from 1 to 9999 and one of three units") {
        CHECK(parse_span("5wd")->n == 5);
        CHECK(parse_span("5wd")->unit == TimeUnit::working_day);
        CHECK(parse_span("3d")->unit == TimeUnit::day);
        CHECK(parse_span("8h")->unit == TimeUnit::hour);
        CHECK(parse_span("9999h")->n == 9999);
        const std::vector<std::string> wrong{
            "",     "5",    "wd",       "5xx",   "5w",      "5m",
            "0wd",  "0d",   "-1d",      "+1d",   "1.5d",    "5WD",
            " 5wd", "5wd ", "5 wd",     "5wd3d", "10000wd", "99999999999999999999d",
            "五d",  "5天",  "5d\x1B[2J"};
        for (const std::string& text : wrong) {
            CAPTURE(text);
            const Attempt<Duration> span = parse_span(text);
            REQUIRE_FALSE(span.has_value());
            CHECK(span.error().exit_code == program::ExitCode::usage);
            CHECK(span.error().words.find("5wd (working days), 3d (days) or 8h (hours)") !=
                  std::string::npos);
            CHECK(span.error().words.find('\x1B') == std::string::npos);
        }
    }
}
