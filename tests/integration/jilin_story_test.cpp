#include "tests/integration/live_sandbox.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

// Bills that nobody issued.
constexpr const char* kBills = R"({"bill_list": [{"bill_code": "00000000", "bill_no": "0000000001",
    "issued_on": "2026-01-05", "issuer": "合成测试医院", "amount_fen": 123456}]})";
constexpr const char* kResults = R"({"bill_results": [{"bill_code": "00000000",
    "bill_no": "0000000001", "bill_result": "not_found", "remark": "合成数据"}]})";

std::vector<std::string> events_of(const Json& trail) {
    std::vector<std::string> events;
    for (const Json& event : trail.at("events")) events.push_back(event.at("event"));
    return events;
}

}  // namespace

TEST_SUITE("Jilin") {
    TEST_CASE("electronic bills are sent to finance to be verified - and the answer comes back") {
        const LiveSandbox sandbox("jilin");
        const auto bills = sandbox.write("bills.json", kBills);
        const std::string request = sandbox.send_endorsed(
            "hsa", "send --kind ebill_check_request --fields " + bills.string(), {"issuer"});
        const Json arrived = sandbox.wait_for_inbox("finance", 1);
        REQUIRE(arrived.at("notices").size() == 1);
        CHECK(arrived.at("notices").at(0).at("id") == request);

        CHECK(sandbox.as("finance", "sign-for " + request).exit_code == 0);
        // The kind is not one that is taken up, and an act is not done twice.
        CHECK(sandbox.as("finance", "take-up " + request).exit_code == 1);
        CHECK(sandbox.as("finance", "sign-for " + request).exit_code == 1);

        const auto results = sandbox.write("results.json", kResults);
        const std::string answer = sandbox.send_endorsed(
            "finance",
            "reply " + request + " --kind ebill_check_result --fields " + results.string(),
            {"issuer"});
        const Json returned = sandbox.wait_for_inbox("hsa", 1);
        REQUIRE(returned.at("notices").size() == 1);
        CHECK(returned.at("notices").at(0).at("id") == answer);
        CHECK(returned.at("notices").at(0).at("in_reply_to") == request);

        const Json trail = sandbox.json_as("hsa", "trail " + request);
        CHECK(events_of(trail) ==
              std::vector<std::string>{"logged", "delivered", "signed_for", "replied", "closed"});

        // Nobody else's: the same answer as for one that does not exist.
        const CommandResult stranger = sandbox.as("police", "show " + request);
        CHECK(stranger.exit_code == 1);
        CHECK(sandbox.as("police", "inbox --json").output.find(request) == std::string::npos);

        const CommandResult audit =
            sandbox.tongbao("audit verify --sandbox " + (sandbox.folder() / "s").string());
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }
}
