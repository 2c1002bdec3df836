#include "hub/sequencer.hpp"

#include "crypto/sha256.hpp"
#include "crypto/signed_note.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/running_sequencer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <set>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Gate;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::Sequencing;

TEST_SUITE("sequencer") {
    TEST_CASE_FIXTURE(Sequencing, "an answered batch is in the log and under the head outside it") {
        std::set<UnitId> rung;
        Sequencer sequencer = running.make([&](const std::set<UnitId>& units) { rung = units; });
        const SequencedBatch answer = commit(sequencer, 1);
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
        // The recipient, and the keeper of the case ledger.
        CHECK(rung == std::set<UnitId>{UnitId("dike"), UnitId("office")});
    }

    TEST_CASE_FIXTURE(Sequencing,
                      "batches that wait for one sync share a commit and each has its own answer") {
        Gate gate;
        Sequencer sequencer = running.make(gate.bell());
        static_cast<void>(commit(sequencer, 0));
        for (std::uint16_t number = 1; number <= 20; ++number) {
            REQUIRE(submit(sequencer, number).has_value());
        }
        gate.open();
        sequencer.stop();
        CHECK(running.counted.commits() == 2);
        REQUIRE(answers.count() == 21);
        for (std::uint16_t number = 0; number <= 20; ++number) {
            CHECK(testing::accepted_at(answers.wait(number).leaves.front()) ==
                  LogIndex(6u + number));
        }
    }

    TEST_CASE_FIXTURE(Sequencing, "entry times never decrease though the clock goes back") {
        const UtcTime late = parts.clock.now() + std::chrono::hours(5);
        {
            Sequencer sequencer = running.make();
            const auto send = [&](std::uint16_t number, UtcTime time) {
                parts.clock.set(time);
                static_cast<void>(commit(sequencer, number));
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
        Sequencer sequencer = running.make();
        static_cast<void>(commit(sequencer, 4));
        CHECK(parts.entry(LogIndex(9)).time == late + std::chrono::hours(1));
    }

    TEST_CASE_FIXTURE(
        Sequencing,
        "a clock behind the log is told at the start, and a clock that goes back when it does") {
        const UtcTime start = parts.clock.now();
        const auto send = [&](Sequencer& sequencer, std::uint16_t number) {
            Notice notice = numbered_alarm(number);
            notice.issued_at = start;
            REQUIRE(
                sequencer.submit(parts.admitted("lake", {leaf_of(notice)}), answers.take(number))
                    .has_value());
            static_cast<void>(answers.wait(number));
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

    TEST_CASE_FIXTURE(Sequencing, "a notice issued a day away is logged all the same, and told") {
        Notice notice = numbered_alarm(1);
        notice.issued_at = parts.clock.now() + std::chrono::hours(48);
        {
            Sequencer sequencer = running.make();
            REQUIRE(sequencer.submit(parts.admitted("lake", {leaf_of(notice)}), answers.take(0))
                        .has_value());
            CHECK(testing::accepted_at(answers.wait(0).leaves.front()).has_value());
        }
        CHECK(running.told == std::vector<std::chrono::milliseconds>{std::chrono::hours(48)});
    }

    TEST_CASE_FIXTURE(Sequencing,
                      "a batch is refused while the disk has too little room for all that waits") {
        Gate gate;
        Sequencer sequencer = running.make(gate.bell());
        static_cast<void>(commit(sequencer, 0));
        const VerifiedBatch second = parts.admitted("lake", {leaf_of(numbered_alarm(1))});
        // Signatures differ in length by some bytes.
        running.room = second.bytes() + 100;
        CHECK(submit(sequencer, 1).has_value());
        // There is room for one, and one waits.
        CHECK(submit(sequencer, 2).error() == Errc::storage_full);
        running.room = 2 * second.bytes() + 200;
        CHECK(submit(sequencer, 2).has_value());
        gate.open();
        sequencer.stop();
        CHECK(answers.count() == 3);
        CHECK(parts.store.size() == TreeSize(9));
    }

    TEST_CASE_FIXTURE(Sequencing, "a stop finishes what was taken over and takes nothing more") {
        Sequencer sequencer = running.make();
        for (std::uint16_t number = 1; number <= 30; ++number) {
            REQUIRE(submit(sequencer, number).has_value());
        }
        sequencer.stop();
        CHECK(answers.count() == 30);
        CHECK(parts.store.size() == TreeSize(36));
        CHECK(submit(sequencer, 31).error() == Errc::shutting_down);
        sequencer.stop();
        CHECK(answers.count() == 30);
    }

    TEST_CASE_FIXTURE(Sequencing,
                      "the head outside soon outlives a power cut though nothing stops") {
        Sequencer sequencer =
            running.make([](const std::set<UnitId>&) {}, std::chrono::milliseconds(0));
        static_cast<void>(commit(sequencer, 1));
        parts.head_file.wait_until_synced(parts.head.get()->note);
    }

    TEST_CASE_FIXTURE(Sequencing, "a record that can't be read is the matter of its own batch") {
        const Bytes old = leaf_of(numbered_alarm(1));
        const auto index = testing::accepted_at(parts.send("lake", old));
        REQUIRE(index);
        Act act;
        act.id = ActId(testing::numbered_uuid(2));
        act.kind = ActKind::delivered;
        act.from = UnitId("dike");
        act.issued_at = parts.clock.now();
        act.notices = {{crypto::sha256(old), *index}};
        running.counted.damage(*index);
        // Forgets what it knows of the notice, so that it must be read.
        NoticeIndex notices(running.counted);
        Gate gate;
        Sequencer sequencer(
            parts.deployment,
            {running.counted, parts.head_file, *parts.tree, parts.head, parts.signer}, notices,
            parts.clock, parts.clock.now(), running.logging, gate.bell(), {});
        static_cast<void>(commit(sequencer, 3));
        REQUIRE(sequencer
                    .submit(parts.admitted("lake", {leaf_of(numbered_alarm(4)), to_bytes("{}")}),
                            answers.take(4))
                    .has_value());
        REQUIRE(
            sequencer.submit(parts.admitted("dike", {leaf_of(act)}), answers.take(5)).has_value());
        REQUIRE(submit(sequencer, 6).has_value());
        gate.open();
        const Checked<SequencedBatch> failed = answers.verdict(5);
        REQUIRE(failed.has_error());
        CHECK(failed.error().code == Errc::storage_corrupt);
        CHECK(testing::accepted_at(answers.wait(4).leaves.front()) == LogIndex(8));
        CHECK(testing::accepted_at(answers.wait(6).leaves.front()) == LogIndex(10));
        sequencer.stop();
        CHECK(parts.store.size() == TreeSize(11));
        CHECK(must(MerkleLog::open(parts.store))->root() == parts.tree->root());
    }

    TEST_CASE_FIXTURE(Sequencing, "what waits for the disk is bounded in bytes") {
        Gate gate;
        Sequencer sequencer = running.make(gate.bell());
        static_cast<void>(commit(sequencer, 0));
        // 64 MiB of batches whose leaves nobody can read.
        const VerifiedBatch large =
            parts.admitted("lake", {Bytes(protocol::kMaxBatchBytes, std::uint8_t{'x'})});
        std::size_t taken = 0;
        while (taken < 200 && sequencer.submit(large, answers.take(1 + taken)).has_value()) ++taken;
        CHECK(taken == 64 * 1024 * 1024 / large.bytes());
        CHECK(sequencer.submit(large, answers.take(300)).error() == Errc::too_many_requests);
        gate.open();
        sequencer.stop();
        CHECK(answers.count() == 1 + taken);
    }

    TEST_CASE_FIXTURE(Sequencing, "a batch without a new entry is answered without a commit") {
        const auto index = testing::accepted_at(parts.send("lake", leaf_of(numbered_alarm(1))));
        Sequencer sequencer = running.make();
        const SequencedBatch answer = commit(sequencer, 1);
        CHECK(answer.entries.empty());
        CHECK(answer.leaves.front() == protocol::LeafOutcome(protocol::LeafAccepted{*index, true}));
        CHECK(running.counted.commits() == 0);
    }
}

}  // namespace
}  // namespace tongbao::hub
