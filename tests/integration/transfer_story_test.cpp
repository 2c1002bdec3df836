#include "tests/integration/clocked_story.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao::testing;

// A transfer to Guangdong's police before the National Day holiday of 2020. Signed for on
// Wednesday 30 September, the filing decision is due on Friday 9 October 24:00: it is a statutory
// limit, whose steps are 8 hours before it, at it, and on the first and the third working day after
// its day. Those are Saturday 10 October, which is worked, and Tuesday 13 October. 24:00 in
// Asia/Shanghai is 16:00 UTC.

namespace {

constexpr const char* kEve = "2020-09-30T09:00+08:00";

std::string step(const std::string& deed, const std::string& due, const std::string& done) {
    return deed + " police clock 1 due " + due + " done " + done;
}

/// Sent, delivered and signed for.
StoryNotice arrived_transfer(const LiveSandbox& sandbox) {
    StoryNotice transfer = send_transfer(sandbox, "2020-09-29");
    static_cast<void>(sandbox.wait_for_inbox("police", 1));
    must_do(sandbox, "police", "sign-for " + transfer.id);
    return transfer;
}

void send_handover(const LiveSandbox& sandbox, const StoryNotice& transfer,
                   const std::string& decision) {
    const auto list = sandbox.write("list.txt", "Hand-over list, synthetic.\n");
    const std::string id = sandbox.send_endorsed(
        "hsa",
        "reply " + decision + " --kind material_handover --case " + transfer.case_number +
            " --field handed_over_at=2020-10-12T09:00+08:00 --attach property_list=" +
            list.string(),
        {"issuer"});
    static_cast<void>(sandbox.wait_for_inbox("police", 2));
    must_do(sandbox, "police", "sign-for " + id);
    must_do(sandbox, "police", "take-up " + id);
}

std::size_t index_of(const LiveSandbox& sandbox, const std::string& id) {
    const Json trail = sandbox.json_as("police", "trail " + id);
    return trail.at("events").at(0).at("index");
}

}  // namespace

