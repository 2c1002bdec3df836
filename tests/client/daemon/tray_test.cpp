#include "client/daemon/tray.hpp"

#include "client/daemon/openapi.hpp"
#include "tests/client/daemon/json_schema.hpp"
#include "tests/client/daemon/tray_stage.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::kAllSteps;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::overdue_clock;
using testing::TrayStage;

using Items = std::vector<int>;

struct OfficeTray : TrayStage {
    OfficeTray() { says({overdue_clock(kAllSteps)}); }

    /// The notice that the draft of entry 11 asks for.
    Notice urging() {
        Notice notice = numbered_alarm(2);
        notice.kind = KindId("urging");
        notice.from = UnitId("office");
        notice.to = {UnitId("dike")};
        notice.cc.clear();
        notice.case_number.reset();
        notice.in_reply_to = numbered_alarm(1).id;
        notice.fields = {{"strictly", false}};
        notice.attachments.clear();
        return notice;
    }
    storage::SentItem queue(const Notice& notice) {
        storage::SentItem item;
        item.id = notice.id.value();
        item.bytes = leaf_of(notice);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        return item;
    }
    void settle(storage::SentItem item, storage::SentState state, std::uint64_t index) {
        item.state = state;
        if (state == storage::SentState::accepted) item.index = LogIndex(index);
        REQUIRE(daemon.store->settle({item}, "").has_value());
    }
    /// Whether the draft still lies there once the office has sent this.
    bool lies_after(const Notice& notice, storage::SentState state, std::uint64_t index) {
        settle(queue(notice), state, index);
        return !tray().empty();
    }
    unsigned discard(const std::string& item, const std::string& reason) {
        return ask("DELETE", "/v1/tray/" + item, json{{"reason", reason}}.dump()).status;
    }
};

using enum storage::SentState;

