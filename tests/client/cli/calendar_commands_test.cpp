#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace tongbao::client;
using nlohmann::json;
using tongbao::testing::TestDirectory;

namespace {

const std::string kShipped = tongbao::testing::source_dir() + "/domain/calendars/cn-state-council";

/// `tongbao calendar due` with the shipped calendar.
CommandOutcome due(const std::string& from, const std::string& n, const std::string& unit,
                   const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"calendar", "due", "--calendar", kShipped, "--from", from,
                                       "--n",      n,     "--unit",     unit};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tongbao(arguments);
}

/// A folder `cn-state-council` with a copy of 2020 in which `what` is `by`.
std::string broken_folder(const TestDirectory& folder, const std::string& what,
                          const std::string& by) {
    std::filesystem::create_directories(folder.path() / "cn-state-council");
    REQUIRE(folder.run("cp " + kShipped + "/2020.json .").exit_code == 0);
    std::string text = folder.read("2020.json");
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    folder.write("cn-state-council/2020.json", text.replace(at, what.size(), by));
    return (folder.path() / "cn-state-council").string();
}

}  // namespace

TEST_SUITE("tongbao calendar due") {
    TEST_CASE("three days received before the National Day of 2020 end after it") {
        const CommandOutcome rolled = due("2020-09-30", "3", "day", {"--roll"});
        CHECK(rolled.exit_code == 0);
        CHECK(rolled.messages.empty());
        CHECK(rolled.output ==
              "due  2020-10-09 24:00  Asia/Shanghai\n"
              "UTC  2020-10-09T16:00:00.000Z\n");
        CHECK(has(due("2020-09-30", "3", "day").output, "due  2020-10-03 24:00"));
        CHECK(has(due("2020-09-30", "3", "working_day").output, "due  2020-10-12 24:00"));
        CHECK(has(due("2020-01-31", "1", "month").output, "due  2020-02-29 24:00"));
    }

    TEST_CASE("a time that starts a limit counts as its day in the zone") {
        CHECK(has(due("2020-09-30T23:59+08:00", "3", "day").output, "2020-10-03 24:00"));
        CHECK(has(due("2020-09-30T16:00Z", "3", "day").output, "2020-10-04 24:00"));
        CHECK(has(due("2020-09-30T16:00Z", "3", "day", {"--zone", "UTC"}).output,
                  "due  2020-10-03 24:00  UTC\nUTC  2020-10-04T00:00:00.000Z\n"));
    }

    TEST_CASE("hours end at their minute and midnight is 24:00") {
        CHECK(due("2020-09-30T15:30+08:00", "24", "hour").output ==
              "due  2020-10-01 15:30  Asia/Shanghai\n"
              "UTC  2020-10-01T07:30:00.000Z\n");
        CHECK(has(due("2020-09-30T00:00+08:00", "24", "hour").output, "due  2020-09-30 24:00"));
        CHECK(has(due("2020-09-30T09:05:01+08:00", "1", "hour").output, "due  2020-09-30 10:06"));
    }

    TEST_CASE("what was known at a date decides which version counts") {
        CHECK(has(due("2020-01-20", "4", "working_day").output, "due  2020-02-03"));
        CHECK(has(due("2020-01-20", "4", "working_day", {"--known-at", "2020-01-26"}).output,
                  "due  2020-01-31"));
        CHECK(has(due("2020-01-20", "4", "working_day", {"--known-at", "2020-01-27"}).output,
                  "due  2020-02-03"));
    }

    TEST_CASE("with --json the end is data") {
        const json data = json::parse(
            due("2020-01-20", "4", "working_day", {"--known-at", "2020-01-26", "--json"}).output);
        CHECK(data == json{{"due", "2020-01-31T16:00:00.000Z"},
                           {"day", "2020-01-31"},
                           {"time", "24:00"},
                           {"zone", "Asia/Shanghai"},
                           {"calendar", "cn-state-council"},
                           {"known_at", "2020-01-26"}});
        CHECK(json::parse(due("2020-09-30", "3", "day", {"--json"}).output)["known_at"].is_null());
    }

    TEST_CASE("a year that is not published ends with 1 and its code") {
        for (const CommandOutcome& outcome :
             {due("2026-12-31", "1", "working_day"), due("2026-12-31", "1", "day", {"--roll"})}) {
            CHECK(outcome.exit_code == 1);
            CHECK(outcome.output.empty());
            CHECK(has(outcome.messages,
                      "calendar_missing  cn-state-council  nothing is published of the year 2027"));
            CHECK(has(outcome.messages, "tongbao explain calendar_missing"));
        }
        CHECK(due("2026-12-31", "1", "day").exit_code == 0);
        const CommandOutcome early =
            due("2019-12-31", "1", "working_day", {"--known-at", "2019-11-20"});
        CHECK(early.exit_code == 1);
        CHECK(has(early.messages, "2020 by 2019-11-20"));
    }

    TEST_CASE("hours from a date are refused with the cure") {
        const CommandOutcome outcome = due("2020-09-30", "24", "hour");
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "2020-09-30T09:30+08:00"));
    }

    TEST_CASE("wrong arguments end with 2 and say what may stand there") {
        struct Wrong {
            CommandOutcome outcome;
            std::string words;
        };
        const std::vector<Wrong> all{
            {due("30.9.2020", "3", "day"), "--from 2020-09-30"},
            {due("2020-09-31", "3", "day"), "--from 2020-09-30"},
            {due("2020-09-30T09:30", "3", "day"), "offset"},
            {due("2020-09-30", "3", "week"), "hour, day, working_day, month"},
            {due("2020-09-30", "0", "day"), "--n"},
            {due("2020-09-30", "-1", "day"), "--n"},
            {due("2020-09-30", "x", "day"), "--n"},
            {due("2020-09-30", "2147483647", "day"), "take an earlier --from or a smaller --n"},
            {due("2020-09-30", "3", "day", {"--zone", "Asia/Peking"}), "Asia/Shanghai"},
            {due("2020-09-30", "3", "day", {"--zone", "/etc/localtime"}), "Asia/Shanghai"},
            {due("2020-09-30", "3", "day", {"--known-at", "today"}), "--known-at 2020-01-26"},
        };
        for (const Wrong& wrong : all) {
            CAPTURE(wrong.words);
            CAPTURE(wrong.outcome.messages);
            CHECK(wrong.outcome.exit_code == 2);
            CHECK(wrong.outcome.output.empty());
            CHECK(has(wrong.outcome.messages, wrong.words));
        }
        const CommandOutcome nowhere =
            run_tongbao({"calendar", "due", "--from", "2020-09-30", "--n", "3", "--unit", "day",
                         "--calendar", "/nowhere"});
        CHECK(nowhere.exit_code == 2);
        CHECK(has(nowhere.messages, "/nowhere"));
        CHECK(run_tongbao({"calendar", "due"}).exit_code == 2);
        CHECK(run_tongbao({"calendar"}).exit_code == 2);
    }

    TEST_CASE("a calendar with faults counts nothing and names each with its place") {
        const TestDirectory folder("calendar-command-faults");
        const std::string broken = broken_folder(folder, "2020-10-02", "2020-10-01");
        const CommandOutcome outcome =
            run_tongbao({"calendar", "due", "--from", "2020-09-30", "--n", "3", "--unit", "day",
                         "--calendar", broken});
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.output.empty());
        CHECK(has(outcome.messages, broken));
        CHECK(has(outcome.messages, "bad_value  2020.json: versions[0].off_days[20]"));
    }

    TEST_CASE("a calendar bears the name of its folder however that is written") {
        const TestDirectory folder("calendar-command-name");
        const std::string whole = broken_folder(folder, "2020-10-02", "2020-10-02");
        CHECK(run_tongbao({"calendar", "show", "--year", "2020", "--calendar", whole + "/"})
                  .exit_code == 0);
        CHECK(run_tongbao({"calendar", "show", "--year", "2020", "--calendar", whole + "/."})
                  .exit_code == 0);
        std::filesystem::rename(whole, folder.path() / "another");
        const CommandOutcome other =
            run_tongbao({"calendar", "show", "--year", "2020", "--calendar",
                         (folder.path() / "another").string()});
        CHECK(other.exit_code == 1);
        CHECK(has(other.messages, "2020.json: calendar"));
    }
}

