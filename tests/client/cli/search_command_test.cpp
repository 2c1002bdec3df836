#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

// 44009918000101002X: no county is 440099, nobody was born in 1800.
const std::string kSearchedId = "44009918000101002X";

std::string found_at(const std::string& index, const std::string& where,
                     const std::string& more = "") {
    return R"({"index":)" + index + R"(,"id":")" + kId +
           R"(","kind":"suspected_crime_transfer","from":"hsa","title":"标题")" + more +
           R"(,"where":[)" + where + "]}";
}

std::string found_page(const std::string& notices, const std::string& next = "") {
    return R"({"notices":[)" + notices + ']' + (next.empty() ? "" : R"(,"next":)" + next) + '}';
}

const std::string kReceived = R"(,"received_at":"2020-10-13T01:30:00.000Z")";
const std::string kName = R"({"field":"fields.subjects.subject_name","value":"甲某"})";
const std::string kMaskedId =
    R"({"field":"fields.subjects.subject_id_no","value":"440099********002X","masked":true})";
const std::string kFirstPage = "GET /v1/search?q=%E7%94%B2%E6%9F%90&limit=100";

}  // namespace

TEST_SUITE("tongbao search") {
    TEST_CASE_FIXTURE(DaemonStage, "what was found is a table that says where it matched") {
        daemon.answer(kFirstPage,
                      {200, found_page(found_at("12", kName + ',' + kMaskedId, kReceived))});
        const CommandOutcome run = run_with(daemon, {"search", "甲某"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.starts_with("index  at "));
        CHECK(has(run.output, "12     2020-10-13T01:30:00.000Z  inbox  hsa "));
        CHECK(has(run.output,
                  "fields.subjects.subject_name: 甲某; fields.subjects.subject_id_no: "
                  "440099********002X"));
        CHECK(has(run.messages, "--unmask shows them whole"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what was found by nobody is said and is no failure") {
        daemon.answer(kFirstPage, {200, found_page("")});
        const CommandOutcome run = run_with(daemon, {"search", "甲某"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "Nothing was found.\n");
        CHECK(run.messages.empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "pages are asked for until the limit is reached") {
        daemon.answer("GET /v1/search?q=a&limit=3",
                      {200, found_page(found_at("12", kName) + ',' + found_at("9", kName), "9")});
        // A page may be empty and still have a next one.
        daemon.answer("GET /v1/search?q=a&limit=1&before=9", {200, found_page("", "5")});
        daemon.answer("GET /v1/search?q=a&limit=1&before=5",
                      {200, found_page(found_at("4", kName), "4")});
        const CommandOutcome run = run_with(daemon, {"search", "a", "--limit", "3", "--json"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == found_page(found_at("12", kName) + ',' + found_at("9", kName) + ',' +
                                           found_at("4", kName),
                                       "4") +
                                "\n");
        CHECK(has(run_with(daemon, {"search", "a", "--limit", "3"}).messages,
                  "There may be more below index 4"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "options become parameters and days are the charter's zone's") {
        // Asia/Shanghai is eight hours ahead of UTC.
        daemon.answer(
            "GET /v1/search?q=a%20b&kind=suspected_crime_transfer&from=hsa&"
            "case=440100202000007&since=2020-10-12T16%3A00%3A00.000Z&"
            "until=2020-10-13T15%3A59%3A59.999Z&unmask=true&limit=100",
            {200, found_page("")});
        const CommandOutcome run =
            run_with(daemon, {"search", "a b", "--kind", "suspected_crime_transfer", "--from",
                              "hsa", "--case", "440100202000007", "--since", "2020-10-13",
                              "--until", "2020-10-13", "--unmask"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "Nothing was found.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "with csv it is a line for each value that matched") {
        daemon.answer(kFirstPage,
                      {200, found_page(found_at("12", kName + ',' + kMaskedId, kReceived))});
        const CommandOutcome run = run_with(daemon, {"search", "甲某", "--csv"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.starts_with(R"("index","id","received_at",)"));
        CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 3);
        CHECK(has(run.output, R"("fields.subjects.subject_id_no","440099********002X","yes")"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "how the unit holds a notice is told by its time") {
        daemon.answer(
            kFirstPage,
            {200,
             found_page(found_at("12", kName, R"(,"logged_at":"2020-10-13T01:30:00.000Z")") + ',' +
                        found_at("9", kName, R"(,"sent_at":"2020-10-12T01:30:00.000Z")"))});
        const CommandOutcome run = run_with(daemon, {"search", "甲某"});
        CHECK(has(run.output, "12     2020-10-13T01:30:00.000Z  kept "));
        CHECK(has(run.output, "9      2020-10-12T01:30:00.000Z  sent "));
    }

    TEST_CASE_FIXTURE(DaemonStage, "that the daemon has not read everything yet is said") {
        daemon.answer(kFirstPage, {200, R"({"notices":[],"catching_up":true})"});
        const CommandOutcome run = run_with(daemon, {"search", "甲某"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.messages, "there may be more to find"));
        CHECK(run_with(daemon, {"search", "甲某", "--json"}).output ==
              "{\"notices\":[],\"catching_up\":true}\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "an index that can't be kept is told by the status") {
        daemon.answer("GET /v1/status",
                      {200, R"({"search":{"state":"failed","fault":"x\u001b"}})"});
        daemon.answer("GET /v1/status", {200, R"({"search":{"state":"current"}})"});
        CHECK(has(run_with(daemon, {"status"}).output,
                  "SEARCH       finds nothing new at present: x\\u{1B}\n"));
        CHECK_FALSE(has(run_with(daemon, {"status"}).output, "SEARCH"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "wrong arguments are exit code 2") {
        for (const std::vector<std::string>& arguments :
             std::vector<std::vector<std::string>>{{"search"},
                                                   {"search", "a", "--limit", "0"},
                                                   {"search", "a", "--limit", "1001"},
                                                   {"search", "a", "--since", "yesterday"},
                                                   {"search", "a", "--until", "2020-02-30"},
                                                   {"search", "a", "--csv", "--json"}}) {
            CAPTURE(arguments.back());
            CHECK(run_with(daemon, arguments).exit_code == 2);
        }
    }
}

TEST_SUITE("masks of commands") {
    TEST_CASE_FIXTURE(DaemonStage, "no command shows whole what the charter masks unless asked") {
        const std::string notice =
            R"({"format":"tongbao/notice/v1","id":")" + kId +
            R"(","nonce":"AAECAwQFBgcICQoLDA0ODw==","charter":{"id":"guangdong-2020","version":1},)"
            R"("kind":"suspected_crime_transfer","from":"hsa",)"
            R"("to":["police"],"issued_at":"2024-05-06T07:08:09.000Z","title":"标题",)"
            R"("secrecy":"内部","urgency":"平件","fields":{"subjects":[{"subject_id_no":")" +
            kSearchedId + R"("}]},"attachments":[]})";
        const std::string shown = R"({"box":"inbox","index":12,"sha256":")" + kAbc +
                                  R"(","state":["delivered"],"notice":)" + notice + "}";
        const std::string whole =
            R"({"field":"fields.subjects.subject_id_no","value":")" + kSearchedId + R"("})";
        daemon.answer("GET /v1/notices/12", {200, shown});
        daemon.answer("GET /v1/notices/12?unmask=true", {200, shown});
        daemon.answer("GET /v1/search?q=002X&limit=100",
                      {200, found_page(found_at("12", kMaskedId, kReceived))});
        daemon.answer("GET /v1/search?q=002X&unmask=true&limit=100",
                      {200, found_page(found_at("12", whole, kReceived))});
        for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
                 {"show", "12"}, {"search", "002X"}, {"search", "002X", "--csv"}}) {
            CAPTURE(command.front());
            const CommandOutcome masked = run_with(daemon, command);
            CHECK(masked.exit_code == 0);
            CHECK(has(masked.output, "440099********002X"));
            CHECK_FALSE(has(masked.output + masked.messages, kSearchedId));
            std::vector<std::string> unmasking = command;
            unmasking.emplace_back("--unmask");
            const CommandOutcome whole_run = run_with(daemon, unmasking);
            CHECK(whole_run.exit_code == 0);
            CHECK(has(whole_run.output, kSearchedId));
            // The daemon is told, so that its log has it.
            CHECK(has(daemon.seen().back().target + daemon.seen()[daemon.seen().size() - 2].target,
                      "unmask=true"));
        }
    }
}
