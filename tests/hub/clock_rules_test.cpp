#include "hub/clock_rules.hpp"

#include "tests/protocol/calendar_fixture.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace tongbao::hub {
namespace {

Result<std::shared_ptr<const ClockRules>> load_rules(const Charter& charter, std::string& words) {
    const std::filesystem::path source = testing::source_dir();
    return load_clock_rules(charter, program::ShippedFiles(source, {source / "domain"}), words);
}

TEST_SUITE("clock rules") {
    TEST_CASE("a charter's calendar and zone are read whole") {
        const Charter charter = testing::load();
        std::string words;
        const auto rules = load_rules(charter, words);
        CAPTURE(words);
        REQUIRE(rules.has_value());
        CHECK((*rules)->calendar.name() == charter.parts().calendar);
        CHECK((*rules)->calendar.years().size() == testing::load_shipped_calendar().years().size());
        CHECK((*rules)->zone->offset_at(UtcTime()) == std::chrono::hours(8));
        // The same again is the same.
        CHECK((*load_rules(charter, words))->digest == (*rules)->digest);
    }

    TEST_CASE("an unknown calendar or zone is refused by its name") {
        std::string words;
        CharterParts parts = testing::load().parts();
        parts.timezone = "Asia/Nowhere";
        CHECK(load_rules(Charter(parts), words).error() == Errc::not_found);
        CHECK(words.find("timezone Asia/Nowhere") != std::string::npos);
        parts = testing::load().parts();
        parts.calendar = "no-such-calendar";
        CHECK(load_rules(Charter(parts), words).error() == Errc::not_found);
        CHECK(words.find("calendar no-such-calendar") != std::string::npos);
        CHECK(words.find("cn-state-council") != std::string::npos);
    }

    TEST_CASE("another zone is another digest") {
        std::string words;
        CharterParts parts = testing::load().parts();
        const Digest shanghai = (*load_rules(Charter(parts), words))->digest;
        parts.timezone = "Asia/Urumqi";
        CHECK((*load_rules(Charter(parts), words))->digest != shanghai);
    }
}

}  // namespace
}  // namespace tongbao::hub
