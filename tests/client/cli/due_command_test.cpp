#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

/// A receipt of police, due on that day of October 2020 at 24:00.
std::string october_clock(const std::string& day, const std::string& more = "") {
    return R"({"notice":{"sha256":")" + kAbc + R"(","index":)" + day + R"(},"id":")" + kId +
           R"(","kind":"suspected_crime_transfer","from":"hsa","unit":"police",)"
           R"("purpose":"receipt","status":"running","start":"2020-10-01T01:30:00.000Z",)"
           R"("due":"2020-10-)" +
           day + R"(T16:00:00.000Z","owed":true,"flags":[],"steps":[],"held":true)" + more + '}';
}

std::string due_page_of(const std::string& clocks, const std::string& next = "") {
    return R"({"clocks":[)" + clocks + ']' + (next.empty() ? "" : R"(,"next":")" + next + '"') +
           '}';
}

}  // namespace

TEST_SUITE("tongbao due") {
    TEST_CASE_FIXTURE(DaemonStage, "all pages are one table by limit and the source is said") {
        daemon.answer("GET /v1/due", {200, due_page_of(october_clock("12"), "c2+/=")});
        daemon.answer("GET /v1/due?after=c2%2B%2F%3D", {200, due_page_of(october_clock("10"))});
        const CommandOutcome run = run_with(daemon, {"due"});
        CHECK(run.exit_code == 0);
        const std::size_t first = run.output.find("\n2020-10-10 Sat 24:00  ");
        CHECK(first != std::string::npos);
        CHECK(run.output.find("\n2020-10-12 Mon 24:00  ") > first);
        CHECK(has(run.output, " days over  police   签收 / receipt  10      "));
        CHECK(has(run.messages, "Times are those of Asia/Shanghai."));
        CHECK(has(run.messages, "holds the notices of 2 of these 2"));
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "with json it is the clocks of all pages as the daemon gave them") {
        daemon.answer("GET /v1/due?unit=police", {200, due_page_of(october_clock("12"), "c2")});
        daemon.answer("GET /v1/due?unit=police&after=c2",
                      {200, due_page_of(october_clock("13", R"(,"later":["x"])"))});
        const CommandOutcome run = run_with(daemon, {"due", "--unit", "police", "--json"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output ==
              due_page_of(october_clock("12") + ',' + october_clock("13", R"(,"later":["x"])")) +
                  "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "with csv it is a line of names and a line for each clock") {
        daemon.answer("GET /v1/due", {200, due_page_of(october_clock("12"))});
        const CommandOutcome run = run_with(daemon, {"due", "--csv"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output.starts_with(R"("due","due_day",)"));
        CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 2);
        CHECK(has(run.output,
                  "\r\n\"2020-10-12T16:00:00.000Z\",\"2020-10-12\",\"24:00\",\"Asia/Shanghai\","));
        daemon.answer("GET /v1/due?unit=hsa", {200, due_page_of("")});
        const CommandOutcome none = run_with(daemon, {"due", "--csv", "--unit", "hsa"});
        CHECK(none.exit_code == 0);
        CHECK(std::count(none.output.begin(), none.output.end(), '\n') == 1);
    }

    TEST_CASE_FIXTURE(DaemonStage, "overdue shows only what has gone over a limit") {
        daemon.answer("GET /v1/due",
                      {200, due_page_of(october_clock("12") + ',' +
                                        october_clock("13", R"(,"overdue_since":)"
                                                            R"("2020-10-13T16:00:00.000Z")"))});
        const CommandOutcome run = run_with(daemon, {"due", "--overdue"});
        CHECK(has(run.output, "2020-10-13"));
        CHECK_FALSE(has(run.output, "2020-10-12"));
        daemon.answer("GET /v1/due?unit=police", {200, due_page_of(october_clock("12"))});
        const CommandOutcome none = run_with(daemon, {"due", "--overdue", "--unit", "police"});
        CHECK(none.exit_code == 0);
        CHECK(none.output == "Nothing is overdue of police.\n");
        CHECK(none.messages.empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "of a unit only what it owes is shown") {
        daemon.answer("GET /v1/due?unit=hsa", {200, due_page_of(october_clock("12"))});
        CHECK(run_with(daemon, {"due", "--unit", "hsa"}).output == "Nothing is due of hsa.\n");
        daemon.answer("GET /v1/due?unit=police", {200, due_page_of(october_clock("12"))});
        CHECK(has(run_with(daemon, {"due", "--unit", "police"}).output, "2020-10-12"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "of what a unit sent only what was asked for is shown") {
        const std::string receipt = october_clock("12");
        const std::string reply =
            R"({"notice":{"sha256":")" + kAbc + R"(","index":13},"id":")" + kId +
            R"(","kind":"suspected_crime_transfer","from":"hsa","unit":"police",)"
            R"("purpose":"reply","reply":"police_filing_decision","status":"running",)"
            R"("due":"2020-10-13T16:00:00.000Z","owed":true,"flags":[],"steps":[],"held":true})";
        const std::string owed = R"({"notice":{"sha256":")" + kAbc + R"(","index":14},"id":")" +
                                 kId +
                                 R"(","kind":"meeting_minutes","from":"office",)"
                                 R"("unit":"hsa","purpose":"receipt","status":"running",)"
                                 R"("due":"2020-10-14T16:00:00.000Z","owed":true,"flags":[],)"
                                 R"("steps":[],"held":true})";
        daemon.answer("GET /v1/due?unit=hsa",
                      {200, due_page_of(receipt + ',' + reply + ',' + owed)});
        const auto asked = [this](std::vector<std::string> more) {
            more.insert(more.begin(), {"due", "--json", "--from", "hsa"});
            return run_with(daemon, more).output;
        };
        CHECK(asked({}) == due_page_of(receipt + ',' + reply) + "\n");
        CHECK(asked({"--only", "receipt"}) == due_page_of(receipt) + "\n");
        CHECK(asked({"--only", "reply"}) == due_page_of(reply) + "\n");
        CHECK(asked({"--kind", "suspected_crime_transfer"}) ==
              due_page_of(receipt + ',' + reply) + "\n");
        CHECK(asked({"--kind", "meeting_minutes"}) == due_page_of("") + "\n");
        CHECK(asked({"--reply", "police_filing_decision"}) == due_page_of(reply) + "\n");
        CHECK(asked({"--reply", "credit_publication"}) == due_page_of("") + "\n");
        daemon.answer("GET /v1/due?unit=health", {200, due_page_of("")});
        CHECK(run_with(daemon, {"due", "--from", "hsa", "--unit", "health", "--only", "receipt",
                                "--kind", "meeting_minutes"})
                  .output == "No receipt is due of health for meeting_minutes from hsa.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "of what has a flag nothing else is shown") {
        std::string extended = october_clock("13");
        const std::string none = R"("flags":[])";
        REQUIRE(has(extended, none));
        extended.replace(extended.find(none), none.size(), R"("flags":["overdue","extended"])");
        const std::string plain = october_clock("12");
        daemon.answer("GET /v1/due", {200, due_page_of(plain + ',' + extended)});
        CHECK(run_with(daemon, {"due", "--json", "--flag", "extended"}).output ==
              due_page_of(extended) + "\n");
        CHECK(run_with(daemon, {"due", "--flag", "urged"}).output ==
              "Nothing is due with the flag urged.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "a span in days asks until 24:00 in the charter's zone") {
        static_cast<void>(run_with(daemon, {"due", "--within", "3d", "--unit", "police"}));
        const std::string asked = daemon.seen().back().target;
        CHECK(asked.starts_with("/v1/due?unit=police&until=2"));
        CHECK(asked.ends_with("T16%3A00%3A00.000Z"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a span in working days of a year without calendar is refused") {
        const tongbao::testing::TestDirectory folder("due-command-calendar");
        std::filesystem::create_directories(folder.path() / "cn-state-council");
        std::filesystem::copy(
            tongbao::testing::source_dir() + "/domain/calendars/cn-state-council/2020.json",
            folder.path() / "cn-state-council/2020.json");
        const std::string calendar = (folder.path() / "cn-state-council").string();
        const CommandOutcome run =
            run_with(daemon, {"due", "--within", "1wd", "--calendar", calendar});
        CHECK(run.exit_code == 1);
        CHECK(run.output.empty());
        CHECK(has(run.messages, "calendar_missing  cn-state-council  nothing is published of"));
        CHECK(has(run.messages, "tongbao explain calendar_missing"));
        const CommandOutcome nowhere =
            run_with(daemon, {"due", "--within", "3d", "--calendar", "/nowhere"});
        CHECK(nowhere.exit_code == 2);
        CHECK(has(nowhere.messages, "/nowhere"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "wrong arguments end with 2 and nothing is asked of the hub") {
        const std::vector<std::vector<std::string>> all{
            {"--within", "5xx"},
            {"--within", "0wd"},
            {"--within", "99999999999999999999wd"},
            {"--within", "10000d"},
            {"--within=-1d"},
            {"--within="},
            {"--within"},
            {"--unit", "nobody"},
            {"--unit", "police\x1B[2J"},
            {"--unit", "../status"},
            {"--from", "nobody"},
            {"--kind", "nothing"},
            {"--reply", "nothing"},
            {"--flag", "extend"},
            {"--only", "receipts"},
            {"--csv", "--json"},
            {"--until", "2020-10-09"},
            {"12"},
        };
        for (std::vector<std::string> arguments : all) {
            CAPTURE(arguments.front());
            arguments.insert(arguments.begin(), "due");
            const CommandOutcome run = run_with(daemon, arguments);
            CHECK(run.exit_code == 2);
            CHECK(run.output.empty());
            CHECK_FALSE(run.messages.empty());
            CHECK_FALSE(has(run.messages, "\x1B"));
        }
        for (const SeenRequest& seen : daemon.seen()) CHECK(seen.target == "/v1/charter");
        CHECK(has(run_with(daemon, {"due", "--unit", "nobody"}).messages, "it has: hsa, police, "));
    }

    TEST_CASE_FIXTURE(DaemonStage, "each refusal of the daemon has its exit code and its words") {
        struct Refusal {
            unsigned status;
            Errc code;
            const char* place;
            int exit_code;
        };
        const std::vector<Refusal> all{
            {503, Errc::hub_unavailable, "connection_failed", 3},
            {400, Errc::unsupported_version, "", 4},
            {400, Errc::protocol_violation, "clocks[0].due", 4},
            {500, Errc::entry_mismatch, "clocks[0].notice.sha256", 1},
        };
        for (const Refusal& each : all) {
            daemon.answer("GET /v1/due?unit=hsa",
                          {each.status, protocol::write_problem(
                                            each.code, {{each.code, each.place, "the cure"}})});
        }
        for (const Refusal& each : all) {
            CAPTURE(each.place);
            const CommandOutcome run = run_with(daemon, {"due", "--unit", "hsa"});
            CHECK(run.exit_code == each.exit_code);
            CHECK(run.output.empty());
            CHECK(has(run.messages, std::string(code(each.code)) + "  "));
            CHECK(has(run.messages, "  the cure"));
        }
    }

    TEST_CASE_FIXTURE(DaemonStage, "a list without an end is given up") {
        daemon.answer("GET /v1/due", {200, due_page_of("", "a")});
        daemon.answer("GET /v1/due?after=a", {200, due_page_of("", "a")});
        const CommandOutcome run = run_with(daemon, {"due"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "--within or --unit"));
        CHECK(daemon.seen().size() == 401);  // the charter and 400 pages
    }
}
