#include "client/daemon/outbox.hpp"

#include "client/daemon/own_act.hpp"
#include "crypto/sha256.hpp"
#include "domain/lifecycle.hpp"
#include "hub/log_showing.hpp"
#include "protocol/message_codec.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/captured_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::kFirstBatch;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::StartedHub;

storage::SentItem item_of(const Notice& notice) {
    storage::SentItem item;
    item.id = notice.id.value();
    item.bytes = leaf_of(notice);
    item.queued_at = notice.issued_at;
    return item;
}

/// A daemon whose hub is asked by hand.
struct Sending {
    explicit Sending(std::string_view unit = "lake")
        : daemon(hub, unit), outbox(*daemon.services) {}

    std::optional<protocol::Submit> next() { return must(daemon.run(outbox.next())); }

    /// What the hub answers to the batch.
    protocol::Outcome answer_to(const protocol::Submit& submit) {
        Checked<hub::VerifiedBatch> batch = hub.admission().admit(daemon.config.unit, submit);
        REQUIRE(batch.has_value());
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(*std::move(batch));
        hub::LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
        protocol::Outcome outcome = must(showing.outcome(1, hub.sequence(batches).front()));
        *daemon.follower = testing::follower_of(hub);
        REQUIRE(daemon.keys->adopt(testing::register_of(hub)).has_value());
        return outcome;
    }
    Result<void> settle(const protocol::Outcome& outcome) {
        return daemon.run(outbox.settle(outcome, *daemon.follower, *daemon.keys));
    }

    StartedHub hub;
    DaemonParts daemon;
    Outbox outbox;
};

/// Dike, to which an alarm of lake came.
struct Answering : Sending {
    Answering() : Sending("dike") {
        const Notice alarm = numbered_alarm(1);
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(alarm))));
        daemon.put_arrived(alarm, testing::delivery_of(hub, kFirstBatch),
                           RecipientState().with(ActKind::delivered));
    }

    void queue(ActKind kind, LogIndex index) {
        const Digest sha256 = crypto::sha256(leaf_of(numbered_alarm(1)));
        REQUIRE(
            daemon.store
                ->enqueue({make_act(UnitId("dike"), kind, {{sha256, index}}, {}, hub.clock.now())})
                .has_value());
    }
    [[nodiscard]] RecipientState state() const {
        return RecipientState(daemon.store->list_inbox(std::nullopt, 1)->front().state);
    }
};

