// A hub dies while its database writes tables: when a start brings what the write-ahead log holds
// into new ones (a flush), when several of those have been merged, and when what a death left lying
// is removed.

#include "tests/integration/local_client.hpp"
#include "tests/integration/mortal_service.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

constexpr std::size_t kDeaths = 24 / kOneIn;
constexpr std::size_t kNoticesBetween = 2;
/// A start writes about so many tables: one for each family with something new in it.
constexpr unsigned kTables = 8;
constexpr unsigned kSeed = 20261129;
constexpr int kMostTries = 100;

/// Notices of hsa to the office, which others need not sign.
class Sending {
public:
    explicit Sending(const LiveSandbox& sandbox)
        : sandbox_(sandbox), office_(sandbox.file().at("units").at("office").at("socket")) {}

    void hand_over_some() {
        for (std::size_t i = 0; i < kNoticesBetween; ++i) {
            sent_.push_back(send_numbered(sandbox_, "hsa", sent_.size()));
        }
    }

    [[nodiscard]] bool all_arrived() const { return inbox_ids(office_).size() >= sent_.size(); }

    /// Each arrived once, in the order of sending, and the log verifies.
    void settle() const {
        CHECK(inbox_ids(office_) == sent_);
        const std::string where = (sandbox_.folder() / "s").string();
        const CommandResult audit = sandbox_.tongbao("audit verify --sandbox " + where);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

private:
    const LiveSandbox& sandbox_;
    std::string office_;
    std::vector<std::string> sent_;
};

/// How the hub died so far.
struct Deaths {
    std::size_t flushing{0};
    /// While a merge writes: the hub was ready, so its start had flushed.
    std::size_t merging{0};
    /// At a table that a merge made useless, or that a death left lying.
    std::size_t removing{0};
};

/// Sends some notices through a hub that dies at `step`, if it comes to that, and goes on with one
/// that lives if it did.
void send_some(MortalService& hub, Sending& sending, const DurableStep& step,
               const std::string& when, Deaths& deaths) {
    const std::size_t starts = hub.events("ready").size();
    hub.start(step, when);
    sending.hand_over_some();
    bool died = false;
    wait_until("they arrive, or the hub dies", [&] {
        died = hub.was_killed(std::chrono::milliseconds(0));
        return died || sending.all_arrived();
    });
    if (!died) return;
    if (hub.events("killed").back().at("call") == "remove") {
        ++deaths.removing;
    } else {
        ++(hub.events("ready").size() > starts ? deaths.merging : deaths.flushing);
    }
    hub.start();
    wait_until("they arrive", [&] { return sending.all_arrived(); });
}

}  // namespace

TEST_SUITE("table deaths") {
    TEST_CASE("a hub killed while its database flushes and merges loses nothing") {
        const LiveSandbox sandbox("guangdong-2020");
        MortalService hub = MortalService::hub(sandbox);
        Sending sending(sandbox);
        // NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp): a seed that is printed
        std::mt19937 random(kSeed);
        const auto when = [&random] { return random() % 2 == 0 ? "before" : "after"; };
        MESSAGE("seed: ", kSeed);
        Deaths deaths;
        // A merge comes when enough tables have gathered; where it lies in a start is not ours to
        // say.
        int tries = 0;
        while (deaths.flushing < kDeaths || deaths.merging == 0 || deaths.removing == 0) {
            REQUIRE(++tries <= kMostTries);
            const DurableStep removal{"a table that is not needed", "remove", ".sst"};
            // Behind those that a start flushes come those that a merge writes, if one is due.
            const DurableStep merge{"a merged table", "sync", ".sst",
                                    static_cast<int>(kTables + 1 + random() % kTables)};
            const bool removes = random() % 4 == 0;
            send_some(hub, sending, removes ? removal : merge, when(), deaths);
            // What the log has is not in a table yet: the next start writes one.
            hub.kill_now();
            const char* const files = random() % 4 == 0 ? ".blob" : ".sst";
            const DurableStep step{"a table", "sync", files,
                                   static_cast<int>(random() % kTables) + 1};
            INFO(step.path, ' ', step.number);
            const std::size_t starts = hub.events("ready").size();
            hub.start(step, when());
            bool died = false;
            wait_until("the hub dies or is ready", [&] {
                died = hub.was_killed(std::chrono::milliseconds(0));
                return died || hub.events("ready").size() > starts;
            });
            if (died) ++deaths.flushing;
            hub.kill_now();
        }
        hub.start();
        sending.hand_over_some();
        wait_until("they arrive", [&] { return sending.all_arrived(); });
        sending.settle();
        CHECK(hub.events("storage_fault").empty());
        MESSAGE("killed flushing: ", deaths.flushing, ", merging: ", deaths.merging,
                ", removing: ", deaths.removing);
    }
}
