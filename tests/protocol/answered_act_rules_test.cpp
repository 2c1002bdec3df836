#include "domain/answered_act_rules.hpp"

#include "domain/answer_rules.hpp"
#include "tests/protocol/broken_charter.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

using namespace tongbao;
using namespace tongbao::testing;

namespace {

/// An identifier of version 7 that ends in `last`.
NoticeId id_of(char last) {
    return NoticeId(*Uuid::parse(std::string("0190163d-8694-739b-aea5-966c26f8ad9") + last));
}

Notice old_alarm() {
    Notice notice = alarm();
    notice.id = id_of('1');
    notice.cc = {UnitId("office"), UnitId("press")};
    return notice;
}

Notice withdrawal() {
    Notice notice = notice_of("correction", "lake", {"dike", "office"});
    notice.in_reply_to = id_of('1');
    set(notice, "why", std::string("有误"));
    return notice;
}

Notice correction(const std::string& replaced_by) {
    Notice notice = withdrawal();
    set(notice, "replaced_by", replaced_by);
    return notice;
}

Notice decision(bool granted, const char* new_due = nullptr) {
    Notice notice = notice_of("extension_decision", "lake", {"dike"});
    set(notice, "granted", granted);
    if (new_due != nullptr) set(notice, "new_due", std::string(new_due));
    return notice;
}

std::optional<AnsweredAct> act_in(const Charter& charter, const Notice& notice) {
    const AnsweredRule* const rule = answered_act_of(*charter.find_kind(notice.kind), notice);
    return rule == nullptr ? std::nullopt : std::optional(rule->act);
}

}  // namespace

TEST_SUITE("what a notice does to an earlier one") {
    TEST_CASE("the first act whose condition holds is the notice's") {
        const Charter charter = load();
        CHECK(act_in(charter, withdrawal()) == AnsweredAct::withdraw);
        CHECK(act_in(charter, correction(id_of('2').value().text())) == AnsweredAct::correct);
        CHECK(act_in(charter, decision(true, "2026-07-01T12:00+08:00")) == AnsweredAct::extend);
        CHECK_FALSE(act_in(charter, decision(false)).has_value());
        CHECK_FALSE(act_in(charter, alarm()).has_value());
        Notice urging = notice_of("urging", "office", {"dike"});
        CHECK(act_in(charter, urging) == AnsweredAct::urge);
        set(urging, "strictly", true);
        CHECK(act_in(charter, urging) == AnsweredAct::supervise);
    }

    TEST_CASE("a correction goes to all whom the old notice went to") {
        const Charter charter = load();
        CHECK(check_answered_act(Reach(charter), withdrawal(), old_alarm()).empty());
        Notice astray = withdrawal();
        astray.to = {UnitId("dike")};
        CHECK(brief(check_answered_act(Reach(charter), astray, old_alarm())) ==
              Expected{"recipient_missing to"});
        astray.cc = {UnitId("office")};
        CHECK(check_answered_act(Reach(charter), astray, old_alarm()).empty());
        astray.to = {UnitId("reeds")};
        astray.cc = {};
        CHECK(brief(check_answered_act(Reach(charter), astray, old_alarm())) ==
              Expected{"recipient_missing to", "recipient_missing to"});
    }

    TEST_CASE("a correction names another notice that counts instead") {
        const Charter charter = load();
        const auto faults = [&](const std::string& replaced_by) {
            return brief(check_answered_act(Reach(charter), correction(replaced_by), old_alarm()));
        };
        CHECK(faults(id_of('2').value().text()).empty());
        CHECK(faults(id_of('1').value().text()) == Expected{"bad_value fields.replaced_by"});
        CHECK(faults("甲") == Expected{"bad_value fields.replaced_by"});
        nlohmann::json text = charter_text();
        kind(text,
             "correction")["on_answered"] = {{{"act", "correct"}, {"replaced_by", "replaced_by"}}};
        const auto loaded = protocol::load_charter(text.dump());
        REQUIRE(std::holds_alternative<Charter>(loaded));
        CHECK(brief(check_answered_act(Reach(std::get<Charter>(loaded)), withdrawal(),
                                       old_alarm())) ==
              Expected{"missing_field fields.replaced_by"});
    }

    TEST_CASE("a decision grants a moment or a day that counts to its end") {
        const Charter charter = load();
        const FixedZone zone;
        const Kind& kind_of_decision = *charter.find_kind(KindId("extension_decision"));
        const auto grant = [&](const Notice& notice) {
            return grant_in(kind_of_decision.on_answered.front(), notice, zone);
        };
        const auto moment = grant(decision(true, "2026-07-01T12:00+08:00"));
        REQUIRE(moment.has_value());
        CHECK(format_utc(moment->new_due) == "2026-07-01T04:00:00.000Z");
        CHECK_FALSE(moment->quotes_basis);
        Notice founded = decision(true, "2026-07-01");
        set(founded, "legal_basis", std::string("某法第一条"));
        const auto day = grant(founded);
        REQUIRE(day.has_value());
        CHECK(format_utc(day->new_due) == "2026-07-01T16:00:00.000Z");
        CHECK(day->quotes_basis);
        const Notice request = notice_of("extension_request", "dike", {"lake"});
        CHECK(brief(check_answered_act(Reach(charter), decision(true), request)) ==
              Expected{"missing_field fields.new_due"});
        CHECK(brief(check_answered_act(Reach(charter), decision(true, "soon"), request)) ==
              Expected{"bad_time fields.new_due"});
        CHECK(check_answered_act(Reach(charter), decision(false), request).empty());
    }

    TEST_CASE("urging reaches a recipient of the notice that it is about") {
        const Charter charter = load();
        CHECK(
            check_answered_act(Reach(charter), notice_of("urging", "office", {"dike"}), old_alarm())
                .empty());
        // A copy owes nothing.
        CHECK(brief(check_answered_act(Reach(charter), notice_of("urging", "office", {"reeds"}),
                                       old_alarm())) == Expected{"recipient_not_allowed to"});
        CHECK(units_urged(notice_of("urging", "office", {"reeds", "dike"}), old_alarm()) ==
              std::vector{UnitId("dike")});
    }

    TEST_CASE("the office urges about what it may know of without being its party") {
        const Charter charter = load();
        Notice urging = notice_of("urging", "office", {"dike"});
        CHECK(check_answer(charter, urging, alarm()).empty());
        // Asking for time is for the parties alone.
        CHECK(brief(check_answer(charter, notice_of("extension_request", "reeds", {"lake"}),
                                 alarm())) == Expected{"reply_to_nothing in_reply_to"});
        urging.from = UnitId("reeds");
        CHECK(brief(check_answer(charter, urging, alarm())) ==
              Expected{"reply_to_nothing in_reply_to"});
        urging.from = UnitId("office");
        const Kind* const minutes = charter.find_kind(KindId("minutes"));
        CHECK(may_answer_for_office(charter, urging, *minutes));
        Kind unseen = *minutes;
        unseen.office_sees = OfficeSees::none;
        CHECK_FALSE(may_answer_for_office(charter, urging, unseen));
    }
}
