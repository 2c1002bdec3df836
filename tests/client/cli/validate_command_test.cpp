#include "tests/client/cli/client_command.hpp"

#include <doctest/doctest.h>

using namespace tongbao::client;

TEST_SUITE("tongbao validate") {
    // 440099 is no division and nobody was born in 1800: these identifiers can't be anyone's. Their
    // check characters were computed by a script from the formulas of GB 32100-2015 and GB 11643.
    TEST_CASE("a well-formed value of each type is valid") {
        const std::vector<std::pair<std::string, std::string>> values{
            {"text", "测试"},
            {"date", "2020-02-29"},
            {"datetime", "2020-10-13T09:30+08:00"},
            {"bool", "true"},
            {"count", "12"},
            {"fen", "123456"},
            {"enum", "pharmacy"},
            {"period", "2024-Q3"},
            {"post", "convener"},
            {"unit", "local.440099.police"},
            {"person_name", "测试甲"},
            {"case_no", "440099202400001"},
            {"doc_no", "测试发〔2020〕26号"},
            {"uscc", "91440099000000006Y"},
            {"cn_id", "44009918000101002X"},
            {"medins_code", "H44009900001"},
            {"division", "440000"},
            {"notice_ref", "0190163d-8694-739b-aea5-966c26f8ad91"},
        };
        for (const auto& each : values) {
            CAPTURE(each.first);
            const CommandOutcome outcome = run_tongbao({"validate", each.first, each.second});
            CHECK(outcome.exit_code == 0);
            CHECK(outcome.output == "valid\n");
            CHECK(outcome.messages.empty());
        }
    }

    TEST_CASE("a value that is not well-formed ends with 1 and names the reason") {
        struct Bad {
            std::string type;
            std::string value;
            std::string code;
        };
        const std::vector<Bad> values{
            {"uscc", "914400990000000061", "wrong_check_digit"},
            {"uscc", "91440099000000006I", "wrong_character"},
            {"uscc", "9144009900000000", "wrong_length"},
            {"cn_id", "440099180001010021", "wrong_check_digit"},
            {"cn_id", "440099180002300029", "no_such_date"},
            {"date", "2021-02-29", "bad_time"},
            {"doc_no", "测试发[2020]26号", "wrong_character"},
            {"count", "1.5", "wrong_form"},
            {"count", "012", "wrong_form"},
            {"fen", "1000000000000001", "wrong_form"},
            {"bool", "yes", "wrong_form"},
            {"text", "", "wrong_length"},
        };
        for (const Bad& bad : values) {
            CAPTURE(bad.type);
            CAPTURE(bad.value);
            const CommandOutcome outcome = run_tongbao({"validate", bad.type, bad.value});
            CHECK(outcome.exit_code == 1);
            CHECK(outcome.output.empty());
            CHECK(has(outcome.messages, bad.code + ": "));
        }
    }

    TEST_CASE("a type that there is not ends with 2 and lists those there are") {
        const CommandOutcome outcome = run_tongbao({"validate", "passport", "1"});
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "medins_code"));
    }

    TEST_CASE("a table is no single value") {
        CHECK(run_tongbao({"validate", "table", "x"}).exit_code == 2);
    }

    TEST_CASE("with --json the verdict is data") {
        CHECK(run_tongbao({"validate", "--json", "count", "7"}).output ==
              "{\"type\":\"count\",\"value\":\"7\",\"valid\":true}\n");
        const CommandOutcome refused = run_tongbao({"validate", "--json", "count", "seven"});
        CHECK(refused.exit_code == 1);
        CHECK(has(refused.output, "\"valid\":false,\"code\":\"wrong_form\""));
    }
}
