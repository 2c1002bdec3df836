#include "domain/ledger_effects.hpp"

#include "tests/domain/ledger_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// What one notice changes, and what charter and notice alone have against it.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using Lines = std::vector<std::string>;

std::string line_of(const LedgerChange& change) {
    if (std::holds_alternative<CaseOpened>(change)) return "open";
    if (std::holds_alternative<NoticeLinked>(change)) return "link";
    if (std::holds_alternative<CaseClosed>(change)) return "close";
    if (const auto* const fact = std::get_if<FactStated>(&change)) {
        return "fact " + fact->attribute + ' ' + std::get<std::string>(fact->value);
    }
    if (const auto* const flag = std::get_if<FlagRaised>(&change)) {
        return flag->flag == CaseFlag::major ? "major" : "supervised";
    }
    if (const auto* const move = std::get_if<TrackMoved>(&change)) {
        return move->track.id + ' ' + move->state + (move->finished ? " finished" : "");
    }
    if (const auto* const said = std::get_if<DecisionStated>(&change)) {
        return "decision " + (said->track ? said->track->id : std::string("-")) + ' ' +
               said->kind.value_or("-") + ' ' + said->doc_no.value_or("-");
    }
    if (const auto* const money = std::get_if<MoneyStated>(&change)) {
        return money->kind + ' ' + std::to_string(money->fen.value()) + ' ' +
               money->track.value_or("-") + ' ' + money->doc_no.value_or("-") + ' ' +
               money->period.value_or("-");
    }
    return "reverse " + std::to_string(std::get<NoticeReversed>(change).notice.index.value());
}

Lines lines_of(const LedgerPlan& plan) {
    Lines out;
    std::transform(plan.changes.begin(), plan.changes.end(), std::back_inserter(out), line_of);
    return out;
}

LedgerEvent event_of(EffectEvent on = EffectEvent::logged, const char* recipient = nullptr) {
    LedgerEvent event;
    event.on = on;
    event.case_number = CaseNumber("440000202000001");
    event.has_reason = true;
    if (recipient != nullptr) event.recipient = UnitId(recipient);
    return event;
}

LedgerPlan plan_of(const Notice& notice, const LedgerEvent& event = event_of(),
                   Viewpoint viewpoint = Viewpoint::unit) {
    return plan_effects(lake_charter(), notice, event, viewpoint);
}

const std::vector<UnitId> kDike{UnitId("dike")};

Notice alarm() {
    return lake_notice("alarm", "lake",
                       {text_field("matter", "北闸"), fen_field("involved_fen", 700)}, kDike);
}

Notice numbered(Notice notice) {
    notice.case_number = CaseNumber("440000202000001");
    return notice;
}

Notice report(const char* from, std::vector<Field> fields) {
    return numbered(lake_notice("report", from, std::move(fields)));
}

Row given(const char* unit, const char* track) {
    Row row;
    row.cells = {{"unit", std::string(unit)}, {"track", std::string(track)}};
    return row;
}

}  // namespace

