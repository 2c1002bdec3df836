#include "tests/integration/clocked_story.hpp"
#include "tests/integration/kind_sender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao::testing;

namespace {

constexpr const char* kWednesday = "2020-09-30T09:00+08:00";

}  // namespace

TEST_SUITE("register of dispatches") {
    // In Guangdong the procuratorate is outside the joint meeting.
    TEST_CASE("a transfer to the procuratorate is registered before those who may know of it") {
        const LiveSandbox sandbox("guangdong-2020", kWednesday);
        KindSender sender(sandbox, kWednesday);
        const SentKind sent = sender.send_outside("prosecution_transfer");
        CHECK(sent.from == "police");
        CHECK(sent.to == "procuratorate");
        const std::string dispatch = "dispatch " + sent.id + " --unit ";
        const std::string by_hand = " --method 当面送交 --at 2020-09-30T08:30+08:00";
        // Not to whom the hub delivers, nor to whom the notice does not go.
        CHECK(sandbox.as("police", dispatch + "hsa" + by_hand).exit_code == 1);
        CHECK(sandbox.as("police", dispatch + "invited" + by_hand).exit_code == 1);
        must_do(sandbox, "police", dispatch + "procuratorate" + by_hand);
        CHECK(sandbox.as("police", dispatch + "procuratorate" + by_hand).exit_code == 1);
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
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }
}
