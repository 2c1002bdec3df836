#include "tests/integration/clocked_story.hpp"
#include "tests/integration/kind_sender.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao::testing;

namespace {

/// The items of the register that `unit` is shown, each as `<recipient> <state>` and how it went
/// there.
Lines states_of(const LiveSandbox& sandbox, const std::string& unit,
                const std::string& options = {}) {
    Lines lines;
    const Json list = sandbox.json_as(unit, "dispatches" + options);
    for (const Json& each : list.at("dispatches")) {
        std::string line =
            each.at("unit").get<std::string>() + ' ' + each.at("state").get<std::string>();
        if (!each.at("acts").empty()) {
            line += ' ' + each.at("acts").at(0).at("method").get<std::string>();
        }
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_SUITE("register of dispatches") {
    // In Guangdong the procuratorate is outside the joint meeting.
    TEST_CASE("a transfer to the procuratorate is registered before those who may know of it") {
        const LiveSandbox sandbox("guangdong-2020", kWednesday);
        KindSender sender(sandbox, kWednesday);
        const SentKind sent = sender.send_outside("prosecution_transfer");
        CHECK(sent.from == "police");
        CHECK(sent.to == "procuratorate");
        const auto to_chase = [&sandbox](const std::string& unit) {
            const Json status = sandbox.json_as(unit, "status");
            return status.at("dispatches").dump();
        };
        for (const char* const unit : {"police", "office"}) {
            CHECK(states_of(sandbox, unit) == Lines{"procuratorate open"});
            CHECK(states_of(sandbox, unit, " --open") == Lines{"procuratorate open"});
            // What was counted a moment ago stands for two seconds.
            wait_until(std::string(unit) + " counts it",
                       [&] { return to_chase(unit) == R"({"open":1,"without_evidence":0})"; });
        }
        CHECK(states_of(sandbox, "health").empty());
        CHECK(to_chase("health") == R"({"open":0,"without_evidence":0})");
        const std::string dispatch = "dispatch " + sent.id + " --unit ";
        const std::string by_hand = " --method 当面送交 --at 2020-09-30T08:30+08:00";
        // Not to whom the hub delivers, nor to whom the notice does not go.
        CHECK(sandbox.as("police", dispatch + "hsa" + by_hand).exit_code == 1);
        CHECK(sandbox.as("police", dispatch + "invited" + by_hand).exit_code == 1);
        must_do(sandbox, "police", dispatch + "procuratorate" + by_hand);
        CHECK(sandbox.as("police", dispatch + "procuratorate" + by_hand).exit_code == 1);
        CHECK(to_chase("police") == R"({"open":0,"without_evidence":1})");
        for (const char* const unit : {"police", "office"}) {
            CHECK(states_of(sandbox, unit, " --without-evidence") ==
                  Lines{"procuratorate registered 当面送交"});
        }
        const auto receipt = sandbox.write("receipt.txt", "Receipt, synthetic.\n");
        must_do(sandbox, "police",
                dispatch + "procuratorate" + by_hand + " --evidence " + receipt.string());

        const Lines whole{"logged", "dispatched", "dispatched"};
        CHECK(trail_of(sandbox, "police", sent.id) == whole);
        const Json trail = sandbox.json_as("police", "trail " + sent.id);
        CHECK(trail.at("events").at(1).at("unit") == "procuratorate");
        // The office did not get it, and sees it in the case.
        const std::string of_case = "trail --case " + sent.case_number;
        const Json events = sandbox.json_as("office", of_case).at("events");
        CHECK(std::count_if(events.begin(), events.end(), [](const Json& event) {
                  return event.at("event") == "dispatched" && event.at("unit") == "procuratorate";
              }) == 2);
        CHECK(sandbox.as("health", of_case).exit_code != 0);
        // How it went the office reads too, since it sees all of the kind.
        for (const char* const unit : {"police", "office"}) {
            CHECK(states_of(sandbox, unit) == Lines{"procuratorate evidenced 当面送交"});
        }
        CHECK(to_chase("police") == R"({"open":0,"without_evidence":0})");
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("a transfer to the procuratorate that is withdrawn is waited for no more") {
        const LiveSandbox sandbox("guangdong-2020", kWednesday);
        KindSender sender(sandbox, kWednesday);
        const SentKind sent = sender.send_outside("prosecution_transfer");
        CHECK(states_of(sandbox, "police") == Lines{"procuratorate open"});
        static_cast<void>(sender.withdraw(sent, "office"));
        for (const char* const unit : {"police", "office"}) {
            CHECK(states_of(sandbox, unit) == Lines{"procuratorate withdrawn"});
            CHECK(states_of(sandbox, unit, " --open").empty());
        }
        CHECK(sandbox.json_as("police", "status").at("dispatches").dump() ==
              R"({"open":0,"without_evidence":0})");
        CHECK(trail_of(sandbox, "police", sent.id) == Lines{"logged", "withdrawn"});
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("a clue for the discipline organs is registered and nobody else learns of it") {
        const LiveSandbox sandbox("guangdong-2020", kWednesday);
        KindSender sender(sandbox, kWednesday);
        const auto seen_by_office = [&sandbox] {
            std::string seen;
            for (const char* const command :
                 {"inbox", "dispatches", "due", "case list", "case totals", "tray", "reminders",
                  "search discipline_clue_transfer"}) {
                seen += sandbox.json_as("office", command).dump() + '\n';
            }
            return seen;
        };
        const std::string before = seen_by_office();
        const SentKind sent = sender.send_outside("discipline_clue_transfer");
        CHECK(sent.to == "discipline");
        CHECK(states_of(sandbox, sent.from) == Lines{"discipline open"});
        must_do(sandbox, sent.from,
                "dispatch " + sent.id +
                    " --unit discipline --method 当面送交 --at "
                    "2020-09-30T08:30+08:00");
        CHECK(states_of(sandbox, sent.from) == Lines{"discipline registered 当面送交"});
        CHECK(trail_of(sandbox, sent.from, sent.id) == Lines{"logged", "dispatched"});
        CHECK(seen_by_office() == before);
        for (const char* const unit : {"office", "police", "health"}) {
            CHECK(states_of(sandbox, unit).empty());
            CHECK(sandbox.as(unit, "show " + sent.id).exit_code != 0);
            CHECK(sandbox.as(unit, "trail " + sent.id).exit_code != 0);
        }
        // Who could get what takes it back would learn of it.
        CHECK(sandbox
                  .as(sent.from, "reply " + sent.id +
                                     " --kind correction --to office --field correction=withdraw "
                                     "--field reason=误报")
                  .exit_code == 1);
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        CHECK(audit.output.find("discipline") == std::string::npos);
    }
}
