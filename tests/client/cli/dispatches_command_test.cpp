#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

/// An item of police's transfer to the procuratorate, logged on that day of October 2020 at 08:30.
std::string october_item(const std::string& day, const std::string& state,
                         const std::string& acts = "", const std::string& from = "police") {
    return R"({"notice":{"sha256":")" + kAbc + R"(","index":)" + day + R"(},"id":")" + kId +
           R"(","title":"移送起诉","kind":"prosecution_transfer","from":")" + from +
           R"(","case":"440000202000001","unit":"procuratorate","state":")" + state +
           R"(","since":"2020-10-)" + day + R"(T00:30:00.000Z","acts":[)" + acts + "]}";
}

std::string said(const std::string& index, const std::string& more = "") {
    return R"({"index":)" + index +
           R"(,"time":"2020-10-13T01:00:00.000Z","method":"当面送交",)"
           R"("at":"2020-10-13T08:50+08:00")" +
           more + '}';
}

std::string register_page(const std::string& items, const std::string& next = "") {
    return R"({"dispatches":[)" + items + ']' + (next.empty() ? "" : R"(,"next":")" + next + '"') +
           '}';
}

const std::string kOpen = october_item("12", "open");
const std::string kBare = october_item("13", "registered", said("20", R"(,"number":"测函1号")"));
const std::string kProved = october_item(
    "14", "evidenced", said("21") + ',' + said("22", R"(,"evidence":")" + kAbc + '"'), "hsa");

}  // namespace

TEST_SUITE("tongbao dispatches") {
    TEST_CASE_FIXTURE(DaemonStage, "all pages are one table with what was said of each") {
        daemon.answer("GET /v1/dispatches", {200, register_page(kOpen, "open:a:1:b")});
        daemon.answer("GET /v1/dispatches?after=open%3Aa%3A1%3Ab",
                      {200, register_page(kBare + ',' + kProved)});
        const CommandOutcome run = run_with(daemon, {"dispatches"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "待登记 / open"));
        CHECK(has(run.output, "2020-10-12 08:30"));
        CHECK(has(run.output, "已登记，缺凭证 / registered"));
        CHECK(has(run.output, "当面送交  测函1号  2020-10-13T08:50+08:00"));
        CHECK(has(run.output, kAbc.substr(0, 16)));
        CHECK(has(run.messages, "in Asia/Shanghai"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "one state is asked of the daemon and two are found among all") {
        daemon.answer("GET /v1/dispatches?state=open", {200, register_page(kOpen)});
        daemon.answer("GET /v1/dispatches?state=registered", {200, register_page(kBare)});
        daemon.answer("GET /v1/dispatches",
                      {200, register_page(kOpen + ',' + kBare + ',' + kProved)});
        const auto shown = [this](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(), "dispatches");
            arguments.emplace_back("--json");
            const CommandOutcome run = run_with(daemon, arguments);
            CHECK(run.exit_code == 0);
            return run.output;
        };
        CHECK(shown({"--open"}) == register_page(kOpen) + "\n");
        CHECK(shown({"--without-evidence"}) == register_page(kBare) + "\n");
        CHECK(shown({"--open", "--without-evidence"}) == register_page(kOpen + ',' + kBare) + "\n");
        CHECK(shown({"--from", "hsa"}) == register_page(kProved) + "\n");
        CHECK(shown({"--to", "nhsa"}) == register_page("") + "\n");
        CHECK(shown({"--since", "2020-10-13", "--until", "2020-10-13"}) ==
              register_page(kBare) + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "with csv it is a line of names and a line for each item") {
        daemon.answer("GET /v1/dispatches", {200, register_page(kOpen + ',' + kProved)});
        const CommandOutcome run = run_with(daemon, {"dispatches", "--csv"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output.starts_with(R"("state","state_zh","notice",)"));
        CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 3);
        CHECK(has(run.output, R"("2020-10-12","08:30","Asia/Shanghai","","","","","","")"));
        CHECK(has(run.output,
                  R"("当面送交","","2020-10-13T08:50+08:00",")" + kAbc + R"(","21, 22",)"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "nothing there is said in words and is no fault") {
        daemon.answer("GET /v1/dispatches?state=open", {200, register_page("")});
        const CommandOutcome run = run_with(daemon, {"dispatches", "--open"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "Nothing of this is in the register.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "the status counts what is to be chased while there is some") {
        for (const char* const dispatches :
             {R"("dispatches":{"open":2,"without_evidence":1},)",
              R"("dispatches":{"open":0,"without_evidence":0},)", ""}) {
            daemon.answer("GET /v1/status", {200, std::string(R"({"unit":"police","alarm":"",)") +
                                                      dispatches + R"("certificates":[]})"});
        }
        CHECK(has(run_with(daemon, {"status"}).output,
                  "dispatches   2 not registered, 1 without evidence: see `tongbao dispatches"));
        CHECK_FALSE(has(run_with(daemon, {"status"}).output, "dispatches"));
        CHECK_FALSE(has(run_with(daemon, {"status"}).output, "dispatches"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "wrong arguments are told before anything is asked") {
        for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
                 {"--from", "nobody"},
                 {"--to", "nobody"},
                 {"--since", "yesterday"},
                 {"--since", "2020-10-13", "--until", "2020-10-12"},
                 {"--csv", "--json"}}) {
            CAPTURE(arguments.front());
            std::vector<std::string> all{"dispatches"};
            all.insert(all.end(), arguments.begin(), arguments.end());
            CHECK(run_with(daemon, all).exit_code == 2);
        }
    }
}
