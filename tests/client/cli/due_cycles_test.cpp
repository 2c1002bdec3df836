#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

std::string duty(const std::string& unit, const std::string& state, const std::string& more = "") {
    return R"({"cycle":"member_data","kind":"work_info_submission","period":"2020-Q3","unit":")" +
           unit + R"(","state":")" + state + '"' + more + '}';
}

const std::string kDue = R"(,"due":"2020-10-10T16:00:00.000Z")";

std::string handed_in_at(const std::string& index) {
    return R"(,"handed_in":{"notice":{"sha256":")" + kAbc + R"(","index":)" + index +
           R"(},"id":")" + kId + R"(","logged":"2020-10-09T02:00:00.000Z"})";
}

std::string duty_list(const std::string& duties, const std::string& more = "") {
    return R"({"adopted":"2020-06-12T02:00:00.000Z","duties":[)" + duties + ']' + more + '}';
}

const std::string kThree = duty("hsa", "handed_in", kDue + handed_in_at("7")) + ',' +
                           duty("police", "overdue", kDue) + ',' +
                           duty("audit", "missing", R"(,"fault":{"code":"calendar_missing"})");

}  // namespace

TEST_SUITE("tongbao due --cycles") {
    TEST_CASE_FIXTURE(DaemonStage, "who handed in and who did not is a table") {
        daemon.answer("GET /v1/cycles", {200, duty_list(kThree)});
        const CommandOutcome run = run_with(daemon, {"due", "--cycles"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output,
                  "member_data  2020-Q3  hsa     2020-10-10 Sat 24:00               "
                  "已报送 / handed_in  7       2020-10-09 10:00\n"));
        CHECK(has(run.output, "police  2020-10-10 Sat 24:00               逾期未报 / overdue\n"));
        CHECK(has(run.output, "audit   limit not known: calendar_missing  未报送 / missing\n"));
        CHECK(has(run.messages, "Times are those of Asia/Shanghai"));
        CHECK(has(run.messages, "before the charter was adopted, on 2020-06-12."));
        CHECK_FALSE(has(run.messages, "still reads"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "one period, one unit and what is missing are asked for") {
        daemon.answer("GET /v1/cycles?period=2020-Q3", {200, duty_list(kThree)});
        const auto json = [this](std::vector<std::string> more) {
            more.insert(more.begin(), {"due", "--cycles", "--period", "2020-Q3", "--json"});
            return run_with(daemon, more).output;
        };
        CHECK(json({}) == duty_list(kThree) + "\n");
        CHECK(json({"--unit", "police"}) == duty_list(duty("police", "overdue", kDue)) + "\n");
        CHECK(json({"--missing"}) == duty_list(kThree.substr(kThree.find("},{") + 2)) + "\n");
        CHECK(json({"--missing", "--unit", "hsa"}) == duty_list("") + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "with csv it is a line of names and a line for each duty") {
        daemon.answer("GET /v1/cycles", {200, duty_list(kThree)});
        const CommandOutcome run = run_with(daemon, {"due", "--cycles", "--csv"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.starts_with(R"("cycle","kind",)"));
        CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 4);
        CHECK(has(run.output, R"("2020-10-10","24:00","Asia/Shanghai")"));
        CHECK(has(run.output, R"("handed_in","已报送","7",)"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "that nothing is owed is said, and why it may be so") {
        daemon.answer("GET /v1/cycles", {200, duty_list("", R"(,"catching_up":true)")});
        const CommandOutcome run = run_with(daemon, {"due", "--cycles"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "Nothing has to be handed in.\n");
        CHECK(has(run.messages, "The daemon still reads what it holds"));
        CHECK(run_with(daemon, {"due", "--cycles", "--missing"}).output == "Nothing is missing.\n");
        daemon.answer("GET /v1/cycles?period=2020", {200, R"({"duties":[]})"});
        CHECK(has(run_with(daemon, {"due", "--cycles", "--period", "2020"}).messages,
                  "does not know yet when the charter was adopted"));
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "arguments of another kind are refused before anything is asked") {
        for (const std::vector<std::string>& wrong :
             std::vector<std::vector<std::string>>{{"due", "--cycles", "--period", "2020-Q5"},
                                                   {"due", "--period", "2020-Q3"},
                                                   {"due", "--missing"},
                                                   {"due", "--cycles", "--overdue"},
                                                   {"due", "--cycles", "--within", "3d"},
                                                   {"due", "--cycles", "--csv", "--json"},
                                                   {"due", "--cycles", "--unit", "nobody"}}) {
            CAPTURE(wrong.back());
            CHECK(run_with(daemon, wrong).exit_code == 2);
        }
        for (const SeenRequest& seen : daemon.seen()) CHECK_FALSE(has(seen.target, "/v1/cycles"));
    }
}
