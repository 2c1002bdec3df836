#include "domain/case_file.hpp"

#include "tests/domain/ledger_fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

// What a case shows after notices of the invented charter, step by step.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using Lines = std::vector<std::string>;
using States = std::map<std::string, std::string>;

class LakeStory : public CaseStory {
public:
    LakeStory() : CaseStory(lake_charter()) {}

    SentNotice alarm(std::vector<Field> fields = {}) {
        return send(
            lake_notice("alarm", "lake", std::move(fields), {UnitId("dike"), UnitId("reeds")}));
    }
    SentNotice report(const char* from, std::vector<Field> fields) {
        return send(in_case(lake_notice("report", from, std::move(fields)), first));
    }
    SentNotice state(const char* from, const char* state) {
        return report(from, {text_field("state", state)});
    }
    SentNotice entry(const char* from, const char* track, const char* state) {
        return send(in_case(
            lake_notice("entry", from, {text_field("track", track), text_field("state", state)}),
            first));
    }
    SentNotice correct(const SentNotice& wrong) {
        return send(lake_notice("correction", wrong.notice.from.value().c_str(), {}), &wrong);
    }
    SentNotice close(std::vector<Field> fields = {}) {
        fields.push_back({"close", true});
        return report("lake", std::move(fields));
    }
    void conclude() {
        state("dike", "closed");
        state("reeds", "closed");
        REQUIRE(close().reasons.empty());
        REQUIRE(file(first).state == CaseState::concluded);
    }

    SentNotice first = alarm({text_field("matter", "北闸"), text_field("found_at", "2020-11-01")});
};

}  // namespace

