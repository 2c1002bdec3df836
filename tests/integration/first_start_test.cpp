// A hub and a daemon die before each step towards the disk of their very first start, which is
// after the step in front of it. No list of steps: they are counted until there is none left to die
// at.

#include "tests/integration/bare_hub.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
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
        for (; dies(); ++number) {
            INFO("before step ", number);
            REQUIRE(number < kMostSteps);
            hub.start();
            hub.stop();
        }
        const std::string log = hub.log();
        const std::vector<Json> deaths = events_of(log, "killed");
        MESSAGE("killed: ", deaths.size());
        CHECK(deaths.size() == static_cast<std::size_t>(number) - 1);
        // Charter, log key and seal, once each, however often it began.
        for (const Json& ready : events_of(log, "ready")) CHECK(ready.at("size") == "3");
        CHECK(events_of(log, "storage_fault").empty());
        // What the documents promise of a first start was among the steps.
        for (const auto& [call, part] : {std::pair{"folder", "/data"},
                                         {"folder", "data/database"},
                                         {"folder", "data/attachments"},
                                         {"sync", "MANIFEST"},
                                         {"rename", "database/CURRENT"},
                                         {"sync", ".log"},
                                         {"write", "/head"},
                                         {"sync", "/head"},
                                         {"rename", "/port"}}) {
            CAPTURE(call);
            CAPTURE(part);
            CHECK(deaths_at(deaths, call, part) > 0);
        }
    }
}
