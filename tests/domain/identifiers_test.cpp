#include "domain/identifiers.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using namespace tongbao;

// No identifier here can belong to anyone. Their division 440099 is none: the two digits of a
// prefecture are never 00 where those of a county are not. The citizens of these numbers would have
// been born in 1800 or 1804. Check characters were computed in Python by the sums of the standards,
// those of citizens also by the recursion of ISO 7064.

TEST_SUITE("identifiers") {
    TEST_CASE("a credit code passes for each of the 31 check characters") {
        for (const std::string_view text :
             {"914400990000000160", "914400990000000261", "914400990000000072",
              "914400990000000173", "914400990000000274", "914400990000000085",
              "914400990000000186", "914400990000000287", "914400990000000098",
              "914400990000000199", "91440099000000029A", "91440099000000039B",
              "91440099000000000C", "91440099000000010D", "91440099000000020E",
              "91440099000000001F", "91440099000000011G", "91440099000000021H",
              "91440099000000002J", "91440099000000012K", "91440099000000022L",
              "91440099000000003M", "91440099000000013N", "91440099000000023P",
              "91440099000000004Q", "91440099000000014R", "91440099000000024T",
              "91440099000000005U", "91440099000000015W", "91440099000000025X",
              "91440099000000006Y", "12440099MA9QRTUWXP"}) {
            CAPTURE(text);
            CHECK(check_uscc(text).has_value());
        }
    }

    TEST_CASE("a credit code of what is registered with the state itself passes") {
        // An organisation's own nine digits are never all 0.
        CHECK(check_uscc("91100000000000000A").has_value());
        CHECK(check_uscc("91100001000000000A").error() == Errc::no_such_division);
    }

    TEST_CASE("a credit code with any one character changed is refused") {
        const std::string good = "12440099MA9QRTUWXP";
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (const char other : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
                std::string bad = good;
                bad[i] = other;
                CAPTURE(bad);
                CHECK(check_uscc(bad).has_value() == (bad == good));
            }
        }
    }

    TEST_CASE("a credit code of another length or alphabet or place is refused by name") {
        CHECK(check_uscc("").error() == Errc::wrong_length);
        CHECK(check_uscc("91440099000000016").error() == Errc::wrong_length);
        CHECK(check_uscc("9144009900000001600").error() == Errc::wrong_length);
        CHECK(check_uscc("91440099000000006y").error() == Errc::wrong_character);
        for (const char never : std::string_view("IOSVZ -.")) {
            std::string text = "914400990000000160";
            text[10] = never;
            CAPTURE(text);
            CHECK(check_uscc(text).error() == Errc::wrong_character);
        }
        CHECK(check_uscc("91A400990000000160").error() == Errc::wrong_character);
        CHECK(check_uscc("919900990000000160").error() == Errc::no_such_division);
        CHECK(check_uscc("914400990000000161").error() == Errc::wrong_check_digit);
        CHECK(check_uscc("91440099000000006Z").error() == Errc::wrong_character);
    }

    TEST_CASE("a citizen number passes for each of the 11 check characters") {
        for (const std::string_view text :
             {"440099180001010070", "440099180001010011", "440099180001010062",
              "440099180001010003", "440099180001010054", "440099180001010185",
              "440099180001010046", "440099180001010097", "440099180001010038",
              "440099180001010089", "44009918000101002X", "440099180402290018"}) {
            CAPTURE(text);
            CHECK(check_citizen_id(text).has_value());
        }
    }

    TEST_CASE("a citizen number that is wrong is refused by name") {
        CHECK(check_citizen_id("").error() == Errc::wrong_length);
        CHECK(check_citizen_id("44009918000101002").error() == Errc::wrong_length);
        CHECK(check_citizen_id("440099180001010020X").error() == Errc::wrong_length);
        CHECK(check_citizen_id("44009918000101002x").error() == Errc::wrong_character);
        CHECK(check_citizen_id("4400991800010100X2").error() == Errc::wrong_character);
        CHECK(check_citizen_id("44009918000101002Y").error() == Errc::wrong_character);
        CHECK(check_citizen_id("440099180001010021").error() == Errc::wrong_check_digit);
        CHECK(check_citizen_id("440099180001010004").error() == Errc::wrong_check_digit);
        CHECK(check_citizen_id("990099180001010019").error() == Errc::no_such_division);
        CHECK(check_citizen_id("00009918000101001X").error() == Errc::no_such_division);
    }

    TEST_CASE("a citizen number whose date does not exist is refused though its check digit fits") {
        CHECK(check_citizen_id("440099180002290019").error() == Errc::no_such_date);
        CHECK(check_citizen_id("440099180013010019").error() == Errc::no_such_date);
        CHECK(check_citizen_id("440099180001000016").error() == Errc::no_such_date);
    }

    TEST_CASE("medical codes have the length of their beginning") {
        for (const std::string_view text : {"H44009900001", "P44009900001", "D440099000001",
                                            "N440099000001", "HY440099000001", "HJ440099000001"}) {
            CAPTURE(text);
            CHECK(check_medical_code(text).has_value());
            CHECK(check_medical_code(std::string(text) + "1").error() == Errc::wrong_length);
            CHECK(check_medical_code(text.substr(0, text.size() - 1)).error() ==
                  Errc::wrong_length);
            CHECK(check_medical_code(std::string(text.substr(0, text.size() - 1)) + "A").error() ==
                  Errc::wrong_character);
        }
        CHECK(check_medical_code("").error() == Errc::wrong_character);
        CHECK(check_medical_code("h44009900001").error() == Errc::wrong_character);
        CHECK(check_medical_code("X44009900001").error() == Errc::wrong_character);
        CHECK(check_medical_code("H99009900001").error() == Errc::no_such_division);
        CHECK(check_medical_code("HK440099000001").error() == Errc::wrong_length);
    }

    TEST_CASE("a division begins with the two digits of a province") {
        const std::array<std::string_view, 34> provinces{
            "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
            "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
            "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"};
        int passed = 0;
        for (int first = 10; first < 100; ++first) {
            if (check_division(std::to_string(first) + "0000").has_value()) ++passed;
        }
        CHECK(passed == 34);
        for (const std::string_view province : provinces) {
            CHECK(check_division(std::string(province) + "0000").has_value());
        }
        CHECK(check_division("990000").error() == Errc::no_such_division);
        CHECK(check_division("000000").error() == Errc::no_such_division);
        CHECK(check_division("44000").error() == Errc::wrong_length);
        CHECK(check_division("4400000").error() == Errc::wrong_length);
        CHECK(check_division("44000a").error() == Errc::wrong_character);
        CHECK(check_division("４４").error() == Errc::wrong_character);
    }

    TEST_CASE("document numbers of the form of the standard pass") {
        for (const std::string_view text : {"测试发〔2020〕26号", "测〔2024〕1号",
                                            "测医保（监）函〔2024〕999999号", "测Z字〔2021〕3号"}) {
            CAPTURE(text);
            CHECK(check_document_number(text).has_value());
        }
    }

    TEST_CASE("look-alikes of the brackets are refused and not put right") {
        for (const std::string_view text :
             {"测试发[2020]26号", "测试发(2020)26号", "测试发【2020】26号", "测试发（2020）26号",
              "测试发〔2020]26号", "测试发〔2020】26号", "测试发［2020］26号", "测试发〖2020〗26号",
              "测试(监)发〔2020〕26号", "测试【监】发〔2020〕26号", "测试 发〔2020〕26号",
              "测\n试发〔2020〕26号", "测〕试〔2020〕26号"}) {
            CAPTURE(text);
            CHECK(check_document_number(text).error() == Errc::wrong_character);
        }
    }

    TEST_CASE("document numbers of another form are refused") {
        for (const std::string_view text :
             {"", "测试发", "测试发〔2020〕26", "测试发〔2020〕026号", "测试发〔2020〕0号",
              "测试发〔2020〕第26号", "测试发〔2020〕号", "测试发〔20〕26号", "测试发〔02020〕26号",
              "测试发〔0202〕26号", "测试发〔2020〕 26号", "测试发〔2020〕26号 ", "〔2020〕26号",
              "测试发〔2020〕２６号", "测试发〔2020〕26号〔2020〕26号", "测试发2020年26号",
              "测试发〔2020〕-26号", "测试发〔2020"}) {
            CAPTURE(text);
            CHECK(check_document_number(text).error() == Errc::wrong_form);
        }
        CHECK(check_document_number("测试发〔2020〕1000000号").error() == Errc::wrong_length);
        std::string long_mark;
        for (int i = 0; i < 31; ++i) long_mark += "测";
        CHECK(check_document_number(long_mark + "〔2020〕26号").error() == Errc::wrong_length);
        CHECK(check_document_number("\xff〔2020〕26号").error() == Errc::wrong_character);
    }

    TEST_CASE("a case number is a division and a year and five digits") {
        CHECK(check_case_number("440099202400001").has_value());
        CHECK(check_case_number("44009920240001").error() == Errc::wrong_length);
        CHECK(check_case_number("4400992024000011").error() == Errc::wrong_length);
        CHECK(check_case_number("44009920240000a").error() == Errc::wrong_character);
        CHECK(check_case_number("990099202400001").error() == Errc::no_such_division);
    }

    TEST_CASE("a period is a year or a half or a quarter or a month") {
        for (const std::string_view text :
             {"2024", "2024-H1", "2024-H2", "2024-Q1", "2024-Q3", "2024-Q4", "2024-01", "2024-07",
              "2024-10", "2024-12"}) {
            CAPTURE(text);
            CHECK(check_period(text).has_value());
        }
        for (const std::string_view text :
             {"", "24", "20240", "2024-", "2024-H0", "2024-H3", "2024-Q0", "2024-Q5", "2024-00",
              "2024-13", "2024-7", "2024-h1", "2024 ", "2024-07-01", "2024H1", "-H1", "2024-H11"}) {
            CAPTURE(text);
            CHECK(check_period(text).error() == Errc::wrong_form);
        }
    }
}