TEST_SUITE("outbox of a daemon") {
    TEST_CASE("a batch is settled with the key that signed it though another signs by then") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        const auto submit = lake.next();
        REQUIRE(submit.has_value());
        testing::TestHolder holder = lake.hub.pki.sign("lake");
        const crypto::Certificate next = holder.certificate;
        lake.hub.put_consented("next", next);
        lake.hub.start();
        CHECK(lake.daemon.seals.offer(std::make_shared<const crypto::StatementSigner>(
            must(crypto::StatementSigner::make(std::move(holder.key), next)))));
        CHECK(lake.daemon.seals.settle(*lake.hub.deployment.keys.get()));
        REQUIRE(lake.settle(lake.answer_to(*submit)).has_value());
        CHECK(lake.daemon.state.alarm.empty());
        CHECK(lake.daemon.store->outbox_size() == 0);

        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(2))}).has_value());
        const auto second = lake.next();
        REQUIRE(second.has_value());
        Checked<hub::VerifiedBatch> batch = lake.hub.admission().admit(UnitId("lake"), *second);
        REQUIRE(batch.has_value());
        CHECK(batch->signer() == next.digest());
    }

    TEST_CASE("what the hub accepted is settled with its place and the register is kept") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        const auto submit = lake.next();
        REQUIRE(submit.has_value());
        CHECK(lake.outbox.under_way());
        CHECK_FALSE(lake.next().has_value());
        REQUIRE(lake.settle(lake.answer_to(*submit)).has_value());
        CHECK_FALSE(lake.outbox.under_way());
        const storage::SentItem sent =
            must(lake.daemon.store->find_sent(numbered_alarm(1).id.value()));
        CHECK(sent.state == storage::SentState::accepted);
        CHECK(sent.index == kFirstBatch);
        CHECK(*lake.daemon.store->pinned_head() == lake.hub.head.get()->note);
        CHECK(lake.daemon.store->read_register()->size() == 6);
        CHECK(lake.daemon.state.answered.last_minute(lake.hub.clock.now()) == 1);
    }

    TEST_CASE("a notice whose file is gone here goes out and is the hub's to refuse") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        lake.hub.attachments.sizes.clear();
        const auto submit = lake.next();
        REQUIRE(submit.has_value());
        CHECK(lake.daemon.fake.asked.empty());
        REQUIRE(lake.settle(lake.answer_to(*submit)).has_value());
        const storage::SentItem sent =
            must(lake.daemon.store->find_sent(numbered_alarm(1).id.value()));
        CHECK(sent.state == storage::SentState::refused);
        CHECK(sent.outcome.find("attachment_not_uploaded") != std::string::npos);
    }

    TEST_CASE("what the hub does not take of the files stops the batch") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        const Digest chart = testing::file("chart").sha256;
        lake.daemon.put_file(chart, Bytes(10));
        lake.daemon.fake.answers["PUT /v1/attachments/" + chart.hex()] = {
            429, to_bytes(R"({"type":"t","title":"t","status":429,"code":"too_many_requests"})")};
        CHECK(lake.daemon.run(lake.outbox.next()).error() == Errc::too_many_requests);
        CHECK_FALSE(lake.outbox.under_way());
        lake.daemon.fake.answers["PUT /v1/attachments/" + chart.hex()] = {201, {}};
        CHECK(lake.next().has_value());
        CHECK(lake.daemon.fake.uploaded == Bytes(10));
    }

    TEST_CASE("an answer that does not verify settles nothing and is an alarm") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        const auto submit = lake.next();
        REQUIRE(submit.has_value());
        protocol::Outcome outcome = lake.answer_to(*submit);
        std::get<Bytes>(outcome.run.entries[0])[30] ^= 1;
        CHECK(lake.settle(outcome).error() == Errc::proof_mismatch);
        CHECK(lake.daemon.state.alarm.starts_with("proof_mismatch: "));
        CHECK(lake.daemon.store->outbox_size() == 1);
        CHECK(lake.daemon.store->pinned_head()->empty());
    }

    TEST_CASE("a refused batch goes out again from its first item") {
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1)), item_of(numbered_alarm(2))})
                    .has_value());
        const auto first = lake.next();
        REQUIRE(first.has_value());
        CHECK_FALSE(lake.outbox.refused());
        lake.outbox.refuse({1, {Errc::too_many_requests, "", ""}});
        CHECK(lake.outbox.refused());
        CHECK_FALSE(lake.outbox.under_way());
        CHECK(lake.daemon.state.last_error == "too_many_requests");
        CHECK(lake.daemon.store->outbox_size() == 2);
        lake.outbox.begin_again();
        CHECK_FALSE(lake.outbox.refused());
        const auto again = lake.next();
        REQUIRE(again.has_value());
        CHECK(again->leaves == first->leaves);
    }

    TEST_CASE("a hub that refuses again and again is told once, and when it takes one again") {
        const testing::CapturedLog log;
        Sending lake;
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(1))}).has_value());
        const auto refused_with = [&lake, &log](Errc errc) {
            REQUIRE(lake.next().has_value());
            lake.outbox.refuse({1, {errc, "", ""}});
            lake.outbox.begin_again();
            lake.daemon.logging.flush();
            CHECK(lake.daemon.state.last_error == code(errc));
            return log.count("batch_refused_by_hub");
        };
        CHECK(refused_with(Errc::storage_full) == 1);
        CHECK(refused_with(Errc::storage_full) == 1);
        CHECK(refused_with(Errc::storage_full) == 1);
        // Another reason is news.
        CHECK(refused_with(Errc::too_many_requests) == 2);
        CHECK(lake.daemon.state.refused == Errc::too_many_requests);
        const auto submit = lake.next();
        REQUIRE(submit.has_value());
        REQUIRE(lake.settle(lake.answer_to(*submit)).has_value());
        CHECK_FALSE(lake.daemon.state.refused.has_value());
        REQUIRE(lake.daemon.store->enqueue({item_of(numbered_alarm(2))}).has_value());
        CHECK(refused_with(Errc::too_many_requests) == 3);
    }

    TEST_CASE_FIXTURE(Answering, "an act changes the notice's state when the log has it") {
        queue(ActKind::signed_for, kFirstBatch);
        const auto submit = next();
        REQUIRE(submit.has_value());
        CHECK_FALSE(state().has(ActKind::signed_for));
        REQUIRE(settle(answer_to(*submit)).has_value());
        CHECK(state().has(ActKind::signed_for));
    }

    TEST_CASE_FIXTURE(Answering,
                      "an answer that satisfies counts as signed for once it is logged") {
        Notice answer = testing::notice_of("alarm_answer", "dike", {"lake"});
        testing::set(answer, "result", std::string("done"));
        testing::set(answer, "done_on", std::string("2026-01-01"));
        answer.id = NoticeId(testing::numbered_uuid(50));
        answer.in_reply_to = numbered_alarm(1).id;
        answer.issued_at = testing::TestPki::kNow;
        REQUIRE(daemon.store->enqueue({item_of(answer)}).has_value());
        const auto submit = next();
        REQUIRE(submit.has_value());
        CHECK_FALSE(state().has(ActKind::signed_for));
        REQUIRE(settle(answer_to(*submit)).has_value());
        const auto sent = daemon.store->find_sent(answer.id.value());
        CAPTURE(sent->outcome);
        REQUIRE(sent->state == storage::SentState::accepted);
        CHECK(state().has(ActKind::signed_for));
    }

    TEST_CASE_FIXTURE(Answering,
                      "an act that the hub refuses leaves the notice's state as it was") {
        const RecipientState before = state();
        // Names the notice by its bytes, and another entry's place.
        queue(ActKind::signed_for, LogIndex(5));
        const auto submit = next();
        REQUIRE(submit.has_value());
        REQUIRE(settle(answer_to(*submit)).has_value());
        CHECK(daemon.store->outbox_size() == 0);
        CHECK(state() == before);
    }
}

}  // namespace
}  // namespace tongbao::client
