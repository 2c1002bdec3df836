#include "domain/time.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;

TEST_SUITE("time") {
    TEST_CASE("a UTC time is written with three decimals and read back") {
        // 1767225600 is 2026-01-01T00:00:00Z (date -u -d @1767225600).
        const UtcTime time{std::chrono::milliseconds(1767225600'007)};
        CHECK(format_utc(time) == "2026-01-01T00:00:00.007Z");
        CHECK(*parse_utc("2026-01-01T00:00:00.007Z") == time);
        for (const std::string_view text :
             {"0001-02-03T04:05:06.070Z", "0999-12-31T23:59:59.999Z", "9999-10-11T12:13:14.100Z"}) {
            CHECK(format_utc(*parse_utc(text)) == text);
        }
    }

    TEST_CASE("a date and time with an offset names the moment in UTC") {
        const UtcTime expected = *parse_utc("2020-10-13T01:30:00.000Z");
        CHECK(*parse_date_time("2020-10-13T09:30+08:00") == expected);
        CHECK(*parse_date_time("2020-10-13T09:30:00+08:00") == expected);
        CHECK(*parse_date_time("2020-10-13T01:30:00.0Z") == expected);
        CHECK(*parse_date_time("2020-10-12T22:00-03:30") == expected);
    }

    TEST_CASE("times that do not exist or have another form are refused") {
        for (const std::string_view text :
             {"2020-10-13", "2020-10-13T09:30", "2020-10-13 09:30Z", "2020-10-13t09:30Z",
              "2020-10-13T09:30z", "2020-10-13T24:00Z", "2020-10-13T09:60Z", "2020-10-13T09:30:60Z",
              "2020-02-30T09:30Z", "2021-02-29T00:00Z", "2020-10-13T09:30:00.Z",
              "2020-10-13T09:30:00.1234Z", "2020-10-13T09:30+8:00", "2020-10-13T09:30+24:00",
              "2020-10-13T09:30Z ", "20201013T0930Z"}) {
            CAPTURE(text);
            CHECK(parse_date_time(text).error() == Errc::bad_time);
        }
        CHECK(parse_utc("2026-01-01T00:00:00Z").error() == Errc::bad_time);
        CHECK(parse_utc("2026-01-01T08:00:00+08:00").error() == Errc::bad_time);
    }

    TEST_CASE("29 February is a date in leap years only") {
        CHECK(parse_date("2020-02-29").has_value());
        CHECK(parse_date("2000-02-29").has_value());
        CHECK(parse_date("1900-02-29").error() == Errc::bad_time);
        CHECK(parse_date("2020-1-01").error() == Errc::bad_time);
        CHECK(parse_date("2020-01-01Z").error() == Errc::bad_time);
    }

    TEST_CASE("a day is written as it was read and counted in days since 1970") {
        for (const std::string text : {"0000-01-01", "1970-01-01", "2020-02-29", "9999-12-31"}) {
            CAPTURE(text);
            CHECK(format_day(*parse_day(text)) == text);
        }
        CHECK(parse_day("1970-01-01")->time_since_epoch().count() == 0);
        // `date -u -d 2020-10-09 +%s` says 1602201600.
        CHECK(parse_day("2020-10-09")->time_since_epoch().count() == 1'602'201'600 / 86'400);
        CHECK(parse_day("2021-02-29").error() == Errc::bad_time);
        CHECK(parse_day("2020-10-09T00:00Z").error() == Errc::bad_time);
    }
}