TEST_SUITE("tongbao calendar show") {
    CommandOutcome show(const std::string& year, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments{"calendar", "show",   "--calendar",
                                           kShipped,   "--year", year};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_tongbao(arguments);
    }

    TEST_CASE("holidays and make-up days of each version stand in their order") {
        const CommandOutcome outcome = show("2020");
        CHECK(outcome.exit_code == 0);
        CHECK(has(outcome.output,
                  "cn-state-council 2020\n"
                  "\n"
                  "Version 1, published on 2019-11-21\n"
                  "  from        to          is\n"
                  "  2020-01-01  2020-01-01  free\n"
                  "  2020-01-19  2020-01-19  worked\n"
                  "  2020-01-24  2020-01-30  free\n"
                  "  2020-02-01  2020-02-01  worked\n"));
        CHECK(has(outcome.output,
                  "Version 2, published on 2020-01-27\n"
                  "  from        to          is\n"
                  "  2020-01-01  2020-01-01  free\n"
                  "  2020-01-19  2020-01-19  worked\n"
                  "  2020-01-24  2020-02-02  free\n"));
        CHECK(has(show("2026").output, "\nVersion 1\n"));
    }

    TEST_CASE("with --json a year is data as in its file") {
        const json data = json::parse(show("2020", {"--json"}).output);
        const TestDirectory folder("calendar-command-show");
        REQUIRE(folder.run("cp " + kShipped + "/2020.json .").exit_code == 0);
        CHECK(data == json::parse(folder.read("2020.json")));
        CHECK(json::parse(show("2026", {"--json"}).output)["versions"][0]["published"].is_null());
    }

    TEST_CASE("a year that is not published ends with 1 and its code") {
        const CommandOutcome outcome = show("2027");
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.output.empty());
        CHECK(has(outcome.messages, "calendar_missing"));
        CHECK(has(outcome.messages, "2027"));
        CHECK(show("0").exit_code == 2);
        CHECK(show("next").exit_code == 2);
    }
}
