#include "program/test_clock.hpp"

#include "program/files.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/captured_log.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::program {
namespace {

using namespace std::chrono_literals;
using testing::must;

constexpr UtcTime kEve = std::chrono::sys_days{std::chrono::September / 30 / 2020} + 1h;

/// A file that sets a clock.
struct ClockFile {
    void write(const std::string& text) const { REQUIRE(write_file(file, text, 0644).has_value()); }
    [[nodiscard]] std::unique_ptr<TestClock> open() {
        return must(
            TestClock::open(file, [this](const std::string& words) { told.push_back(words); }));
    }

    storage::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "clock";
    std::vector<std::string> told;
};

TEST_SUITE("the clock of a test deployment") {
    TEST_CASE("a setting is a time with its offset at which the clock stands or runs on from") {
        CHECK(must(parse_clock_setting("2020-09-30T09:00+08:00")) == ClockSetting{kEve, false});
        CHECK(must(parse_clock_setting("2020-09-30T01:00:00Z\n")) == ClockSetting{kEve, false});
        CHECK(must(parse_clock_setting("2020-09-30T09:00:00.000+08:00 running\n")) ==
              ClockSetting{kEve, true});
        for (const std::string_view text :
             {"", "\n", "running", "2020-09-30", "2020-09-30T09:00", "2020-02-30T09:00Z",
              "2020-09-30T09:00Z  running", "2020-09-30T09:00Z running ", "2020-09-30T09:00Z walks",
              "2020-09-30T09:00Z\n\n", " 2020-09-30T09:00Z"}) {
            CAPTURE(text);
            const auto setting = parse_clock_setting(text);
            REQUIRE(!setting);
            CHECK(setting.error().code == Errc::bad_time);
        }
    }

    TEST_CASE_FIXTURE(ClockFile, "a clock stands where its file says and goes on when it changes") {
        write("2020-09-30T09:00+08:00\n");
        const auto clock = open();
        CHECK(clock->now() == kEve);
        CHECK(clock->now() == kEve);
        write("2020-10-09T09:00+08:00\n");
        CHECK(clock->now() == kEve + std::chrono::days(9));
        CHECK(told.empty());
    }

    TEST_CASE_FIXTURE(ClockFile, "a clock never goes back and says so") {
        write("2020-09-30T09:00+08:00");
        const auto clock = open();
        REQUIRE(clock->now() == kEve);
        write("2020-09-30T08:59+08:00");
        CHECK(clock->now() == kEve);
        CHECK(clock->now() == kEve);
        CHECK(clock->now() == kEve);
        REQUIRE(told.size() == 1);
        CHECK(told.front().find("2020-09-30T01:00:00.000Z") != std::string::npos);
        write("2020-09-30T09:01+08:00");
        CHECK(clock->now() == kEve + 1min);
    }

    TEST_CASE_FIXTURE(ClockFile, "a file that can't be read leaves the clock where it is") {
        write("2020-09-30T09:00+08:00");
        const auto clock = open();
        SUBCASE("nonsense") {
            write("tomorrow");
        }
        SUBCASE("gone") {
            std::filesystem::remove(file);
        }
        SUBCASE("too long") {
            write(std::string(100, '0'));
        }
        CHECK(clock->now() == kEve);
        CHECK(clock->now() == kEve);
        CHECK(clock->now() == kEve);
        CHECK(told.size() == 1);
        write("2020-10-01T09:00+08:00");
        CHECK(clock->now() == kEve + std::chrono::days(1));
    }

    TEST_CASE_FIXTURE(ClockFile, "a running clock counts from when its file was changed") {
        write("2020-09-30T09:00+08:00 running");
        const auto before = std::filesystem::file_time_type::clock::now() - 2h;
        std::filesystem::last_write_time(file, before);
        // Two programs that start at different times agree.
        const auto clock = open();
        const UtcTime first = clock->now();
        CHECK(first >= kEve + 2h);
        CHECK(first < kEve + 3h);
        const UtcTime other = open()->now();
        CHECK(other >= first);
        CHECK(other < first + 1h);
    }

    TEST_CASE_FIXTURE(ClockFile, "no clock begins without a setting") {
        CHECK(TestClock::open(file).error().code == Errc::not_found);
        write("soon");
        CHECK(TestClock::open(file).error().code == Errc::bad_time);
        CHECK(TestClock::open(file).error().place == file.string());
    }

    TEST_CASE_FIXTURE(ClockFile, "a setting is written if it is one and never an earlier one") {
        REQUIRE(set_test_clock(file, "2020-09-30T09:00+08:00").has_value());
        const auto clock = open();
        CHECK(clock->now() == kEve);
        CHECK(set_test_clock(file, "2020-09-30T08:59+08:00").error().code == Errc::bad_time);
        CHECK(set_test_clock(file, "later").error().code == Errc::bad_time);
        CHECK(clock->now() == kEve);
        REQUIRE(set_test_clock(file, "2020-10-01T09:00+08:00\n").has_value());
        CHECK(clock->now() == kEve + std::chrono::days(1));
        CHECK(set_test_clock(folder.path() / "no" / "clock", "2020-10-01T09:00Z").error().code ==
              Errc::storage_failure);
    }

    TEST_CASE_FIXTURE(ClockFile, "a service says loudly that it is a test deployment") {
        write("2020-09-30T09:00+08:00");
        std::string words;
        const testing::CapturedLog log;
        {
            // Also to whoever wants to hear of faults only.
            Logging logging("service", LogLevel::error);
            const auto clock = must(service_clock(true, file, logging, words));
            CHECK(clock->now() == kEve);
            logging.flush();
        }
        CHECK(log.count("test_deployment") == 1);
        CHECK(log.text().find(file.string()) != std::string::npos);
    }

    TEST_CASE_FIXTURE(ClockFile, "a service that is no test deployment says nothing of tests") {
        std::string words;
        const testing::CapturedLog log;
        {
            Logging logging("service", LogLevel::debug);
            REQUIRE(service_clock(false, std::nullopt, logging, words).has_value());
            logging.flush();
        }
        CHECK(log.count("test_deployment") == 0);
    }

    TEST_CASE_FIXTURE(ClockFile, "a service does not begin with a file that sets no clock") {
        std::string words;
        Logging logging("service", LogLevel::error);
        CHECK(service_clock(true, file, logging, words).error() == Errc::not_found);
        CHECK(words.find(file.string()) != std::string::npos);
        write("soon");
        CHECK(service_clock(true, file, logging, words).error() == Errc::bad_time);
    }
}

}  // namespace
}  // namespace tongbao::program
