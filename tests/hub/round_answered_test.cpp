#include "tests/hub/answered_hub.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answering;
using testing::at;
using testing::correction_of;
using testing::kBeforeHolidays;
using testing::kBehindHolidays;
using testing::urging_of;
using Lines = std::vector<std::string>;

TEST_SUITE("notices taken back") {
    TEST_CASE_FIXTURE(Answering, "a withdrawn notice ends at each whom it went to") {
        Notice notice = testing::numbered_alarm(1);
        notice.cc = {UnitId("office")};
        const NoticeRef old = logged(notice);
        clock.set(at("2020-09-30 11:00"));
        const NoticeRef by = logged(correction_of(1, 2, "lake", {"dike", "office"}));
        for (const char* const unit : {"dike", "office"}) {
            CAPTURE(unit);
            CHECK(standing_of(old.index, unit).state.stage() == Stage::closed);
            CHECK(standing_of(old.index, unit).marks == Marks(Mark::withdrawn_by));
        }
        CHECK(clocks_of(old.index, "dike").history.ended_at == at("2020-09-30 11:00"));
        CHECK(clocks_of(old.index, "dike").indexes == storage::ClockIndexes());
        // The correction itself is a notice with clocks.
        CHECK(open_at(by.index, "dike") == Lines{"0 " + kBehindHolidays});

        const LogIndex said = advanced(by.index, 1);
        CHECK(done_at(said) == AnsweredActEvent{AnsweredAct::withdraw, UnitId("lake"), old, by});
        CHECK(testing::must(store.read_trail(old.index)) == std::vector{said});
        // It is of the correction's batch, unlike what the hub does by itself.
        CHECK(testing::must(store.read_batch(said)).entry_count == 2);
        look_at("2021-02-01 10:00");
        for (const std::string& line : own_entries()) {
            CHECK(line.find(" 6 ") == std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(Answering,
                      "steps that were due before a withdrawal are done and none after") {
        static_cast<void>(alarm(1));
        clock.set(at("2020-10-12 10:00"));
        static_cast<void>(logged(correction_of(1, 2, "lake", {"dike"})));
        // The receipt was due on 9 October, so the answer is on the 12th, a working day before
        // which is Saturday the 10th.
        CHECK(own_entries() == Lines{"remind 6 dike 0.0.0 " + kBeforeHolidays,
                                     "mark_overdue 6 dike 0.0.1 " + kBehindHolidays,
                                     "remind 6 dike 1.0.0 2020-10-10T16:00:00.000Z"});
        CHECK(standing_of(LogIndex(6), "dike").marks == (Mark::withdrawn_by | Mark::overdue));
    }

    TEST_CASE_FIXTURE(Answering, "a corrected notice is superseded by the one that it names") {
        const NoticeRef old = alarm(1);
        const NoticeRef instead = alarm(2);
        const NoticeRef by = logged(correction_of(1, 3, "lake", {"dike"}, 2));
        CHECK(standing_of(old.index, "dike").marks == (Mark::corrected_by | Mark::superseded));
        CHECK(done_at(advanced(by.index, 1))->act == AnsweredAct::correct);
        CHECK(standing_of(instead.index, "dike") == Standing());
        CHECK(open_at(instead.index, "dike").size() == 4);
    }

    TEST_CASE_FIXTURE(Answering, "the notice that counts instead must be one that was sent") {
        static_cast<void>(alarm(1));
        CHECK(sent(correction_of(1, 3, "lake", {"dike"}, 2)) ==
              "no_such_notice fields.replaced_by");
        CHECK(sent(correction_of(1, 4, "lake", {"dike"}, 1)) == "bad_value fields.replaced_by");
        // Of another sender's identifiers none counts.
        CHECK(answer(1, 2).empty());
        CHECK(sent(correction_of(1, 5, "lake", {"dike"}, 2)) ==
              "no_such_notice fields.replaced_by");
        CHECK(standing_of(LogIndex(6), "dike").marks.empty());
    }

    TEST_CASE_FIXTURE(Answering, "a notice is taken back once by its sender and before all") {
        Notice notice = testing::numbered_alarm(1);
        notice.cc = {UnitId("office")};
        const NoticeRef old = logged(notice);
        CHECK(sent(correction_of(1, 2, "lake", {"dike"})) == "recipient_missing to");
        CHECK(sent(correction_of(1, 3, "dike", {"lake", "office"})) ==
              "reply_to_nothing in_reply_to");
        CHECK(sent(correction_of(1, 4, "reeds", {"dike", "office"})) ==
              "reply_to_nothing in_reply_to");
        CHECK(standing_of(old.index, "dike").marks.empty());
        CHECK(sent(correction_of(1, 5, "lake", {"dike", "office"})).empty());
        CHECK(sent(correction_of(1, 6, "lake", {"dike", "office"})) ==
              "act_out_of_order in_reply_to");
        CHECK(testing::must(store.read_trail(old.index)).size() == 1);
    }

    TEST_CASE_FIXTURE(Answering, "what a withdrawn answer had stopped runs again until answered") {
        const NoticeRef asked = alarm(1);
        CHECK(act(100, ActKind::signed_for, asked).empty());
        clock.set(at("2020-09-30 11:00"));
        const NoticeRef answered = logged(testing::answer_to(1, 2));
        CHECK(own_entries() == Lines{"closed 6 dike"});
        clock.set(at("2020-10-05 10:00"));
        const NoticeRef by = logged(correction_of(2, 3, "dike", {"lake"}));
        // That it was taken up, which the answer implied, is a fact that stays.
        CHECK(standing_of(asked.index, "dike").state.stage() == Stage::taken_up);
        CHECK(standing_of(asked.index, "dike").marks.empty());
        CHECK(open_at(asked.index, "dike").front() == "1 " + kBehindHolidays);
        CHECK(standing_of(answered.index, "lake").marks == Marks(Mark::withdrawn_by));
        const AnsweredActEvent said = *done_at(advanced(by.index, 1));
        CHECK(said.notice == answered);
        CHECK(said.restored == std::vector{NoticeAt{asked, UnitId("dike")}});
        // Who looks at what was asked sees it too.
        CHECK(testing::must(store.read_trail(asked.index)).back() == advanced(by.index, 1));

        // A step that passed while the answer stood falls due at the withdrawal.
        look_at("2020-10-05 10:01");
        CHECK(says("remind 6 dike 1.0.0 " + kBeforeHolidays));
        look_at("2020-10-10 10:00");
        CHECK(says("mark_overdue 6 dike 1.0.1 " + kBehindHolidays));
        CHECK(answer(1, 4).empty());
        CHECK(own_entries().back() == "closed 6 dike");
        CHECK(standing_of(asked.index, "dike").marks == (Mark::overdue | Mark::answered_late));
    }

    TEST_CASE_FIXTURE(Answering, "where another answer satisfies a withdrawn one changes nothing") {
        const NoticeRef asked = alarm(1);
        CHECK(answer(1, 2).empty());
        CHECK(answer(1, 3).empty());
        const NoticeRef by = logged(correction_of(2, 4, "dike", {"lake"}));
        CHECK(standing_of(asked.index, "dike").state.stage() == Stage::closed);
        CHECK(done_at(advanced(by.index, 1))->restored ==
              std::vector{NoticeAt{asked, UnitId("dike")}});
        CHECK(clocks_of(asked.index, "dike").indexes.open.empty());
    }

    TEST_CASE_FIXTURE(Answering,
                      "an answer to what was withdrawn is logged and replies to nothing") {
        const NoticeRef old = alarm(1);
        static_cast<void>(logged(correction_of(1, 2, "lake", {"dike"})));
        const TreeSize before = store.size();
        CHECK(answer(1, 3).empty());
        CHECK(store.size().value() == before.value() + 1);
        CHECK_FALSE(standing_of(old.index, "dike").state.has(Milestone::replied));
        CHECK(clocks_of(old.index, "dike").history.answers.empty());
    }

    TEST_CASE_FIXTURE(Answering, "a notice and its withdrawal in one batch are judged in order") {
        const std::vector<Bytes> leaves{testing::leaf_of(testing::numbered_alarm(1)),
                                        testing::leaf_of(correction_of(1, 2, "lake", {"dike"})),
                                        testing::leaf_of(correction_of(1, 3, "lake", {"dike"}))};
        std::vector<VerifiedBatch> batches;
        batches.push_back(admitted("lake", leaves));
        const auto outcome = sequence(batches).front();
        CHECK(testing::verdict(outcome.leaves[1]).empty());
        CHECK(testing::verdict(outcome.leaves[2]) == "act_out_of_order in_reply_to");
        CHECK(standing_of(LogIndex(6), "dike").marks == Marks(Mark::withdrawn_by));
        CHECK(clocks_of(LogIndex(6), "dike").indexes == storage::ClockIndexes());
    }
}

TEST_SUITE("urging and supervising") {
    TEST_CASE_FIXTURE(Answering, "the office urges who owes an answer to others") {
        const NoticeRef asked = alarm(1);
        const NoticeRef by = logged(urging_of(1, 2, {"dike"}));
        CHECK(standing_of(asked.index, "dike").marks == Marks(Mark::urged));
        AnsweredActEvent said{AnsweredAct::urge, UnitId("office"), asked, by};
        said.unit = UnitId("dike");
        CHECK(done_at(advanced(by.index, 1)) == said);
        CHECK(testing::must(store.read_trail(asked.index)) == std::vector{advanced(by.index, 1)});
        // Its limits are as before.
        CHECK(open_at(asked.index, "dike").front() == "0 " + kBehindHolidays);

        Notice strict = urging_of(1, 3, {"dike"});
        testing::set(strict, "strictly", true);
        static_cast<void>(logged(strict));
        CHECK(standing_of(asked.index, "dike").marks == (Mark::urged | Mark::supervised));
    }

    TEST_CASE_FIXTURE(Answering, "nobody is urged who owes nothing") {
        const NoticeRef asked = alarm(1);
        CHECK(sent(urging_of(1, 2, {"lake"})) == "recipient_not_allowed to");
        CHECK(sent(urging_of(9, 3, {"dike"})) == "reply_to_nothing in_reply_to");
        CHECK(answer(1, 4).empty());
        CHECK(act(100, ActKind::signed_for, asked) == "act_out_of_order notices[0]");
        CHECK(sent(urging_of(1, 5, {"dike"})) == "act_out_of_order in_reply_to");
        CHECK(standing_of(asked.index, "dike").marks.empty());
    }

    TEST_CASE("what the office is not to know of can't be urged") {
        for (const bool seen : {true, false}) {
            CAPTURE(seen);
            Answering hub([seen](nlohmann::json& text) {
                for (auto& kind : text["kinds"]) {
                    if (kind["id"] == "extension_request" && !seen) kind["office_sees"] = "none";
                }
            });
            static_cast<void>(hub.alarm(1));
            static_cast<void>(hub.logged(testing::request_of(1, 2)));
            CHECK(hub.sent(urging_of(2, 3, {"lake"})) ==
                  (seen ? "" : "reply_to_nothing in_reply_to"));
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
