#include "client/daemon/restricted_leaves.hpp"

#include "client/daemon/outbox.hpp"
#include "client/daemon/own_act.hpp"
#include "crypto/sha256.hpp"
#include "hub/log_showing.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::numbered_uuid;
using testing::StartedHub;

/// The daemon of dike, for which items for the press are restricted.
struct WithRestricted {
    WithRestricted() {
        CharterParts parts = hub.deployment.charter->parts();
        for (Kind& kind : parts.kinds) {
            if (kind.id == KindId("press_item")) kind.office_sees = OfficeSees::none;
        }
        hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
    }

    [[nodiscard]] static Notice item(std::uint16_t number) {
        Notice item = testing::notice_of("press_item", "dike", {"press"});
        item.id = NoticeId(numbered_uuid(number));
        testing::set(item, "wording", std::string("x"));
        return item;
    }
    [[nodiscard]] static Notice answer(std::uint16_t number, std::uint16_t asked) {
        Notice answer = testing::notice_of("alarm_answer", "dike", {"lake"});
        answer.id = NoticeId(numbered_uuid(number));
        answer.in_reply_to = NoticeId(numbered_uuid(asked));
        testing::set(answer, "result", std::string("refused"));
        return answer;
    }
    [[nodiscard]] static storage::SentItem queued(const Notice& notice) {
        storage::SentItem item;
        item.id = notice.id.value();
        item.bytes = leaf_of(notice);
        item.queued_at = notice.issued_at;
        return item;
    }
    void enqueue(const std::vector<Notice>& notices) {
        for (const Notice& each : notices) {
            REQUIRE(daemon->store->enqueue({queued(each)}).has_value());
        }
    }
    [[nodiscard]] Restricted is_restricted(const protocol::Leaf& leaf) {
        const RestrictedLeaves restricted(*daemon->services->charter, *daemon->store);
        return must(restricted.contains(leaf));
    }
    /// Sends the notice, and settles what the hub answers.
    [[nodiscard]] Errc settled(const Notice& notice) {
        enqueue({notice});
        Outbox outbox(*daemon->services);
        const auto submit = must(daemon->run(outbox.next()));
        REQUIRE(submit.has_value());
        Checked<hub::VerifiedBatch> batch = hub.admission().admit(UnitId("dike"), *submit);
        REQUIRE(batch.has_value());
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(*std::move(batch));
        hub::LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
        const protocol::Outcome outcome = must(showing.outcome(1, hub.sequence(batches).front()));
        *daemon->follower = testing::follower_of(hub);
        REQUIRE(daemon->keys->adopt(testing::register_of(hub)).has_value());
        const Result<void> done =
            daemon->run(outbox.settle(outcome, *daemon->follower, *daemon->keys));
        return done ? Errc() : to_errc(done.error());
    }
    void begin() { daemon.emplace(hub, "dike"); }

    StartedHub hub;
    std::optional<DaemonParts> daemon;
};

Act about(const NoticeRef& notice) {
    Act act;
    act.kind = ActKind::dispatched;
    act.from = UnitId("dike");
    act.notices = {notice};
    return act;
}

TEST_SUITE("restricted leaves") {
    TEST_CASE_FIXTURE(WithRestricted, "a notice is by its kind or by what it answers") {
        begin();
        enqueue({item(1), answer(3, 9)});
        CHECK(is_restricted(item(1)) == Restricted::yes);
        CHECK(is_restricted(numbered_alarm(2)) == Restricted::no);
        CHECK(is_restricted(answer(2, 1)) == Restricted::yes);
        // What it is about is not here.
        CHECK(is_restricted(answer(2, 9)) == Restricted::unknown);
        CHECK(is_restricted(answer(4, 3)) == Restricted::unknown);
        enqueue({answer(5, 1)});
        CHECK(is_restricted(answer(6, 5)) == Restricted::yes);
    }

    TEST_CASE_FIXTURE(WithRestricted, "an act is by the one notice that it names") {
        begin();
        const Notice alarm = numbered_alarm(1);
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(alarm))));
        daemon->put_arrived(alarm, testing::delivery_of(hub, testing::kFirstBatch));
        Act act = about({crypto::sha256(leaf_of(alarm)), testing::kFirstBatch});
        CHECK(is_restricted(act) == Restricted::no);
        act.notices.front().index = LogIndex(99);
        CHECK(is_restricted(act) == Restricted::unknown);
        // A restricted one is acted on alone.
        act.notices.push_back(act.notices.front());
        CHECK(is_restricted(act) == Restricted::no);
    }

    TEST_CASE_FIXTURE(WithRestricted, "each goes to the hub in a batch of its own") {
        begin();
        enqueue({numbered_alarm(1), numbered_alarm(2), item(3), item(4), numbered_alarm(5)});
        Outbox outbox(*daemon->services);
        std::vector<std::size_t> sizes;
        while (const auto submit = must(daemon->run(outbox.next()))) {
            sizes.push_back(submit->leaves.size());
        }
        CHECK(sizes == std::vector<std::size_t>{2, 1, 1, 1});
    }

    TEST_CASE_FIXTURE(WithRestricted, "a hub that hides what others may know raises an alarm") {
        // To the daemon nothing is restricted: to it the hub hides an item of the press.
        const std::shared_ptr<const Charter> theirs = hub.deployment.charter;
        CharterParts parts = theirs->parts();
        for (Kind& kind : parts.kinds) kind.office_sees = OfficeSees::all;
        hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
        begin();
        hub.deployment.charter = theirs;
        CHECK(settled(item(1)) == Errc::entry_mismatch);
        CHECK_FALSE(daemon->state.alarm.empty());
    }

    TEST_CASE_FIXTURE(WithRestricted, "a hub that tells others of what is restricted does too") {
        begin();
        CharterParts parts = hub.deployment.charter->parts();
        for (Kind& kind : parts.kinds) kind.office_sees = OfficeSees::all;
        hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
        CHECK(settled(item(1)) == Errc::entry_mismatch);
        CHECK_FALSE(daemon->state.alarm.empty());
    }

    TEST_CASE_FIXTURE(WithRestricted, "what both hide is settled with its place") {
        begin();
        CHECK(settled(item(1)) == Errc());
        CHECK(daemon->state.alarm.empty());
        CHECK(must(daemon->store->find_sent(numbered_uuid(1))).state ==
              storage::SentState::accepted);
    }
}

}  // namespace
}  // namespace tongbao::client
