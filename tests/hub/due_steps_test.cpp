#include "tests/hub/clocked_hub.hpp"
#include "tests/hub/running_sequencer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::at;
using testing::end_of;
using testing::leaf_of;
using testing::NationalDay;
using testing::numbered_alarm;
using testing::reply_within;
using testing::Running;
using Lines = std::vector<std::string>;
using std::chrono::milliseconds;

const std::string kRemind = "remind 6 dike 1.0.0 2020-09-30T16:00:00.000Z";
const std::string kOverdue = "mark_overdue 6 dike 1.0.1 2020-10-09T16:00:00.000Z";

/// The alarm of 30 September at 6, signed for at 11:00: an answer is due on 9 October, and the
/// reminder a working day before, at the end of 30 September.
struct SignedAlarm : NationalDay {
    explicit SignedAlarm(const std::function<void(nlohmann::json&)>& change = reply_within(3,
                                                                                           "day"))
        : NationalDay(change) {
        notice = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        REQUIRE(act(100, ActKind::signed_for, notice).empty());
    }

    NoticeRef notice;
};

/// The same with a limit of three working days, which end on 12 October.
struct SignedInWorkingDays : SignedAlarm {
    SignedInWorkingDays() : SignedAlarm(reply_within(3, "working_day")) {}
};

