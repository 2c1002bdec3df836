#include "domain/case_ledger.hpp"

#include "tests/domain/ledger_fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

// What a ledger does with what it may not write, and with events out of their order.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

LedgerEvent logged_at(std::uint64_t index) {
    LedgerEvent event;
    event.case_number = CaseNumber("440000202000001");
    event.notice.index = event.cause.index = event.entry = LogIndex(index);
    return event;
}

LedgerPlan opening(std::uint64_t index) {
    return plan_effects(lake_charter(), lake_notice("alarm", "lake", {}, {UnitId("dike")}),
                        logged_at(index), Viewpoint::unit);
}

LedgerPlan closing(const char* from, std::uint64_t index) {
    Notice notice = lake_notice("report", from, {{"close", true}, text_field("state", "closed")});
    notice.case_number = CaseNumber("440000202000001");
    return plan_effects(lake_charter(), notice, logged_at(index), Viewpoint::unit);
}

/// What happened to the alarm that was logged at 1, at one of its recipients, by the entry 2.
LedgerPlan happened(EffectEvent on, const char* recipient) {
    LedgerEvent event = logged_at(1);
    event.on = on;
    event.recipient = UnitId(recipient);
    event.has_reason = true;
    event.cause.index = event.entry = LogIndex(2);
    return plan_effects(lake_charter(),
                        lake_notice("alarm", "lake", {}, {UnitId("dike"), UnitId("reeds")}), event,
                        Viewpoint::unit);
}

}  // namespace

TEST_SUITE("case ledger") {
    TEST_CASE("the keeper writes no part of what the rules refuse and tells of it") {
        CaseLedger ledger(LedgerRole::keeper);
        REQUIRE(ledger.record(opening(1)).has_value());
        const CaseHistory before = *ledger.find(CaseNumber("440000202000001"));
        CHECK(ledger.record(closing("dike", 2)).has_value());
        CHECK(*ledger.find(CaseNumber("440000202000001")) == before);
        REQUIRE(ledger.refused().size() == 1);
        CHECK(told(ledger.refused()[0].reasons) ==
              std::vector<std::string>{"closing_not_allowed from"});
        CHECK(ledger.refused()[0].source.notice.index == LogIndex(2));
    }

    TEST_CASE("who holds but some of the notices writes what the log has let pass") {
        CaseLedger ledger(LedgerRole::follower);
        // Neither the opening nor the other tracks are known here.
        CHECK(ledger.record(closing("lake", 2)).has_value());
        CHECK(ledger.refused().empty());
        const CaseFile file = case_file_of(*ledger.find(CaseNumber("440000202000001")));
        CHECK(file.state == CaseState::concluded);
        CHECK(!file.opened_by);
    }

    TEST_CASE("an event is written once") {
        for (const LedgerRole role : {LedgerRole::keeper, LedgerRole::follower}) {
            CaseLedger ledger(role);
            REQUIRE(ledger.record(opening(1)).has_value());
            const CaseLedger before = ledger;
            CHECK(ledger.record(opening(1)).error() == Errc::already_exists);
            CHECK(ledger == before);
        }
        CaseLedger ledger(LedgerRole::keeper);
        REQUIRE(ledger.record(closing("lake", 1)).has_value());  // refused: there is no case
        CHECK(ledger.record(closing("lake", 1)).error() == Errc::already_exists);
        CHECK(ledger.refused().size() == 1);
    }

    TEST_CASE("one entry may bring about several events and each is written") {
        for (const LedgerRole role : {LedgerRole::keeper, LedgerRole::follower}) {
            CaseLedger ledger(role);
            REQUIRE(ledger.record(opening(1)).has_value());
            // An answer implies that the notice was taken up.
            const LedgerPlan taken_up = happened(EffectEvent::taken_up, "dike");
            const LedgerPlan replied = happened(EffectEvent::replied, "dike");
            // One withdrawal closes the notice at each recipient.
            const LedgerPlan here = happened(EffectEvent::closed, "dike");
            const LedgerPlan there = happened(EffectEvent::closed, "reeds");
            for (const LedgerPlan& plan : {taken_up, replied, here, there}) {
                CHECK(ledger.record(plan).has_value());
                CHECK(ledger.record(plan).error() == Errc::already_exists);
            }
            const CaseFile file = case_file_of(*ledger.find(CaseNumber("440000202000001")));
            CHECK(file.find_track("gates")->history.size() == 4);
            CHECK(states_of(file) ==
                  std::map<std::string, std::string>{{"gates", "closed"}, {"birds", "closed"}});
        }
    }

    TEST_CASE("an entry before the last one is an error") {
        CaseLedger ledger(LedgerRole::keeper);
        REQUIRE(ledger.record(opening(5)).has_value());
        CHECK(ledger.record(closing("lake", 4)).error() == Errc::bad_argument);
        CHECK(ledger.refused().empty());
        CaseHistory history = *ledger.find(CaseNumber("440000202000001"));
        CHECK(write_plan(history, closing("lake", 4)).error() == Errc::bad_argument);
        CHECK(write_plan(history, opening(5)).error() == Errc::already_exists);
        CHECK(history == *ledger.find(CaseNumber("440000202000001")));
    }

    TEST_CASE("a second opening of one number is refused") {
        CaseLedger ledger(LedgerRole::keeper);
        REQUIRE(ledger.record(opening(1)).has_value());
        REQUIRE(ledger.record(opening(2)).has_value());
        REQUIRE(ledger.refused().size() == 1);
        CHECK(told(ledger.refused()[0].reasons) == std::vector<std::string>{"already_exists case"});
    }

    TEST_CASE("what a follower can write nothing of opens no case") {
        LedgerPlan plan = plan_effects(lake_charter(), lake_notice("nothing", "lake", {}),
                                       logged_at(3), Viewpoint::unit);
        REQUIRE(plan.changes.empty());
        REQUIRE(!plan.reasons.empty());
        CaseLedger follower(LedgerRole::follower);
        CHECK(follower.record(plan).has_value());
        CHECK(follower == CaseLedger(LedgerRole::follower));
        CaseLedger keeper(LedgerRole::keeper);
        CHECK(keeper.record(plan).has_value());
        CHECK(keeper.cases().empty());
        CHECK(keeper.refused().size() == 1);
    }

    TEST_CASE("what changes nothing opens no case") {
        CaseLedger ledger(LedgerRole::follower);
        LedgerEvent event = logged_at(1);
        event.on = EffectEvent::delivered;
        event.recipient = UnitId("dike");
        CHECK(ledger
                  .record(plan_effects(lake_charter(), lake_notice("alarm", "lake", {}), event,
                                       Viewpoint::unit))
                  .has_value());
        CHECK(ledger.cases().empty());
    }
}
