#include "hub/sequencer.hpp"

#include "crypto/sha256.hpp"
#include "crypto/signed_note.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/running_sequencer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answers;
using testing::HubParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::Running;

TEST_SUITE("sequencer") {
    TEST_CASE("an answered batch is in the log and under the head outside it") {
        HubParts parts;
        parts.start();
        Running running(parts);
        std::set<UnitId> rung;
        Answers answers;
        Sequencer sequencer = running.make([&](const std::set<UnitId>& units) { rung = units; });
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(1))}), answers.take(0))
                .has_value());
        const SequencedBatch answer = answers.wait(0);
        CHECK(testing::accepted_at(answer.leaves.front()) == LogIndex(6));
        CHECK(parts.store.size() == TreeSize(7));
        const Checkpoint kept =
            must(crypto::verify_checkpoint(parts.head.get()->note, parts.signer.verifier_key()));
        CHECK(kept.size == TreeSize(7));
        CHECK(kept.root == parts.tree->root());
        CHECK(kept.root == must(MerkleLog::open(parts.store))->root());
        CHECK(parts.head_file.synced().front() != parts.head.get()->note);
        sequencer.stop();
        CHECK(parts.head_file.slots.front() == parts.head.get()->note);
        CHECK(parts.head_file.synced().front() == parts.head.get()->note);
        CHECK(rung == std::set<UnitId>{UnitId("dike")});
    }

    TEST_CASE("batches that wait for one sync share a commit and each has its own answer") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        // The bell of the first commit holds the thread until the others are in the queue.
        std::mutex gate;
        std::unique_lock held(gate);
        Sequencer sequencer =
            running.make([&](const std::set<UnitId>&) { const std::lock_guard wait(gate); });
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(0))}), answers.take(0))
                .has_value());
        static_cast<void>(answers.wait(0));
        for (std::uint16_t number = 1; number <= 20; ++number) {
            REQUIRE(sequencer
                        .submit(parts.admitted("lake", {leaf_of(numbered_alarm(number))}),
                                answers.take(number))
                        .has_value());
        }
        held.unlock();
        sequencer.stop();
        CHECK(running.counted.commits() == 2);
        REQUIRE(answers.count() == 21);
        for (std::uint16_t number = 0; number <= 20; ++number) {
            CHECK(testing::accepted_at(answers.wait(number).leaves.front()) ==
                  LogIndex(6u + number));
        }
    }

    TEST_CASE("entry times never decrease though the clock goes back") {
        HubParts parts;
        parts.start();
        Running running(parts);
        const UtcTime late = parts.clock.now() + std::chrono::hours(5);
        {
            Answers answers;
            Sequencer sequencer = running.make();
            const auto send = [&](std::uint16_t number, UtcTime time) {
                parts.clock.set(time);
                REQUIRE(sequencer
                            .submit(parts.admitted("lake", {leaf_of(numbered_alarm(number))}),
                                    answers.take(number))
                            .has_value());
                static_cast<void>(answers.wait(number));
            };
            send(1, late);
            send(2, late - std::chrono::hours(2));
            send(3, late + std::chrono::hours(1));
        }
        CHECK(parts.entry(LogIndex(6)).time == late);
        CHECK(parts.entry(LogIndex(7)).time == late);
        CHECK(parts.entry(LogIndex(8)).time == late + std::chrono::hours(1));
        // A sequencer that starts later goes on from the log's last entry.
        parts.clock.set(late);
        Answers answers;
        Sequencer sequencer = running.make();
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(4))}), answers.take(4))
                .has_value());
        static_cast<void>(answers.wait(4));
        CHECK(parts.entry(LogIndex(9)).time == late + std::chrono::hours(1));
    }

    TEST_CASE(
        "a clock behind the log is told at the start, and a clock that goes back when it does") {
        HubParts parts;
        parts.start();
        Running running(parts);
        const UtcTime start = parts.clock.now();
        const auto send = [&](Sequencer& sequencer, std::uint16_t number) {
            Answers answers;
            Notice notice = numbered_alarm(number);
            notice.issued_at = start;
            REQUIRE(sequencer.submit(parts.admitted("lake", {leaf_of(notice)}), answers.take(0))
                        .has_value());
            static_cast<void>(answers.wait(0));
        };
        {
            Sequencer sequencer = running.make();
            send(sequencer, 1);
            parts.clock.set(start - std::chrono::minutes(1));
            send(sequencer, 2);
        }
        CHECK(running.told == std::vector<std::chrono::milliseconds>{-std::chrono::minutes(1)});
        running.told.clear();
        { const Sequencer sequencer = running.make(); }
        CHECK(running.told == std::vector<std::chrono::milliseconds>{-std::chrono::minutes(1)});
    }

    TEST_CASE("a notice issued a day away is logged all the same, and told") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Notice notice = numbered_alarm(1);
        notice.issued_at = parts.clock.now() + std::chrono::hours(48);
        {
            Answers answers;
            Sequencer sequencer = running.make();
            REQUIRE(sequencer.submit(parts.admitted("lake", {leaf_of(notice)}), answers.take(0))
                        .has_value());
            CHECK(testing::accepted_at(answers.wait(0).leaves.front()).has_value());
        }
        CHECK(running.told == std::vector<std::chrono::milliseconds>{std::chrono::hours(48)});
    }

    TEST_CASE("a batch is refused while the disk has too little room for all that waits") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        // The bell of the first commit holds the thread until the others are in the queue.
        std::mutex gate;
        std::unique_lock held(gate);
        Sequencer sequencer =
            running.make([&](const std::set<UnitId>&) { const std::lock_guard wait(gate); });
        const auto submit = [&](std::uint16_t number) {
            return sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(number))}),
                                    answers.take(number));
        };
        REQUIRE(submit(0).has_value());
        static_cast<void>(answers.wait(0));
        const VerifiedBatch second = parts.admitted("lake", {leaf_of(numbered_alarm(1))});
        // Signatures differ in length by some bytes.
        running.room = second.bytes() + 100;
        CHECK(submit(1).has_value());
        // There is room for one, and one waits.
        CHECK(submit(2).error() == Errc::storage_full);
        running.room = 2 * second.bytes() + 200;
        CHECK(submit(2).has_value());
        held.unlock();
        sequencer.stop();
        CHECK(answers.count() == 3);
        CHECK(parts.store.size() == TreeSize(9));
    }

    TEST_CASE("register entries are committed between batches and count for those behind them") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        std::mutex gate;
        std::unique_lock held(gate);
        Sequencer sequencer =
            running.make([&](const std::set<UnitId>&) { const std::lock_guard wait(gate); });
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(1))}), answers.take(0))
                .has_value());
        static_cast<void>(answers.wait(0));
        // All of this waits while the bell of the first commit holds the thread: two batches that
        // were admitted, then the revocation of lake's key and a new one for it.
        const crypto::Certificate lake = parts.signers.at("lake").certificate();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(2))}), answers.take(1))
                .has_value());
        REQUIRE(sequencer
                    .submit(parts.admitted("dike", {leaf_of(testing::answer_to(1, 3))}),
                            answers.take(2))
                    .has_value());
        const std::string name = "spiffe://test.example/unit/lake/sign";
        std::vector<Result<void>> results;
        REQUIRE(sequencer
                    .change_register(
                        {KeyRevoked{name, lake.digest()}, KeyEnrolled{name, to_bytes(next.der())},
                         KeyEnrolled{name, to_bytes(next.der())}},
                        [&](std::vector<Result<void>> each) { results = each; })
                    .has_value());
        held.unlock();
        // The revocation stands before the batch that the revoked key signed: that logs nothing.
        const Checked<SequencedBatch> refused = answers.verdict(1);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == Errc::certificate_revoked);
        const auto answer = testing::accepted_at(answers.wait(2).leaves.front());
        sequencer.stop();
        REQUIRE(results.size() == 3);
        CHECK(results[0].has_value());
        CHECK(results[1].has_value());
        CHECK(results[2].error() == Errc::already_exists);

        const auto keys = parts.deployment.keys.get();
        CHECK(keys->find(lake.digest())->revoked == LogIndex(7));
        REQUIRE(keys->find(next.digest()) != nullptr);
        CHECK(keys->find(next.digest())->enrolled == LogIndex(8));
        REQUIRE(answer);
        CHECK(*answer == LogIndex(9));
        CHECK(std::get<LoggedEvent>(parts.entry(*answer).event).register_head == keys->head());
        CHECK(must(parts.store.read_register()).size() == 8);
        CHECK(must(replay_register(parts.store, parts.words)).head() == keys->head());
        CHECK(must(MerkleLog::open(parts.store))->root() == parts.tree->root());
    }

    TEST_CASE("when register entries are answered they outlive a power cut") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Sequencer sequencer = running.make();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        std::string synced;
        std::string shown;
        bool known = false;
        std::promise<void> answered;
        REQUIRE(sequencer
                    .change_register(
                        {KeyEnrolled{format_spiffe_id(*next.spiffe()), to_bytes(next.der()),
                                     parts.pki.consent(parts.signers.at("lake").key(), next)}},
                        [&](const std::vector<Result<void>>&) {
                            synced = parts.head_file.synced().front();
                            shown = parts.head.get()->note;
                            known = parts.deployment.keys.get()->find(next.digest()) != nullptr;
                            answered.set_value();
                        })
                    .has_value());
        answered.get_future().wait();
        CHECK(synced == shown);
        CHECK(known);
        CHECK(parts.head.get()->checkpoint.size == TreeSize(7));
    }

    TEST_CASE("a certificate that is not good at its entry's time is not enrolled") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Sequencer sequencer = running.make();
        const crypto::Validity day{parts.pki.now() - std::chrono::hours(2),
                                   parts.pki.now() - std::chrono::hours(1)};
        const crypto::Certificate late =
            parts.pki.holder(sign_id(parts.pki.trust_domain(), UnitId("lake")), day).certificate;
        const testing::TestPki other;
        const crypto::Certificate strange = other.sign("lake").certificate;
        const std::string name = format_spiffe_id(*late.spiffe());
        std::promise<std::vector<Result<void>>> answered;
        REQUIRE(sequencer
                    .change_register({KeyEnrolled{name, to_bytes(late.der())},
                                      KeyEnrolled{name, to_bytes(strange.der())},
                                      KeyEnrolled{name, to_bytes("no certificate")}},
                                     [&](std::vector<Result<void>> each) {
                                         answered.set_value(std::move(each));
                                     })
                    .has_value());
        const std::vector<Result<void>> results = answered.get_future().get();
        REQUIRE(results.size() == 3);
        CHECK(results[0].error() == Errc::certificate_expired);
        CHECK(results[1].error() == Errc::certificate_untrusted);
        CHECK(results[2].error() == Errc::bad_certificate);
        sequencer.stop();
        CHECK(parts.store.size() == TreeSize(6));
        CHECK(running.counted.commits() == 0);
        CHECK(sequencer.change_register({}, [](const auto&) {}).error() == Errc::shutting_down);
    }

    TEST_CASE("a stop finishes what was taken over and takes nothing more") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        Sequencer sequencer = running.make();
        for (std::uint16_t number = 1; number <= 30; ++number) {
            REQUIRE(sequencer
                        .submit(parts.admitted("lake", {leaf_of(numbered_alarm(number))}),
                                answers.take(number))
                        .has_value());
        }
        sequencer.stop();
        CHECK(answers.count() == 30);
        CHECK(parts.store.size() == TreeSize(36));
        CHECK(sequencer
                  .submit(parts.admitted("lake", {leaf_of(numbered_alarm(31))}), answers.take(31))
                  .error() == Errc::shutting_down);
        sequencer.stop();
        CHECK(answers.count() == 30);
    }

    TEST_CASE("the head outside soon outlives a power cut though nothing stops") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        Sequencer sequencer =
            running.make([](const std::set<UnitId>&) {}, std::chrono::milliseconds(0));
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(1))}), answers.take(0))
                .has_value());
        static_cast<void>(answers.wait(0));
        parts.head_file.wait_until_synced(parts.head.get()->note);
    }

    TEST_CASE("a certificate that ends before the entry's time logs nothing") {
        HubParts parts;
        parts.pki.lists_until(parts.pki.now() + std::chrono::days(400));
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        Running running(parts);
        const UtcTime end = parts.signers.at("lake").certificate().not_after();
        Answers answers;
        {
            // The clock passes the certificate's end between admission and the entry.
            Sequencer sequencer = running.make();
            parts.clock.set(end - std::chrono::milliseconds(1));
            VerifiedBatch batch = parts.admitted("lake", {leaf_of(numbered_alarm(1))});
            parts.clock.set(end);
            REQUIRE(sequencer.submit(std::move(batch), answers.take(0)).has_value());
            const Checked<SequencedBatch> late = answers.verdict(0);
            REQUIRE(late.has_error());
            CHECK(late.error().code == Errc::certificate_expired);
            CHECK(late.error().place == "statement.signer");
        }
        CHECK(parts.store.size() == TreeSize(6));
        // The log's last entry bears a later time than the clock, which was set back since.
        Sequencer sequencer = Sequencer(parts.deployment, parts.log(), parts.notices, parts.clock,
                                        end, running.logging, [](const std::set<UnitId>&) {}, {});
        parts.clock.set(end - std::chrono::days(1));
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(2))}), answers.take(1))
                .has_value());
        const Checked<SequencedBatch> early = answers.verdict(1);
        REQUIRE(early.has_error());
        CHECK(early.error().code == Errc::certificate_expired);
        CHECK(parts.store.size() == TreeSize(6));
    }

    TEST_CASE("a record that can't be read is the matter of its own batch") {
        HubParts parts;
        parts.start();
        const Bytes old = leaf_of(numbered_alarm(1));
        const auto index = testing::accepted_at(parts.send("lake", old));
        REQUIRE(index);
        Act act;
        act.id = ActId(testing::numbered_uuid(2));
        act.kind = ActKind::delivered;
        act.from = UnitId("dike");
        act.issued_at = parts.clock.now();
        act.notices = {{crypto::sha256(old), *index}};
        Running running(parts);
        running.counted.damage(*index);
        // Forgets what it knows of the notice, so that it must be read.
        NoticeIndex notices(running.counted);
        Answers answers;
        std::mutex gate;
        std::unique_lock held(gate);
        Sequencer sequencer(
            parts.deployment,
            {running.counted, parts.head_file, *parts.tree, parts.head, parts.signer}, notices,
            parts.clock, parts.clock.now(), running.logging,
            [&](const std::set<UnitId>&) { const std::lock_guard wait(gate); }, {});
        const auto submit = [&](VerifiedBatch batch, std::size_t place) {
            REQUIRE(sequencer.submit(std::move(batch), answers.take(place)).has_value());
        };
        submit(parts.admitted("lake", {leaf_of(numbered_alarm(3))}), 3);
        static_cast<void>(answers.wait(3));
        // These share a round: the bell holds the thread meanwhile.
        submit(parts.admitted("lake", {leaf_of(numbered_alarm(4)), to_bytes("{}")}), 4);
        submit(parts.admitted("dike", {leaf_of(act)}), 5);
        submit(parts.admitted("lake", {leaf_of(numbered_alarm(6))}), 6);
        held.unlock();
        const Checked<SequencedBatch> failed = answers.verdict(5);
        REQUIRE(failed.has_error());
        CHECK(failed.error().code == Errc::storage_corrupt);
        CHECK(testing::accepted_at(answers.wait(4).leaves.front()) == LogIndex(8));
        CHECK(testing::accepted_at(answers.wait(6).leaves.front()) == LogIndex(10));
        sequencer.stop();
        CHECK(parts.store.size() == TreeSize(11));
        CHECK(must(MerkleLog::open(parts.store))->root() == parts.tree->root());
    }

    TEST_CASE("what waits for the disk is bounded in bytes") {
        HubParts parts;
        parts.start();
        Running running(parts);
        Answers answers;
        std::mutex gate;
        std::unique_lock held(gate);
        Sequencer sequencer =
            running.make([&](const std::set<UnitId>&) { const std::lock_guard wait(gate); });
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(1))}), answers.take(0))
                .has_value());
        static_cast<void>(answers.wait(0));
        // 64 MiB of batches whose leaves nobody can read.
        const VerifiedBatch large =
            parts.admitted("lake", {Bytes(protocol::kMaxBatchBytes, std::uint8_t{'x'})});
        std::size_t taken = 0;
        while (taken < 200 && sequencer.submit(large, answers.take(1 + taken)).has_value()) ++taken;
        CHECK(taken == 64 * 1024 * 1024 / large.bytes());
        CHECK(sequencer.submit(large, answers.take(300)).error() == Errc::too_many_requests);
        held.unlock();
        sequencer.stop();
        CHECK(answers.count() == 1 + taken);
    }

    TEST_CASE("a batch without a new entry is answered without a commit") {
        HubParts parts;
        parts.start();
        const auto index = testing::accepted_at(parts.send("lake", leaf_of(numbered_alarm(1))));
        Running running(parts);
        Answers answers;
        Sequencer sequencer = running.make();
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(1))}), answers.take(0))
                .has_value());
        const SequencedBatch answer = answers.wait(0);
        CHECK(answer.entries.empty());
        CHECK(answer.leaves.front() == protocol::LeafOutcome(protocol::LeafAccepted{*index, true}));
        CHECK(running.counted.commits() == 0);
    }
}

}  // namespace
}  // namespace tongbao::hub
