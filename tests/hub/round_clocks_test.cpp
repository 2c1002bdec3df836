#include "hub/round_clocks.hpp"

#include "storage/clock_records.hpp"
#include "tests/hub/clocked_hub.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::at;
using testing::changed_charter;
using testing::Clocking;
using testing::HubParts;
using testing::NationalDay;
using testing::reply_within;
using Lines = std::vector<std::string>;

/// The three days as working days, which the holidays interrupt.
struct WorkingDaysHub : NationalDay {
    WorkingDaysHub() : NationalDay(reply_within(3, "working_day")) {}
};

/// What limits of three rolling days from 30 September come to: 9 October, the first working day
/// behind the holidays. Its last moment is 24:00, 16:00Z.
const std::string kOctober9 = "2020-10-09T16:00:00.000Z";
const std::string kSeptember30 = "2020-09-30T16:00:00.000Z";

TEST_SUITE("clocks of a round") {
    TEST_CASE_FIXTURE(NationalDay,
                      "a notice starts its clocks at its recipient when it is logged") {
        const NoticeRef notice = alarm(1);
        const storage::ClockRecord record = clocks_of(notice.index, "dike");
        CHECK(record.sha256 == notice.sha256);
        CHECK(record.id == testing::numbered_uuid(1));
        CHECK(record.kind == KindId("level_alarm"));
        CHECK(record.from == UnitId("lake"));
        CHECK(record.taking_up);
        CHECK(record.history.logged_at == at("2020-09-30 10:00"));
        REQUIRE(record.clocks.size() == 4);
        CHECK(record.clocks[0].id.purpose == ClockId::Purpose::receipt);
        CHECK(record.clocks[1].asked == KindId("alarm_answer"));
        CHECK(record.clocks[1].owed);
        CHECK_FALSE(record.clocks[2].owed);
        CHECK(record.steps.size() == 2);
        // A working day for the receipt; if it is not signed for by then, three days from there.
        CHECK(open_at(notice.index, "dike") == Lines{"0 " + kOctober9, "1 2020-10-12T16:00:00.000Z",
                                                     "2 2020-10-12T16:00:00.000Z",
                                                     "3 2020-10-12T16:00:00.000Z"});
        // The working day before 9 October is 30 September.
        CHECK(record.indexes.look == at("2020-09-30 10:00") + std::chrono::hours(14));
        CHECK(own_entries().empty());
        CHECK(standing_of(notice.index, "dike") == Standing());
    }

    TEST_CASE_FIXTURE(NationalDay, "who got a copy or is none of its parties has no clocks") {
        Notice notice = testing::numbered_alarm(1);
        notice.cc = {UnitId("office")};
        const auto index = testing::accepted_at(send("lake", testing::leaf_of(notice)));
        REQUIRE(index);
        CHECK_FALSE(testing::must(store.read_clocks(*index, UnitId("office"))).has_value());
        CHECK_FALSE(testing::must(store.read_clocks(*index, UnitId("lake"))).has_value());
        CHECK(clocks_of(*index, "dike").clocks.size() == 4);
    }

    TEST_CASE_FIXTURE(NationalDay,
                      "signing for it stops the receipt and starts the limits of answers") {
        const NoticeRef notice = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        CHECK(act(100, ActKind::signed_for, notice).empty());
        CHECK(clocks_of(notice.index, "dike").history.signed_for_at == at("2020-09-30 11:00"));
        CHECK(open_at(notice.index, "dike") ==
              Lines{"1 " + kOctober9, "2 " + kOctober9, "3 " + kOctober9});
        CHECK(own_entries().empty());
    }

    TEST_CASE_FIXTURE(WorkingDaysHub,
                      "three working days from before the holidays are 12 October") {
        const NoticeRef notice = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        CHECK(act(100, ActKind::signed_for, notice).empty());
        // 9 and 10 October, a Saturday that is worked, and Monday the 12th.
        CHECK(open_at(notice.index, "dike").front() == "1 2020-10-12T16:00:00.000Z");
    }

    TEST_CASE_FIXTURE(NationalDay,
                      "delivery and opening touch nothing where no clock starts from them") {
        const NoticeRef notice = alarm(1);
        const Bytes before = storage::encode_clock_record(clocks_of(notice.index, "dike"));
        clock.set(at("2020-09-30 11:00"));
        CHECK(act(100, ActKind::delivered, notice).empty());
        CHECK(act(101, ActKind::opened, notice).empty());
        CHECK(storage::encode_clock_record(clocks_of(notice.index, "dike")) == before);
        CHECK(standing_of(notice.index, "dike").state.stage() == Stage::delivered);
    }

    TEST_CASE("a limit from delivery starts with it") {
        NationalDay hub([](nlohmann::json& text) {
            reply_within(3, "day")(text);
            text["deadlines"]["reply_5wd"]["from"] = "delivered";
        });
        const NoticeRef notice = hub.alarm(1);
        CHECK(hub.open_at(notice.index, "dike")[1] == "1 2020-10-12T16:00:00.000Z");
        hub.clock.set(at("2020-09-30 11:00"));
        CHECK(hub.act(100, ActKind::delivered, notice).empty());
        CHECK(hub.open_at(notice.index, "dike")[1] == "1 " + kOctober9);
    }

    TEST_CASE_FIXTURE(NationalDay, "an interim answer stops nothing") {
        const NoticeRef notice = alarm(1);
        const Bytes before = storage::encode_clock_record(clocks_of(notice.index, "dike"));
        clock.set(at("2020-09-30 11:00"));
        CHECK(answer(1, 2, "pending").empty());
        CHECK(storage::encode_clock_record(clocks_of(notice.index, "dike")) == before);
        CHECK(own_entries().empty());
    }

    TEST_CASE_FIXTURE(NationalDay, "an answer that satisfies settles and the hub closes") {
        const NoticeRef notice = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        CHECK(answer(1, 2).empty());
        CHECK(own_entries() == Lines{"closed 6 dike"});
        const LogIndex closed(store.size().value() - 1);
        // The answer, that it answers, and behind its batch the closing.
        CHECK(closed == LogIndex(9));
        CHECK(store.read_batch(closed).error() == Errc::not_found);
        CHECK(testing::must(store.read_trail(notice.index)) == std::vector{LogIndex(8), closed});
        CHECK(standing_of(notice.index, "dike").state.stage() == Stage::closed);
        CHECK(clocks_of(notice.index, "dike").indexes == storage::ClockIndexes());
        // The answer has clocks of its own at lake.
        CHECK(open_at(LogIndex(7), "lake") == Lines{"0 " + kOctober9});
        // A second answer is one, and closes nothing again.
        CHECK(answer(1, 3).empty());
        CHECK(own_entries() == Lines{"closed 6 dike"});
        CHECK(clocks_of(notice.index, "dike").history.answers.size() == 2);
    }

    TEST_CASE_FIXTURE(NationalDay, "answers without end make no record grow without end") {
        const NoticeRef notice = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        for (std::uint16_t number = 2; number < 102; ++number) CHECK(answer(1, number).empty());
        const storage::ClockRecord record = clocks_of(notice.index, "dike");
        CHECK(record.history.answers.size() == 64);
        CHECK(answer(1, 102).empty());
        CHECK(storage::encode_clock_record(clocks_of(notice.index, "dike")) ==
              storage::encode_clock_record(record));
        // Each is in the log all the same: itself and what it answers, and once the closing.
        CHECK(testing::must(store.read_trail(notice.index)).size() == 101 + 1);
    }

    TEST_CASE_FIXTURE(NationalDay, "what is signed for and taken up is still owed an answer") {
        const NoticeRef notice = alarm(1);
        CHECK(act(100, ActKind::signed_for, notice).empty());
        CHECK(act(101, ActKind::taken_up, notice).empty());
        CHECK(own_entries().empty());
        CHECK(open_at(notice.index, "dike").size() == 3);
    }

    TEST_CASE_FIXTURE(NationalDay, "declined nothing is owed any more") {
        const NoticeRef notice = alarm(1);
        CHECK(act(100, ActKind::declined, notice).empty());
        CHECK(own_entries() == Lines{"closed 6 dike"});
        CHECK(standing_of(notice.index, "dike").state.has(Milestone::declined));
        look_at("2020-12-01 10:00");
        CHECK(own_entries().size() == 1);
    }

    TEST_CASE_FIXTURE(NationalDay, "an answer is in time at 24:00 and late from then on") {
        const NoticeRef first = alarm(1);
        const NoticeRef second = alarm(2);
        CHECK(act(100, ActKind::signed_for, first).empty());
        CHECK(act(101, ActKind::signed_for, second).empty());
        clock.set(testing::end_of("2020-10-09"));
        CHECK(answer(1, 10).empty());
        CHECK(standing_of(first.index, "dike").marks.empty());
        clock.set(testing::end_of("2020-10-09") + std::chrono::milliseconds(1));
        CHECK(answer(2, 11).empty());
        const Marks late = standing_of(second.index, "dike").marks;
        CHECK(late == (Mark::overdue | Mark::answered_late));
        // The steps of the first came before its answer, then those of the second.
        CHECK(own_entries() == Lines{"remind 6 dike 1.0.0 " + kSeptember30, "closed 6 dike",
                                     "remind 7 dike 1.0.0 " + kSeptember30,
                                     "mark_overdue 7 dike 1.0.1 " + kOctober9, "closed 7 dike"});
    }

    TEST_CASE_FIXTURE(NationalDay, "an act in the commit that logs its notice counts") {
        const Bytes leaf = testing::leaf_of(testing::numbered_alarm(1));
        std::vector<VerifiedBatch> batches;
        batches.push_back(admitted("lake", {leaf}));
        batches.push_back(admitted("dike", {testing::leaf_of(testing::answer_to(1, 2))}));
        static_cast<void>(sequence(batches));
        CHECK(own_entries() == Lines{"closed 6 dike"});
        CHECK(clocks_of(LogIndex(6), "dike").history.answers.size() == 1);
    }

    TEST_CASE_FIXTURE(NationalDay, "a running clock keeps the rules that it started under") {
        const NoticeRef notice = alarm(1);
        // From now on a day is all there is, and the answer is another one of the kind's replies.
        deployment.charter = changed_charter([](nlohmann::json& text) {
            text["version"] = 4;
            reply_within(1, "day")(text);
            for (auto& kind : text["kinds"]) {
                if (kind["id"] != "level_alarm") continue;
                auto& replies = kind["replies"];
                std::swap(replies[0], replies[1]);
            }
        });
        deployment.charter_digest = crypto::sha256(as_bytes("version 4"));
        start();
        keep_clocks();
        clock.set(at("2020-09-30 11:00"));
        CHECK(act(100, ActKind::signed_for, notice).empty());
        CHECK(open_at(notice.index, "dike").front() == "1 " + kOctober9);
        Notice answered = testing::answer_to(1, 2);
        answered.charter_version = CharterVersion(4);
        CHECK(testing::verdict(send("dike", testing::leaf_of(answered))).empty());
        CHECK(own_entries() == Lines{"closed 6 dike"});
        CHECK(clocks_of(notice.index, "dike").history.answers.front().stops ==
              std::vector{ClockId{ClockId::Purpose::reply, 0, {}}});
    }

    TEST_CASE("each row of a table is a clock of its unit and one recipient's moves no other's") {
        NationalDay hub;
        Notice minutes = testing::notice_of("minutes", "office", {"lake", "reeds", "dike"});
        minutes.id = NoticeId(testing::numbered_uuid(1));
        minutes.issued_at = testing::TestPki::kNow;
        testing::set(minutes, "meeting_kind", std::string("regular"));
        const auto row = [](const char* number, const char* unit, const char* due) {
            Row out;
            out.cells = {{"resolution_no", std::string(number)}, {"unit", std::string(unit)}};
            if (due != nullptr) out.cells.push_back({"due", std::string(due)});
            return out;
        };
        testing::set(minutes, "resolutions",
                     Table{row("一", "lake", "2020-11-01"), row("二", "dike", nullptr),
                           row("三", "lake", "2020-10-20")});
        const auto index = testing::accepted_at(hub.send("office", testing::leaf_of(minutes)));
        REQUIRE(index);
        // A day that the notice names is not moved off a Sunday.
        CHECK(hub.open_at(*index, "lake") ==
              Lines{"0 " + kOctober9, "1 2020-11-01T16:00:00.000Z", "2 2020-10-20T16:00:00.000Z"});
        CHECK(hub.open_at(*index, "reeds") == Lines{"0 " + kOctober9});
        CHECK(hub.clocks_of(*index, "dike").clocks[1].id.row == "二");

        const NoticeRef ref{crypto::sha256(testing::leaf_of(minutes)), *index};
        const Bytes dike = storage::encode_clock_record(hub.clocks_of(*index, "dike"));
        CHECK(hub.act(100, ActKind::signed_for, ref, "reeds").empty());
        CHECK(hub.own_entries() == Lines{"closed 6 reeds"});
        Notice progress = testing::notice_of("progress", "lake", {"office"});
        progress.id = NoticeId(testing::numbered_uuid(2));
        progress.issued_at = testing::TestPki::kNow;
        progress.in_reply_to = minutes.id;
        testing::set(progress, "resolution_no", std::string("三"));
        testing::set(progress, "state", std::string("done"));
        CHECK(testing::verdict(hub.send("lake", testing::leaf_of(progress))).empty());
        CHECK(hub.open_at(*index, "lake") == Lines{"1 2020-11-01T16:00:00.000Z"});
        CHECK(storage::encode_clock_record(hub.clocks_of(*index, "dike")) == dike);
        CHECK(hub.own_entries().size() == 1);
    }

    TEST_CASE("equal notices of a minute are counted once and no less exactly") {
        NationalDay hub([](nlohmann::json& text) {
            reply_within(24, "hour")(text);
            text["deadlines"]["reply_5wd"]["from"] = "logged";
            text["deadlines"]["reply_5wd"]["if_ends_on_non_working_day"] = "none";
        });
        const std::vector<const char*> times{"2020-09-30 10:00:00.000", "2020-09-30 10:00:00.001",
                                             "2020-09-30 10:00:59.999", "2020-09-30 23:59:00.001",
                                             "2020-09-30 23:59:59.999", "2020-10-01 00:00:00.000",
                                             "2020-10-01 00:00:00.001", "2020-10-09 23:59:30.000"};
        for (const char* const first : times) {
            for (const char* const second : times) {
                CAPTURE(first);
                CAPTURE(second);
                const auto start = [&hub](const char* when) {
                    return storage::encode_clock_record(
                        *hub.deployment.clocks->start(testing::numbered_alarm(1), LogIndex(6),
                                                      Digest(), UnitId("dike"), at(when)));
                };
                hub.keep_clocks();
                const Bytes alone = start(second);
                hub.keep_clocks();
                start(first);
                CHECK(start(second) == alone);
            }
        }
    }

    TEST_CASE("a year that nobody published is told once and holds nothing else up") {
        NationalDay hub(reply_within(3, "day"), "2026-12-30 10:00");
        const NoticeRef first = hub.alarm(1);
        // A working day from 30 December is 31 December; what comes behind is not known.
        CHECK(hub.open_at(first.index, "dike") ==
              Lines{"0 2026-12-31T16:00:00.000Z", "1 never", "2 never", "3 never"});
        CHECK(hub.troubles == Lines{"calendar_missing 6 dike"});
        hub.look_at("2027-02-01 10:00");
        CHECK(hub.own_entries() == Lines{"remind 6 dike 0.0.0 2026-12-30T16:00:00.000Z",
                                         "mark_overdue 6 dike 0.0.1 2026-12-31T16:00:00.000Z"});
        CHECK(hub.troubles == Lines{"calendar_missing 6 dike"});
    }
}

}  // namespace
}  // namespace tongbao::hub
