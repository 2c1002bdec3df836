#include "domain/case_events.hpp"

#include "domain/charter_binding.hpp"
#include "tests/domain/ledger_fixture.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace tongbao {
namespace {

using testing::effect_of;
using testing::kind_of;

using Lines = std::vector<std::string>;

const CaseNumber kCase("440000202000001");
const NoticeRef kAskedRef{Digest(), LogIndex(5)};
const NoticeRef kOwnRef{Digest(), LogIndex(9)};
const NoticeRef kActRef{Digest(), LogIndex(9)};
const EntryMoment kMoment{LogIndex(9),
                          UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 11 / 2))};

constexpr EffectEvent kEvents[] = {EffectEvent::logged,     EffectEvent::delivered,
                                   EffectEvent::signed_for, EffectEvent::taken_up,
                                   EffectEvent::declined,   EffectEvent::replied};

const char* word_of(EffectEvent on) {
    constexpr const char* kWords[] = {"logged",   "delivered", "signed_for", "taken_up",
                                      "declined", "replied",   "closed"};
    return kWords[static_cast<std::size_t>(on)];
}

/// Every kind has an effect at every event, so that nothing is left out for want of one.
Kind eager_kind(const char* id, CaseUse use) {
    std::vector<Effect> effects;
    for (const EffectEvent on : kEvents) effects.push_back(effect_of(on));
    return kind_of(id, use, std::move(effects));
}

/// `question` must be taken up and asks for an `answer` that is final; `notes` asks for nothing.
Charter asking_charter() {
    CharterParts parts;
    parts.id = CharterId("asking");
    Kind question = eager_kind("question", CaseUse::may_open);
    question.accept.required = true;
    ReplyRule reply;
    reply.kind = KindId("answer");
    reply.satisfied_when = Condition{"reply.final == true", {}};
    question.replies = {reply};
    Kind light = question;
    light.id = KindId("light_question");
    light.accept.required = false;
    Kind answer = eager_kind("answer", CaseUse::optional);
    answer.fields = {testing::field_rule("final", FieldType::boolean)};
    Kind quiet = kind_of("quiet", CaseUse::optional, {effect_of(EffectEvent::taken_up)});
    parts.kinds = {std::move(question), std::move(light), std::move(answer), std::move(quiet),
                   eager_kind("notes", CaseUse::optional)};
    if (!bind_conditions(parts).empty()) throw std::logic_error("the invented charter is broken");
    return Charter(std::move(parts));
}

Notice sent(const char* kind, const char* from, const char* to) {
    Notice notice;
    notice.kind = KindId(kind);
    notice.from = UnitId(from);
    notice.to = {UnitId(to)};
    return notice;
}

Notice answer_of(bool final) {
    Notice notice = sent("answer", "dike", "lake");
    notice.fields = {{"final", final}};
    return notice;
}

RecipientState state_of(std::vector<ActKind> acts) {
    RecipientState state;
    for (const ActKind act : acts) state = state.with(act);
    return state;
}

/// `event kind`, with the recipient where there is one.
Lines lines_of(const std::vector<CaseEvent>& events) {
    Lines lines;
    for (const CaseEvent& each : events) {
        std::string line = std::string(word_of(each.event.on)) + ' ' + each.notice->kind.value();
        if (each.event.recipient) line += " at " + each.event.recipient->value();
        lines.push_back(line);
    }
    return lines;
}

Lines answered(const Notice& asked, RecipientState before, const Notice& answer,
               const std::optional<CaseNumber>& asked_case = kCase) {
    const AskedInLog in_log{{&asked, kAskedRef, asked_case, {}}, before};
    return lines_of(
        events_of_notice(asking_charter(), {&answer, kOwnRef, kCase, {}}, &in_log, kMoment));
}

Lines acted(ActKind kind, const Notice& notice, RecipientState before, RecipientState after) {
    Act act;
    act.kind = kind;
    act.from = UnitId("dike");
    const std::vector<ActedInLog> notices{{{&notice, kAskedRef, kCase, {}}, before, after}};
    return lines_of(events_of_act(asking_charter(), act, kActRef, notices, kMoment));
}

}  // namespace

