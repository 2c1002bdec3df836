#include "tests/protocol/case_fixture.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Cases under the shipped charters. The expected values were worked out by hand from the charters'
// effects and the ledger's specification.

using namespace tongbao;
using namespace tongbao::testing;

TEST_SUITE("cases of the charters") {
    TEST_CASE("a transfer in Guangdong from the suspicion to the closing") {
        ShippedStory story("guangdong-2020.json");
        const SentNotice transferred = story.tell(transfer());
        REQUIRE(transferred.reasons.empty());
        CHECK(transferred.case_number->value() == "440000202000001");
        CHECK(story.states() == States{{"criminal", "proposed"}});
        CHECK(story.shown().title == "甲医院案");
        CHECK(std::get<Table>(*story.shown().subjects) == one_hospital());

        CHECK(story.act(EffectEvent::taken_up, transferred, "police").empty());
        CHECK(story.states() == States{{"criminal", "accepted"}});

        const SentNotice filed = story.tell(filing("filed"), &transferred);
        CHECK(story.states() == States{{"criminal", "investigating"}});
        const CaseDecision decision = story.shown().find_track("criminal")->decisions.at(0);
        CHECK(decision.said.outcome == "filed");
        CHECK(decision.said.doc_no == "测公立〔2020〕3号");
        CHECK(decision.source.notice == filed.ref);

        story.tell(notice_of("material_handover", "hsa", {"police"}), &filed);
        CHECK(story.shown().links.size() == 3);
        CHECK(story.states() == States{{"criminal", "investigating"}});

        Notice arrested = police_progress("arrested");
        set(arrested, "seized_fen", std::int64_t{12'000'000});
        story.tell(std::move(arrested));
        CHECK(story.fen("seized") == 12'000'000);

        // The agency fines, and tells of it twice: once to health, once in the ledger.
        Notice fined = notice_of("enforcement_info_to_health", "hsa", {"health"});
        decide(fined, "fine", kFineNumber);
        set(fined, "case_title", std::string("甲医院案（罚款）"));
        set(fined, "subjects", one_hospital());
        set(fined, "facts", std::string("甲"));
        set(fined, "legal_basis", std::string("甲"));
        set(fined, "fine_fen", std::int64_t{60'000'000});
        set(fined, "return_ordered_fen", std::int64_t{30'000'000});
        const SentNotice told_health = story.tell(std::move(fined));
        CHECK(told(told_health.reasons) == Told{});
        CHECK(story.states() == States{{"criminal", "investigating"}, {"admin_hsa", "decided"}});
        CHECK(story.shown().title == "甲医院案");  // written once

        Notice recovered = entry("hsa", "admin_hsa", "executed");
        decide(recovered, "fine", kFineNumber);
        set(recovered, "fine_fen", std::int64_t{60'000'000});
        set(recovered, "recovered_fen", std::int64_t{30'000'000});
        CHECK(story.tell(std::move(recovered)).reasons.empty());
        CHECK(story.fen("fine_imposed") == 60'000'000);  // never twice
        CHECK(story.fen("recovered") == 30'000'000);
        CHECK(story.fen("return_ordered") == 30'000'000);
        CHECK(story.fen("involved") == 50'000'000);
        CHECK(story.fen("loss") == 30'000'000);

        Notice to_publish = notice_of("penalty_info_for_publication", "hsa", {"market"});
        const SentNotice publish = story.tell(std::move(to_publish));
        story.tell(notice_of("credit_publication", "market", {"credit_system"}), &publish);
        CHECK(story.states().at("credit") == "closed");

        CHECK(told(story.tell(closing_entry("")).reasons) ==
              Told{"tracks_open tracks.criminal", "reason_required fields.closing_reason"});
        story.tell(police_progress("prosecuted"));
        story.tell(police_progress("concluded"));
        CHECK(story.states() == States{{"criminal", "closed"},
                                       {"admin_hsa", "executed"},
                                       {"credit", "closed"},
                                       {"prosecution", "transferred"}});
        // Nothing in this charter tells that the fine was paid.
        CHECK(told(story.tell(closing_entry("")).reasons) ==
              Told{"reason_required fields.closing_reason"});
        CHECK(story.state_of_case() == "handling");
        CHECK(story.tell(closing_entry("罚款已移送执行")).reasons.empty());
        CHECK(story.state_of_case() == "concluded");

        // The case is exposed afterwards, and stays closed.
        const SentNotice proposed = story.tell(notice_of("exposure_proposal", "hsa", {"office"}));
        story.tell(notice_of("exposure_publication", "office", {"public"}), &proposed);
        CHECK(story.state_of_case() == "concluded");
        CHECK(told(story.tell(police_progress("investigating")).reasons) ==
              Told{"case_concluded case"});
        CHECK(story.rebuilt(story.events().size()) == story.ledger());
    }

    TEST_CASE("not filed in Guangdong and reconsidered and manifestly minor") {
        ShippedStory story("guangdong-2020.json");
        const SentNotice transferred = story.tell(transfer());
        Notice without_reason = filing("not_filed");
        drop(without_reason, "reason");
        CHECK(told(story.tell(std::move(without_reason), &transferred).reasons) ==
              Told{"missing_field fields.reason"});
        const SentNotice refused = story.tell(filing("not_filed"), &transferred);
        CHECK(story.states() == States{{"criminal", "closed"}});
        const SentNotice again =
            story.tell(notice_of("reconsideration_request", "hsa", {"police"}), &refused);
        CHECK(story.states() == States{{"criminal", "proposed"}});
        Notice upheld = notice_of("reconsideration_decision", "police", {"hsa"});
        set(upheld, "decision", std::string("not_filed"));
        story.tell(std::move(upheld), &again);
        const SentNotice minor =
            story.tell(notice_of("minor_facts_feedback", "police", {"hsa"}), &transferred);
        CHECK(story.states() == States{{"criminal", "closed"}, {"admin_hsa", "proposed"}});
        Notice fined = feedback("hsa", "police", "handled");
        decide(fined, "fine", kFineNumber);
        set(fined, "fine_fen", std::int64_t{900});
        story.tell(std::move(fined), &minor);
        CHECK(story.states() == States{{"criminal", "closed"}, {"admin_hsa", "closed"}});
        CHECK(story.fen("fine_imposed") == 900);
        // Decided and closed by one notice: two steps of the track, at one time.
        CHECK(story.shown().find_track("admin_hsa")->history.size() == 3);
    }

    TEST_CASE("five tracks in Guangdong of which one is declined") {
        ShippedStory story("guangdong-2020.json");
        Notice split =
            notice_of("case_split", "office", {"hsa", "police", "health", "market", "drug"});
        set(split, "case_title", std::string("甲药店案"));
        set(split, "subjects", one_hospital());
        set(split, "tracks",
            Table{given("hsa", "admin_hsa"), given("police", "criminal"), given("health", "health"),
                  given("market", "market"), given("drug", "drug")});
        const SentNotice sent = story.tell(std::move(split));
        CHECK(story.states() == States{{"admin_hsa", "proposed"},
                                       {"criminal", "proposed"},
                                       {"drug", "proposed"},
                                       {"health", "proposed"},
                                       {"market", "proposed"}});
        for (const char* unit : {"hsa", "police", "health", "market"}) {
            CHECK(story.act(EffectEvent::taken_up, sent, unit).empty());
        }
        CHECK(told(story.act(EffectEvent::declined, sent, "drug", false)) ==
              Told{"reason_required reason"});
        CHECK(story.act(EffectEvent::declined, sent, "drug").empty());
        CHECK(story.states() == States{{"admin_hsa", "accepted"},
                                       {"criminal", "accepted"},
                                       {"drug", "declined"},
                                       {"health", "accepted"},
                                       {"market", "accepted"}});
        CHECK(story.shown().find_track("drug")->unit == UnitId("drug"));
        for (const char* unit : {"police", "health"}) {
            story.tell(feedback(unit, "hsa", "handled"), &sent);
        }
        CHECK(told(story.tell(closing_entry("甲")).reasons) == Told{"tracks_open tracks.market"});
        story.tell(feedback("market", "hsa", "not_competent"), &sent);
        CHECK(story.tell(closing_entry("甲")).reasons.empty());
        CHECK(story.state_of_case() == "concluded");
    }

    TEST_CASE("a transfer back in Jilin with the fine reported to finance") {
        ShippedStory story("jilin.json");
        const SentNotice transferred = story.tell(transfer());
        CHECK(transferred.case_number->value() == "220000202000001");
        story.act(EffectEvent::taken_up, transferred, "police");
        const SentNotice back =
            story.tell(notice_of("minor_facts_return", "police", {"hsa"}), &transferred);
        CHECK(story.states() == States{{"criminal", "closed"}, {"admin_hsa", "proposed"}});
        story.act(EffectEvent::taken_up, back, "hsa");
        CHECK(story.states() == States{{"criminal", "closed"}, {"admin_hsa", "accepted"}});

        Notice fined = feedback("hsa", "police", "handled");
        decide(fined, "fine", kFineNumber);
        set(fined, "fine_fen", std::int64_t{200'000});
        set(fined, "return_ordered_fen", std::int64_t{100'000});
        set(fined, "recovered_fen", std::int64_t{100'000});
        story.tell(std::move(fined), &back);
        CHECK(story.states() == States{{"criminal", "closed"}, {"admin_hsa", "closed"}});

        const auto paid = [](std::int64_t fen, const char* period) {
            Notice out = notice_of("penalty_income_report", "hsa", {"finance"});
            set(out, "period", std::string(period));
            set(out, "decision_doc_no", std::string(kFineNumber));
            set(out, "fine_paid_fen", fen);
            set(out, "confiscated_fen", std::int64_t{0});
            set(out, "recovered_fen", std::int64_t{100'000});
            return out;
        };
        story.tell(paid(50'000, "2020-Q3"));
        CHECK(story.states().at("finance") == "closed");
        CHECK(story.fen("fine_paid") == 50'000);
        CHECK(told(story.tell(closing_entry("")).reasons) ==
              Told{"reason_required fields.closing_reason"});
        // The same decision in the next quarter: all that was paid until then.
        const SentNotice all = story.tell(paid(200'000, "2020-Q4"));
        CHECK(story.fen("fine_paid") == 200'000);
        const CaseFile file = story.shown();
        std::vector<MoneyEntry> payments;
        for (const MoneyEntry& entry : file.money) {
            if (entry.said.kind == "fine_paid") payments.push_back(entry);
        }
        REQUIRE(payments.size() == 2);
        CHECK(payments[0].reversed_by == all.ref);
        CHECK(!payments[1].reversed_by);
        CHECK(story.fen("recovered") == 100'000);  // told to finance, written by the feedback
        CHECK(story.tell(closing_entry("")).reasons.empty());
        CHECK(story.state_of_case() == "concluded");
    }

    TEST_CASE("an audit transfer in Jilin to three moves each on its own") {
        ShippedStory story("jilin.json");
        Notice found = notice_of("audit_issue_transfer", "audit", {"hsa", "police", "market"});
        set(found, "case_title", std::string("审计移送"));
        set(found, "involved_fen", std::int64_t{7});
        const SentNotice sent = story.tell(std::move(found));
        CHECK(story.states() == States{{"audit", "transferred"},
                                       {"admin_hsa", "proposed"},
                                       {"criminal", "proposed"},
                                       {"market", "proposed"}});
        story.act(EffectEvent::taken_up, sent, "market");
        story.tell(
            [] {
                Notice out = notice_of("audit_result_reply", "police", {"audit"});
                set(out, "result_code", std::string("transferred_on"));
                return out;
            }(),
            &sent);
        CHECK(story.states() == States{{"audit", "transferred"},
                                       {"admin_hsa", "proposed"},
                                       {"criminal", "transferred"},
                                       {"market", "accepted"}});
    }

    TEST_CASE("a check of bills in Jilin closes finance's track when it is answered") {
        ShippedStory story("jilin.json");
        story.tell(transfer());
        const SentNotice asked = story.tell(notice_of("ebill_check_request", "hsa", {"finance"}));
        CHECK(story.states().at("finance") == "proposed");
        const SentNotice answer =
            story.tell(notice_of("ebill_check_result", "finance", {"hsa"}), &asked);
        CHECK(story.states().at("finance") == "proposed");
        CHECK(story.replied(asked, answer).empty());
        CHECK(story.states().at("finance") == "closed");
    }

    TEST_CASE("an order to local units moves the tracks of their systems and marks the case") {
        ShippedStory story("jilin.json");
        Notice order =
            notice_of("joint_command_order", "office",
                      {"local.220100.police", "local.220200.police", "local.220100.hsa"});
        set(order, "due", std::string("2020-12-01"));
        story.tell(std::move(order));
        CHECK(story.states() ==
              States{{"criminal", "investigating"}, {"admin_hsa", "investigating"}});
        CHECK(story.shown().find_track("criminal")->history.size() == 1);
        CHECK(story.shown().flags.major);
        CHECK(!story.shown().flags.supervised);
    }

    TEST_CASE("a supervised case has the resolution and limit of the order") {
        ShippedStory story("guangdong-2020.json");
        story.tell(transfer());
        Notice order = notice_of("supervised_case_order", "office", {"police"});
        set(order, "due", std::string("2020-12-31"));
        set(order, "resolution_no", std::string("3"));
        const SentNotice sent = story.tell(std::move(order));
        REQUIRE(story.shown().flags.supervised);
        CHECK(story.shown().flags.supervised->due == "2020-12-31");
        CHECK(story.shown().flags.supervised->resolution_no == "3");
        story.tell(notice_of("correction", "office", {"police"}), &sent);
        CHECK(!story.shown().flags.supervised);
    }

    TEST_CASE("a member names its own tracks in the ledger and no others") {
        ShippedStory story("guangdong-2020.json");
        story.tell(transfer());
        CHECK(story.tell(entry("hsa", "agreement", "decided")).reasons.empty());
        CHECK(told(story.tell(entry("health", "criminal", "closed")).reasons) ==
              Told{"track_not_own fields.track"});
        Notice closes = entry("police", "criminal", "closed");
        set(closes, "close_case", true);
        set(closes, "closing_reason", std::string("甲"));
        CHECK(told(story.tell(std::move(closes)).reasons) ==
              Told{"closing_not_allowed from", "tracks_open tracks.agreement"});
    }

    TEST_CASE("a correction without a case number belongs to the case of what it takes back") {
        ShippedStory story("guangdong-2020.json");
        const SentNotice transferred = story.tell(transfer());
        const SentNotice wrong = story.tell(filing("filed"), &transferred);
        const SentNotice correction =
            story.send(notice_of("correction", "police", {"hsa"}), &wrong);
        CHECK(correction.case_number == transferred.case_number);
        CHECK(correction.reasons.empty());
        CHECK(story.states() == States{{"criminal", "proposed"}});
    }
}

TEST_SUITE("effects of the charters") {
    TEST_CASE("every kind with effects writes something and a hub can plan all its states") {
        for (const char* file : {"guangdong-2020.json", "jilin.json"}) {
            const Charter charter = load(std::string("domain/charters/") + file);
            for (const Kind& kind : charter.parts().kinds) {
                if (kind.effects.empty()) continue;
                CAPTURE(kind.id.value());
                Notice notice = notice_of(kind.id.value().c_str(), "hsa", {"police"});
                LedgerEvent event;
                event.case_number = CaseNumber("440000202000001");
                event.answered = AnsweredInCase{{}, event.case_number};
                const LedgerPlan plan = plan_effects(charter, notice, event, Viewpoint::hub);
                CHECK(!plan.changes.empty());
                CHECK(plan.reasons.empty());
                const bool opens = kind.case_use == CaseUse::may_open;
                CHECK(std::holds_alternative<CaseOpened>(plan.changes[0]) == opens);
            }
        }
    }
}
