#include "hub/round_cases.hpp"

#include "tests/hub/cased_hub.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::CasedHub;
using testing::InLog;
using testing::leaf_of;

using Lines = std::vector<std::string>;

/// TestPki::kNow is in 2026; the charter's division is 449999.
const CaseNumber kFirst("449999202600001");
const CaseNumber kSecond("449999202600002");
const CaseNumber kThird("449999202600003");

TEST_SUITE("cases of a round") {
    TEST_CASE("each notice that opens a case gets the next number of its division and year") {
        CasedHub hub;
        const InLog first = hub.hand_in(hub.fresh_alarm());
        CHECK(first.number == kFirst);
        CHECK(first.opened);
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kSecond);
        // Two in one commit.
        std::vector<VerifiedBatch> batches;
        batches.push_back(
            hub.admitted("lake", {leaf_of(hub.fresh_alarm()), leaf_of(hub.fresh_alarm())}));
        const SequencedBatch both = hub.sequence(batches).front();
        CHECK(std::get<LoggedEvent>(hub.entry(both.first).event).case_number == kThird);
        CHECK(std::get<LoggedEvent>(hub.entry(advanced(both.first, 1)).event).case_number ==
              CaseNumber("449999202600004"));
        CHECK(testing::must(hub.store.find_case(kThird))->number == kThird);
        CHECK(testing::must(hub.store.read_case(kFirst)) == std::vector{first.ref.index});
    }

    TEST_CASE("a refused notice and a repeated one take no number") {
        CasedHub hub;
        const Notice good = hub.fresh_alarm();
        CHECK(hub.hand_in(good).number == kFirst);
        Notice bad = hub.fresh_alarm();
        bad.fields.clear();
        CHECK_FALSE(hub.hand_in(bad).reasons.empty());
        CHECK(hub.hand_in(good).reasons == "repeated");
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kSecond);
    }

    TEST_CASE("a round that is thrown away has given no number") {
        CasedHub hub;
        {
            Round round(hub.deployment, hub.store, hub.notices, hub.refusals, hub.clock.now());
            const VerifiedBatch lost = hub.admitted("lake", {leaf_of(hub.fresh_alarm())});
            CHECK(round.add(lost)->has_value());
        }
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kFirst);
    }

    TEST_CASE("numbers go on where they were when the hub starts again") {
        CasedHub hub;
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kFirst);
        hub.start();
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kSecond);
    }

    TEST_CASE("the year of a number is that of the charter's time zone") {
        using namespace std::chrono;
        // 16:00 UTC of 31 December is the new year's first moment at UTC+8.
        const UtcTime last = sys_days(year(2026) / 12 / 31) + hours(16) - milliseconds(1);
        CasedHub hub(last);
        CHECK(hub.hand_in(hub.fresh_alarm()).number == kFirst);
        hub.clock.set(last + milliseconds(1));
        CHECK(hub.hand_in(hub.fresh_alarm()).number == CaseNumber("449999202700001"));
        CHECK(hub.hand_in(hub.fresh_alarm()).number == CaseNumber("449999202700002"));
    }

    TEST_CASE("a local unit opens cases under its own division") {
        CasedHub hub;
        RoundCases cases(hub.deployment, hub.store, hub.clock.now());
        const Kind& kind = *hub.deployment.charter->find_kind(KindId("level_alarm"));
        Notice notice = hub.fresh_alarm();
        const auto number = [&] {
            const NoticeCase placed = testing::must(cases.place(notice, kind, std::nullopt));
            REQUIRE(placed.opened);
            return *placed.number;
        };
        CHECK(number() == kFirst);
        notice.from = UnitId("local.440300.dike");
        CHECK(number() == CaseNumber("440300202600001"));
        // Nothing is given before the notice is logged.
        CHECK(number() == CaseNumber("440300202600001"));
    }

    TEST_CASE("after the last number of a year a notice that would open a case is refused") {
        CasedHub hub;
        storage::Commit commit;
        commit.case_numbers = {CaseNumber("449999202699998")};
        commit.expected = hub.store.size();
        LogParts log = hub.log();
        REQUIRE(write_commit(log, hub.deployment.origin, commit, {}).has_value());
        CHECK(hub.hand_in(hub.fresh_alarm()).number == CaseNumber("449999202699999"));
        CHECK(hub.hand_in(hub.fresh_alarm()).reasons == "case_numbers_exhausted case");
    }

    TEST_CASE("a case that is not there and one of others get one and the same answer") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        REQUIRE(alarm.number);
        // Closed by then: what a stranger is told does not depend on it.
        REQUIRE(hub.hand_in(hub.in_case("report", "dike", "lake", alarm.number)).reasons.empty());
        REQUIRE(hub.hand_in(hub.in_case("closing", "lake", "dike", alarm.number)).reasons.empty());
        const Notice of_others = hub.in_case("report", "reeds", "lake", alarm.number);
        Notice of_none = of_others;
        of_none.case_number = CaseNumber("449999202600777");
        const auto answer = [&hub](const Notice& notice) {
            return std::get<protocol::LeafRefused>(hub.send("reeds", leaf_of(notice))).reasons;
        };
        const Reasons told = answer(of_others);
        CHECK(told == answer(of_none));
        REQUIRE(told.size() == 1);
        CHECK(told.front().code == Errc::no_such_case);
        CHECK(told.front().place == "case");
    }

    TEST_CASE("sender and recipients and copies of any notice of a case have a part in it") {
        CasedHub hub;
        Notice opening = hub.fresh_alarm();
        const InLog alarm = hub.hand_in(opening);
        CHECK(hub.hand_in(hub.in_case("report", "dike", "lake", alarm.number)).reasons.empty());
        CHECK(hub.hand_in(hub.in_case("report", "reeds", "lake", alarm.number)).reasons ==
              "no_such_case case");
        Notice copied = hub.in_case("report", "lake", "dike", alarm.number);
        copied.cc = {UnitId("reeds")};
        CHECK(hub.hand_in(copied).reasons.empty());
        CHECK(hub.hand_in(hub.in_case("report", "reeds", "lake", alarm.number)).reasons.empty());
        // The keeper has a part in every case.
        CHECK(hub.hand_in(hub.in_case("report", "office", "lake", alarm.number)).reasons.empty());
        CHECK(hub.hand_in(hub.in_case("report", "office", "lake", kSecond)).reasons ==
              "no_such_case case");
    }

    TEST_CASE("a part in a case counts within the commit that gave it") {
        CasedHub hub;
        std::vector<VerifiedBatch> batches;
        batches.push_back(hub.admitted("lake", {leaf_of(hub.fresh_alarm())}));
        batches.push_back(
            hub.admitted("dike", {leaf_of(hub.in_case("report", "dike", "lake", kFirst)),
                                  leaf_of(hub.in_case("report", "dike", "lake", kSecond))}));
        const std::vector<SequencedBatch> answers = hub.sequence(batches);
        CHECK(testing::verdict(answers[1].leaves[0]).empty());
        CHECK(testing::verdict(answers[1].leaves[1]) == "no_such_case case");
    }

    TEST_CASE("an answer without a number belongs to the case of what it answers") {
        CasedHub hub;
        const Notice asked = hub.fresh_alarm();
        const InLog alarm = hub.hand_in(asked);
        Notice answer = testing::answer_to(1, 2);
        answer.in_reply_to = asked.id;
        const InLog answered = hub.hand_in(answer);
        CHECK(answered.number == kFirst);
        CHECK_FALSE(answered.opened);
        CHECK(testing::must(hub.store.read_case(kFirst)) ==
              std::vector{alarm.ref.index, answered.ref.index});
        // After a start the case comes from the entry.
        const NoticeIndex afresh(hub.store);
        CHECK(testing::must(afresh.find(alarm.ref.index))->case_number == kFirst);
        CHECK(testing::must(afresh.find(answered.ref.index))->case_number == kFirst);
    }

    TEST_CASE("states are written in the order of what brings them about") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        CHECK(hub.moves(*alarm.number) == Lines{"gates proposed"});
        CHECK(hub.act(ActKind::delivered, alarm, "dike").empty());
        CHECK(hub.act(ActKind::taken_up, alarm, "dike").empty());
        CHECK(hub.moves(*alarm.number) == Lines{"gates proposed", "gates accepted"});
        const InLog report = hub.hand_in(hub.in_case("report", "lake", "dike", alarm.number));
        CHECK(hub.act(ActKind::signed_for, report, "dike").empty());
        CHECK(hub.moves(*alarm.number) ==
              Lines{"gates proposed", "gates accepted", "shore closed", "shore investigating"});
    }

    TEST_CASE("a case with open tracks is not closed and nothing is written") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        const std::uint64_t facts = testing::must(hub.store.read_case_facts(kFirst)).size();
        CHECK(hub.hand_in(hub.in_case("closing", "lake", "dike", alarm.number)).reasons ==
              "tracks_open tracks.gates");
        CHECK(hub.hand_in(hub.in_case("closing", "dike", "lake", alarm.number)).reasons ==
              "closing_not_allowed from, tracks_open tracks.gates");
        CHECK(testing::must(hub.store.read_case_facts(kFirst)).size() == facts);
        CHECK_FALSE(testing::must(hub.store.find_case(kFirst))->ever_closed);
    }

    TEST_CASE("only who may close a case opens it again") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        REQUIRE(hub.act(ActKind::delivered, alarm, "dike").empty());
        REQUIRE(hub.hand_in(hub.in_case("report", "dike", "lake", kFirst)).reasons.empty());
        REQUIRE(hub.hand_in(hub.in_case("closing", "lake", "dike", kFirst)).reasons.empty());
        CHECK(testing::must(hub.store.find_case(kFirst))->ever_closed);
        // Finished once more moves nothing.
        CHECK(hub.hand_in(hub.in_case("report", "dike", "lake", kFirst)).reasons.empty());
        Notice again = hub.fresh_alarm();
        again.from = UnitId("reeds");
        CHECK(hub.act(ActKind::taken_up, alarm, "dike") == "case_concluded notices[0]");
        // Nothing of the act was done.
        CHECK(hub.act(ActKind::signed_for, alarm, "dike").empty());
        Notice opening = hub.fresh_alarm();
        opening.case_number = kFirst;
        CHECK(hub.hand_in(opening).reasons.empty());
        CHECK(hub.act(ActKind::taken_up, alarm, "dike").empty());
    }

    TEST_CASE(
        "what was written of a case is read where it closes or was closed and once a commit") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        storage::FaultyHubStore counting(hub.store, 0, storage::FaultyHubStore::When::before);
        const auto judged = [&](const std::vector<Notice>& notices) {
            std::vector<Bytes> leaves;
            for (const Notice& notice : notices) leaves.push_back(leaf_of(notice));
            Round round(hub.deployment, counting, hub.notices, hub.refusals, hub.clock.now());
            const std::uint64_t before = counting.facts_read();
            const auto answer = testing::must(testing::must(
                round.add(hub.admitted(notices.front().from.value(), std::move(leaves)))));
            for (const protocol::LeafOutcome& leaf : answer.leaves) {
                CHECK(testing::verdict(leaf).empty());
            }
            return counting.facts_read() - before;
        };
        const Notice moving = hub.in_case("report", "dike", "lake", kFirst);
        CHECK(judged({moving, hub.in_case("report", "dike", "lake", kFirst)}) == 0);
        REQUIRE(hub.hand_in(moving).reasons.empty());
        const Notice closing = hub.in_case("closing", "lake", "dike", kFirst);
        CHECK(judged({closing, hub.in_case("closing", "lake", "dike", kFirst)}) == 1);
        REQUIRE(hub.hand_in(closing).reasons.empty());
        CHECK(judged({hub.in_case("note", "lake", "dike", kFirst)}) == 0);
        CHECK(judged({hub.in_case("report", "dike", "lake", kFirst),
                      hub.in_case("report", "dike", "lake", kFirst)}) == 1);
        // A case that can't be read is nobody else's trouble: the batch is not judged.
        counting.lose_case_facts();
        Round round(hub.deployment, counting, hub.notices, hub.refusals, hub.clock.now());
        const auto lost = round.add(
            hub.admitted("dike", {leaf_of(hub.in_case("report", "dike", "lake", kFirst))}));
        REQUIRE_FALSE(lost.has_value());
        CHECK(lost.error() == Errc::storage_corrupt);
        CHECK(alarm.number == kFirst);
    }

    TEST_CASE("a receipt is never refused for a case and writes nothing that may not be written") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        const InLog report = hub.hand_in(hub.in_case("report", "dike", "reeds", kFirst));
        REQUIRE(hub.hand_in(hub.in_case("closing", "lake", "dike", kFirst)).reasons.empty());
        const Lines before = hub.moves(kFirst);
        CHECK(hub.act(ActKind::delivered, report, "reeds").empty());
        CHECK(hub.moves(kFirst) == before);
        const InLog other = hub.hand_in(hub.in_case("report", "dike", "reeds", kFirst));
        CHECK(hub.act(ActKind::signed_for, other, "reeds").empty());
        CHECK(hub.act(ActKind::taken_up, other, "reeds") == "case_concluded notices[0]");
    }

    TEST_CASE("a correction takes back what its notice wrote and names no other case") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        const Notice wrong = hub.in_case("report", "dike", "lake", alarm.number);
        const InLog report = hub.hand_in(wrong);
        REQUIRE(hub.hand_in(hub.in_case("report", "dike", "lake", kFirst)).reasons.empty());
        Notice correction = hub.in_case("correction", "dike", "lake", std::nullopt);
        correction.secrecy = "内部";
        correction.in_reply_to = wrong.id;
        correction.fields = {{"why", std::string("误报")}};
        Notice elsewhere = correction;
        elsewhere.id = NoticeId(testing::numbered_uuid(77));
        REQUIRE(hub.hand_in(hub.fresh_alarm()).number == kSecond);
        elsewhere.case_number = kSecond;
        CHECK(hub.hand_in(elsewhere).reasons == "case_mismatch case");
        const InLog taken_back = hub.hand_in(correction);
        CHECK(taken_back.reasons.empty());
        CHECK(taken_back.number == kFirst);
        const auto facts = testing::must(hub.store.read_case_facts(kFirst));
        CHECK(facts.back().change == LedgerChange(NoticeReversed{report.ref}));
    }

    TEST_CASE("the keeper gets every notice of a kept kind and every act on one") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike"), UnitId("office")});
        REQUIRE(hub.act(ActKind::delivered, alarm, "dike").empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake"), UnitId("office")});
        // Its own too, and its own acts.
        const InLog own = hub.hand_in(hub.in_case("report", "office", "lake", kFirst));
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake"), UnitId("office")});
        const InLog to_it = hub.hand_in(hub.in_case("report", "lake", "office", kFirst));
        REQUIRE(hub.act(ActKind::delivered, to_it, "office").empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake"), UnitId("office")});
        CHECK(hub.mail_of("office") == 5);
        // It is no recipient of what it only keeps.
        CHECK(hub.act(ActKind::delivered, alarm, "office") == "no_such_notice notices[0]");
        CHECK(testing::must(hub.store.read_state(alarm.ref.index, UnitId("office"))) == 0);
        CHECK(own.reasons.empty());
    }

    TEST_CASE("of what it does not see whole the keeper gets no copy and reads nothing") {
        CasedHub hub;
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        const InLog note = hub.hand_in(hub.in_case("note", "lake", "dike", alarm.number));
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike")});
        REQUIRE(hub.act(ActKind::delivered, note, "dike").empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake")});
        const Caller keeper{UnitId("office")};
        const Charter& charter = *hub.deployment.charter;
        CHECK(keeper.may_read(*testing::must(hub.notices.find(alarm.ref.index)), charter));
        CHECK_FALSE(keeper.may_read(*testing::must(hub.notices.find(note.ref.index)), charter));
        const Caller stranger{UnitId("reeds")};
        CHECK_FALSE(stranger.may_read(*testing::must(hub.notices.find(alarm.ref.index)), charter));
    }

    TEST_CASE("a keeper that is not the office reads the kinds that it keeps and no others") {
        CasedHub hub;
        CharterParts parts = hub.deployment.charter->parts();
        parts.ledger.kept_by = UnitId("reeds");
        hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
        const InLog alarm = hub.hand_in(hub.fresh_alarm());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike"), UnitId("reeds")});
        const Caller keeper{UnitId("reeds")};
        const Charter& charter = *hub.deployment.charter;
        CHECK(keeper.may_read(*testing::must(hub.notices.find(alarm.ref.index)), charter));
        NoticeFacts minutes = *testing::must(hub.notices.find(alarm.ref.index));
        minutes.kind = KindId("agenda_request");
        CHECK_FALSE(keeper.may_read(minutes, charter));
    }
}

}  // namespace
}  // namespace tongbao::hub
