#include "tests/integration/clocked_story.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>

using namespace tongbao::testing;

// 2020-09-30 is a Wednesday, 1 to 8 October are free, 9 October is a Friday, and Saturday 10
// October is worked instead. 24:00 in Asia/Shanghai is 16:00 UTC of the same day.

namespace {

/// The invented charter with limits of three days: one that moves to a working day, one that does
/// not, one in working days.
std::string charter_of_three_days() {
    std::ifstream file(tongbao::testing::source_dir() + "/tests/domain/charters/third.json");
    Json charter = Json::parse(file);
    const auto limit = [](const char* unit, const char* on_free_day) {
        return Json{{"title_zh", "期限"},
                    {"n", 3},
                    {"unit", unit},
                    {"from", "signed_for"},
                    {"if_ends_on_non_working_day", on_free_day},
                    {"strength", "office_default"},
                    {"basis", "虚构"}};
    };
    charter["deadlines"]["rolling_3d"] = limit("day", "next_working_day");
    charter["deadlines"]["fixed_3d"] = limit("day", "none");
    charter["deadlines"]["working_3d"] = limit("working_day", "none");
    for (Json& kind : charter.at("kinds")) {
        if (kind.at("id") == "agenda_request") kind["replies"][0]["within"] = "rolling_3d";
        if (kind.at("id") == "post_request") kind["replies"][0]["within"] = "fixed_3d";
        if (kind.at("id") == "level_alarm") kind["replies"][0]["within"] = "working_3d";
    }
    return charter.dump(1);
}

/// What `tongbao calendar due` says of three days from 2020-09-30.
std::string counted(const LiveSandbox& sandbox, const std::string& options) {
    const CommandResult due =
        sandbox.tongbao("calendar due --from 2020-09-30 --n 3 " + options + " --json");
    return Json::parse(due.output).at("due");
}

}  // namespace

