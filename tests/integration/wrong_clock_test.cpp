#include "tests/integration/own_service.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

constexpr std::int64_t kDay = 86'400;
/// Beyond the day that is tolerated.
constexpr std::int64_t kAway = kDay + 3'600;

std::map<std::string, std::string> ahead_by(std::int64_t seconds) {
    return {{"LD_PRELOAD", tongbao::testing::binary_dir() + "/tests/fault/libclock_offset.so"},
            {"CLOCK_OFFSET", std::to_string(seconds)}};
}

std::int64_t hub_ahead(const LiveSandbox& sandbox, const std::string& unit) {
    return sandbox.json_as(unit, "status").at("clock").at("hub_seconds_ahead");
}

void send_and_wait(const LiveSandbox& sandbox, const std::string& unit, std::size_t number) {
    static_cast<void>(send_numbered(sandbox, unit, number));
    wait_until("the outbox of " + unit + " is empty",
               [&] { return outbox_of(sandbox, unit) == 0; });
}

}  // namespace

TEST_SUITE("a clock is wrong by a day") {
    TEST_CASE("a daemon a day ahead goes on working under the hub's time, and both sides warn") {
        const LiveSandbox sandbox("guangdong-2020");
        OwnService hub = OwnService::hub(sandbox);
        hub.start();
        OwnService daemon = OwnService::daemon(sandbox, "hsa");
        daemon.start(ahead_by(kAway));
        wait_until("connected", [&] {
            return sandbox.as("hsa", "status").exit_code == 0 && is_connected(sandbox, "hsa");
        });
        for (std::size_t i = 0; i < 3; ++i) send_and_wait(sandbox, "hsa", i);
        static_cast<void>(sandbox.wait_for_inbox("office", 3));

        const std::int64_t ahead = hub_ahead(sandbox, "hsa");
        CHECK(ahead < -kAway + 300);
        CHECK(ahead > -kAway - 300);
        const CommandResult status = sandbox.as("hsa", "status");
        INFO(status.output);
        CHECK(status.output.find("behind this computer's") != std::string::npos);
        CHECK(hub_ahead(sandbox, "office") == 0);
        CHECK(count(daemon.log(), "\"event\":\"clocks_differ\"") == 1);
        CHECK(count(hub.log(), "\"event\":\"issued_far_away\"") == 1);
        const std::string where = (sandbox.folder() / "s").string();
        CHECK(sandbox.tongbao("audit verify --sandbox " + where).exit_code == 0);

        // Set right again, it says so.
        daemon.stop();
        daemon.start();
        wait_until("connected again", [&] {
            return sandbox.as("hsa", "status").exit_code == 0 && is_connected(sandbox, "hsa");
        });
        send_and_wait(sandbox, "hsa", 4);
        CHECK(hub_ahead(sandbox, "hsa") == 0);
        CHECK(count(hub.log(), "\"event\":\"issued_near_again\"") == 1);
    }

    TEST_CASE("a hub a day ahead, set right again, goes on and its entries never go back") {
        const LiveSandbox sandbox("guangdong-2020");
        OwnService hub = OwnService::hub(sandbox);
        hub.start(ahead_by(kAway));
        wait_until("connected", [&] { return is_connected(sandbox, "hsa"); });
        wait_until("connected", [&] { return is_connected(sandbox, "office"); });
        send_and_wait(sandbox, "hsa", 0);
        static_cast<void>(sandbox.wait_for_inbox("office", 1));
        // The daemons are a day behind it: the sender sees it, and so does who gets the delivery.
        CHECK(hub_ahead(sandbox, "hsa") > kAway - 300);
        CHECK(hub_ahead(sandbox, "office") > kAway - 300);

        hub.stop();
        hub.start();
        wait_until("warned",
                   [&] { return count(hub.log(), "\"event\":\"clock_went_back\"") == 1; });
        wait_until("connected again", [&] { return is_connected(sandbox, "hsa"); });
        send_and_wait(sandbox, "hsa", 1);
        static_cast<void>(sandbox.wait_for_inbox("office", 2));
        CHECK(count(hub.log(), "\"event\":\"clock_went_back\"") == 1);
        const std::string where = (sandbox.folder() / "s").string();
        const CommandResult audit = sandbox.tongbao("audit verify --sandbox " + where);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        std::string last;
        const Json entries = Json::parse(
            sandbox.tongbao("audit entries --count 1000 --json --sandbox " + where + " 2>/dev/null")
                .output);
        for (const Json& entry : entries.at("entries")) {
            const std::string time = entry.at("time");
            CHECK(last <= time);
            last = time;
        }
    }
}
