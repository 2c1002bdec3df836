#include "domain/field_type.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tongbao;
using namespace std::string_literals;

namespace {

Scalar text(std::string_view value) {
    return Scalar(std::string(value));
}
Scalar integer(std::int64_t value) {
    return Scalar(value);
}

std::string repeated(std::string_view piece, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += piece;
    return result;
}

}  // namespace

TEST_SUITE("field types") {
    TEST_CASE("the words are those of the charters and lead back to their types") {
        const std::vector<std::string_view> words{
            "text",  "date",   "datetime",    "bool",     "count",       "fen",     "enum",
            "table", "period", "post",        "unit",     "person_name", "case_no", "doc_no",
            "uscc",  "cn_id",  "medins_code", "division", "notice_ref"};
        REQUIRE(all_field_types().size() == words.size());
        for (std::size_t i = 0; i < words.size(); ++i) {
            CHECK(word(all_field_types()[i]) == words[i]);
            CHECK(field_type_from_word(words[i]) == all_field_types()[i]);
        }
        for (const std::string_view other : {"", "boolean", "enumeration", "Text", "text "}) {
            CHECK_FALSE(field_type_from_word(other).has_value());
        }
    }

    TEST_CASE("each type takes a value of its form") {
        CHECK(check_form(FieldType::text, text("一行\n又一行")).has_value());
        CHECK(check_form(FieldType::date, text("2020-02-29")).has_value());
        CHECK(check_form(FieldType::datetime, text("2020-10-13T09:30+08:00")).has_value());
        CHECK(check_form(FieldType::boolean, Scalar(false)).has_value());
        CHECK(check_form(FieldType::count, integer(0)).has_value());
        CHECK(check_form(FieldType::fen, integer(123456)).has_value());
        CHECK(check_form(FieldType::enumeration, text("not_filed")).has_value());
        CHECK(check_form(FieldType::enumeration, text("工作秘密")).has_value());
        CHECK(check_form(FieldType::period, text("2024-Q3")).has_value());
        CHECK(check_form(FieldType::post, text("convener")).has_value());
        CHECK(check_form(FieldType::unit, text("local.440099.police")).has_value());
        CHECK(check_form(FieldType::person_name, text("测试甲·测试乙")).has_value());
        CHECK(check_form(FieldType::case_no, text("440099202400001")).has_value());
        CHECK(check_form(FieldType::doc_no, text("测试发〔2020〕26号")).has_value());
        CHECK(check_form(FieldType::uscc, text("91440099000000006Y")).has_value());
        CHECK(check_form(FieldType::cn_id, text("44009918000101002X")).has_value());
        CHECK(check_form(FieldType::medins_code, text("H44009900001")).has_value());
        CHECK(check_form(FieldType::division, text("440000")).has_value());
        CHECK(check_form(FieldType::notice_ref, text("0190163d-8694-739b-aea5-966c26f8ad91"))
                  .has_value());
    }

    TEST_CASE("each type refuses another form by the error of its own") {
        CHECK(check_form(FieldType::date, text("2021-02-29")).error() == Errc::bad_time);
        CHECK(check_form(FieldType::datetime, text("2020-10-13T09:30")).error() == Errc::bad_time);
        CHECK(check_form(FieldType::enumeration, text("Filed")).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::post, text("a-b")).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::unit, text("local.44.police")).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::period, text("2024-Q5")).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::case_no, text("1")).error() == Errc::wrong_length);
        CHECK(check_form(FieldType::doc_no, text("测试发[2020]26号")).error() ==
              Errc::wrong_character);
        CHECK(check_form(FieldType::uscc, text("914400990000000066")).error() ==
              Errc::wrong_check_digit);
        CHECK(check_form(FieldType::cn_id, text("440099180002290019")).error() ==
              Errc::no_such_date);
        CHECK(check_form(FieldType::medins_code, text("H99009900001")).error() ==
              Errc::no_such_division);
        CHECK(check_form(FieldType::division, text("990000")).error() == Errc::no_such_division);
        CHECK(check_form(FieldType::notice_ref, text("0190163D-8694-739B-AEA5-966C26F8AD91"))
                  .error() == Errc::wrong_form);
        CHECK(check_form(FieldType::person_name, text("甲\n乙")).error() == Errc::wrong_character);
    }

    TEST_CASE("another JSON type has the wrong form for every field type") {
        for (const FieldType type : all_field_types()) {
            CAPTURE(std::string(word(type)));
            const bool takes_truth = type == FieldType::boolean;
            const bool takes_integer = type == FieldType::count || type == FieldType::fen;
            CHECK(check_form(type, Scalar(true)).has_value() == takes_truth);
            CHECK(check_form(type, integer(1)).has_value() == takes_integer);
            if (!takes_truth) CHECK(check_form(type, Scalar(true)).error() == Errc::wrong_form);
            if (!takes_integer) CHECK(check_form(type, integer(1)).error() == Errc::wrong_form);
            if (takes_truth || takes_integer || type == FieldType::table) {
                CHECK(check_form(type, text("1")).error() == Errc::wrong_form);
            }
        }
    }

    TEST_CASE("numbers keep within their bounds") {
        CHECK(check_form(FieldType::count, integer(1'000'000'000)).has_value());
        CHECK(check_form(FieldType::count, integer(1'000'000'001)).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::count, integer(-1)).error() == Errc::wrong_form);
        CHECK(check_form(FieldType::fen, integer(1'000'000'000'000'000)).has_value());
        CHECK(check_form(FieldType::fen, integer(1'000'000'000'000'001)).error() ==
              Errc::wrong_form);
        CHECK(check_form(FieldType::fen, integer(-1)).error() == Errc::wrong_form);
    }

    TEST_CASE("lengths are counted in code points") {
        CHECK(check_form(FieldType::text, text(repeated("测", 4000))).has_value());
        CHECK(check_form(FieldType::text, text(repeated("𠮷", 4000))).has_value());
        CHECK(check_form(FieldType::text, text(repeated("a", 4001))).error() == Errc::wrong_length);
        CHECK(check_form(FieldType::text, text("")).error() == Errc::wrong_length);
        CHECK(check_form(FieldType::person_name, text(repeated("测", 100))).has_value());
        CHECK(check_form(FieldType::person_name, text(repeated("测", 101))).error() ==
              Errc::wrong_length);
        CHECK(check_unchecked_form(text(repeated("测", 64))).has_value());
        CHECK(check_unchecked_form(text(repeated("测", 65))).error() == Errc::wrong_length);
        CHECK(check_unchecked_form(integer(1)).error() == Errc::wrong_form);
        CHECK(check_unchecked_form(text("a\nb")).error() == Errc::wrong_character);
    }

    TEST_CASE("characters that would forge a log line or turn the direction are refused") {
        for (const std::string& bad :
             {"a\0b"s, "a\tb"s, "a\rb"s, "a\x1b[31m"s, "a\x7f"s, "a\u0080"s, "a\u0085"s, "a\u009f"s,
              "a\u202a"s, "a\u202e"s, "a\u2066"s, "a\u2069"s, "a\u2028"s, "a\u2029"s}) {
            CAPTURE(bad);
            CHECK(check_form(FieldType::text, text(bad)).error() == Errc::wrong_character);
        }
        // The neighbours of the ranges, among them marks that scripts of the country need.
        for (const std::string& good : {" "s, "~"s, "\u00a0"s, "\u200f"s, "\u202f"s, "\u206a"s,
                                        "、。“”！？"s, "ئۇيغۇر"s, "བོད་ཡིག"s}) {
            CAPTURE(good);
            CHECK(check_form(FieldType::text, text(good)).has_value());
        }
        CHECK(check_form(FieldType::text, text("\xff")).error() == Errc::not_utf8);
        CHECK(check_form(FieldType::text, text("\xc0\xaf")).error() == Errc::not_utf8);
    }

    TEST_CASE("a character that is refused is found wherever it stands in a long text") {
        for (const std::string bad : {"\x01", "\x1f", "\x7f", "\xc2\x85", "\xe2\x80\xae"}) {
            for (std::size_t before = 0; before < 20; ++before) {
                for (std::size_t after = 0; after < 20; ++after) {
                    const std::string text =
                        std::string(before, ' ') + bad + std::string(after, '~');
                    CHECK(check_plain_text(text, 100, Newlines::allowed).error() ==
                          Errc::wrong_character);
                }
            }
        }
        const std::string good = "0123456 ~\n\xe4\xbb\xb6" + std::string(30, '~');
        CHECK(check_plain_text(good, 41, Newlines::allowed).has_value());
        CHECK(check_plain_text(good, 40, Newlines::allowed).error() == Errc::wrong_length);
        CHECK(check_plain_text(good, 41, Newlines::refused).error() == Errc::wrong_character);
    }

    TEST_CASE("each explanation is a sentence and the example in it has the form it explains") {
        for (const FieldType type : all_field_types()) {
            const std::string sentence = explain_form(type);
            CAPTURE(sentence);
            REQUIRE(sentence.size() > 1);
            CHECK(sentence.back() == '.');
            const std::size_t such_as = sentence.rfind("such as ");
            if (such_as == std::string::npos) continue;
            const std::string example =
                sentence.substr(such_as + 8, sentence.size() - 1 - (such_as + 8));
            const Scalar value =
                type == FieldType::count ? integer(std::stoll(example)) : text(example);
            if (type == FieldType::text) continue;
            CHECK(check_form(type, value).has_value());
        }
    }
}