TEST_SUITE("due steps") {
    TEST_CASE_FIXTURE(SignedAlarm, "a step is done behind its moment and once") {
        clock.set(end_of("2020-09-30"));
        look();
        CHECK(own_entries().empty());
        clock.set(end_of("2020-09-30") + milliseconds(1));
        look();
        look();
        CHECK(own_entries() == Lines{kRemind});
        CHECK(standing_of(notice.index, "dike").marks == Marks(Mark::due_soon));
        const storage::ClockRecord record = clocks_of(notice.index, "dike");
        REQUIRE(record.done.size() == 1);
        CHECK(record.done[0].done == end_of("2020-09-30") + milliseconds(1));
        CHECK(record.done[0].due == end_of("2020-09-30"));
        CHECK(record.done[0].entry == LogIndex(8));
        CHECK(record.indexes.look == end_of("2020-10-09"));
        look_at("2020-10-10 09:00");
        CHECK(own_entries() == Lines{kRemind, kOverdue});
        CHECK(standing_of(notice.index, "dike").marks == Marks(Mark::overdue));
        CHECK_FALSE(clocks_of(notice.index, "dike").indexes.look);
        // It is still waited for, and stays so.
        CHECK(open_at(notice.index, "dike").size() == 3);
        look_at("2021-10-10 09:00");
        CHECK(own_entries().size() == 2);
    }

    TEST_CASE_FIXTURE(SignedAlarm, "a hub that was down over several steps does each in order") {
        look_at("2020-11-20 09:00");
        CHECK(own_entries() == Lines{kRemind, kOverdue});
        CHECK(entry(LogIndex(8)).time == at("2020-11-20 09:00"));
        look();
        CHECK(own_entries().size() == 2);
        CHECK(testing::must(store.read_trail(notice.index)) ==
              std::vector{LogIndex(7), LogIndex(8), LogIndex(9)});
    }

    TEST_CASE_FIXTURE(SignedInWorkingDays,
                      "steps in working days are counted around the holidays") {
        look_at("2020-11-20 09:00");
        // A working day before Monday the 12th is Saturday the 10th, which is worked.
        CHECK(own_entries() == Lines{"remind 6 dike 1.0.0 2020-10-10T16:00:00.000Z",
                                     "mark_overdue 6 dike 1.0.1 2020-10-12T16:00:00.000Z"});
    }

    TEST_CASE_FIXTURE(SignedAlarm,
                      "a hub killed before the commit does the steps when it is back") {
        clock.set(at("2020-11-20 09:00"));
        look(false);
        CHECK(own_entries().empty());
        CHECK(clocks_of(notice.index, "dike").done.empty());
        keep_clocks();
        look();
        CHECK(own_entries() == Lines{kRemind, kOverdue});
    }

    TEST_CASE_FIXTURE(SignedAlarm, "a hub killed behind the commit does no step again") {
        clock.set(at("2020-11-20 09:00"));
        storage::FaultyHubStore dying(store, 1, storage::FaultyHubStore::When::after);
        {
            Round round(deployment, dying, notices, refusals, clock.now());
            REQUIRE(round.do_due_steps(aside).has_value());
            storage::Commit commit = round.take_commit();
            LogParts parts{dying, head_file, *tree, head, signer};
            CHECK(write_commit(parts, deployment.origin, std::move(commit), round.leaf_hashes())
                      .error() == Errc::storage_failure);
        }
        tree = testing::must(MerkleLog::open(store));
        keep_clocks();
        look();
        CHECK(own_entries() == Lines{kRemind, kOverdue});
    }

    TEST_CASE_FIXTURE(NationalDay, "steps of many notices are done in order and some at a time") {
        std::vector<Bytes> leaves;
        for (std::uint16_t number = 1; number <= 300; ++number) {
            leaves.push_back(leaf_of(numbered_alarm(number)));
        }
        std::vector<VerifiedBatch> batches;
        batches.push_back(admitted("lake", std::move(leaves)));
        static_cast<void>(sequence(batches));
        clock.set(at("2020-10-10 09:00"));
        look();
        // Every receipt's reminder, of as many as one commit looks at; none of the limits before.
        CHECK(own_entries().size() == 256);
        for (int i = 0; i < 4; ++i) look();
        const Lines all = own_entries();
        CHECK(all.size() == 600);
        CHECK(std::set<std::string>(all.begin(), all.end()).size() == 600);
        for (std::size_t i = 0; i < 300; ++i) {
            const std::string notice = std::to_string(6 + i);
            CHECK(all[i] == "remind " + notice + " dike 0.0.0 2020-09-30T16:00:00.000Z");
            CHECK(all[300 + i] ==
                  "mark_overdue " + notice + " dike 0.0.1 2020-10-09T16:00:00.000Z");
        }
        look();
        CHECK(own_entries().size() == 600);
    }

    TEST_CASE_FIXTURE(SignedAlarm, "clocks that can't be read are passed over") {
        static_cast<void>(alarm(2));
        storage::FaultyHubStore damaged(store, 0, storage::FaultyHubStore::When::before);
        damaged.damage(notice.index);
        clock.set(at("2020-10-01 09:00"));
        for (int i = 0; i < 2; ++i) {
            Round round(deployment, damaged, notices, refusals, clock.now());
            REQUIRE(round.do_due_steps(aside).has_value());
            LogParts parts = log();
            storage::Commit commit = round.take_commit();
            if (commit.entries.empty()) continue;
            REQUIRE(write_commit(parts, deployment.origin, std::move(commit), round.leaf_hashes())
                        .has_value());
        }
        CHECK(own_entries() == Lines{"remind 8 dike 0.0.0 2020-09-30T16:00:00.000Z"});
        CHECK(aside == std::set<ClockPlace>{{notice.index, UnitId("dike")}});
        CHECK(troubles == Lines{"storage_corrupt 6 dike"});
        // An act on it is the matter of the batch that brings it.
        Round round(deployment, damaged, notices, refusals, clock.now());
        const VerifiedBatch batch =
            admitted("dike", {leaf_of(testing::act_of(101, ActKind::taken_up, {notice}))});
        CHECK(round.add(batch).error() == Errc::storage_corrupt);
    }
}

