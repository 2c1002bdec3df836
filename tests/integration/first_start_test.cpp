// A hub and a daemon die before each step towards the disk of their very first start, which is
// after the step in front of it. No list of steps: they are counted until there is none left to die
// at.

#include "tests/integration/bare_hub.hpp"
#include "tests/integration/local_client.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

/// A start that takes more steps than this does not end.
constexpr int kMostSteps = 400;

/// How many died at this call on a path with `part` in it.
std::size_t deaths_at(const std::vector<Json>& deaths, const std::string& call,
                      const std::string& part) {
    return static_cast<std::size_t>(
        std::count_if(deaths.begin(), deaths.end(), [&](const Json& death) {
            return death.at("call") == call &&
                   death.at("path").get<std::string>().find(part) != std::string::npos;
        }));
}

/// It died once for each of the steps that were tried before that of `number`, and what the
/// documents promise of a first start was among them.
void check_steps(const std::vector<Json>& deaths, int number,
                 const std::vector<std::pair<const char*, const char*>>& steps) {
    MESSAGE("killed: ", deaths.size());
    CHECK(deaths.size() == static_cast<std::size_t>((number - 1) / kOneIn));
    if (kOneIn > 1) return;
    for (const auto& [call, part] : steps) {
        CAPTURE(call);
        CAPTURE(part);
        CHECK(deaths_at(deaths, call, part) > 0);
    }
}

/// Whether the daemon at `socket` says that it is connected to the hub.
bool says_connected(const std::string& socket) {
    const Json status = Json::parse(status_at(socket), nullptr, false);
    return status.is_object() && status.at("hub").at("connected").get<bool>();
}

/// Waits until the daemon is connected, or was killed; whether it was.
bool killed_before_connecting(MortalService& daemon, const std::string& socket) {
    bool killed = false;
    wait_until("the daemon is connected or dies", [&] {
        killed = daemon.was_killed(std::chrono::milliseconds(0));
        return killed || says_connected(socket);
    });
    return killed;
}

}  // namespace

TEST_SUITE("first start") {
    TEST_CASE("a hub killed at any durable step of its first start starts anew") {
        const TestPki pki("test.example", std::chrono::floor<std::chrono::seconds>(
                                              std::chrono::system_clock::now()));
        BareHub hub(pki);
        const std::string all = hub.data().parent_path().string();
        int number = 1;
        const auto dies = [&] {
            std::filesystem::remove_all(hub.data());
            return hub.dies_at({"any step", "any", all.c_str(), number}, "before");
        };
        for (; dies(); number += kOneIn) {
            INFO("before step ", number);
            REQUIRE(number < kMostSteps);
            hub.start();
            hub.stop();
        }
        const std::string log = hub.log();
        const std::vector<Json> deaths = events_of(log, "killed");
        // Charter, log key and seal, once each, however often it began.
        for (const Json& ready : events_of(log, "ready")) CHECK(ready.at("size") == "3");
        CHECK(events_of(log, "storage_fault").empty());
        check_steps(deaths, number,
                    {{"folder", "/data"},
                     {"folder", "data/database"},
                     {"folder", "data/attachments"},
                     {"sync", "MANIFEST"},
                     {"rename", "database/CURRENT"},
                     {"sync", ".log"},
                     {"write", "/head"},
                     {"sync", "/head"},
                     {"rename", "/port"}});
    }

    TEST_CASE("a daemon killed at any durable step of its first start starts anew") {
        const LiveSandbox sandbox("guangdong-2020");
        const std::string socket = sandbox.file().at("units").at("police").at("socket");
        const std::filesystem::path folder = sandbox.folder() / "s" / "units" / "police";
        const std::string all = folder.string() + '/';
        MortalService daemon = MortalService::daemon(sandbox, "police");
        int number = 1;
        const auto dies = [&] {
            std::filesystem::remove_all(folder / "data");
            daemon.start({"any step", "any", all.c_str(), number}, "before");
            return killed_before_connecting(daemon, socket);
        };
        for (; dies(); number += kOneIn) {
            INFO("before step ", number);
            REQUIRE(number < kMostSteps);
            daemon.start();
            REQUIRE_FALSE(killed_before_connecting(daemon, socket));
            daemon.kill_now();
        }
        const std::vector<Json> deaths = daemon.events("killed");
        // The last start was to die at a step that did not come: it might yet.
        daemon.kill_now();
        daemon.start();
        REQUIRE_FALSE(killed_before_connecting(daemon, socket));
        CHECK(daemon.events("storage_fault").empty());
        CHECK(daemon.events("alarm").empty());
        check_steps(deaths, number,
                    {{"folder", "/data"},
                     {"folder", "data/database"},
                     {"folder", "data/attachments"},
                     {"sync", "MANIFEST"},
                     {"rename", "database/CURRENT"},
                     {"sync", ".log"}});
        const std::string sent = send_numbered(sandbox, "police", 1);
        CHECK(sandbox.wait_for_inbox("office", 1).at("notices").at(0).at("id") == sent);
    }
}
