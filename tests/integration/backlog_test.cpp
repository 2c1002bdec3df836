#include "tests/integration/local_client.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/integration/process_memory.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <future>
#include <map>
#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

/// Those who hand over at once: a daemon's disk serves several with one sync.
constexpr std::size_t kHands = 8;

/// In the ordinary run 3,000; TONGBAO_BACKLOG=100000 tries as many as an agency may find after a
/// long time away.
std::size_t notices() {
    const char* const wanted = std::getenv("TONGBAO_BACKLOG");
    const std::size_t count = wanted == nullptr ? 3000 : std::stoul(wanted);
    return count / kHands * kHands;
}

/// Hands over one notice after the other; their ids in that order.
std::vector<std::string> hand_over(const std::string& socket, std::size_t count) {
    LocalClient daemon(socket);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string draft =
            R"({"kind":"agenda_item","fields":{"summary":")" + std::to_string(i) + "\"}}";
        ids.push_back(Json::parse(daemon.post("/v1/notices", draft, 202)).at("id"));
    }
    return ids;
}

}  // namespace

TEST_SUITE("a daemon was away") {
    TEST_CASE(
        "thousands of notices are caught up in order, in little memory, and it shows how far") {
        const LiveSandbox sandbox("guangdong-2020");
        const Json file = sandbox.file();
        OwnService office = OwnService::daemon(sandbox, "office");
        const std::string sender = file.at("units").at("hsa").at("socket");
        std::vector<std::future<std::vector<std::string>>> hands;
        for (std::size_t i = 0; i < kHands; ++i) {
            hands.push_back(std::async(std::launch::async, hand_over, sender, notices() / kHands));
        }
        // Which hand, and the how manieth of it.
        std::map<std::string, std::pair<std::size_t, std::size_t>> sent;
        for (std::size_t hand = 0; hand < kHands; ++hand) {
            const std::vector<std::string> ids = hands[hand].get();
            for (std::size_t i = 0; i < ids.size(); ++i) sent[ids[i]] = {hand, i};
        }
        REQUIRE(sent.size() == notices());
        const std::chrono::seconds limit(30 + static_cast<std::int64_t>(notices()) / 50);
        wait_until(
            "all is in the log", [&] { return outbox_of(sandbox, "hsa") == 0; }, limit);

        office.start();
        const auto status = [&] {
            const CommandResult run = sandbox.as("office", "status --json");
            return run.exit_code == 0 ? Json::parse(run.output) : Json();
        };
        std::uint64_t seen = 0;
        std::size_t steps = 0;
        const std::string socket = file.at("units").at("office").at("socket");
        std::vector<std::string> arrived;
        const auto caught_up = [&] {
            const Json now = status();
            if (now.is_null()) return false;
            const std::uint64_t through = now.at("log").value("received_through", 0ull);
            CHECK(through >= seen);
            if (through > seen) {
                ++steps;
                CHECK(now.at("log").at("size").get<std::uint64_t>() > through);
            }
            seen = through;
            arrived = inbox_ids(socket);
            return arrived.size() >= sent.size();
        };
        wait_until("all has arrived", caught_up, limit);
        MESSAGE(arrived.size(), " notices, progress seen ", steps, " times");
        CHECK(steps >= 1);

        // Each once, and each hand's in its order.
        CHECK(arrived.size() == sent.size());
        std::vector<std::size_t> next(kHands, 0);
        std::size_t out_of_order = 0;
        for (const std::string& id : arrived) {
            const auto found = sent.find(id);
            REQUIRE(found != sent.end());
            const auto& [hand, place] = found->second;
            if (next[hand] != place) ++out_of_order;
            next[hand] = place + 1;
        }
        CHECK(out_of_order == 0);
        if (TONGBAO_SANITIZED) {
            MESSAGE("memory is not measured under a sanitizer, which keeps what was freed");
            return;
        }
        const std::uint64_t peak = memory_kib(office.pid(), "VmHWM:");
        MESSAGE("the daemon's memory at its most: ", peak / kKibPerMib, " MiB");
        CHECK(peak > 0);
        CHECK(peak < 160 * kKibPerMib);
    }
}