TEST_SUITE("sequencer and clocks") {
    TEST_CASE_FIXTURE(SignedAlarm, "the sequencer does what is due by the hub's clock") {
        Running running(*this);
        testing::Answers answers;
        const std::size_t before = store.size().value();
        {
            Sequencer sequencer = running.make();
            const auto submit = [&](std::uint16_t number) {
                REQUIRE(sequencer
                            .submit(admitted("lake", {leaf_of(numbered_alarm(number))}),
                                    answers.take(number))
                            .has_value());
                static_cast<void>(answers.wait(number));
            };
            clock.set(end_of("2020-09-30"));
            submit(10);
            submit(11);
            CHECK(own_entries().empty());
            clock.set(end_of("2020-09-30") + milliseconds(1));
            // Nobody asks it to.
            running.counted.wait_until_committed(3);
            clock.set(at("2020-10-10 09:00"));
            running.counted.wait_until_committed(4);
        }
        CHECK(own_entries() == Lines{kRemind, "remind 8 dike 0.0.0 2020-09-30T16:00:00.000Z",
                                     "remind 9 dike 0.0.0 2020-09-30T16:00:00.000Z", kOverdue,
                                     "mark_overdue 8 dike 0.0.1 2020-10-09T16:00:00.000Z",
                                     "mark_overdue 9 dike 0.0.1 2020-10-09T16:00:00.000Z"});
        CHECK(before + 2 + 6 == store.size().value());
        CHECK(tree->root() == testing::must(MerkleLog::open(store))->root());
        CHECK(head_file.synced().front() == head.get()->note);
    }

    TEST_CASE_FIXTURE(SignedAlarm, "a sequencer that starts late does what it missed at once") {
        Running running(*this);
        clock.set(at("2020-11-20 09:00"));
        {
            Sequencer sequencer = running.make();
            running.counted.wait_until_committed(1);
        }
        CHECK(own_entries() == Lines{kRemind, kOverdue});
        CHECK(running.counted.commits() == 1);
    }

    TEST_CASE_FIXTURE(SignedAlarm, "a clock that goes back does no step again and none too early") {
        Running running(*this);
        testing::Answers answers;
        clock.set(at("2020-10-01 09:00"));
        {
            Sequencer sequencer = running.make();
            running.counted.wait_until_committed(1);
            clock.set(at("2020-09-30 09:00"));
            REQUIRE(
                sequencer.submit(admitted("lake", {leaf_of(numbered_alarm(10))}), answers.take(0))
                    .has_value());
            static_cast<void>(answers.wait(0));
        }
        // The new alarm's reminder was due when it was logged.
        CHECK(entry(LogIndex(9)).time == at("2020-10-01 09:00"));
        CHECK(own_entries() == Lines{kRemind});
    }

    TEST_CASE_FIXTURE(SignedAlarm, "a store that can't say what is due holds no batch up") {
        Running running(*this);
        running.counted.lose_looks();
        testing::Answers answers;
        clock.set(at("2020-10-20 09:00"));
        {
            Sequencer sequencer = running.make();
            for (std::uint16_t number = 10; number < 12; ++number) {
                REQUIRE(sequencer
                            .submit(admitted("lake", {leaf_of(numbered_alarm(number))}),
                                    answers.take(number))
                            .has_value());
                CHECK(testing::accepted_at(answers.wait(number).leaves.front()).has_value());
            }
        }
        CHECK(own_entries().empty());
        {
            Running whole(*this);
            Sequencer sequencer = whole.make();
            whole.counted.wait_until_committed(1);
        }
        CHECK(own_entries() == Lines{kRemind, kOverdue});
    }

    TEST_CASE_FIXTURE(SignedAlarm, "on a full disk steps wait and are done when there is room") {
        Running running(*this);
        running.room = 0;
        clock.set(at("2020-11-20 09:00"));
        {
            Sequencer sequencer = running.make();
            for (std::uint64_t seen = 0; seen < 3; seen = running.asked_for_room) {
                running.asked_for_room.wait(seen);
            }
            CHECK(running.counted.commits() == 0);
            running.room = 1'000'000'000;
            running.counted.wait_until_committed(1);
        }
        CHECK(own_entries() == Lines{kRemind, kOverdue});
    }

    TEST_CASE_FIXTURE(SignedAlarm, "without a keeper nothing is due") {
        deployment.clocks = nullptr;
        Running running(*this);
        clock.set(at("2020-10-20 09:00"));
        { const Sequencer sequencer = running.make(); }
        CHECK(running.counted.commits() == 0);
        const NoticeRef second = alarm(2);
        CHECK_FALSE(testing::must(store.read_clocks(second.index, UnitId("dike"))).has_value());
    }
}

}  // namespace
}  // namespace tongbao::hub
