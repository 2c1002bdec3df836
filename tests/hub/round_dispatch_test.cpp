#include "crypto/sha256.hpp"
#include "domain/recipient_state.hpp"
#include "hub/clock_view.hpp"
#include "tests/hub/answered_hub.hpp"
#include "tests/hub/dispatched_hub.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <set>
#include <string>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::Answering;
using testing::by_hand;
using testing::correction_of;
using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::verdict;

/// A hub with an alarm that goes to dike, and a copy to the observatory, which is outside.
struct Outside : HubParts {
    Outside() {
        start();
        Notice notice = numbered_alarm(1);
        notice.cc = {UnitId("observatory")};
        const Bytes leaf = leaf_of(notice);
        const auto index = accepted_at(send("lake", leaf));
        REQUIRE(index);
        alarm = {crypto::sha256(leaf), *index};
    }

    Act dispatched(std::uint16_t number, Dispatch dispatch, const char* from = "lake") const {
        return testing::dispatched(number, alarm, std::move(dispatch), from);
    }
    std::string act(const Act& act) { return verdict(send(act.from.value(), leaf_of(act))); }
    Standing standing() const {
        return standing_from(testing::must(store.read_state(alarm.index, UnitId("observatory"))));
    }

    NoticeRef alarm;
};

TEST_SUITE("register of dispatches") {
    TEST_CASE("a notice to one outside alone is logged and delivered to nobody") {
        HubParts hub;
        hub.start();
        const auto outcome = hub.send("dike", leaf_of(testing::item_for_the_press(1)));
        CHECK(verdict(outcome) == "");
        CHECK(hub.mailed.empty());
    }

    TEST_CASE("a sender registers how its notice went and the log says only to whom") {
        Outside hub;
        // The office as the keeper of the case ledger.
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike"), UnitId("office")});
        CHECK(hub.standing() == Standing());
        const Act act = hub.dispatched(2, by_hand());
        const auto index = accepted_at(hub.send("lake", leaf_of(act)));
        REQUIRE(index);
        CHECK(hub.standing().state.stage() == Stage::registered);
        CHECK(hub.standing().marks.empty());
        const LogEntry entry = hub.entry(*index);
        const auto* const event = std::get_if<ActEvent>(&entry.event);
        REQUIRE(event != nullptr);
        CHECK(event->act == ActKind::dispatched);
        CHECK(event->unit == UnitId("observatory"));
        const std::string text(as_text(testing::must(hub.store.read_entries(*index, 1)).front()));
        CHECK(text.find("当面送交") == std::string::npos);
        CHECK(text.find("17:30") == std::string::npos);
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)) ==
              std::vector<LogIndex>{*index});
        CHECK(hub.mailed.empty());
    }

    TEST_CASE("a second time it adds the evidence and nothing else") {
        Outside hub;
        CHECK(hub.act(hub.dispatched(2, by_hand())).empty());
        CHECK(hub.act(hub.dispatched(3, by_hand())) == "act_out_of_order dispatch.to");
        Dispatch proved = by_hand();
        proved.evidence = Digest();
        CHECK(hub.act(hub.dispatched(4, proved)).empty());
        CHECK(hub.standing().marks == Marks(Mark::evidenced));
        CHECK(hub.act(hub.dispatched(5, proved)) == "act_out_of_order dispatch.to");
    }

    TEST_CASE("only the sender registers and only for a recipient whom the hub does not reach") {
        Outside hub;
        CHECK(hub.act(hub.dispatched(2, by_hand("dike"))) == "act_not_allowed dispatch.to");
        CHECK(hub.act(hub.dispatched(3, by_hand("press"))) == "act_not_allowed dispatch.to");
        // Neither a recipient, nor one who knows nothing of it, nor for another notice.
        CHECK(hub.act(hub.dispatched(4, by_hand(), "dike")) == "no_such_notice notices[0]");
        CHECK(hub.act(hub.dispatched(5, by_hand(), "reeds")) == "no_such_notice notices[0]");
        Act other = hub.dispatched(6, by_hand());
        other.notices.front().sha256 = Digest();
        CHECK(hub.act(other) == "no_such_notice notices[0]");
        CHECK(hub.standing() == Standing());
    }

    TEST_CASE("the words of a dispatch are one line without a mark of state secrets") {
        Outside hub;
        Dispatch wordless = by_hand();
        wordless.method = " ";
        CHECK(hub.act(hub.dispatched(2, wordless)) == "malformed_field dispatch.method");
        Dispatch marked = by_hand();
        marked.number = "见机密★文件";
        CHECK(hub.act(hub.dispatched(3, marked)) == "refused_mark dispatch.number");
        Dispatch wordy = by_hand();
        wordy.method = std::string(101, 'x');
        CHECK(hub.act(hub.dispatched(4, wordy)) == "malformed_field dispatch.method");
        wordy.method.pop_back();
        CHECK(hub.act(hub.dispatched(5, wordy)).empty());
    }

    TEST_CASE("each recipient outside is an item that goes on with what is said of it") {
        Outside hub;
        const auto stage = [&hub]() -> std::optional<DispatchStage> {
            for (const auto each : {DispatchStage::open, DispatchStage::registered,
                                    DispatchStage::evidenced, DispatchStage::withdrawn}) {
                const auto rows = testing::must(hub.store.read_dispatches({each, {}, {}, 9}));
                if (rows.empty()) continue;
                CHECK(rows.size() == 1);
                CHECK(rows.front().place.from == UnitId("lake"));
                CHECK(rows.front().place.notice == hub.alarm.index);
                CHECK(rows.front().place.unit == UnitId("observatory"));
                return each;
            }
            return std::nullopt;
        };
        CHECK(stage() == DispatchStage::open);
        CHECK(hub.act(hub.dispatched(2, by_hand())).empty());
        CHECK(stage() == DispatchStage::registered);
        CHECK(hub.act(hub.dispatched(3, testing::with_evidence(by_hand()))).empty());
        CHECK(stage() == DispatchStage::evidenced);
    }

    TEST_CASE_FIXTURE(Answering, "what went outside alone can be withdrawn and is chased no more") {
        const NoticeRef item = logged(testing::item_for_the_press(1));
        const NoticeRef known = logged(testing::item_for_the_press(2));
        CHECK(sent(testing::dispatched(3, known, by_hand("press"), "dike")).empty());
        // Nobody but the office can be told of it.
        const NoticeRef by = logged(correction_of(1, 4, "dike", {"office"}));
        static_cast<void>(logged(correction_of(2, 5, "dike", {"office"})));
        const auto items = [this](DispatchStage stage) {
            return testing::must(store.read_dispatches({stage, UnitId("dike"), {}, 9}));
        };
        CHECK(items(DispatchStage::open).empty());
        CHECK(items(DispatchStage::registered).empty());
        REQUIRE(items(DispatchStage::withdrawn).size() == 2);
        CHECK(items(DispatchStage::withdrawn)[0].entries == std::vector{advanced(by.index, 1)});
        CHECK(items(DispatchStage::withdrawn)[1].entries.size() == 2);
        CHECK(done_at(advanced(by.index, 1)) ==
              AnsweredActEvent{AnsweredAct::withdraw, UnitId("dike"), item, by});
        CHECK(standing_of(item.index, "press").marks == Marks(Mark::withdrawn_by));
        CHECK(sent(correction_of(1, 6, "dike", {"office"})) == "act_out_of_order in_reply_to");
        // That it had gone out before may still be said, once.
        CHECK(sent(testing::dispatched(7, item, by_hand("press"), "dike")).empty());
        CHECK(sent(testing::dispatched(8, item, by_hand("press"), "dike")) ==
              "act_out_of_order dispatch.to");
        CHECK(items(DispatchStage::withdrawn)[0].entries.size() == 2);
    }

    TEST_CASE_FIXTURE(Answering, "what went outside alone can be corrected by another") {
        const NoticeRef item = logged(testing::item_for_the_press(1));
        const NoticeRef instead = logged(testing::item_for_the_press(2));
        static_cast<void>(logged(correction_of(1, 3, "dike", {"office"}, 2)));
        CHECK(dispatch_stage(standing_of(item.index, "press")) == DispatchStage::withdrawn);
        CHECK(dispatch_stage(standing_of(instead.index, "press")) == DispatchStage::open);
    }

    TEST_CASE_FIXTURE(Answering, "a withdrawn notice is waited for neither at units nor outside") {
        Notice alarm = numbered_alarm(1);
        alarm.cc = {UnitId("observatory")};
        const NoticeRef old = logged(alarm);
        static_cast<void>(logged(correction_of(1, 2, "lake", {"dike"})));
        CHECK(standing_of(old.index, "dike").marks == Marks(Mark::withdrawn_by));
        CHECK(dispatch_stage(standing_of(old.index, "observatory")) == DispatchStage::withdrawn);
    }
}

}  // namespace
}  // namespace tongbao::hub
