#include "domain/money.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace tongbao;

TEST_SUITE("money") {
    TEST_CASE("an amount is printed in yuan with two decimals") {
        CHECK(format_yuan(Fen(0)) == "0.00");
        CHECK(format_yuan(Fen(5)) == "0.05");
        CHECK(format_yuan(Fen(50)) == "0.50");
        CHECK(format_yuan(Fen(100)) == "1.00");
        CHECK(format_yuan(Fen(123456)) == "1234.56");
        CHECK(format_yuan(kMaxFen) == "10000000000000.00");
        CHECK(format_yuan(Fen(-5)) == "-0.05");
        CHECK(format_yuan(Fen(-123456)) == "-1234.56");
        CHECK(format_yuan(Fen(std::numeric_limits<std::int64_t>::min())) ==
              "-92233720368547758.08");
    }

    TEST_CASE("an amount of a field is neither negative nor above its bound") {
        CHECK(make_fen(0)->value() == 0);
        CHECK(make_fen(1'000'000'000'000'000)->value() == 1'000'000'000'000'000);
        CHECK(make_fen(-1).error() == Errc::wrong_form);
        CHECK(make_fen(1'000'000'000'000'001).error() == Errc::wrong_form);
    }

    TEST_CASE("a sum that does not fit is refused and not wrapped") {
        CHECK(add(Fen(1), Fen(2))->value() == 3);
        constexpr Fen kLargest(std::numeric_limits<std::int64_t>::max());
        CHECK(add(kLargest, Fen(0)).has_value());
        CHECK(add(kLargest, Fen(1)).error() == Errc::too_large);
    }
}