TEST_SUITE("a transfer and its limits") {
    TEST_CASE("filed and handed over each within three days nothing is overdue") {
        const LiveSandbox sandbox("guangdong-2020", kEve);
        const StoryNotice transfer = arrived_transfer(sandbox);
        must_do(sandbox, "police", "take-up " + transfer.id);
        // On the last day, before the reminder at 16:00.
        sandbox.set_clock("2020-10-09T15:59:59+08:00");
        const std::string decision = decide_filing(sandbox, transfer);
        static_cast<void>(sandbox.wait_for_inbox("hsa", 1));
        must_do(sandbox, "hsa", "sign-for " + decision);
        // Three days from 9 October, a Monday, which is worked.
        CHECK(limits_for(sandbox, "hsa", "--unit hsa") ==
              Lines{"hsa material_handover 2020-10-12T16:00"});
        sandbox.set_clock("2020-10-12T15:59:59+08:00");
        send_handover(sandbox, transfer, decision);

        CHECK(trail_of(sandbox, "hsa", transfer.id) ==
              Lines{"logged", "delivered", "signed_for", "taken_up", "replied", "closed"});
        CHECK(limits_for(sandbox, "office").empty());
        // Nothing comes later either.
        sandbox.set_clock("2020-10-27T09:00+08:00");
        static_cast<void>(sandbox.json_as("hsa", "send --kind agenda_item --field summary=x"));
        CHECK(steps_of(sandbox).empty());
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("a decision that is late is overdue and urged and supervised each at its time once") {
        const LiveSandbox sandbox("guangdong-2020", kEve);
        const StoryNotice transfer = arrived_transfer(sandbox);
        Lines expected;
        const auto expect = [&](const std::string& now, const std::string& last) {
            sandbox.set_clock(now);
            expected.push_back(last);
            CHECK(wait_for_steps(sandbox, expected.size()) == expected);
        };
        expect("2020-10-09T16:00:01+08:00",
               step("remind", "2020-10-09T08:00:00", "2020-10-09T08:00:01"));
        // At the very limit it is not over yet: what is logged then comes before the step.
        sandbox.set_clock("2020-10-10T00:00:00+08:00");
        must_do(sandbox, "police", "take-up " + transfer.id);
        CHECK(steps_of(sandbox) == expected);
        CHECK(limits_for(sandbox, "office", "--overdue").empty());
        expect("2020-10-10T00:00:01+08:00",
               step("mark_overdue", "2020-10-09T16:00:00", "2020-10-09T16:00:01"));
        const Lines overdue{"police police_filing_decision 2020-10-09T16:00"};
        CHECK(limits_for(sandbox, "office", "--overdue") == overdue);
        CHECK(limits_for(sandbox, "hsa", "--overdue") == overdue);
        CHECK(limits_for(sandbox, "police", "--overdue") == overdue);
        expect("2020-10-11T00:00:01+08:00",
               step("urge", "2020-10-10T16:00:00", "2020-10-10T16:00:01"));
        expect("2020-10-14T00:00:01+08:00",
               step("supervise", "2020-10-13T16:00:00", "2020-10-13T16:00:01"));

        sandbox.set_clock("2020-10-14T10:00+08:00");
        const std::string decision = decide_filing(sandbox, transfer);
        static_cast<void>(sandbox.wait_for_inbox("hsa", 1));
        must_do(sandbox, "hsa", "sign-for " + decision);
        CHECK(limits_for(sandbox, "office", "--overdue").empty());
        CHECK(trail_of(sandbox, "hsa", transfer.id) ==
              Lines{"logged", "delivered", "signed_for", "escalated", "taken_up", "overdue",
                    "escalated", "escalated", "replied", "closed"});
        const std::size_t index = index_of(sandbox, transfer.id);
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);

        // What was late stays late, though it was answered, and no step is done again.
        sandbox.down();
        CHECK(marks_of(sandbox, index, "police") == Lines{"overdue", "answered_late"});
        sandbox.up();
        CHECK(steps_of(sandbox) == expected);
    }

    TEST_CASE("a hub that was down over a limit and its steps does each once and in order") {
        const LiveSandbox sandbox("guangdong-2020", kEve);
        const StoryNotice transfer = arrived_transfer(sandbox);
        must_do(sandbox, "police", "take-up " + transfer.id);
        OwnService hub = OwnService::hub(sandbox);
        sandbox.set_clock("2020-10-16T09:00+08:00");
        hub.start();
        const std::string done = "2020-10-16T01:00:00";
        const Lines expected{step("remind", "2020-10-09T08:00:00", done),
                             step("mark_overdue", "2020-10-09T16:00:00", done),
                             step("urge", "2020-10-10T16:00:00", done),
                             step("supervise", "2020-10-13T16:00:00", done)};
        wait_until("connected", [&] { return is_connected(sandbox, "police"); });
        CHECK(wait_for_steps(sandbox, expected.size()) == expected);
        hub.stop();
        sandbox.set_clock("2020-10-19T09:00+08:00");
        hub.start();
        wait_until("connected again", [&] { return is_connected(sandbox, "hsa"); });
        wait_until("connected again", [&] { return is_connected(sandbox, "police"); });
        // Its answer is late, whoever was down.
        static_cast<void>(decide_filing(sandbox, transfer));
        static_cast<void>(sandbox.wait_for_inbox("hsa", 1));
        CHECK(steps_of(sandbox) == expected);
        CHECK(trail_of(sandbox, "police", transfer.id) ==
              Lines{"logged", "delivered", "signed_for", "taken_up", "escalated", "overdue",
                    "escalated", "escalated", "replied", "closed"});
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        const std::size_t index = index_of(sandbox, transfer.id);
        hub.stop();
        CHECK(marks_of(sandbox, index, "police") == Lines{"overdue", "answered_late"});
    }

    TEST_CASE("a unit that is switched off is overdue by name and gains no time by it") {
        const LiveSandbox sandbox("guangdong-2020", kEve);
        const OwnService police = OwnService::daemon(sandbox, "police");
        const StoryNotice transfer = send_transfer(sandbox, "2020-09-29");
        // Nobody has the notice; the office sees what police owe all the same.
        CHECK(limits_for(sandbox, "office", "--unit police") ==
              Lines{"police receipt 2020-10-09T16:00",
                    "police jurisdiction_forwarding 2020-10-10T16:00",
                    "police supplement_request 2020-10-10T16:00",
                    "police police_filing_decision 2020-10-12T16:00"});
        sandbox.set_clock("2020-10-10T00:00:01+08:00");
        CHECK(
            wait_for_steps(sandbox, 2) ==
            Lines{"remind police clock 0 due 2020-10-09T08:00:00 done 2020-10-09T16:00:01",
                  "mark_overdue police clock 0 due 2020-10-09T16:00:00 done 2020-10-09T16:00:01"});
        CHECK(limits_for(sandbox, "office", "--overdue") ==
              Lines{"police receipt 2020-10-09T16:00"});
        CHECK(limits_for(sandbox, "hsa", "--overdue") == Lines{"police receipt 2020-10-09T16:00"});
        CHECK(trail_of(sandbox, "hsa", transfer.id) == Lines{"logged", "escalated", "overdue"});
    }
}
