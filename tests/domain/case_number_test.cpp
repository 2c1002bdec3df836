#include "domain/case_number.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace tongbao;

namespace {

const CaseSeries kKnown{"440000", 2020};

}  // namespace

TEST_SUITE("case numbers") {
    TEST_CASE("the first number of a year is one and the next follows without a gap") {
        CHECK(next_case_number(kKnown, std::nullopt)->value() == "440000202000001");
        CHECK(next_case_number(kKnown, CaseNumber("440000202000001"))->value() ==
              "440000202000002");
        CHECK(next_case_number(kKnown, CaseNumber("440000202000099"))->value() ==
              "440000202000100");
        CHECK(next_case_number({"440000", 2021}, std::nullopt)->value() == "440000202100001");
    }

    TEST_CASE("a hundred thousandth case of a year is an error and no number with six digits") {
        CHECK(next_case_number(kKnown, CaseNumber("440000202099998"))->value() ==
              "440000202099999");
        const auto beyond = next_case_number(kKnown, CaseNumber("440000202099999"));
        REQUIRE(beyond.has_error());
        CHECK(beyond.error() == Errc::case_numbers_exhausted);
    }

    TEST_CASE("the last number of another division or year gives no next one") {
        for (const char* other : {"440300202000001", "440000201900001"}) {
            const auto next = next_case_number(kKnown, CaseNumber(other));
            REQUIRE(next.has_error());
            CHECK(next.error() == Errc::bad_value);
        }
    }

    TEST_CASE("a number is read into what it says and written back the same") {
        const auto parts = parse_case_number("440300202000042");
        REQUIRE(parts.has_value());
        CHECK(parts->series == CaseSeries{"440300", 2020});
        CHECK(parts->serial == 42);
        CHECK(format_case_number(*parts)->value() == "440300202000042");
    }

    TEST_CASE("what is no case number is not read") {
        CHECK(parse_case_number("44030020200004").error() == Errc::wrong_length);
        CHECK(parse_case_number("4403002020000421").error() == Errc::wrong_length);
        CHECK(parse_case_number("44030020200004x").error() == Errc::wrong_character);
        CHECK(parse_case_number("990300202000042").error() == Errc::no_such_division);
        CHECK(parse_case_number("440300202000000").error() == Errc::wrong_form);
    }

    TEST_CASE("parts outside their bounds are not written") {
        CHECK(format_case_number({{"990000", 2020}, 1}).error() == Errc::no_such_division);
        CHECK(format_case_number({{"44", 2020}, 1}).error() == Errc::wrong_length);
        CHECK(format_case_number({{"440000", 10'000}, 1}).error() == Errc::wrong_form);
        CHECK(format_case_number({{"440000", -1}, 1}).error() == Errc::wrong_form);
        CHECK(format_case_number({kKnown, 0}).error() == Errc::wrong_form);
        CHECK(format_case_number({kKnown, 100'000}).error() == Errc::wrong_form);
    }

    TEST_CASE("a whole year is numbered once each and in order") {
        std::optional<CaseNumber> last;
        for (std::uint32_t serial = 1; serial <= kMaxCaseSerial; ++serial) {
            const auto next = next_case_number(kKnown, last);
            REQUIRE(next.has_value());
            REQUIRE(parse_case_number(next->value())->serial == serial);
            last = *next;
        }
        CHECK(next_case_number(kKnown, last).has_error());
    }
}
