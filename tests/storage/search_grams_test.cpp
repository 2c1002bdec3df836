#include "storage/search_grams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

const std::string kWordMark = "\uF8FF\uF8FF";

SearchRow row_with(const std::vector<std::string>& texts) {
    SearchRow row;
    row.kind = KindId("k1");
    row.from = UnitId("u");
    for (const std::string& text : texts) row.texts.push_back({"fields.any", text});
    return row;
}

/// The words that stand between spaces; each only once, or the test fails.
std::set<std::string> words_of(const std::string& text) {
    std::set<std::string> words;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) CHECK(words.insert(word).second);
    return words;
}

/// The grams of the texts alone.
std::set<std::string> grams_in(const std::vector<std::string>& texts) {
    std::set<std::string> words = words_of(grams_of(row_with(texts)));
    CHECK(words.erase(kWordMark + "kk1") == 1);
    CHECK(words.erase(kWordMark + "fu") == 1);
    return words;
}

}  // namespace

TEST_SUITE("grams") {
    TEST_CASE("one, two and three characters that follow each other, each once") {
        CHECK(grams_in({"abcd"}) ==
              std::set<std::string>{"a", "b", "c", "d", "ab", "bc", "cd", "abc", "bcd"});
        CHECK(grams_in({"aaaaaaaa"}) == std::set<std::string>{"a", "aa", "aaa"});
        CHECK(grams_in({"abab", "ba"}) ==
              std::set<std::string>{"a", "b", "ab", "ba", "aba", "bab"});
        CHECK(grams_in({""}).empty());
        CHECK(grams_in({}).empty());
    }

    TEST_CASE("characters of one to four bytes are one character each") {
        CHECK(grams_in({"é甲😀"}) == std::set<std::string>{"é", "甲", "😀", "é甲", "甲😀", "é甲😀"});
        // The first and the last of each length in UTF-8 that a search form has.
        for (const std::string each :
             {"\u00A1", "\u07FF", "\u0800", "\uFFFD", "\U00010000", "\U0010FFFF"}) {
            CHECK(grams_in({each}) == std::set<std::string>{each});
        }
    }

    TEST_CASE("signs of ASCII are written in full width, letters and digits are not") {
        CHECK(grams_in({"!"}) == std::set<std::string>{"！"});
        CHECK(grams_in({"~"}) == std::set<std::string>{"～"});
        CHECK(grams_in({"a\"9"}) == std::set<std::string>{"a", "＂", "9", "a＂", "＂9", "a＂9"});
    }

    TEST_CASE("kind, sender and case are words of their own, longer than a gram") {
        SearchRow row = row_with({"甲"});
        row.case_number = "440000202600001";
        CHECK(words_of(grams_of(row)) == std::set<std::string>{"甲", kWordMark + "kk1",
                                                               kWordMark + "fu",
                                                               kWordMark + "c440000202600001"});
    }

    TEST_CASE("a long text has the grams that it has by their definition") {
        std::mt19937 draw(20'261'130);
        std::vector<std::string> characters;
        for (int i = 0; i < 3000; ++i) {
            const auto code = 0x4E00U + std::uniform_int_distribution<unsigned>(0, 40)(draw);
            characters.push_back({static_cast<char>(0xE0U | code >> 12U),
                                  static_cast<char>(0x80U | (code >> 6U & 0x3FU)),
                                  static_cast<char>(0x80U | (code & 0x3FU))});
        }
        std::string text;
        std::set<std::string> expected;
        for (std::size_t at = 0; at < characters.size(); ++at) {
            text += characters[at];
            std::string gram;
            for (std::size_t i = at; i < std::min(at + 3, characters.size()); ++i) {
                expected.insert(gram += characters[i]);
            }
        }
        CHECK(grams_in({text}) == expected);
    }

    TEST_CASE("a question wants the trigrams of long words, and short words as they are") {
        SearchQuestion question;
        question.words = {"甲", "ab", "abcd", "bcd"};
        CHECK(grams_wanted(question) == R"("ab" AND "abc" AND "bcd" AND "甲")");
        question.kind = KindId("k1");
        question.case_number = CaseNumber("1");
        CHECK(grams_wanted(question).ends_with("\" AND \"" + kWordMark + "kk1\" AND \"" +
                                               kWordMark + "c1\""));
    }
}
