#include "domain/masking.hpp"

#include <doctest/doctest.h>

using namespace tongbao;

TEST_SUITE("masked values") {
    TEST_CASE("six characters at the front and four at the end are shown") {
        CHECK(mask_value("44009918000101002X") == "440099********002X");
        CHECK(mask_value("12345678901") == "123456*8901");
    }

    TEST_CASE("a short value is hidden whole") {
        CHECK(mask_value("1234567890") == "**********");
        CHECK(mask_value("测试") == "**");
        CHECK(mask_value("") == "");
    }

    TEST_CASE("characters are counted and not bytes") {
        CHECK(mask_value("一二三四五六七八九十甲乙") == "一二三四五六**九十甲乙");
    }
}
