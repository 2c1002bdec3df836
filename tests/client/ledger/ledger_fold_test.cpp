#include "client/ledger/ledger_fold.hpp"

#include "tests/client/ledger/feeding_charter.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using FoldStates = std::map<std::string, std::string>;

const CaseNumber kNumber("440000202000001");

const Charter& fold_charter() {
    static const Charter kept = feeding_charter();
    return kept;
}

LoggedLeaf question(std::uint64_t index, std::uint32_t number = 1) {
    return logged_notice(fed_notice("question", "lake", {UnitId("dike"), UnitId("reeds")}, number),
                         index, kNumber);
}

LoggedLeaf answer_to(const LoggedLeaf& asked, const char* from, std::uint64_t index, bool final) {
    Notice notice =
        fed_notice("answer", from, {asked.from()}, static_cast<std::uint32_t>(100 + index));
    notice.in_reply_to = std::get<Notice>(asked.leaf).id;
    notice.fields = {{"final", final}};
    return logged_notice(std::move(notice), index, kNumber);
}

}  // namespace

TEST_SUITE("feeding a ledger") {
    TEST_CASE("acts move the track of the recipient who did them") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        fed.feed({asked, logged_act(ActKind::taken_up, "dike", {asked.ref}, 2),
                  logged_act(ActKind::declined, "reeds", {asked.ref}, 3, "why")});
        CHECK(states_of(fed.shown(kNumber.value().c_str())) ==
              FoldStates{{"gates", "accepted"}, {"birds", "declined"}});
    }

    TEST_CASE("an answer implies the states before it and then replies") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        fed.feed({asked, answer_to(asked, "dike", 2, true)});
        const CaseFile file = fed.shown(kNumber.value().c_str());
        std::vector<std::string> steps;
        for (const TrackStep& step : file.find_track("gates")->history) steps.push_back(step.state);
        CHECK(steps ==
              std::vector<std::string>{"proposed", "delivered", "signed", "accepted", "closed"});
    }

    TEST_CASE("an interim answer moves nothing at the notice") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        fed.feed({asked, answer_to(asked, "dike", 2, false)});
        CHECK(states_of(fed.shown(kNumber.value().c_str())).at("gates") == "proposed");
    }

    TEST_CASE("an act or answer on a notice that is still to come waits for it") {
        FedLedger fed(fold_charter(), LedgerRole::follower);
        const LoggedLeaf asked = question(1);
        const LoggedLeaf act = logged_act(ActKind::declined, "reeds", {asked.ref}, 3, "why");
        fed.feed({act, answer_to(asked, "dike", 2, true)});
        CHECK(must(fed.ledger().counts()).waiting == 1);
        fed.feed({asked});
        CHECK(must(fed.ledger().counts()).waiting == 0);
        CHECK(states_of(fed.shown(kNumber.value().c_str())) ==
              FoldStates{{"gates", "closed"}, {"birds", "declined"}});
    }

    TEST_CASE("what waits for a notice without a case is dropped when that comes") {
        FedLedger fed(fold_charter(), LedgerRole::follower);
        LoggedLeaf letter =
            logged_notice(fed_notice("letter", "lake", {UnitId("dike")}, 1), 1, std::nullopt);
        fed.feed({logged_act(ActKind::signed_for, "dike", {letter.ref}, 2)});
        CHECK(must(fed.ledger().counts()).waiting == 1);
        fed.feed({letter, logged_act(ActKind::opened, "dike", {letter.ref}, 3)});
        CHECK(must(fed.ledger().counts()) == storage::LedgerCounts{});
    }

    TEST_CASE("what was fed before changes nothing") {
        FedLedger fed(fold_charter(), LedgerRole::follower);
        const LoggedLeaf asked = question(1);
        const std::vector<LoggedLeaf> all{asked, answer_to(asked, "dike", 2, true),
                                          logged_act(ActKind::delivered, "reeds", {asked.ref}, 3)};
        fed.feed(all);
        const storage::LedgerCounts before = must(fed.ledger().counts());
        fed.feed(all);
        CHECK(must(fed.ledger().counts()) == before);
    }

    TEST_CASE("a correction takes back what the notice that it names had written") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        const LoggedLeaf answer = answer_to(asked, "dike", 2, true);
        Notice correction = fed_notice("correction", "dike", {UnitId("lake")}, 9);
        correction.in_reply_to = std::get<Notice>(answer.leaf).id;
        fed.feed({asked, answer, logged_notice(std::move(correction), 3, kNumber)});
        const CaseFile file = fed.shown(kNumber.value().c_str());
        CHECK(states_of(file).at("gates") == "proposed");
        CHECK(file.reversals.size() == 1);
    }

    TEST_CASE("an identifier that two senders chose leads to the notice that may be answered so") {
        for (const bool late : {false, true}) {
            FedLedger fed(fold_charter(), LedgerRole::follower);
            const LoggedLeaf asked = question(1);
            // Of another sender, to the same recipient, with the same identifier.
            const LoggedLeaf twin =
                logged_notice(fed_notice("question", "reeds", {UnitId("dike")}, 1), 2,
                              CaseNumber("440000202000002"));
            const LoggedLeaf answer = answer_to(asked, "dike", 3, true);
            if (late) fed.feed({answer, twin, asked});
            if (!late) fed.feed({asked, twin, answer});
            CHECK(states_of(fed.shown(kNumber.value().c_str())).at("gates") == "closed");
            CHECK(states_of(fed.shown("440000202000002")).at("gates") == "proposed");
        }
    }

    TEST_CASE("an act on other bytes, or by who is no recipient, moves nothing") {
        FedLedger fed(fold_charter(), LedgerRole::follower);
        const LoggedLeaf asked = question(1);
        NoticeRef other = asked.ref;
        other.sha256 = fed_ref(77).sha256;
        fed.feed({asked, logged_act(ActKind::taken_up, "dike", {other}, 2),
                  logged_act(ActKind::taken_up, "lake", {asked.ref}, 3)});
        CHECK(states_of(fed.shown(kNumber.value().c_str())).at("gates") == "proposed");
    }

    TEST_CASE("kinds that the charter lacks are skipped and counted") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        Notice unknown = fed_notice("question", "lake", {UnitId("dike")}, 1);
        unknown.kind = KindId("unheard_of");
        fed.feed({logged_notice(std::move(unknown), 1, kNumber)});
        CHECK(must(fed.ledger().counts()).skipped == 1);
        CHECK(must(fed.ledger().counts()).cases == 0);
    }

    TEST_CASE("the keeper writes nothing of what the case forbids, and says why") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        Notice remark = fed_notice("remark", "lake", {UnitId("dike")}, 1);
        remark.case_number = kNumber;
        const LoggedLeaf lost = logged_notice(std::move(remark), 1, kNumber);
        fed.feed({lost});
        CHECK(must(fed.ledger().counts()).cases == 0);
        const auto refused = must(fed.ledger().refused(9));
        REQUIRE(refused.size() == 1);
        CHECK(refused[0].source.notice == lost.ref);
        CHECK(told(refused[0].reasons) == std::vector<std::string>{"no_such_case case"});
        FedLedger follower(fold_charter(), LedgerRole::follower);
        follower.feed({lost});
        CHECK(must(follower.ledger().counts()).cases == 1);
        CHECK(must(follower.ledger().counts()).refused == 0);
    }

    TEST_CASE("what was refused is settled while a correction of its notice is in force") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        LoggedLeaf bad = answer_to(asked, "dike", 2, true);
        std::get<Notice>(bad.leaf).fields.push_back(fen_field("recovered_fen", -5));
        fed.feed({asked, bad});
        auto refused = must(fed.ledger().refused(9));
        REQUIRE(refused.size() == 1);
        CHECK(refused[0].source.notice == bad.ref);
        CHECK_FALSE(refused[0].settled.has_value());
        const auto corrects = [](const LoggedLeaf& earlier, std::uint32_t number,
                                 std::uint64_t index) {
            Notice notice = fed_notice("correction", "dike", {UnitId("lake")}, number);
            notice.in_reply_to = std::get<Notice>(earlier.leaf).id;
            return logged_notice(std::move(notice), index, kNumber);
        };
        const LoggedLeaf correction = corrects(bad, 50, 3);
        fed.feed({correction});
        refused = must(fed.ledger().refused(9));
        REQUIRE(refused.size() == 1);
        CHECK(refused[0].settled == Settling{correction.ref, fed_moment(3)});
        CHECK(must(fed.ledger().counts()).refused == 1);
        CHECK(must(fed.ledger().counts()).settled == 1);
        fed.feed({corrects(correction, 51, 4)});
        CHECK_FALSE(must(fed.ledger().refused(9))[0].settled.has_value());
        CHECK(must(fed.ledger().counts()).settled == 0);
    }

    TEST_CASE("links alone change when the case was touched and nothing else") {
        FedLedger fed(fold_charter(), LedgerRole::keeper);
        const LoggedLeaf asked = question(1);
        fed.feed({asked});
        storage::CaseColumns before = must(fed.ledger().list_cases({})).front().columns;
        Notice remark = fed_notice("remark", "lake", {UnitId("dike")}, 2);
        remark.case_number = kNumber;
        fed.feed({logged_notice(std::move(remark), 5, kNumber)});
        before.updated_at = fed_moment(5);
        CHECK(must(fed.ledger().list_cases({})).front().columns == before);
        CHECK(fed.shown(kNumber.value().c_str()).links.size() == 2);
    }
}
