#include "hub/sequencer.hpp"

#include "crypto/signed_note.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::HubParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;

/// Collects answers from the sequencer's thread.
class Answers {
public:
    Sequencer::Answer take(std::size_t place) {
        return [this, place](SequencedBatch batch) {
            const std::lock_guard lock(mutex_);
            answers_.emplace(place, std::move(batch));
            arrived_.notify_all();
        };
    }

    [[nodiscard]] SequencedBatch wait(std::size_t place) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return answers_.contains(place); });
        return answers_.at(place);
    }

    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::size_t, SequencedBatch> answers_;
};

/// A running sequencer that writes to `parts`, through a store that counts its commits.
struct Running {
    explicit Running(HubParts& hub)
        : parts(hub), counted(hub.store, 0, storage::FaultyHubStore::When::before) {}

    [[nodiscard]] Sequencer make(Sequencer::Bell bell = [](const std::set<UnitId>&) {}) {
        return {parts.deployment,
                {counted, parts.head_file, *parts.tree, parts.head, parts.signer},
                parts.notices,
                parts.clock,
                logging,
                std::move(bell),
                1000};
    }

    HubParts& parts;
    storage::FaultyHubStore counted;
    program::Logging logging{"hub_tests", program::LogLevel::error};
};

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
        sequencer.stop();
        CHECK(parts.head_file.slots.front() == parts.head.get()->note);
        CHECK(parts.head_file.synced);
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

    TEST_CASE("a commit that the disk refused is neither adopted nor shown") {
        for (const auto when :
             {storage::FaultyHubStore::When::before, storage::FaultyHubStore::When::after}) {
            HubParts parts;
            parts.start();
            storage::FaultyHubStore faulty(parts.store, 1, when);
            const auto shown = parts.head.get();
            LogParts log{faulty, parts.head_file, *parts.tree, parts.head, parts.signer};
            storage::Commit commit;
            commit.expected = parts.store.size();
            commit.entries = {to_bytes("an entry")};
            const std::vector<Digest> leaves{Digest()};
            CHECK(write_commit(log, parts.deployment.origin, commit, leaves).error() ==
                  Errc::storage_failure);
            CHECK(parts.tree->size() == TreeSize(6));
            CHECK(parts.head.get() == shown);
            CHECK(parts.head_file.slots.front() == shown->note);
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
