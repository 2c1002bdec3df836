#include "protocol/log_entry_json.hpp"
#include "tests/hub/answered_hub.hpp"
#include "tests/hub/dispatched_hub.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::Answering;
using testing::at;
using testing::closing_of;
using testing::correction_of;
using testing::kBeforeHolidays;
using testing::kBehindHolidays;
using testing::leaf_of;
using Lines = std::vector<std::string>;

/// Reeds is asked as dike is.
void alarm_two(nlohmann::json& text) {
    for (nlohmann::json& kind : text["kinds"]) {
        if (kind["id"] == "level_alarm") {
            kind["to"] = {"dike", "reeds"};
            kind["cc"] = {"observatory", "office"};
        }
        for (const char* const answer : {"alarm_answer", "alarm_passed_on", "press_item"}) {
            if (kind["id"] == answer) kind["from"] = {"dike", "reeds"};
        }
    }
}

TEST_SUITE("notices closed by their sender") {
    TEST_CASE_FIXTURE(Answering, "a notice is closed by its sender and nothing is owed there") {
        const NoticeRef old = alarm(1);
        clock.set(at("2020-09-30 11:00"));
        const auto index = accepted_at(send("lake", leaf_of(closing_of(2, old))));
        REQUIRE(index);
        CHECK(standing_of(old.index, "dike").state.stage() == Stage::closed);
        CHECK(standing_of(old.index, "dike").marks == Marks(Mark::closed_by_sender));
        CHECK(clocks_of(old.index, "dike").history.ended_at == at("2020-09-30 11:00"));
        CHECK(clocks_of(old.index, "dike").indexes == storage::ClockIndexes());
        CHECK(testing::must(store.read_trail(old.index)) == std::vector{*index});
        // The recipient, and the office as the keeper of the case ledger.
        CHECK(mailed == std::set<UnitId>{UnitId("dike"), UnitId("office")});
        const LogEntry said = entry(*index);
        const auto* const event = std::get_if<ActEvent>(&said.event);
        REQUIRE(event != nullptr);
        CHECK(event->act == ActKind::closed_by_sender);
        CHECK(event->from == UnitId("lake"));
        CHECK(event->unit == UnitId("dike"));
        const std::string text(as_text(testing::must(store.read_entries(*index, 1)).front()));
        CHECK(text.find("另行处理") == std::string::npos);
        // No step comes any more, nor an entry that says again that it is closed.
        look_at("2021-02-01 10:00");
        CHECK(own_entries().empty());
        CHECK(store.size().value() == index->value() + 1);
    }

    TEST_CASE_FIXTURE(Answering, "steps that were due before a closing are done and none after") {
        const NoticeRef old = alarm(1);
        clock.set(at("2020-10-12 10:00"));
        CHECK(sent(closing_of(2, old)).empty());
        // As at a withdrawal: see the notices taken back.
        CHECK(own_entries() == Lines{"remind 6 dike 0.0.0 " + kBeforeHolidays,
                                     "mark_overdue 6 dike 0.0.1 " + kBehindHolidays,
                                     "remind 6 dike 1.0.0 2020-10-10T16:00:00.000Z"});
        CHECK(standing_of(old.index, "dike").marks == (Mark::closed_by_sender | Mark::overdue));
    }

    TEST_CASE_FIXTURE(Answering, "what its recipient does to it afterwards is owed no more") {
        const NoticeRef old = alarm(1);
        CHECK(sent(closing_of(2, old)).empty());
        const TreeSize before = store.size();
        CHECK(answer(1, 3).empty());
        CHECK(store.size().value() == before.value() + 1);
        CHECK_FALSE(standing_of(old.index, "dike").state.has(Milestone::replied));
        CHECK(standing_of(old.index, "dike").marks == Marks(Mark::closed_by_sender));
        CHECK(clocks_of(old.index, "dike").history.answers.empty());
        CHECK(act(4, ActKind::taken_up, old) == "act_out_of_order notices[0]");
        CHECK(act(5, ActKind::declined, old) == "act_out_of_order notices[0]");
        // That a person looked at it is a fact all the same.
        CHECK(act(6, ActKind::opened, old).empty());
    }

    TEST_CASE_FIXTURE(Answering,
                      "an answer taken back later does not open what its sender closed") {
        const NoticeRef old = alarm(1);
        // What it may give to the press besides, which leaves the answer owed.
        Notice item = testing::item_for_the_press(2);
        item.in_reply_to = NoticeId(testing::numbered_uuid(1));
        static_cast<void>(logged(item));
        CHECK(standing_of(old.index, "dike").state.stage() == Stage::replied);
        CHECK(sent(closing_of(3, old)).empty());
        static_cast<void>(logged(correction_of(2, 4, "dike", {"office"})));
        CHECK(standing_of(old.index, "dike").state.stage() == Stage::closed);
        CHECK(clocks_of(old.index, "dike").indexes == storage::ClockIndexes());
        CHECK(own_entries().empty());
    }

    TEST_CASE_FIXTURE(Answering,
                      "what the hub closed is closed by its sender once it is open again") {
        const NoticeRef old = alarm(1);
        CHECK(answer(1, 2).empty());
        CHECK(own_entries() == Lines{"closed 6 dike"});
        CHECK(sent(closing_of(3, old)) == "act_out_of_order unit");
        static_cast<void>(logged(correction_of(2, 4, "dike", {"lake"})));
        CHECK(standing_of(old.index, "dike").state.stage() == Stage::taken_up);
        CHECK(sent(closing_of(5, old)).empty());
        CHECK(standing_of(old.index, "dike").marks == Marks(Mark::closed_by_sender));
        CHECK(open_at(old.index, "dike").empty());
    }

    TEST_CASE("one recipient is closed and another owes what it owed") {
        Answering hub(alarm_two);
        Notice notice = testing::numbered_alarm(1);
        notice.to = {UnitId("dike"), UnitId("reeds")};
        const NoticeRef old = hub.logged(notice);
        const Lines open = hub.open_at(old.index, "reeds");
        CHECK(hub.sent(closing_of(2, old)).empty());
        CHECK(hub.open_at(old.index, "dike").empty());
        CHECK(hub.open_at(old.index, "reeds") == open);
        CHECK(hub.standing_of(old.index, "reeds") == Standing());
        CHECK(hub.sent(closing_of(3, old, "reeds")).empty());
        CHECK(hub.open_at(old.index, "reeds").empty());
    }

    TEST_CASE_FIXTURE(Answering, "only its sender closes a notice and says why") {
        const NoticeRef old = alarm(1);
        CHECK(sent(closing_of(2, old, "dike", "dike")) == "no_such_notice notices[0]");
        CHECK(sent(closing_of(3, old, "dike", "reeds")) == "no_such_notice notices[0]");
        CHECK(sent(closing_of(4, old, "dike", "office")) == "no_such_notice notices[0]");
        CHECK(sent(closing_of(5, {Digest(), old.index})) == "no_such_notice notices[0]");
        CHECK(sent(closing_of(6, {old.sha256, LogIndex(99)})) == "no_such_notice notices[0]");
        Act wordless = closing_of(7, old);
        wordless.reason.reset();
        CHECK(sent(wordless) == "reason_required reason");
        wordless = closing_of(8, old);
        wordless.reason = " ";
        CHECK(sent(wordless) == "reason_required reason");
        wordless = closing_of(9, old);
        wordless.reason = "见机密★文件";
        CHECK(sent(wordless) == "refused_mark reason");
        CHECK(standing_of(old.index, "dike") == Standing());
        CHECK(open_at(old.index, "dike").size() == 4);
    }

    TEST_CASE_FIXTURE(Answering, "a notice is closed at a recipient to whom the hub delivers") {
        Notice notice = testing::numbered_alarm(1);
        notice.cc = {UnitId("office"), UnitId("observatory")};
        const NoticeRef old = logged(notice);
        for (const char* const unit : {"reeds", "office", "observatory", "lake"}) {
            CAPTURE(unit);
            CHECK(sent(closing_of(2, old, unit)) == "act_not_allowed unit");
            CHECK(standing_of(old.index, unit) == Standing());
        }
        const NoticeRef item = logged(testing::item_for_the_press(3));
        CHECK(sent(closing_of(4, item, "press", "dike")) == "act_not_allowed unit");
        CHECK(dispatch_stage(standing_of(item.index, "press")) == DispatchStage::open);
    }

    TEST_CASE_FIXTURE(Answering, "a notice is closed once and not after it was withdrawn") {
        const NoticeRef old = alarm(1);
        CHECK(sent(closing_of(2, old)).empty());
        CHECK(sent(closing_of(3, old)) == "act_out_of_order unit");
        // It is still the sender's to withdraw.
        static_cast<void>(logged(correction_of(1, 4, "lake", {"dike"})));
        CHECK(standing_of(old.index, "dike").marks ==
              (Mark::closed_by_sender | Mark::withdrawn_by));
        const NoticeRef other = alarm(5);
        static_cast<void>(logged(correction_of(5, 6, "lake", {"dike"})));
        CHECK(sent(closing_of(7, other)) == "act_out_of_order unit");
        CHECK(standing_of(other.index, "dike").marks == Marks(Mark::withdrawn_by));
    }

    TEST_CASE("what only its parties may know of is closed without telling others") {
        testing::HubParts hub;
        CharterParts charter = hub.deployment.charter->parts();
        for (Kind& kind : charter.kinds) {
            if (kind.id != KindId("level_alarm")) continue;
            kind.office_sees = OfficeSees::none;
            kind.case_use = CaseUse::none;
            kind.effects.clear();
        }
        hub.deployment.charter = std::make_shared<const Charter>(std::move(charter));
        hub.start();
        const Bytes leaf = leaf_of(testing::numbered_alarm(1));
        const protocol::LeafOutcome outcome = hub.send("lake", leaf);
        CAPTURE(testing::verdict(outcome));
        const auto index = accepted_at(outcome);
        REQUIRE(index);
        const NoticeRef notice{crypto::sha256(leaf), *index};
        const TreeSize before = hub.store.size();
        // Neither beside another leaf, nor where it is refused, does the log say that it was tried.
        std::vector<VerifiedBatch> batches;
        batches.push_back(
            hub.admitted("lake", {leaf_of(closing_of(2, notice)), leaf_of(closing_of(3, notice))}));
        const SequencedBatch both = hub.sequence(batches).front();
        for (const protocol::LeafOutcome& each : both.leaves) {
            CHECK(testing::verdict(each).starts_with("restricted_not_alone"));
        }
        CHECK(testing::verdict(hub.send("lake", leaf_of(closing_of(4, notice, "reeds")))) ==
              "act_not_allowed unit");
        CHECK(hub.store.size() == before);
        const auto closed = accepted_at(hub.send("lake", leaf_of(closing_of(5, notice))));
        REQUIRE(closed);
        CHECK(std::holds_alternative<OpaqueEvent>(hub.entry(*closed).event));
        const auto record = testing::must(hub.store.read_record(*closed));
        REQUIRE(record.has_value());
        const auto said = protocol::read_log_entry(*record);
        REQUIRE(said.has_value());
        CHECK(std::get<ActEvent>(said->event).unit == UnitId("dike"));
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike")});
    }

    TEST_CASE_FIXTURE(Answering, "after a restart a notice stays closed") {
        const NoticeRef old = alarm(1);
        CHECK(sent(closing_of(2, old)).empty());
        keep_clocks();
        CHECK(sent(closing_of(3, old)) == "act_out_of_order unit");
        look_at("2021-02-01 10:00");
        CHECK(own_entries().empty());
        CHECK(testing::must(NoticeIndex(store).find(old.index))->sha256 == old.sha256);
        CHECK(standing_of(old.index, "dike").marks == Marks(Mark::closed_by_sender));
    }
}

}  // namespace
}  // namespace tongbao::hub
