#include "domain/search_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;

TEST_SUITE("texts in a search") {
    TEST_CASE("brackets that look alike are one pair") {
        const std::string wanted = "测[2020]7号";
        for (const char* const number :
             {"测〔2020〕7号", "测[2020]7号", "测(2020)7号", "测【2020】7号", "测（2020）7号",
              "测［2020］7号", "测〖2020〗7号"}) {
            CAPTURE(number);
            CHECK(search_form(number) == wanted);
        }
    }

    TEST_CASE("full width and capitals of ASCII are no difference") {
        CHECK(search_form("Ｈ４４０１００Ａｂ") == "h440100ab");
        CHECK(search_form("ABCxyz") == "abcxyz");
        CHECK(search_form("！～") == "!~");
    }

    TEST_CASE("white space and control characters are left out") {
        CHECK(search_form(" 测 试\u3000员\t\n\u00A0\u200B") == "测试员");
        CHECK(search_form(" \u3000\n").empty());
        CHECK(search_form("").empty());
    }

    TEST_CASE("other characters stay what they are") {
        CHECK(search_form("测试é𠮷。\"'%_*") == "测试é𠮷。\"'%_*");
    }

    TEST_CASE("the words of a question stand between white space of any kind") {
        CHECK(search_words(" 测试　（甲） ABC\n测试 ") ==
              std::vector<std::string>{"测试", "[甲]", "abc"});
        CHECK(search_words(" \u3000 ").empty());
    }

    TEST_CASE("a word is found where the text that was signed has it") {
        const std::string text = "移送书 粤〔2020〕 7号";
        const std::optional<TextRange> found = find_searched(text, search_form("(2020)7"));
        REQUIRE(found.has_value());
        CHECK(text.substr(found->begin, found->end - found->begin) == "〔2020〕 7");
        CHECK_FALSE(find_searched(text, "2021").has_value());
        CHECK_FALSE(find_searched(text, "").has_value());
        CHECK_FALSE(find_searched("", "2021").has_value());
    }
}
