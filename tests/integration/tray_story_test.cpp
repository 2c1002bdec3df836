#include "tests/integration/clocked_story.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao::testing;

namespace {

/// `<deed> <posts>` of what the unit is reminded of, the oldest first.
Lines reminders_for(const LiveSandbox& sandbox, const std::string& unit) {
    Lines lines;
    const Json answer = sandbox.json_as(unit, "reminders");
    CHECK(answer.at("complete") == true);
    for (const Json& each : answer.at("reminders")) {
        std::string line = each.at("deed").get<std::string>();
        for (const Json& post : each.at("posts")) line += ' ' + post.get<std::string>();
        lines.push_back(line);
    }
    return lines;
}

/// The flags of the decision that police owe.
Json flags_of_decision(const LiveSandbox& sandbox) {
    const Json page = sandbox.json_as("hsa", "due --only reply --unit police");
    for (const Json& clock : page.at("clocks")) {
        if (clock.at("reply") == "police_filing_decision") return clock.at("flags");
    }
    return {};
}

}  // namespace

// 24:00 in Asia/Shanghai is 16:00 UTC. In Jilin 25 to 27 June 2020 are free and Sunday the 28th is
// worked: a decision that is asked for in three days from 22 June is due on the 28th.
TEST_SUITE("the office's tray") {
    TEST_CASE("of silent police each post is reminded and the office sends the draft of its tray") {
        const LiveSandbox sandbox("jilin", "2020-06-22T10:00+08:00");
        const StoryNotice transfer = send_transfer(sandbox, "2020-06-21");
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        must_do(sandbox, "police", "sign-for " + transfer.id);
        CHECK(reminders_for(sandbox, "police").empty());
        CHECK(sandbox.as("office", "tray").output.find("No draft lies") != std::string::npos);

        sandbox.set_clock("2020-06-30T00:00:00.001+08:00");
        REQUIRE(wait_for_steps(sandbox, 3).size() == 3);
        CHECK(reminders_for(sandbox, "police") ==
              Lines{"remind liaison", "mark_overdue liaison", "urge deputy_convener"});
        CHECK(reminders_for(sandbox, "hsa") == Lines{"mark_overdue liaison"});
        CHECK(reminders_for(sandbox, "office") ==
              Lines{"mark_overdue office_director", "urge office_director"});
        CHECK(reminders_for(sandbox, "health").empty());

        CHECK(sandbox.as("hsa", "tray").exit_code == 1);
        const Json tray = sandbox.json_as("office", "tray");
        REQUIRE(tray.at("drafts").size() == 1);
        const Json& draft = tray.at("drafts").at(0);
        CHECK(draft.at("kind") == "urge_notice");
        CHECK(draft.at("to") == "police");
        CHECK(draft.at("id") == transfer.id);
        CHECK(draft.at("case") == transfer.case_number);
        CHECK(draft.at("reply") == "police_filing_decision");
        CHECK(draft.at("since") == "2020-06-29T16:00:00.001Z");
        CHECK(draft.at("days_over") == 2);
        CHECK(draft.at("missing") == Json::array({"fields.days_overdue"}));
        const std::string item = std::to_string(draft.at("item").get<int>());
        const CommandResult shown = sandbox.as("office", "tray show " + item);
        CHECK(shown.output.find("over        2 days") != std::string::npos);
        CHECK(sandbox.as("office", "tray send " + item).exit_code == 1);
        CHECK(flags_of_decision(sandbox) == Json::array({"overdue"}));

        must_do(sandbox, "office", "tray send " + item + " --field days_overdue=2");
        CHECK(sandbox.json_as("office", "tray").at("drafts").empty());
        CHECK(sandbox.as("office", "tray discard " + item + " --reason late").exit_code == 1);
        CHECK(flags_of_decision(sandbox) == Json::array({"overdue", "urged"}));
        const Json inbox = sandbox.wait_for_inbox("police", 2);
        const auto is_urging = [](const Json& each) { return each.at("kind") == "urge_notice"; };
        CHECK(std::count_if(inbox.at("notices").begin(), inbox.at("notices").end(), is_urging) ==
              1);
        // A daemon that starts anew computes the same.
        sandbox.down();
        sandbox.up();
        CHECK(sandbox.json_as("office", "tray").at("drafts").empty());
        CHECK(reminders_for(sandbox, "hsa") == Lines{"mark_overdue liaison"});
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }
}
