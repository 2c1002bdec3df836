#include "program/tz_database.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;

namespace {

using Zone = std::shared_ptr<const TimeZone>;

Zone zone(const std::string& name) {
    const Checked<Zone> loaded = program::load_time_zone(name);
    REQUIRE(loaded.has_value());
    return *loaded;
}

UtcTime moment(std::string_view text) {
    return *parse_date_time(text);
}

LocalDay day(std::string_view text) {
    return *parse_day(text);
}

}  // namespace

// Expected values from the tz database's own text (`asia`, `northamerica`, `southamerica`) and the
// command zdump.
TEST_SUITE("time zones") {
    TEST_CASE("Shanghai is eight hours ahead of UTC and had summer time until 1991") {
        const Zone shanghai = zone("Asia/Shanghai");
        CHECK(shanghai->offset_at(moment("2020-07-01T00:00Z")) == std::chrono::hours(8));
        CHECK(shanghai->offset_at(moment("2400-07-01T00:00Z")) == std::chrono::hours(8));
        CHECK(shanghai->offset_at(moment("1991-07-01T00:00Z")) == std::chrono::hours(9));
        CHECK(shanghai->start_of(day("2020-10-10")) == moment("2020-10-09T16:00Z"));
        CHECK(day_in(*shanghai, moment("2020-10-09T15:59:59.999Z")) == day("2020-10-09"));
        CHECK(day_in(*shanghai, moment("2020-10-09T16:00Z")) == day("2020-10-10"));
    }

    TEST_CASE("summer time is followed beyond what the database lists one by one") {
        const Zone new_york = zone("America/New_York");
        CHECK(new_york->offset_at(moment("2020-01-15T12:00Z")) == std::chrono::hours(-5));
        CHECK(new_york->offset_at(moment("2020-07-15T12:00Z")) == std::chrono::hours(-4));
        CHECK(new_york->offset_at(moment("2050-01-15T12:00Z")) == std::chrono::hours(-5));
        CHECK(new_york->offset_at(moment("2050-07-15T12:00Z")) == std::chrono::hours(-4));
        // Clocks were put forward at 02:00, 07:00Z.
        CHECK(new_york->offset_at(moment("2020-03-08T06:59:59.999Z")) == std::chrono::hours(-5));
        CHECK(new_york->offset_at(moment("2020-03-08T07:00Z")) == std::chrono::hours(-4));
    }

    TEST_CASE("a day whose midnight clocks skip starts when they go on") {
        // On 2018-11-04 clocks in Sao Paulo went from 00:00 to 01:00.
        CHECK(zone("America/Sao_Paulo")->start_of(day("2018-11-04")) ==
              moment("2018-11-04T03:00Z"));
    }

    TEST_CASE("a day whose midnight clocks show twice starts with the first") {
        // On 2019-10-27 clocks on the Azores went from 01:00 back to 00:00, at 01:00Z.
        CHECK(zone("Atlantic/Azores")->start_of(day("2019-10-27")) == moment("2019-10-27T00:00Z"));
        // On 2018-02-18 clocks in Sao Paulo went from 00:00 back to 23:00 of the 17th, at 02:00Z.
        CHECK(zone("America/Sao_Paulo")->start_of(day("2018-02-18")) ==
              moment("2018-02-18T03:00Z"));
    }

    TEST_CASE("UTC needs no rules") {
        CHECK(zone("UTC")->offset_at(moment("2020-07-01T00:00Z")) == std::chrono::seconds(0));
        CHECK(zone("UTC")->start_of(day("2020-10-10")) == moment("2020-10-10T00:00Z"));
    }

    TEST_CASE("a name that is no zone's is refused and never taken for a path") {
        for (const std::string name : {"",
                                       "Asia",
                                       "Asia/",
                                       "/Shanghai",
                                       "Asia//Shanghai",
                                       "Asia/Peking",
                                       "asia/shanghai",
                                       "Asia/Shanghai ",
                                       "Asia/../Asia/Shanghai",
                                       "../zoneinfo/Asia/Shanghai",
                                       "/usr/share/zoneinfo/Asia/Shanghai",
                                       "/etc/localtime",
                                       "localtime",
                                       "posix/Asia/Shanghai",
                                       "right/Asia/Shanghai",
                                       "libc:localtime",
                                       "libc:UTC",
                                       "Fixed/UTC+08:00:00",
                                       "Fixed/UTC",
                                       "UTC+8",
                                       "CST",
                                       "Area/Location",
                                       "tzdata.zi"}) {
            CAPTURE(name);
            const Checked<Zone> loaded = program::load_time_zone(name);
            REQUIRE(loaded.has_error());
            CHECK(loaded.error().code == Errc::not_found);
            CHECK(loaded.error().place == name);
            CHECK_FALSE(loaded.error().explanation.empty());
        }
    }
}
