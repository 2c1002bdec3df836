#include "client/daemon/clock_check.hpp"

#include "client/daemon/outbox.hpp"
#include "hub/log_showing.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tongbao::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using testing::DaemonParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::StartedHub;

/// Lake's daemon. `hub.clock` is the hub's while a batch is sequenced, and else the daemon's.
struct TwoClocks {
    StartedHub hub;
    DaemonParts daemon{hub, "lake"};
    Outbox outbox{*daemon.services};
    const UtcTime now = hub.clock.now();

    [[nodiscard]] std::optional<milliseconds> ahead() const { return daemon.state.clock_ahead; }

    /// What the hub answers whose clock is ahead by so much.
    [[nodiscard]] protocol::Outcome answer(const protocol::Submit& submit, milliseconds by) {
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(*hub.admission().admit(UnitId("lake"), submit));
        hub::LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
        hub.clock.set(now + by);
        protocol::Outcome outcome = must(showing.outcome(1, hub.sequence(batches).front()));
        hub.clock.set(now);
        *daemon.follower = testing::follower_of(hub);
        REQUIRE(daemon.keys->adopt(testing::register_of(hub)).has_value());
        return outcome;
    }

    /// Sends a notice that was queued when the daemon's clock said so.
    void send(std::uint16_t number, milliseconds hub_ahead, UtcTime queued) {
        storage::SentItem item;
        item.id = numbered_alarm(number).id.value();
        item.bytes = leaf_of(numbered_alarm(number));
        item.queued_at = queued;
        REQUIRE(daemon.store->enqueue({item}).has_value());
        const std::optional<protocol::Submit> submit = must(daemon.run(outbox.next()));
        REQUIRE(submit.has_value());
        protocol::Outcome outcome = answer(*submit, hub_ahead);
        REQUIRE(daemon.run(outbox.settle(std::move(outcome), *daemon.follower, *daemon.keys))
                    .has_value());
    }
};

TEST_SUITE("clock check") {
    TEST_CASE_FIXTURE(TwoClocks, "clocks that differ by five minutes agree, by more they don't") {
        send(1, minutes(5), now);
        CHECK_FALSE(ahead());
        send(2, minutes(5) + milliseconds(1), now);
        CHECK(ahead() == minutes(5) + milliseconds(1));
    }

    TEST_CASE_FIXTURE(TwoClocks, "an entry older than what it logs shows a clock that is ahead") {
        send(1, milliseconds(0), now + minutes(5));
        CHECK_FALSE(ahead());
        send(2, milliseconds(0), now + minutes(6));
        CHECK(ahead() == -minutes(6));
    }

    TEST_CASE_FIXTURE(TwoClocks, "the warning ends when the clocks agree again") {
        send(1, milliseconds(0), now + minutes(6));
        CHECK(ahead().has_value());
        send(2, milliseconds(0), now);
        CHECK_FALSE(ahead());
    }

    TEST_CASE_FIXTURE(TwoClocks, "what waited for days says nothing of clocks") {
        send(1, milliseconds(0), now - std::chrono::hours(72));
        CHECK_FALSE(ahead());
        compare_with_delivered(*daemon.services, now - std::chrono::hours(72));
        CHECK_FALSE(ahead());
    }

    TEST_CASE_FIXTURE(TwoClocks, "a delivery from the future shows a clock that is behind") {
        compare_with_delivered(*daemon.services, now + minutes(5));
        CHECK_FALSE(ahead());
        compare_with_delivered(*daemon.services, now + std::chrono::hours(24));
        CHECK(ahead() == std::chrono::hours(24));
        // An old one does not take it back.
        compare_with_delivered(*daemon.services, now - std::chrono::hours(1));
        CHECK(ahead() == std::chrono::hours(24));
    }

    TEST_CASE_FIXTURE(TwoClocks, "a repeated answer says nothing of clocks") {
        send(1, minutes(6), now);
        CHECK(ahead().has_value());
        protocol::Outcome repeated;
        repeated.leaves = {protocol::LeafAccepted{LogIndex(6), true, {}}};
        compare_with_answer(*daemon.services, repeated, {storage::SentItem{}});
        CHECK(ahead().has_value());
    }
}

}  // namespace
}  // namespace tongbao::client