TEST_SUITE("the National Day holiday of 2020") {
    TEST_CASE(
        "three days that roll and three that do not and three working days end on their days") {
        const TestDirectory directory("national-day");
        directory.write("charter.json", charter_of_three_days());
        const LiveSandbox sandbox(directory.path() / "charter.json", "2020-09-30T15:30+08:00");
        const Json rolling =
            sandbox.json_as("office", "send --kind agenda_request --field items=x");
        const Json fixed = sandbox.json_as(
            "reeds", "send --kind post_request --field post=contact --field effective=2020-12-01");
        const auto chart = sandbox.write("chart.pdf", "%PDF-1.4\n% synthetic\n");
        const Json working = sandbox.json_as(
            "lake",
            "send --kind level_alarm --field observed_at=2020-09-30T15:00+08:00 "
            "--field site=x --field centimetres=120 --field severity=low --attach chart=" +
                chart.string());
        static_cast<void>(sandbox.wait_for_inbox("lake", 1));
        static_cast<void>(sandbox.wait_for_inbox("dike", 1));
        // The office gets a copy of the alarm too.
        static_cast<void>(sandbox.wait_for_inbox("office", 2));
        must_do(sandbox, "lake", "sign-for " + rolling.at("id").get<std::string>());
        must_do(sandbox, "office", "sign-for " + fixed.at("id").get<std::string>());
        must_do(sandbox, "dike", "sign-for " + working.at("id").get<std::string>());

        CHECK(limits_for(sandbox, "lake", "--unit lake") ==
              Lines{"lake agenda_decision 2020-10-09T16:00"});
        CHECK(limits_for(sandbox, "office", "--unit office") ==
              Lines{"office post_decision 2020-10-03T16:00"});
        const Lines alarm = limits_for(sandbox, "dike", "--unit dike");
        CHECK(std::find(alarm.begin(), alarm.end(), "dike alarm_answer 2020-10-12T16:00") !=
              alarm.end());

        CHECK(counted(sandbox, "--unit day --roll") == "2020-10-09T16:00:00.000Z");
        CHECK(counted(sandbox, "--unit day") == "2020-10-03T16:00:00.000Z");
        CHECK(counted(sandbox, "--unit working_day") == "2020-10-12T16:00:00.000Z");

        // The one that does not roll is overdue in the holiday, the others are not.
        sandbox.set_clock("2020-10-04T00:00:00.001+08:00");
        // Before both the reminders: 24:00 of the last working day before 3 and before 9 October.
        CHECK(wait_for_steps(sandbox, 3) ==
              Lines{"remind lake clock 1 due 2020-09-30T16:00:00 done 2020-10-03T16:00:00",
                    "remind office clock 1 due 2020-09-30T16:00:00 done 2020-10-03T16:00:00",
                    "mark_overdue office clock 1 due 2020-10-03T16:00:00 done "
                    "2020-10-03T16:00:00"});
        CHECK(limits_for(sandbox, "office", "--overdue") ==
              Lines{"office post_decision 2020-10-03T16:00"});
    }

    TEST_CASE("Guangdong's police owe the filing decision on 9 and a meeting reply on 12 October") {
        const LiveSandbox sandbox("guangdong-2020", "2020-09-30T09:00+08:00");
        const StoryNotice transfer = send_transfer(sandbox, "2020-09-29");
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        // Unsigned, the receipt is due on the next working day, the decision three days after it.
        CHECK(limits_for(sandbox, "police") ==
              Lines{"police receipt 2020-10-09T16:00",
                    "police jurisdiction_forwarding 2020-10-10T16:00",
                    "police supplement_request 2020-10-10T16:00",
                    "police police_filing_decision 2020-10-12T16:00"});
        must_do(sandbox, "police", "sign-for " + transfer.id);
        const Lines signed_for{"police jurisdiction_forwarding 2020-10-01T01:00",
                               "police supplement_request 2020-10-01T01:00",
                               "police police_filing_decision 2020-10-09T16:00"};
        CHECK(limits_for(sandbox, "police") == signed_for);
        // Whoever waits and the office are told the same.
        CHECK(limits_for(sandbox, "hsa") == signed_for);
        CHECK(limits_for(sandbox, "office") == signed_for);
        CHECK(limits_for(sandbox, "health").empty());

        // Three working days from the delivery: a meeting's notice, under the lead's stamp.
        const auto agenda = sandbox.write("agenda.txt", "Agenda, synthetic.\n");
        const std::string meeting =
            sandbox
                .json_as(
                    "office",
                    "send --kind meeting_notice --to police --field meeting_no=2020-1 "
                    "--field summary=x --field meeting_kind=regular --field chair_post=convener "
                    "--field meeting_at=2020-11-02T09:00+08:00 --field place=x --attach agenda=" +
                        agenda.string())
                .at("id");
        const std::string paper = (sandbox.folder() / "paper.json").string();
        const std::string stamped = (sandbox.folder() / "stamped.json").string();
        must_do(sandbox, "office", "endorse " + meeting + " --post issuer");
        must_do(sandbox, "office", "endorse " + meeting + " --request " + paper);
        must_do(sandbox, "hsa", "endorse --stamp " + paper + " --out " + stamped);
        must_do(sandbox, "office", "endorse " + meeting + " --statement " + stamped);
        static_cast<void>(sandbox.wait_for_inbox("police", 2));
        must_do(sandbox, "police", "sign-for " + meeting);
        const Lines with_meeting = limits_for(sandbox, "police");
        REQUIRE(with_meeting.size() == signed_for.size() + 1);
        CHECK(with_meeting.back() == "police meeting_reply 2020-10-12T16:00");
    }

    TEST_CASE("a limit into a year that nobody published says so and is never counted without") {
        // Wednesday; three days later is a Saturday of a year without a calendar.
        const LiveSandbox sandbox("guangdong-2020", "2026-12-30T09:00+08:00");
        const StoryNotice transfer = send_transfer(sandbox, "2026-12-29");
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        must_do(sandbox, "police", "sign-for " + transfer.id);
        const Json page = sandbox.json_as("police", "due");
        std::size_t found = 0;
        for (const Json& clock : page.at("clocks")) {
            if (clock.value("reply", "") != "police_filing_decision") continue;
            ++found;
            CHECK(!clock.contains("due"));
            CHECK(clock.at("fault").at("code") == "calendar_missing");
            CHECK(clock.at("fault").at("detail").get<std::string>().find("2027") !=
                  std::string::npos);
        }
        CHECK(found == 1);
        const CommandResult shown = sandbox.as("police", "due");
        INFO(shown.output);
        CHECK(shown.output.find("calendar_missing") != std::string::npos);
        const CommandResult counted =
            sandbox.tongbao("calendar due --from 2026-12-30 --n 3 --unit day --roll");
        INFO(counted.output);
        CHECK(counted.exit_code == 1);
        CHECK(counted.output.find("calendar_missing") != std::string::npos);
        CHECK(counted.output.find("2027") != std::string::npos);
        // Three days that roll to nothing need no calendar.
        CHECK(sandbox.tongbao("calendar due --from 2026-12-30 --n 3 --unit day").exit_code == 0);
    }
}
