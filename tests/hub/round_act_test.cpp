#include "crypto/sha256.hpp"
#include "domain/lifecycle.hpp"
#include "hub/round.hpp"
#include "tests/hub/alarmed_hub.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::act_of;
using testing::Alarmed;
using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::verdict;

TEST_SUITE("round of acts") {
    TEST_CASE("acts go their order and the sender is told of each") {
        Alarmed hub;
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm})).empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake"), UnitId("office")});
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm})) == "act_out_of_order notices[0]");
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm})) == "repeated");
        CHECK(hub.act(act_of(4, ActKind::opened, {hub.alarm})).empty());
        Act declined = act_of(5, ActKind::declined, {hub.alarm});
        CHECK(hub.act(declined) == "reason_required notices[0]");
        CHECK(hub.act(act_of(6, ActKind::taken_up, {hub.alarm})).empty());
        CHECK(hub.act(act_of(7, ActKind::signed_for, {hub.alarm})) ==
              "act_out_of_order notices[0]");
        declined.reason = "不属本单位职责";
        CHECK(hub.act(declined) == "act_out_of_order notices[0]");
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)).size() == 3);
        const LogEntry entry = hub.entry(advanced(hub.alarm.index, 1));
        const auto* const act = std::get_if<ActEvent>(&entry.event);
        REQUIRE(act != nullptr);
        CHECK(act->act == ActKind::delivered);
        CHECK(act->from == UnitId("dike"));
        CHECK(act->notices == std::vector<NoticeRef>{hub.alarm});
        CHECK(act->register_head == hub.deployment.keys.get()->head());
    }

    TEST_CASE("a copy is opened and signed for but not taken up") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.cc = {UnitId("office")};
        const Bytes leaf = leaf_of(notice);
        const auto index = accepted_at(parts.send("lake", leaf));
        REQUIRE(index);
        const NoticeRef copy{crypto::sha256(leaf), *index};
        const auto send = [&](const Act& act) {
            return verdict(parts.send("office", leaf_of(act)));
        };
        CHECK(send(act_of(2, ActKind::taken_up, {copy}, "office")) == "act_not_allowed notices[0]");
        CHECK(send(act_of(3, ActKind::signed_for, {copy}, "office")).empty());
    }

    TEST_CASE("a stranger the sender and a wrong name of a notice get one and the same answer") {
        Alarmed hub;
        const std::string none = "no_such_notice notices[0]";
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm}, "reeds")) == none);
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm}, "lake")) == none);
        NoticeRef wrong = hub.alarm;
        wrong.sha256 = Digest();
        CHECK(hub.act(act_of(4, ActKind::delivered, {wrong})) == none);
        for (const std::uint64_t index :
             {std::uint64_t{0}, hub.alarm.index.value() + 1, std::uint64_t{1} << 40}) {
            wrong = {hub.alarm.sha256, LogIndex(index)};
            CHECK(hub.act(act_of(5, ActKind::delivered, {wrong})) == none);
        }
    }

    TEST_CASE("an act on several notices is done on all of them or on none") {
        Alarmed hub;
        const Bytes second = leaf_of(numbered_alarm(2));
        const auto index = accepted_at(hub.send("lake", second));
        REQUIRE(index);
        const NoticeRef other{crypto::sha256(second), *index};
        NoticeRef wrong = other;
        wrong.sha256 = Digest();
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm, wrong})) ==
              "no_such_notice notices[1]");
        CHECK(hub.act(act_of(4, ActKind::delivered, {hub.alarm, other})).empty());
        CHECK(testing::must(hub.store.read_trail(other.index)).size() == 1);
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)).size() == 1);
    }

    TEST_CASE("what was delivered already does not keep an act from the others") {
        Alarmed hub;
        const Bytes second = leaf_of(numbered_alarm(2));
        const auto index = accepted_at(hub.send("lake", second));
        REQUIRE(index);
        const NoticeRef other{crypto::sha256(second), *index};
        // Signed for elsewhere at the unit, before its daemon's act came.
        REQUIRE(hub.act(act_of(3, ActKind::signed_for, {hub.alarm})).empty());
        CHECK(hub.act(act_of(4, ActKind::delivered, {hub.alarm, other})).empty());
        CHECK(testing::must(hub.store.read_trail(other.index)).size() == 1);
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)).size() == 1);
        CHECK(testing::must(standing_of_bits(
                                testing::must(hub.store.read_state(other.index, UnitId("dike")))))
                  .state.has(ActKind::delivered));
        // Nothing is left that it could say.
        CHECK(hub.act(act_of(5, ActKind::delivered, {hub.alarm, other})) ==
              "act_out_of_order notices");
    }

    TEST_CASE("an act of many faults is told of the first eight") {
        Alarmed hub;
        std::vector<NoticeRef> none;
        for (std::uint64_t i = 0; i < 20; ++i) none.push_back({Digest(), LogIndex(1000 + i)});
        const protocol::LeafOutcome outcome =
            hub.send("dike", leaf_of(act_of(2, ActKind::delivered, none)));
        const Reasons& reasons = std::get<protocol::LeafRefused>(outcome).reasons;
        REQUIRE(reasons.size() == 9);
        CHECK(reasons[7].place == "notices[7]");
        CHECK(reasons[8].code == Errc::more_reasons);
    }

    TEST_CASE("an act that names a notice twice is not done") {
        Alarmed hub;
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm, hub.alarm})) ==
              "bad_value notices[1]");
    }
}

}  // namespace
}  // namespace tongbao::hub