TEST_SUITE("tray of drafts") {
    TEST_CASE_FIXTURE(OfficeTray, "a step with a draft lays it with all that is known of it") {
        hub.clock.set(*parse_utc("2026-06-12T02:00:00.000Z"));
        json answer = get("/v1/tray");
        CHECK(testing::schema_faults(
                  json::parse(openapi_json()),
                  json::parse(openapi_json()).at("components").at("schemas").at("TrayList"), answer)
                  .empty());
        CHECK(answer.at("complete") == true);
        REQUIRE(answer.at("drafts").size() == 1);
        json item = answer.at("drafts").at(0);
        CHECK(item.at("notice") == overdue_clock({}).at("notice"));
        item.erase("notice");
        const std::string id = numbered_alarm(1).id.value().text();
        // 9 June ended at 16:00 UTC; the 12th is the third day behind it.
        CHECK(item == json{{"item", 11},
                           {"kind", "urging"},
                           {"to", "dike"},
                           {"deed", "urge"},
                           {"since", "2026-06-09T16:01:11.000Z"},
                           {"id", id},
                           {"notice_kind", "level_alarm"},
                           {"from", "lake"},
                           {"unit", "dike"},
                           {"purpose", "reply"},
                           {"reply", "alarm_answer"},
                           {"due", "2026-06-09T16:00:00.000Z"},
                           {"overdue_since", "2026-06-09T16:00:00.000Z"},
                           {"days_over", 3},
                           {"draft", {{"kind", "urging"}, {"to", {"dike"}}, {"in_reply_to", id}}},
                           {"missing", {"fields.strictly"}}});
    }

    TEST_CASE_FIXTURE(OfficeTray, "the draft's body with what is missing is taken as a notice") {
        json draft = get("/v1/tray").at("drafts").at(0).at("draft");
        CHECK(ask("POST", "/v1/notices", draft.dump()).status == 422);
        CHECK(tray() == Items{11});
        draft["fields"] = {{"strictly", false}};
        CHECK(ask("POST", "/v1/notices", draft.dump()).status == 202);
        // On its way it deals with the draft.
        CHECK(tray().empty());
    }

    TEST_CASE_FIXTURE(OfficeTray, "a notice logged behind the step deals with it") {
        CHECK_FALSE(lies_after(urging(), accepted, 12));
    }

    TEST_CASE_FIXTURE(OfficeTray, "a notice logged before the step does not deal with it") {
        CHECK(lies_after(urging(), accepted, 10));
        // Nor what the hub refused, and then another may.
        Notice again = urging();
        again.id = numbered_alarm(3).id;
        CHECK(lies_after(again, refused, 0));
        again.id = numbered_alarm(4).id;
        CHECK_FALSE(lies_after(again, accepted, 12));
    }

    TEST_CASE_FIXTURE(OfficeTray, "a notice to another unit or of another notice leaves it") {
        Notice other = urging();
        other.to = {UnitId("reeds")};
        CHECK(lies_after(other, accepted, 12));
        other = urging();
        other.id = numbered_alarm(3).id;
        other.in_reply_to = numbered_alarm(9).id;
        CHECK(lies_after(other, accepted, 13));
        other = urging();
        other.id = numbered_alarm(4).id;
        other.kind = KindId("minutes");
        CHECK(lies_after(other, accepted, 14));
    }

    TEST_CASE_FIXTURE(OfficeTray, "a notice that waits for its endorsements deals with it") {
        const Notice notice = urging();
        storage::HandedOver handed;
        handed.held.push_back({notice.id.value(), {}, leaf_of(notice), {}});
        REQUIRE(daemon.store->take_over(handed).has_value());
        CHECK(tray().empty());
        // Given up, it is to be sent again.
        REQUIRE(daemon.store->withdraw(notice.id.value()).has_value());
        CHECK(tray() == Items{11});
    }

    TEST_CASE_FIXTURE(OfficeTray, "what was sent long ago is found among all that was sent") {
        settle(queue(urging()), accepted, 12);
        std::vector<storage::SentItem> others;
        for (std::uint16_t number = 10; number < 10 + 600; ++number) {
            storage::SentItem item;
            item.id = testing::numbered_uuid(number);
            item.bytes = leaf_of(numbered_alarm(number));
            others.push_back(item);
        }
        REQUIRE(daemon.store->enqueue(others).has_value());
        std::uint64_t index = 13;
        for (storage::SentItem& item : others) {
            item.state = accepted;
            item.index = LogIndex(index++);
        }
        REQUIRE(daemon.store->settle(others, "").has_value());
        CHECK(tray().empty());
    }

    TEST_CASE_FIXTURE(OfficeTray, "where nothing is owed any more no draft lies there") {
        says({});
        CHECK(tray().empty());
    }

    TEST_CASE_FIXTURE(OfficeTray,
                      "a draft that goes back to the office or to no unit is not laid") {
        json clock = overdue_clock(kAllSteps);
        clock["unit"] = "office";
        says({clock});
        CHECK(tray().empty());
        clock["unit"] = "local.440300.dike";
        says({clock});
        CHECK(tray().empty());
    }

    TEST_CASE("a draft that answers nothing is dealt with by a notice of the same case") {
        OpenStep step;
        step.clock.unit = UnitId("dike");
        step.clock.id = testing::numbered_uuid(1);
        step.step.index = LogIndex(11);
        TrayItem item{&step, KindId("order")};
        SentDraft sent{testing::numbered_uuid(2),
                       KindId("order"),
                       {UnitId("dike")},
                       std::nullopt,
                       std::nullopt,
                       LogIndex(12)};
        CHECK_FALSE(deals_with(sent, item));
        item.case_number = CaseNumber("440000202600001");
        CHECK_FALSE(deals_with(sent, item));
        sent.case_number = CaseNumber("440000202600002");
        CHECK_FALSE(deals_with(sent, item));
        sent.case_number = item.case_number;
        CHECK(deals_with(sent, item));
        sent.index = LogIndex(11);
        CHECK_FALSE(deals_with(sent, item));
        sent.index.reset();
        CHECK(deals_with(sent, item));
    }

    TEST_CASE_FIXTURE(OfficeTray, "a draft that a person discarded stays so after a restart") {
        CHECK(discard("11", "由电话催办") == 200);
        CHECK(tray().empty());
        restart();
        CHECK(tray().empty());
        // It is no draft any more; a later step lays its own.
        CHECK(discard("11", "again") == 404);
        says({overdue_clock({{2, "urge", 11}, {2, "urge", 20}})});
        CHECK(tray() == Items{20});
        CHECK(discard("20", "again") == 200);
        restart();
        CHECK(tray().empty());
    }

    TEST_CASE_FIXTURE(OfficeTray, "no draft is discarded without a reason or without being there") {
        const auto code_of = [this](const std::string& item, const std::string& body) {
            return json::parse(as_text(ask("DELETE", "/v1/tray/" + item, body).body))
                .at("code")
                .get<std::string>();
        };
        CHECK(code_of("11", "") == "malformed_json");
        CHECK(code_of("11", "{}") == "missing_member");
        CHECK(code_of("11", R"({"reason":""})") == "bad_value");
        CHECK(code_of("11", R"({"reason":7})") == "wrong_type");
        CHECK(code_of("11", R"({"reason":"x","who":"y"})") == "unknown_member");
        CHECK(code_of("11", json{{"reason", "  "}}.dump()) == "reason_required");
        CHECK(code_of("11", json{{"reason", "a\x1Bz"}}.dump()) == "malformed_field");
        CHECK(code_of("11", json{{"reason", std::string(501, 'a')}}.dump()) == "too_large");
        CHECK(code_of("12", R"({"reason":"x"})") == "not_found");
        CHECK(code_of("10", R"({"reason":"x"})") == "not_found");
        CHECK(code_of("011", R"({"reason":"x"})") == "not_found");
        CHECK(code_of("x", R"({"reason":"x"})") == "not_found");
        CHECK(tray() == Items{11});
        std::string longest;
        for (int count = 0; count < 500; ++count) longest += "催";
        CHECK(discard("11", longest) == 200);
    }

    TEST_CASE_FIXTURE(OfficeTray, "a full disk takes no reason and a broken file is told") {
        daemon.space.set(0);
        CHECK(discard("11", "x") == 507);
        daemon.space.set(1024 * kMebibyte);
        CHECK(tray() == Items{11});
        {
            std::ofstream file(daemon.config.data / "discarded-drafts");
            file << "11\n";
        }
        restart();
        CHECK(get("/v1/tray").at("code") == "storage_corrupt");
        CHECK(ask("GET", "/v1/status").status == 200);
        CHECK(ask("GET", "/v1/reminders").status == 200);
    }

    TEST_CASE("no other unit has the tray") {
        for (const char* const unit : {"dike", "lake"}) {
            TrayStage stage(unit);
            stage.says({overdue_clock(kAllSteps)});
            CHECK(stage.ask("GET", "/v1/tray").status == 403);
            CHECK(stage.get("/v1/tray").at("code") == "not_permitted");
            CHECK(stage.ask("DELETE", "/v1/tray/11", R"({"reason":"x"})").status == 403);
            CHECK(stage.daemon.fake.asked.empty());
        }
    }

    TEST_CASE_FIXTURE(OfficeTray, "a hub that lies lays no draft and raises the alarm") {
        daemon.put_arrived(numbered_alarm(1), LogIndex(7));
        CHECK(tray() == Items{11});
        json clock = overdue_clock(kAllSteps);
        clock["from"] = "reeds";
        says({clock});
        CHECK(get("/v1/tray").at("code") == "entry_mismatch");
        CHECK(daemon.state.alarm.starts_with("entry_mismatch: "));
        daemon.fake.answers.erase("GET /v1/due");
        CHECK(discard("11", "x") == 400);
        CHECK(get("/v1/tray").at("code") == "unsupported_version");
    }
}

}  // namespace
}  // namespace tongbao::client