TEST_SUITE("effects on the case ledger") {
    TEST_CASE("a notice without a case number opens a case and one with a number links to it") {
        CHECK(lines_of(plan_of(alarm())) ==
              Lines{"open", "fact title 北闸", "involved 700 - - -", "gates proposed"});
        CHECK(lines_of(plan_of(numbered(alarm())))[0] == "link");
        const Charter charter = lake_charter();
        CHECK(opens_case(*charter.find_kind(KindId("alarm")), alarm()));
        CHECK(!opens_case(*charter.find_kind(KindId("alarm")), numbered(alarm())));
        CHECK(!opens_case(*charter.find_kind(KindId("report")), alarm()));
    }

    TEST_CASE("the case is the header's else the one given else that of the answered notice") {
        const CaseNumber header("440000202000001");
        const CaseNumber issued("440000202000002");
        const CaseNumber asked("440000202000003");
        const AnsweredInCase answered{{}, asked};
        CHECK(case_of(numbered(alarm()), issued, answered) == header);
        CHECK(case_of(alarm(), issued, answered) == issued);
        CHECK(case_of(alarm(), std::nullopt, answered) == asked);
        CHECK(case_of(alarm(), std::nullopt, AnsweredInCase{}) == std::nullopt);
        CHECK(case_of(alarm(), std::nullopt, std::nullopt) == std::nullopt);
    }

    TEST_CASE("absent fields are left out and with them what would be empty") {
        CHECK(lines_of(plan_of(lake_notice("alarm", "lake", {}, kDike))) ==
              Lines{"open", "gates proposed"});
        // No state, no decision, no money: nothing but the link.
        CHECK(lines_of(plan_of(report("dike", {}))) == Lines{"link"});
    }

    TEST_CASE("a sender's effect writes state and decision and money of its main track") {
        const auto plan = plan_of(
            report("dike", {text_field("state", "closed"), text_field("measure", "fine"),
                            text_field("number", "甲〔2020〕1号"), fen_field("fine_fen", 300)}));
        CHECK(lines_of(plan) == Lines{"link", "gates closed finished",
                                      "decision gates fine 甲〔2020〕1号",
                                      "fine_imposed 300 gates 甲〔2020〕1号 -"});
        CHECK(plan.reasons.empty());
    }

    TEST_CASE("a local unit moves the track of its system and a unit without one none") {
        CHECK(lines_of(plan_of(report("local.440300.dike", {text_field("state", "closed")}))) ==
              Lines{"link", "gates closed finished"});
        CHECK(lines_of(plan_of(
                  report("harbour", {text_field("state", "closed"), fen_field("fine_fen", 5)}))) ==
              Lines{"link", "fine_imposed 5 - - -"});
    }

    TEST_CASE("an amount keeps the period that it is told for") {
        CHECK(lines_of(plan_of(
                  report("dike", {text_field("period", "2020-Q3"), fen_field("paid_fen", 5)}))) ==
              Lines{"link", "fine_paid 5 gates - 2020-Q3"});
    }

    TEST_CASE("to all recipients when logged and to the one that acts later") {
        Notice both = alarm();
        both.to.emplace_back("reeds");
        both.to.emplace_back("local.440300.dike");  // the same track once
        both.cc.emplace_back("lake");               // a copy moves nothing
        CHECK(lines_of(plan_of(both)) == Lines{"open", "fact title 北闸", "involved 700 - - -",
                                               "gates proposed", "birds proposed"});
        CHECK(lines_of(plan_of(both, event_of(EffectEvent::taken_up, "reeds"))) ==
              Lines{"birds accepted"});
        CHECK(lines_of(plan_of(both, event_of(EffectEvent::declined, "dike"))) ==
              Lines{"gates declined finished"});
        CHECK(lines_of(plan_of(both, event_of(EffectEvent::replied, "dike"))) ==
              Lines{"gates closed finished"});
        CHECK(lines_of(plan_of(both, event_of(EffectEvent::signed_for, "dike"))).empty());
    }

    TEST_CASE("rows move each its track and on an act only those of the unit that acts") {
        Notice split = numbered(lake_notice("split", "lake", {}));
        split.fields.push_back({"tracks", Table{given("dike", "gates"), given("reeds", "birds"),
                                                given("reeds", "board")}});
        CHECK(lines_of(plan_of(split)) ==
              Lines{"link", "gates proposed", "birds proposed", "board proposed"});
        CHECK(lines_of(plan_of(split, event_of(EffectEvent::declined, "reeds"))) ==
              Lines{"birds declined finished", "board declined finished"});
        split.fields[0].value = Table{given("dike", "nothing")};
        CHECK(told(plan_of(split).reasons) == Lines{"malformed_field fields.tracks"});
    }

    TEST_CASE("conditions decide which effects apply") {
        CHECK(lines_of(plan_of(report("dike", {{"grave", true}}))) == Lines{"link", "major"});
        CHECK(lines_of(plan_of(report("dike", {{"grave", false}}))) == Lines{"link"});
        CHECK(lines_of(plan_of(report("dike", {text_field("watch_due", "2020-12-01")}))) ==
              Lines{"link", "fact supervised_due 2020-12-01", "supervised"});
    }

    TEST_CASE("a unit may name only its own tracks") {
        const auto entry = [](const char* from, const char* track) {
            return numbered(lake_notice(
                "entry", from, {text_field("track", track), text_field("state", "closed")}));
        };
        CHECK(plan_of(entry("reeds", "board")).reasons.empty());
        CHECK(plan_of(entry("local.440300.reeds", "birds")).reasons.empty());
        CHECK(told(plan_of(entry("reeds", "gates")).reasons) ==
              Lines{"track_not_own fields.track"});
        // Not even who may close a case.
        CHECK(told(plan_of(entry("lake", "gates")).reasons) == Lines{"track_not_own fields.track"});
        CHECK(told(plan_of(entry("reeds", "nothing")).reasons) ==
              Lines{"malformed_field fields.track"});
    }

    TEST_CASE("who may not close a case is refused") {
        CHECK(lines_of(plan_of(report("lake", {{"close", true}}))) == Lines{"link", "close"});
        CHECK(plan_of(report("lake", {{"close", true}})).reasons.empty());
        CHECK(told(plan_of(report("dike", {{"close", true}})).reasons) ==
              Lines{"closing_not_allowed from"});
        CHECK(told(plan_of(report("local.440300.lake", {{"close", true}})).reasons) ==
              Lines{"closing_not_allowed from"});
        CHECK(plan_of(report("dike", {{"close", false}})).reasons.empty());
    }

    TEST_CASE(
        "a recipient's act closes a case if the notice's sender may and not if it may itself") {
        Effect closing = effect_of(EffectEvent::taken_up);
        closing.case_step = CaseStep::close;
        CharterParts parts = lake_charter().parts();
        parts.kinds.push_back(kind_of("verdict", CaseUse::required, {closing}));
        const Charter charter(std::move(parts));
        const auto plan = [&charter](const char* from, const char* to) {
            return plan_effects(charter, numbered(lake_notice("verdict", from, {}, {UnitId(to)})),
                                event_of(EffectEvent::taken_up, to), Viewpoint::unit);
        };
        CHECK(lines_of(plan("lake", "dike")) == Lines{"close"});
        CHECK(plan("lake", "dike").reasons.empty());
        CHECK(!plan("lake", "dike").may_close);
        CHECK(told(plan("dike", "lake").reasons) == Lines{"closing_not_allowed from"});
    }

    TEST_CASE("money is never negative and never more than a field may hold") {
        for (const std::int64_t amount : {std::int64_t{-1}, kMaxFen.value() + 1}) {
            CHECK(told(plan_of(report("dike", {fen_field("fine_fen", amount),
                                               fen_field("paid_fen", amount)}))
                           .reasons) ==
                  Lines{"bad_amount fields.fine_fen", "bad_amount fields.paid_fen"});
        }
        CHECK(plan_of(report("dike", {fen_field("fine_fen", 0)})).reasons.empty());
        CHECK(plan_of(report("dike", {fen_field("fine_fen", kMaxFen.value())})).reasons.empty());
        CHECK(told(plan_of(report("dike", {text_field("fine_fen", "5")})).reasons) ==
              Lines{"bad_amount fields.fine_fen"});
    }

    TEST_CASE("a decision comes with the reason that its kind asks for") {
        CHECK(told(plan_of(report("dike", {text_field("measure", "none")})).reasons) ==
              Lines{"missing_field fields.reason"});
        CHECK(plan_of(report("dike", {text_field("measure", "none"), text_field("reason", "甲")}))
                  .reasons.empty());
        CHECK(plan_of(report("dike", {text_field("measure", "fine")})).reasons.empty());
    }

    TEST_CASE("declining without a word is refused") {
        LedgerEvent silent = event_of(EffectEvent::declined, "dike");
        silent.has_reason = false;
        CHECK(told(plan_of(alarm(), silent).reasons) == Lines{"reason_required reason"});
        silent.on = EffectEvent::taken_up;
        CHECK(plan_of(alarm(), silent).reasons.empty());
    }

    TEST_CASE("a reversal names a notice of the same case") {
        const Notice correction = numbered(lake_notice("correction", "dike", {}));
        LedgerEvent event = event_of();
        CHECK(told(plan_of(correction, event).reasons) == Lines{"no_such_notice in_reply_to"});
        event.answered = AnsweredInCase{{Digest(), LogIndex(7)}, event.case_number};
        CHECK(lines_of(plan_of(correction, event)) == Lines{"link", "reverse 7"});
        event.answered->case_number = CaseNumber("440000202000002");
        CHECK(told(plan_of(correction, event).reasons) == Lines{"case_mismatch case"});
        event.answered->case_number.reset();
        CHECK(told(plan_of(correction, event).reasons) == Lines{"case_mismatch case"});
    }

    TEST_CASE("every reason is told at once") {
        CHECK(told(plan_of(report("dike", {text_field("measure", "none"),
                                           fen_field("fine_fen", -1),
                                           {"close", true}}))
                       .reasons) == Lines{"missing_field fields.reason",
                                          "bad_amount fields.fine_fen",
                                          "closing_not_allowed from"});
    }

    TEST_CASE("a kind that the charter lacks has no effects") {
        const LedgerPlan plan = plan_of(lake_notice("nothing", "lake", {}));
        CHECK(plan.changes.empty());
        CHECK(told(plan.reasons) == Lines{"unknown_kind kind"});
    }

    TEST_CASE("a hub plans steps and states and flags but neither facts nor money") {
        CHECK(lines_of(plan_of(alarm(), event_of(), Viewpoint::hub)) ==
              Lines{"open", "gates proposed"});
        const Notice all = report("dike", {{"grave", true},
                                           text_field("state", "closed"),
                                           text_field("measure", "none"),
                                           fen_field("fine_fen", -1)});
        const LedgerPlan plan = plan_of(all, event_of(), Viewpoint::hub);
        CHECK(lines_of(plan) == Lines{"link", "major", "gates closed finished"});
        CHECK(plan.reasons.empty());
    }

    TEST_CASE("each change names the notice and what brought it about") {
        LedgerEvent event = event_of(EffectEvent::taken_up, "dike");
        event.notice.index = LogIndex(3);
        event.cause.index = LogIndex(5);
        event.entry = LogIndex(5);
        const LedgerSource source = plan_of(alarm(), event).source;
        CHECK(source.notice.index == LogIndex(3));
        CHECK(source.cause.index == LogIndex(5));
        CHECK(source.sender == UnitId("lake"));
        CHECK(source.kind == KindId("alarm"));
    }
}
