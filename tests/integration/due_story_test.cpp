#include "tests/integration/clocked_story.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao::testing;

namespace {

// Bills that nobody issued.
constexpr const char* kDueBills = R"({"bill_list": [{"bill_code": "00000000",
    "bill_no": "0000000001", "issued_on": "2026-01-05", "issuer": "合成测试医院",
    "amount_fen": 123456}]})";
constexpr const char* kDueResults = R"({"bill_results": [{"bill_code": "00000000",
    "bill_no": "0000000001", "bill_result": "genuine", "remark": "合成数据"}]})";

/// `<unit that owes> <receipt or answer> <status>` of each clock that `unit` is told of.
Lines due_for(const LiveSandbox& sandbox, const std::string& unit,
              const std::string& arguments = {}) {
    Lines lines;
    const Json page = sandbox.json_as(unit, "due " + arguments);
    for (const Json& clock : page.at("clocks")) {
        // The office keeps the case ledger: it has copies of what may belong to a case.
        CHECK(clock.at("held") == true);
        // A year that is not published has no limits, and says so.
        const bool limited = clock.contains("due") || clock.contains("fault");
        CHECK((limited || clock.at("status") == "not_started"));
        lines.push_back(clock.at("unit").get<std::string>() + ' ' +
                        clock.value("reply", clock.at("purpose").get<std::string>()) + ' ' +
                        clock.at("status").get<std::string>());
    }
    return lines;
}

}  // namespace

TEST_SUITE("what is due") {
    // Jilin: a receipt within a working day, the result within ten from signing for the request.
    TEST_CASE("who owes and who waits see what is due until it is done - and nobody else does") {
        const LiveSandbox sandbox("jilin");
        CHECK(due_for(sandbox, "finance").empty());
        const auto bills = sandbox.write("bills.json", kDueBills);
        const std::string request = sandbox.send_endorsed(
            "hsa", "send --kind ebill_check_request --fields " + bills.string(), {"issuer"});
        REQUIRE(sandbox.wait_for_inbox("finance", 1).at("notices").size() == 1);

        // The answer's limit runs from signing for it: at the latest from when that was due.
        const Lines before{"finance receipt running", "finance ebill_check_result not_started"};
        CHECK(due_for(sandbox, "finance") == before);
        CHECK(due_for(sandbox, "hsa") == before);
        CHECK(due_for(sandbox, "hsa", "--unit finance") == before);
        CHECK(due_for(sandbox, "hsa", "--unit hsa").empty());
        CHECK(due_for(sandbox, "office", "--unit finance") == before);
        CHECK(due_for(sandbox, "finance", "--overdue").empty());
        CHECK(due_for(sandbox, "police").empty());
        CHECK(due_for(sandbox, "police", "--unit finance").empty());

        CHECK(sandbox.as("finance", "sign-for " + request).exit_code == 0);
        const Lines signed_for{"finance ebill_check_result running"};
        CHECK(due_for(sandbox, "finance") == signed_for);

        const auto results = sandbox.write("results.json", kDueResults);
        const std::string answer = sandbox.send_endorsed(
            "finance",
            "reply " + request + " --kind ebill_check_result --fields " + results.string(),
            {"issuer"});
        REQUIRE(sandbox.wait_for_inbox("hsa", 1).at("notices").size() == 1);
        // What is owed now is the receipt of the answer.
        const Lines answered{"hsa receipt running"};
        CHECK(due_for(sandbox, "finance") == answered);
        CHECK(due_for(sandbox, "hsa") == answered);
        CHECK(sandbox.as("hsa", "sign-for " + answer).exit_code == 0);
        CHECK(due_for(sandbox, "hsa").empty());
        CHECK(sandbox.as("hsa", "due").output.find("Nothing") != std::string::npos);

        const CommandResult audit =
            sandbox.tongbao("audit verify --sandbox " + (sandbox.folder() / "s").string());
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("what its sender closes is due no more and its recipient reads why") {
        const LiveSandbox sandbox("jilin");
        const auto bills = sandbox.write("bills.json", kDueBills);
        const std::string request = sandbox.send_endorsed(
            "hsa", "send --kind ebill_check_request --fields " + bills.string(), {"issuer"});
        REQUIRE(sandbox.wait_for_inbox("finance", 1).at("notices").size() == 1);
        CHECK(sandbox.as("finance", "sign-for " + request).exit_code == 0);
        CHECK(due_for(sandbox, "finance") == Lines{"finance ebill_check_result running"});

        // Whose notice it is not can't.
        for (const char* const unit : {"finance", "office"}) {
            CHECK(
                sandbox.as(unit, "close " + request + " --unit finance --reason 误发").exit_code ==
                1);
        }
        CHECK(sandbox.as("hsa", "close " + request + " --unit police --reason 误发").exit_code ==
              1);
        must_do(sandbox, "hsa", "close " + request + " --reason 已在联席会议上当面核对");
        for (const char* const unit : {"finance", "hsa", "office"}) {
            CHECK(due_for(sandbox, unit).empty());
        }
        // Once.
        CHECK(sandbox.as("hsa", "close " + request + " --reason 误发").exit_code == 1);

        const auto state = [&] {
            return sandbox.json_as("finance", "show " + request).at("state").dump();
        };
        wait_until("finance reads it",
                   [&] { return state() == R"(["delivered","signed_for","closed_by_sender"])"; });
        const Json acts = sandbox.json_as("finance", "show " + request).at("acts");
        REQUIRE(acts.size() == 1);
        CHECK(acts.at(0).at("act") == "closed_by_sender");
        CHECK(acts.at(0).at("reason") == "已在联席会议上当面核对");
        for (const char* const unit : {"finance", "hsa"}) {
            CHECK(trail_of(sandbox, unit, request) ==
                  Lines{"logged", "delivered", "signed_for", "closed_by_sender"});
        }
        const Json trail = sandbox.json_as("hsa", "trail " + request);
        CHECK(trail.at("events").back().at("unit") == "finance");
        // Late, it is taken note of, and nothing more.
        const auto results = sandbox.write("results.json", kDueResults);
        static_cast<void>(sandbox.send_endorsed(
            "finance",
            "reply " + request + " --kind ebill_check_result --fields " + results.string(),
            {"issuer"}));
        CHECK(trail_of(sandbox, "hsa", request).back() == "closed_by_sender");

        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        CHECK(audit.output.find("当面核对") == std::string::npos);
    }
}
