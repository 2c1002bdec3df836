#include "crypto/sha256.hpp"
#include "domain/recipient_state.hpp"
#include "hub/clock_view.hpp"
#include "tests/hub/alarmed_hub.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <set>
#include <string>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::act_of;
using testing::HubParts;
using testing::leaf_of;
using testing::notice_of;
using testing::numbered_alarm;
using testing::numbered_uuid;
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

    static Dispatch by_hand(const char* to = "observatory") {
        return {UnitId(to), "当面送交", "2026-11-22T17:30+08:00", std::nullopt, std::nullopt};
    }
    Act dispatched(std::uint16_t number, Dispatch dispatch, const char* from = "lake") const {
        Act act = act_of(number, ActKind::dispatched, {alarm}, from);
        act.dispatch = std::move(dispatch);
        return act;
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
        Notice item = notice_of("press_item", "dike", {"press"});
        item.id = NoticeId(numbered_uuid(1));
        testing::set(item, "wording", std::string("x"));
        const auto outcome = hub.send("dike", leaf_of(item));
        CHECK(verdict(outcome) == "");
        CHECK(hub.mailed.empty());
    }

    TEST_CASE("a sender registers how its notice went and the log says only to whom") {
        Outside hub;
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike"), UnitId("office")});
        CHECK(hub.standing() == Standing());
        const Act act = hub.dispatched(2, Outside::by_hand());
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
        CHECK(hub.act(hub.dispatched(2, Outside::by_hand())).empty());
        CHECK(hub.act(hub.dispatched(3, Outside::by_hand())) == "act_out_of_order dispatch.to");
        Dispatch proved = Outside::by_hand();
        proved.evidence = Digest();
        CHECK(hub.act(hub.dispatched(4, proved)).empty());
        CHECK(hub.standing().marks == Marks(Mark::evidenced));
        CHECK(hub.act(hub.dispatched(5, proved)) == "act_out_of_order dispatch.to");
    }

    TEST_CASE("only the sender registers and only for a recipient whom the hub does not reach") {
        Outside hub;
        CHECK(hub.act(hub.dispatched(2, Outside::by_hand("dike"))) ==
              "act_not_allowed dispatch.to");
        CHECK(hub.act(hub.dispatched(3, Outside::by_hand("press"))) ==
              "act_not_allowed dispatch.to");
        // Neither a recipient, nor one who knows nothing of it, nor for another notice.
        CHECK(hub.act(hub.dispatched(4, Outside::by_hand(), "dike")) ==
              "no_such_notice notices[0]");
        CHECK(hub.act(hub.dispatched(5, Outside::by_hand(), "reeds")) ==
              "no_such_notice notices[0]");
        Act other = hub.dispatched(6, Outside::by_hand());
        other.notices.front().sha256 = Digest();
        CHECK(hub.act(other) == "no_such_notice notices[0]");
        CHECK(hub.standing() == Standing());
    }

    TEST_CASE("the words of a dispatch are one line without a mark of state secrets") {
        Outside hub;
        Dispatch wordless = Outside::by_hand();
        wordless.method = " ";
        CHECK(hub.act(hub.dispatched(2, wordless)) == "malformed_field dispatch.method");
        Dispatch marked = Outside::by_hand();
        marked.number = "见机密★文件";
        CHECK(hub.act(hub.dispatched(3, marked)) == "refused_mark dispatch.number");
        Dispatch wordy = Outside::by_hand();
        wordy.method = std::string(101, 'x');
        CHECK(hub.act(hub.dispatched(4, wordy)) == "malformed_field dispatch.method");
        wordy.method.pop_back();
        CHECK(hub.act(hub.dispatched(5, wordy)).empty());
    }
}

}  // namespace
}  // namespace tongbao::hub
