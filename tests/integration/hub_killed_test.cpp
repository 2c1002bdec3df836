#include "tests/integration/mortal_service.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace tongbao::testing;

namespace {

constexpr std::size_t kNotices = 200;
constexpr int kKills = 24 / kOneIn;

}  // namespace

TEST_SUITE("the hub is killed") {
    TEST_CASE("200 notices arrive once each, and stand in the log once each, whatever dies when") {
        const LiveSandbox sandbox("guangdong-2020");
        const unsigned seed = 20'201'011;
        INFO("seed ", seed);
        std::mt19937 random(seed);
        MortalService hub = MortalService::hub(sandbox);
        std::set<std::string> sent;
        int killed = 0;
        for (int i = 0; i < kKills; ++i) {
            // Each commit syncs once: the hub dies before or after one of its first six.
            const int sync = static_cast<int>(1 + random() % 6);
            hub.start({"a commit", "sync", ".log", sync}, i % 2 == 0 ? "before" : "after");
            // Notices that wait for the hub go out as one batch, one commit: so that there are
            // more, they are sent when it is there. What waits from the last round may end it
            // before.
            bool killed_now = false;
            const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(90);
            while (!killed_now && !is_connected(sandbox, "hsa")) {
                REQUIRE(std::chrono::steady_clock::now() < until);
                killed_now = hub.was_killed(std::chrono::milliseconds(50));
            }
            const std::size_t due = kNotices * static_cast<std::size_t>(i + 1) / kKills;
            while (sent.size() < due) {
                sent.insert(send_numbered(sandbox, "hsa", sent.size()));
                while (!killed_now && outbox_of(sandbox, "hsa") > 0) {
                    REQUIRE(std::chrono::steady_clock::now() < until);
                    killed_now = hub.was_killed(std::chrono::milliseconds(5));
                }
            }
            if (killed_now || hub.was_killed(std::chrono::seconds(10))) ++killed;
            hub.kill_now();
        }
        REQUIRE(sent.size() == kNotices);
        MESSAGE("killed at a commit: ", killed, " of ", kKills, ", the others at any moment");
        CHECK(killed >= kKills - 4);
        hub.start();

        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
        while (outbox_of(sandbox, "hsa") > 0) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        const Json inbox = sandbox.wait_for_inbox("office", sent.size());
        std::multiset<std::string> arrived;
        for (const Json& notice : inbox.at("notices")) {
            arrived.insert(notice.at("id").get<std::string>());
        }
        CHECK(arrived == std::multiset<std::string>(sent.begin(), sent.end()));

        std::multiset<std::uint64_t> indexes;
        for (const Json& notice : inbox.at("notices")) {
            indexes.insert(notice.at("index").get<std::uint64_t>());
        }
        const std::string where = (sandbox.folder() / "s").string();
        CommandResult audit = sandbox.tongbao("audit verify --sandbox " + where);
        // All may have arrived before the last hub opened its port.
        while (audit.exit_code == 3 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            audit = sandbox.tongbao("audit verify --sandbox " + where);
        }
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        const CommandResult listed = sandbox.tongbao(
            "audit entries --count 100000 --json --sandbox " + where + " 2>/dev/null");
        std::multiset<std::uint64_t> logged;
        const Json entries = Json::parse(listed.output);
        for (const Json& entry : entries.at("entries")) {
            if (entry.at("event") == "logged")
                logged.insert(entry.at("index").get<std::uint64_t>());
        }
        std::string differing;
        for (const std::uint64_t index : logged) {
            if (indexes.count(index) != 1) differing += " logged " + std::to_string(index);
        }
        for (const std::uint64_t index : indexes) {
            if (logged.count(index) != 1) differing += " arrived " + std::to_string(index);
        }
        CHECK(differing == "");
    }
}