TEST_SUITE("case files") {
    TEST_CASE("a case is registered until a track moves and handled until it is closed") {
        CaseStory bare(lake_charter());
        const SentNotice opened = bare.send(lake_notice("alarm", "lake", {}));
        REQUIRE(opened.reasons.empty());
        CHECK(bare.file(opened).state == CaseState::registered);

        LakeStory story;
        CHECK(story.file(story.first).state == CaseState::handling);
        CHECK(states_of(story.file(story.first)) ==
              States{{"gates", "proposed"}, {"birds", "proposed"}});
        story.conclude();
    }

    TEST_CASE("cases are numbered one by one and refused ones take no number") {
        LakeStory story;
        CHECK(story.first.case_number->value() == "440000202000001");
        CHECK(!story.report("dike", {{"close", true}}).reasons.empty());
        CHECK(story.alarm().case_number->value() == "440000202000002");
    }

    TEST_CASE("facts are written once and later ones stay in the history") {
        LakeStory story;
        story.send(
            in_case(lake_notice("alarm", "lake", {text_field("matter", "南闸")}), story.first));
        const CaseFile file = story.file(story.first);
        CHECK(file.title == "北闸");
        CHECK(file.found_at == "2020-11-01");
        REQUIRE(file.facts.size() == 3);
        CHECK(std::get<std::string>(file.facts[2].value) == "南闸");
        CHECK(file.opened_by == UnitId("lake"));
        CHECK(file.links[0].role == LinkRole::opened);
        CHECK(file.links[1].role == LinkRole::linked);
    }

    TEST_CASE("a closing waits for every track that holds the case open") {
        LakeStory story;
        story.entry("reeds", "board", "proposed");  // holds nothing open
        CHECK(told(story.close().reasons) ==
              Lines{"tracks_open tracks.gates", "tracks_open tracks.birds"});
        story.act(EffectEvent::declined, story.first, "dike");
        CHECK(told(story.close().reasons) == Lines{"tracks_open tracks.birds"});
        story.state("reeds", "closed");
        const SentNotice closed = story.close();
        CHECK(closed.reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);
        CHECK(story.file(story.first).links.back().role == LinkRole::closed);
        CHECK(story.file(story.first).links.back().source.notice == closed.ref);
    }

    TEST_CASE("a notice that ends the last track may close the case too") {
        LakeStory story;
        story.state("dike", "closed");
        story.state("reeds", "closed");
        story.state("lake", "investigating");
        CHECK(told(story.close().reasons) == Lines{"tracks_open tracks.shore"});
        CHECK(story.close({text_field("state", "closed")}).reasons.empty());
    }

    TEST_CASE("money that is open wants a reason in words for the closing") {
        LakeStory story;
        story.report("dike", {text_field("state", "closed"), fen_field("fine_fen", 100)});
        story.state("reeds", "closed");
        CHECK(told(story.close().reasons) == Lines{"reason_required fields.closing_reason"});
        SUBCASE("it is given") {
            CHECK(story.close({text_field("closing_reason", "甲")}).reasons.empty());
            CHECK(story.file(story.first).links.back().closing_reason == "甲");
        }
        SUBCASE("the fine was paid") {
            story.report("dike", {text_field("state", "closed"), fen_field("paid_fen", 100)});
            CHECK(story.close().reasons.empty());
        }
        SUBCASE("part of it was paid") {
            story.report("dike", {text_field("state", "closed"), fen_field("paid_fen", 99)});
            CHECK(!story.close().reasons.empty());
        }
    }

    TEST_CASE("a hub does not ask for a reason that it may not read") {
        LakeStory story;
        story.report("dike", {text_field("state", "closed"), fen_field("fine_fen", 100)});
        story.state("reeds", "closed");
        LedgerEvent event;
        event.case_number = *story.first.case_number;
        Notice closing = lake_notice("report", "lake", {{"close", true}});
        const LedgerPlan plan = plan_effects(story.charter(), closing, event, Viewpoint::hub);
        CHECK(check_plan(story.ledger().find(event.case_number), plan).empty());
    }

    TEST_CASE("a closed case is moved by who may close it and by nobody else") {
        LakeStory story;
        story.conclude();
        CHECK(told(story.state("dike", "investigating").reasons) == Lines{"case_concluded case"});
        CHECK(story.file(story.first).state == CaseState::concluded);
        // Saying again that it is finished moves nothing.
        CHECK(story.state("dike", "declined").reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);
        // Publication comes after the case, and holds nothing open.
        CHECK(story.entry("reeds", "board", "investigating").reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);

        CHECK(story.state("lake", "investigating").reasons.empty());
        CHECK(story.file(story.first).state == CaseState::reopened);
        CHECK(story.state("dike", "investigating").reasons.empty());
        // To end all tracks again is not to close it again.
        story.state("dike", "closed");
        story.state("lake", "closed");
        CHECK(story.file(story.first).state == CaseState::reopened);
        CHECK(story.close().reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);
    }

    TEST_CASE("a track's state has a time and saying it again does not change that") {
        LakeStory story;
        const SentNotice begun = story.state("dike", "investigating");
        story.state("dike", "investigating");
        const CaseFile file = story.file(story.first);
        const CaseTrack& gates = *file.find_track("gates");
        CHECK(gates.unit == UnitId("dike"));
        CHECK(gates.history.size() == 3);
        CHECK(gates.since == gates.history[1].source.at);
        CHECK(gates.history[1].source.notice == begun.ref);
        CHECK(file.find_track("nothing") == nullptr);
    }

    TEST_CASE(
        "a track is whose the charter of its last notice says, and holds the case as that says") {
        CaseHistory history;
        const TrackName before{"gates", UnitId("dike"), true};
        const TrackName after{"gates", UnitId("reeds"), false};
        LedgerFact fact;
        fact.change = TrackMoved{before, "proposed", false};
        history.facts = {fact};
        fact.source.notice.index = fact.source.cause.index = fact.source.entry = LogIndex(1);
        fact.change = TrackMoved{after, "proposed", false};
        history.facts.push_back(fact);
        CHECK(case_file_of(history).tracks[0].unit == UnitId("reeds"));
        CHECK(!case_file_of(history).tracks[0].open());
        fact.source.notice.index = fact.source.cause.index = fact.source.entry = LogIndex(2);
        fact.change = NoticeReversed{{Digest(), LogIndex(1)}};
        history.facts.push_back(fact);
        CHECK(case_file_of(history).tracks[0].unit == UnitId("dike"));
        CHECK(case_file_of(history).tracks[0].open());
    }

    TEST_CASE("flags stay and a supervised case has its limit") {
        LakeStory story;
        CHECK(!story.file(story.first).flags.supervised);
        story.report("dike", {{"grave", true}, text_field("watch_due", "2020-12-01")});
        story.report("dike", {{"grave", false}});
        const CaseFile file = story.file(story.first);
        CHECK(file.flags.major);
        REQUIRE(file.flags.supervised);
        CHECK(file.flags.supervised->due == "2020-12-01");
        CHECK(!file.flags.supervised->resolution_no);
    }

    TEST_CASE("a notice taken back loses its state and money and facts but stays to be seen") {
        LakeStory story;
        story.state("dike", "investigating");
        const CaseFile before = story.file(story.first);
        const SentNotice wrong = story.report("dike", {text_field("state", "closed"),
                                                       fen_field("fine_fen", 100),
                                                       {"grave", true},
                                                       text_field("measure", "fine")});
        CHECK(story.file(story.first).flags.major);
        const SentNotice correction = story.correct(wrong);
        REQUIRE(correction.reasons.empty());
        const CaseFile file = story.file(story.first);
        CHECK(states_of(file) == states_of(before));
        CHECK(file.find_track("gates")->since == before.find_track("gates")->since);
        CHECK(!file.flags.major);
        REQUIRE(file.money.size() == 1);
        CHECK(file.money[0].reversed_by == correction.ref);
        CHECK(!file.money[0].counts);
        CHECK(file.find_track("gates")->history.back().reversed_by == correction.ref);
        CHECK(file.find_track("gates")->decisions[0].reversed_by == correction.ref);
        CHECK(file.flag_entries[0].reversed_by == correction.ref);
        REQUIRE(file.reversals.size() == 1);
        CHECK(file.reversals[0].target == wrong.ref);
    }

    TEST_CASE("a correction that is taken back does not count") {
        LakeStory story;
        const SentNotice right = story.state("dike", "closed");
        const SentNotice correction = story.correct(right);
        CHECK(states_of(story.file(story.first)).at("gates") == "proposed");
        const SentNotice second = story.correct(correction);
        CHECK(states_of(story.file(story.first)).at("gates") == "closed");
        CHECK(story.file(story.first).reversals[0].reversed_by == second.ref);
        story.correct(second);
        CHECK(states_of(story.file(story.first)).at("gates") == "proposed");
    }

    TEST_CASE("what an act brought about goes with the notice and with the answer") {
        LakeStory story;
        story.act(EffectEvent::taken_up, story.first, "dike");
        const SentNotice answer =
            story.send(in_case(lake_notice("report", "dike", {}), story.first), &story.first);
        story.replied(story.first, answer);
        CHECK(states_of(story.file(story.first)).at("gates") == "closed");
        story.correct(answer);
        CHECK(states_of(story.file(story.first)).at("gates") == "accepted");
        story.correct(story.first);
        const CaseFile file = story.file(story.first);
        CHECK(states_of(file).empty());
        CHECK(!file.title);
        CHECK(file.state == CaseState::registered);
        // The number was given and stays given.
        CHECK(file.opened_by == UnitId("lake"));
        CHECK(file.links[0].reversed_by.has_value());
    }

    TEST_CASE("to take the closing back is to go on handling") {
        LakeStory story;
        story.state("dike", "closed");
        story.state("reeds", "closed");
        const SentNotice closing = story.close();
        CHECK(story.correct(closing).reasons.empty());
        CHECK(story.file(story.first).state == CaseState::handling);
    }

    TEST_CASE("a closed case can't lose what its closing rested on but by a better notice first") {
        LakeStory story;
        const SentNotice ended = story.state("dike", "closed");
        story.state("reeds", "closed");
        story.close();
        CHECK(told(story.correct(ended).reasons) == Lines{"case_concluded case"});
        CHECK(story.state("dike", "declined").reasons.empty());
        CHECK(story.correct(ended).reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);
        CHECK(states_of(story.file(story.first)).at("gates") == "declined");
    }

    TEST_CASE("who may close a case may take back what its closing rested on") {
        LakeStory story;
        story.state("lake", "investigating");
        story.state("dike", "closed");
        story.state("reeds", "closed");
        const SentNotice ended = story.state("lake", "closed");
        REQUIRE(story.close().reasons.empty());
        CHECK(story.correct(ended).reasons.empty());
        CHECK(story.file(story.first).state == CaseState::reopened);
        CHECK(states_of(story.file(story.first)).at("shore") == "investigating");
        // It stays closed by the notice that closed it once the track has ended again.
        CHECK(story.state("lake", "closed").reasons.empty());
        CHECK(story.file(story.first).state == CaseState::concluded);
    }

    TEST_CASE("a case that is not there is named") {
        LakeStory story;
        Notice stray = lake_notice("report", "dike", {});
        stray.case_number = CaseNumber("440000202000009");
        CHECK(told(story.send(stray).reasons) == Lines{"no_such_case case"});
    }

    TEST_CASE("the words of states and roles are those of the charters") {
        CHECK(word(CaseState::registered) == "registered");
        CHECK(word(CaseState::handling) == "handling");
        CHECK(word(CaseState::concluded) == "concluded");
        CHECK(word(CaseState::reopened) == "reopened");
        CHECK(word(LinkRole::opened) == "opened");
        CHECK(word(LinkRole::linked) == "linked");
        CHECK(word(LinkRole::closed) == "closed");
    }
}
