#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

/// A case of that serial number.
std::string listed_case(int serial) {
    return R"({"case":"44000020200000)" + std::to_string(serial) +
           R"(","title":"某案","state":"handling","opened_at":"2020-11-01T16:00:00.000Z",)"
           R"("opened_by":"hsa","flags":[],"tracks":[{"id":"criminal","unit":"police",)"
           R"("state":"investigating","since":"2020-11-02T01:00:00.000Z","open":true}],)"
           R"("money":{"involved":100},"updated_at":"2020-11-02T01:00:00.000Z"})";
}

std::string case_page(const std::string& cases, const std::string& next = "") {
    return R"({"cases":[)" + cases + ']' + (next.empty() ? "" : R"(,"next":")" + next + '"') + '}';
}

constexpr const char* kCaseFile =
    R"({"case":"440000202000001","charter":"guangdong-2020","state":"handling",)"
    R"("flags":{"major":false},"tracks":[],"masked":true,"later":[1]})";

}  // namespace

TEST_SUITE("tongbao case list") {
    TEST_CASE_FIXTURE(DaemonStage, "cases of all pages are one table and the zone is said") {
        daemon.answer("GET /v1/cases?state=handling&limit=1000",
                      {200, case_page(listed_case(1), "440000202000001")});
        daemon.answer("GET /v1/cases?state=handling&limit=1000&after=440000202000001",
                      {200, case_page(listed_case(2))});
        const CommandOutcome run = run_with(daemon, {"case", "list", "--state", "handling"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output,
                  "\n440000202000001  handling  2020-11-02  hsa  某案   "
                  "criminal: investigating  involved 1.00\n440000202000002  "));
        CHECK(run.messages == "Times are those of Asia/Shanghai.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "with json it is the cases of all pages as the daemon gave them") {
        daemon.answer("GET /v1/cases?limit=1000", {200, case_page(listed_case(1), "a")});
        daemon.answer("GET /v1/cases?limit=1000&after=a",
                      {200, case_page(R"({"case":"x","later":[1]})")});
        const CommandOutcome run = run_with(daemon, {"case", "list", "--json"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output == case_page(listed_case(1) + R"(,{"case":"x","later":[1]})") + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "with csv it is a line of names and a line for each case") {
        daemon.answer("GET /v1/cases?question=one_track&limit=1000",
                      {200, case_page(listed_case(1))});
        const CommandOutcome run = run_with(daemon, {"case", "list", "--one-track", "--csv"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output.starts_with(R"("case","state",)"));
        CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 2);
    }

    TEST_CASE_FIXTURE(DaemonStage, "no case is no failure") {
        daemon.answer("GET /v1/cases?major=true&limit=1000", {200, case_page("")});
        const CommandOutcome run = run_with(daemon, {"case", "list", "--major"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "No such case.\n");
        CHECK(run.messages.empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "a limit ends the list and says that there are more") {
        daemon.answer("GET /v1/cases?limit=2",
                      {200, case_page(listed_case(1) + ',' + listed_case(2), "b")});
        const CommandOutcome run = run_with(daemon, {"case", "list", "--limit", "2"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "440000202000002"));
        CHECK(has(run.messages, "There are more: these are the first 2.\n"));
        CHECK(daemon.seen().back().target == "/v1/cases?limit=2");
        daemon.answer("GET /v1/cases?limit=1",
                      {200, case_page(listed_case(1) + ',' + listed_case(2))});
        const CommandOutcome cut = run_with(daemon, {"case", "list", "--limit", "1", "--json"});
        CHECK(cut.output == case_page(listed_case(1)) + "\n");
        CHECK(has(cut.messages, "There are more: these are the first 1.\n"));
        daemon.answer("GET /v1/cases?limit=1000", {200, case_page(listed_case(1))});
        const CommandOutcome whole = run_with(daemon, {"case", "list", "--limit", "5000", "--csv"});
        CHECK(whole.exit_code == 0);
        CHECK(whole.messages.empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "a list of cases without an end is given up") {
        daemon.answer("GET /v1/cases?limit=1000", {200, case_page("", "a")});
        daemon.answer("GET /v1/cases?limit=1000&after=a", {200, case_page("", "a")});
        const CommandOutcome run = run_with(daemon, {"case", "list"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "--state or --limit"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "wrong arguments end with 2 and no case is asked for") {
        const std::vector<std::vector<std::string>> all{
            {"list", "--state", "closed"},
            {"list", "--unit", "../status"},
            {"list", "--opened-by", "nobody"},
            {"list", "--track", "finance"},
            {"list", "--division", "abc"},
            {"list", "--limit", "0"},
            {"list", "--limit=-1"},
            {"list", "--csv", "--json"},
            {"list", "--one-track", "--repeat"},
            {"list", "--fine-without-transfer"},
            {"list", "--exposure-ready"},
            {"list", "--threshold", "5"},
            {"list", "440000202000001"},
            {"show"},
            {"show", "12"},
            {"show", "44000020200001"},
            {"show", "440000202000001/trail"},
            {"show", "../../../../x"},
            {"show", "440000202000001", "--csv", "--json"},
            {"totals", "--quarter", "Q3"},
            {"totals", "--from", "yesterday"},
            {"totals", "--unit", "nobody"},
            {"totals", "--csv", "--json"},
            {},
        };
        for (std::vector<std::string> arguments : all) {
            CAPTURE(arguments);
            arguments.insert(arguments.begin(), "case");
            const CommandOutcome run = run_with(daemon, arguments);
            CHECK(run.exit_code == 2);
            CHECK(run.output.empty());
            CHECK_FALSE(run.messages.empty());
        }
        for (const SeenRequest& seen : daemon.seen()) CHECK(seen.target == "/v1/charter");
    }
}

TEST_SUITE("tongbao case show") {
    TEST_CASE_FIXTURE(DaemonStage, "a case is shown with what is masked and how to see it whole") {
        daemon.answer("GET /v1/cases/440000202000001", {200, kCaseFile});
        const CommandOutcome run = run_with(daemon, {"case", "show", "440000202000001"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.starts_with("case         440000202000001\nstate        handling 办理中"));
        CHECK(has(run.messages, "Times are those of Asia/Shanghai."));
        CHECK(has(run.messages, "--unmask shows them whole"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "unmasked it is asked for whole") {
        daemon.answer(
            "GET /v1/cases/440000202000001?unmask=true",
            {200, R"({"case":"440000202000001","state":"handling","masked":false,"facts":[{)"
                  R"("attribute":"subjects","value":[{"subject_id_no":"440106199001014512"}],)"
                  R"("said_by":{"kind":"suspected_crime_transfer","sender":"hsa"}}]})"});
        const CommandOutcome run =
            run_with(daemon, {"case", "show", "440000202000001", "--unmask"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages == "Times are those of Asia/Shanghai.\n");
        CHECK(has(run.output, "440106199001014512"));
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "with json a case is what the daemon says and with csv its entries") {
        daemon.answer("GET /v1/cases/440000202000001", {200, kCaseFile});
        const CommandOutcome json = run_with(daemon, {"case", "show", "440000202000001", "--json"});
        CHECK(json.output == std::string(kCaseFile) + "\n");
        const CommandOutcome csv = run_with(daemon, {"case", "show", "440000202000001", "--csv"});
        CHECK(csv.output.starts_with(R"("case","entry",)"));
        CHECK(std::count(csv.output.begin(), csv.output.end(), '\n') == 1);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a case that is not there is exit code 1 with its code") {
        daemon.answer("GET /v1/cases/440000202099999",
                      {404, protocol::write_problem(Errc::no_such_case, {})});
        const CommandOutcome run = run_with(daemon, {"case", "show", "440000202099999"});
        CHECK(run.exit_code == 1);
        CHECK(run.output.empty());
        CHECK(has(run.messages, "no_such_case"));
    }
}

TEST_SUITE("tongbao case totals") {
    TEST_CASE_FIXTURE(DaemonStage, "a quarter's totals are asked for in the charter's time zone") {
        const std::string target =
            "/v1/ledger/totals?from=2026-06-30T16%3A00%3A00.000Z"
            "&until=2026-09-30T16%3A00%3A00.000Z&division=440000";
        const std::string totals =
            R"({"money":{"involved":100},"cases":3,"opened":2,"concluded":1})";
        daemon.answer("GET " + target, {200, totals});
        const std::vector<std::string> asked{"case",    "totals",     "--quarter",
                                             "2026-Q3", "--division", "440000"};
        const CommandOutcome run = run_with(daemon, asked);
        CHECK(run.exit_code == 0);
        CHECK(
            run.output.starts_with("from       2026-07-01 00:00\nuntil      2026-09-30 24:00\n"
                                   "division   440000\n"));
        CHECK(has(run.output, "  1.00\n"));
        CHECK(has(run.output, "\nconcluded  1\n"));
        std::vector<std::string> json = asked;
        json.emplace_back("--json");
        CHECK(run_with(daemon, json).output == totals + "\n");
        std::vector<std::string> csv = asked;
        csv.emplace_back("--csv");
        CHECK(run_with(daemon, csv).output.starts_with(R"("from_day",)"));
    }
}