TEST_SUITE("events of cases") {
    TEST_CASE("a notice that answers nothing is logged and no more") {
        const Notice notice = sent("notes", "lake", "dike");
        const auto events =
            events_of_notice(asking_charter(), {&notice, kOwnRef, kCase, {}}, nullptr, kMoment);
        REQUIRE(lines_of(events) == Lines{"logged notes"});
        const LedgerEvent& event = events.front().event;
        CHECK(events.front().notice == &notice);
        CHECK(event.case_number == kCase);
        CHECK(event.notice == kOwnRef);
        CHECK(event.cause == kOwnRef);
        CHECK(event.entry == kMoment.entry);
        CHECK(event.at == kMoment.at);
        CHECK_FALSE(event.recipient);
        CHECK_FALSE(event.answered);
    }

    TEST_CASE("an answer implies what was not yet then is logged and then replies") {
        const Notice asked = sent("question", "lake", "dike");
        CHECK(answered(asked, {}, answer_of(true)) ==
              Lines{"delivered question at dike", "signed_for question at dike",
                    "taken_up question at dike", "logged answer", "replied question at dike"});
        CHECK(
            answered(asked, state_of({ActKind::delivered, ActKind::signed_for}), answer_of(true)) ==
            Lines{"taken_up question at dike", "logged answer", "replied question at dike"});
        CHECK(answered(asked,
                       state_of({ActKind::delivered, ActKind::signed_for, ActKind::taken_up}),
                       answer_of(true)) == Lines{"logged answer", "replied question at dike"});
    }

    TEST_CASE("an answer implies no taking up where it is not asked for or was declined") {
        CHECK(answered(sent("light_question", "lake", "dike"), {}, answer_of(true)) ==
              Lines{"delivered light_question at dike", "signed_for light_question at dike",
                    "logged answer", "replied light_question at dike"});
        CHECK(answered(sent("question", "lake", "dike"),
                       state_of({ActKind::delivered, ActKind::signed_for, ActKind::declined}),
                       answer_of(true)) == Lines{"logged answer", "replied question at dike"});
    }

    TEST_CASE("what an answer does to the notice asked names the answer as its cause") {
        const Notice asked = sent("question", "lake", "dike");
        const Notice answer = answer_of(true);
        const AskedInLog in_log{{&asked, kAskedRef, kCase, {}}, {}};
        const AnsweredInCase points_at{kAskedRef, kCase};
        const auto events = events_of_notice(asking_charter(), {&answer, kOwnRef, kCase, points_at},
                                             &in_log, kMoment);
        REQUIRE(events.size() == 5);
        for (const CaseEvent& each : events) {
            CHECK(each.event.cause == kOwnRef);
            CHECK(each.event.entry == kMoment.entry);
            CHECK(each.event.at == kMoment.at);
        }
        CHECK(events.front().notice == &asked);
        CHECK(events.front().event.notice == kAskedRef);
        CHECK_FALSE(events.front().event.answered);
        CHECK(events[3].notice == &answer);
        CHECK(events[3].event.notice == kOwnRef);
        REQUIRE(events[3].event.answered);
        CHECK(events[3].event.answered->notice == kAskedRef);
        CHECK(events.back().event.notice == kAskedRef);
    }

    TEST_CASE("an interim answer and one that nobody asked for are only logged") {
        const Notice asked = sent("question", "lake", "dike");
        CHECK(answered(asked, {}, answer_of(false)) == Lines{"logged answer"});
        CHECK(answered(sent("notes", "lake", "dike"), {}, answer_of(true)) ==
              Lines{"logged answer"});
        // It was not asked of the one who answers.
        CHECK(answered(sent("question", "lake", "reeds"), {}, answer_of(true)) ==
              Lines{"logged answer"});
    }

    TEST_CASE("what is in no case has no events though its answer may have") {
        const Notice asked = sent("question", "lake", "dike");
        CHECK(answered(asked, {}, answer_of(true), std::nullopt) == Lines{"logged answer"});
        const Notice answer = answer_of(true);
        const AskedInLog in_log{{&asked, kAskedRef, kCase, {}}, {}};
        CHECK(lines_of(events_of_notice(asking_charter(), {&answer, kOwnRef, {}, {}}, &in_log,
                                        kMoment)) ==
              Lines{"delivered question at dike", "signed_for question at dike",
                    "taken_up question at dike", "replied question at dike"});
    }

    TEST_CASE("an act has the states that are new in their order") {
        const Notice notice = sent("question", "lake", "dike");
        const RecipientState none;
        const RecipientState there = state_of({ActKind::delivered});
        const RecipientState signed_for = there.with(ActKind::signed_for);
        CHECK(acted(ActKind::delivered, notice, none, there) ==
              Lines{"delivered question at dike"});
        CHECK(acted(ActKind::taken_up, notice, none, signed_for.with(ActKind::taken_up)) ==
              Lines{"delivered question at dike", "signed_for question at dike",
                    "taken_up question at dike"});
        CHECK(acted(ActKind::declined, notice, there, signed_for.with(ActKind::declined)) ==
              Lines{"signed_for question at dike", "declined question at dike"});
        CHECK(acted(ActKind::opened, notice, there, there.with(ActKind::opened)).empty());
    }

    TEST_CASE("what its sender does to a notice moves no case") {
        const Notice notice = sent("question", "lake", "dike");
        const RecipientState none;
        for (const ActKind act : {ActKind::closed_by_sender, ActKind::dispatched}) {
            CHECK(acted(act, notice, none, state_of({ActKind::delivered, act})).empty());
        }
    }

    TEST_CASE("an act on several notices has the events of each one after the other") {
        const Notice one = sent("question", "lake", "dike");
        const Notice other = sent("notes", "reeds", "dike");
        Act act;
        act.kind = ActKind::declined;
        act.from = UnitId("dike");
        act.reason = "not ours";
        const RecipientState there = state_of({ActKind::delivered, ActKind::signed_for});
        const RecipientState declined = there.with(ActKind::declined);
        const std::vector<ActedInLog> notices{
            {{&one, kAskedRef, kCase, {}}, there, declined},
            {{&other, {Digest(), LogIndex(6)}, kCase, {}}, there, declined},
            {{&other, {Digest(), LogIndex(7)}, {}, {}}, there, declined}};
        const auto events = events_of_act(asking_charter(), act, kActRef, notices, kMoment);
        REQUIRE(lines_of(events) == Lines{"declined question at dike", "declined notes at dike"});
        CHECK(events.front().event.cause == kActRef);
        CHECK(events.front().event.has_reason);
        act.reason.reset();
        CHECK_FALSE(events_of_act(asking_charter(), act, kActRef, notices, kMoment)
                        .front()
                        .event.has_reason);
    }

    TEST_CASE("events at which a kind has no effects are left out and unknown kinds have none") {
        const Notice quiet = sent("quiet", "lake", "dike");
        CHECK(acted(ActKind::taken_up, quiet, {},
                    state_of({ActKind::delivered, ActKind::signed_for, ActKind::taken_up})) ==
              Lines{"taken_up quiet at dike"});
        const Notice unknown = sent("unheard_of", "lake", "dike");
        CHECK(acted(ActKind::delivered, unknown, {}, state_of({ActKind::delivered})).empty());
        CHECK(events_of_notice(asking_charter(), {&unknown, kOwnRef, kCase, {}}, nullptr, kMoment)
                  .empty());
    }

    TEST_CASE("whether a state has effects is known without the notice") {
        const Charter charter = asking_charter();
        const RecipientState there = state_of({ActKind::delivered});
        const RecipientState taken = there.with(ActKind::signed_for).with(ActKind::taken_up);
        CHECK(has_events(charter, KindId("question"), {}, there));
        CHECK_FALSE(has_events(charter, KindId("question"), there, there));
        CHECK_FALSE(has_events(charter, KindId("question"), there, there.with(ActKind::opened)));
        CHECK(has_events(charter, KindId("quiet"), there, taken));
        CHECK_FALSE(has_events(charter, KindId("quiet"), {}, there));
        CHECK_FALSE(has_events(charter, KindId("unheard_of"), {}, taken));
    }

    TEST_CASE(
        "the keeper gets the kinds that may belong to a case and that the office sees whole") {
        Kind kind = kind_of("kind", CaseUse::required, {});
        for (const CaseUse use : {CaseUse::required, CaseUse::optional, CaseUse::may_open}) {
            kind.case_use = use;
            kind.office_sees = OfficeSees::all;
            CHECK(is_kept(kind));
            kind.office_sees = OfficeSees::clear;
            CHECK_FALSE(is_kept(kind));
            kind.office_sees = OfficeSees::none;
            CHECK_FALSE(is_kept(kind));
        }
        kind.case_use = CaseUse::none;
        kind.office_sees = OfficeSees::all;
        CHECK_FALSE(is_kept(kind));
        CHECK(is_kept(asking_charter(), KindId("question")));
        CHECK_FALSE(is_kept(asking_charter(), KindId("unheard_of")));
    }
}

}  // namespace tongbao
