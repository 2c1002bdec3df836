#include "hub/due_api.hpp"

#include "hub/due_query.hpp"
#include "tests/hub/clocked_hub.hpp"
#include "tests/hub/served_hub.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answered;
using testing::changed_charter;
using testing::HubParts;
using testing::keep_clocks_of;
using testing::ServedHub;
using Json = nlohmann::json;
using Lines = std::vector<std::string>;

/// A hub that keeps clocks and answers requests, on 1 January 2026, a holiday; the next working day
/// is Sunday the 4th.
struct DueHub : ServedHub {
    explicit DueHub(const Step& prepare = {})
        : ServedHub(prepare, [](HubParts& parts) { keep_clocks_of(parts); }) {}

    [[nodiscard]] Json due(std::string_view unit, const std::string& query = {}) {
        const Answered answer = ask(daemon(unit), "GET", "/v1/due" + query);
        REQUIRE(answer.status == 200);
        return Json::parse(answer.text());
    }
    /// `<notice> <unit> <purpose or reply>` of each.
    [[nodiscard]] Lines lines(std::string_view unit, const std::string& query = {}) {
        Lines found;
        const Json page = due(unit, query);
        for (const Json& each : page.at("clocks")) {
            found.push_back(std::to_string(each.at("notice").at("index").get<int>()) + ' ' +
                            each.at("unit").get<std::string>() + ' ' +
                            each.value("reply", each.at("purpose").get<std::string>()));
        }
        return found;
    }
};

const Lines kAlarmClocks{"6 dike receipt", "6 dike alarm_answer", "6 dike alarm_passed_on",
                         "6 dike press_item"};

TEST_SUITE("due api") {
    TEST_CASE("the recipient and the sender and the office find a notice's clocks and no other") {
        DueHub hub;
        CHECK(hub.logged_alarm(1) == LogIndex(6));
        for (const char* const unit : {"dike", "lake", "office"}) {
            CAPTURE(unit);
            CHECK(hub.lines(unit) == kAlarmClocks);
            CHECK(hub.lines(unit, "?unit=dike") == kAlarmClocks);
            CHECK(hub.lines(unit, "?unit=lake") == kAlarmClocks);
            CHECK(hub.lines(unit, "?unit=reeds").empty());
        }
        // Byte for byte what one gets who asks an empty hub.
        DueHub empty;
        for (const std::string query : {"", "?unit=reeds", "?unit=dike", "?unit=lake"}) {
            const std::string target = "/v1/due" + query;
            CHECK(hub.ask(hub.daemon("reeds"), "GET", target).text() ==
                  empty.ask(empty.daemon("reeds"), "GET", target).text());
        }
        CHECK(hub.status(hub.auditor(), "GET", "/v1/due") == 404);
        CHECK(hub.status(hub.daemon("dike"), "POST", "/v1/due") == 405);
        CHECK(hub.status(hub.daemon("dike"), "GET", "/v1/due/6") == 404);
    }

    TEST_CASE("the office finds nothing of kinds that it is not to know of") {
        DueHub hub([](HubParts& parts) {
            CharterParts charter = parts.deployment.charter->parts();
            for (Kind& kind : charter.kinds) {
                if (kind.id == KindId("level_alarm")) kind.office_sees = OfficeSees::none;
            }
            parts.deployment.charter = std::make_shared<const Charter>(std::move(charter));
        });
        CHECK(hub.logged_alarm(1) == LogIndex(6));
        CHECK(hub.lines("office").empty());
        CHECK(hub.lines("office", "?unit=dike").empty());
        CHECK(hub.lines("dike") == kAlarmClocks);
        CHECK(hub.lines("lake") == kAlarmClocks);
    }

    TEST_CASE("a clock is shown with all that is known of it") {
        DueHub hub;
        const LogIndex index = hub.logged_alarm(1);
        const Json page = hub.due("dike");
        CHECK_FALSE(page.contains("next"));
        const Json receipt = page.at("clocks").at(0);
        CHECK(receipt.at("notice").at("index") == 6);
        CHECK(receipt.at("notice").at("sha256") ==
              testing::must(hub.notices.find(index))->sha256.hex());
        Json rest = receipt;
        rest.erase("notice");
        CHECK(rest == Json::parse(R"({"id":")" + testing::numbered_uuid(1).text() + R"(",
            "kind":"level_alarm","from":"lake","unit":"dike","purpose":"receipt",
            "status":"running","start":"2026-01-01T00:00:00.000Z","due":"2026-01-04T16:00:00.000Z",
            "owed":true,"flags":[],"steps":[]})"));
        rest = page.at("clocks").at(1);
        rest.erase("notice");
        // Five working days from the 4th, if nobody signs for it before.
        CHECK(rest == Json::parse(R"({"id":")" + testing::numbered_uuid(1).text() + R"(",
            "kind":"level_alarm","from":"lake","unit":"dike","purpose":"reply",
            "reply":"alarm_answer","status":"not_started","due":"2026-01-09T16:00:00.000Z",
            "owed":true,"flags":[],"steps":[]})"));
        CHECK(page.at("clocks").at(2).at("owed") == false);
    }

    TEST_CASE("what was done is shown with its entry and what is over says since when") {
        DueHub hub;
        CHECK(hub.logged_alarm(1) == LogIndex(6));
        hub.clock.set(testing::at("2026-01-05 09:00"));
        // The sequencer looks by itself.
        while (hub.store.size() < TreeSize(9)) std::this_thread::yield();
        const Json receipt = hub.due("dike").at("clocks").at(0);
        CHECK(receipt.at("flags") == Json::parse(R"(["overdue"])"));
        CHECK(receipt.at("overdue_since") == "2026-01-04T16:00:00.000Z");
        // A working day before the 4th is 31 December: due when it was logged.
        CHECK(receipt.at("steps") == Json::parse(R"([
            {"step":0,"deed":"remind","due":"2025-12-31T16:00:00.000Z",
             "done":"2026-01-05T01:00:00.000Z","index":7},
            {"step":1,"deed":"mark_overdue","due":"2026-01-04T16:00:00.000Z",
             "done":"2026-01-05T01:00:00.000Z","index":8}])"));
        CHECK_FALSE(hub.due("dike").at("clocks").back().contains("overdue_since"));
    }

    TEST_CASE("until a time only what is due by then is found") {
        DueHub hub;
        CHECK(hub.logged_alarm(1) == LogIndex(6));
        CHECK(hub.lines("dike", "?until=2026-01-04T16:00:00.000Z") == Lines{"6 dike receipt"});
        CHECK(hub.lines("dike", "?until=2026-01-05T00:00:00%2B08:00") == Lines{"6 dike receipt"});
        CHECK(hub.lines("dike", "?until=2026-01-04T15:59:59.999Z").empty());
        CHECK(hub.lines("dike", "?unit=lake&until=2026-01-09T16:00:00Z") == kAlarmClocks);
    }

    TEST_CASE("pages follow one another by their cursor") {
        DueHub hub;
        std::vector<Bytes> leaves;
        const Digest chart = hub.upload("lake", "ten bytes.");
        for (std::uint16_t number = 1; number <= 100; ++number) {
            Notice notice = testing::numbered_alarm(number);
            std::get<Attachment>(notice.attachments.front()).sha256 = chart;
            leaves.push_back(testing::leaf_of(notice));
        }
        REQUIRE(hub.submit("lake", std::move(leaves)).status == 200);
        for (const char* const unit : {"dike", "office"}) {
            const Json first = hub.due(unit);
            CHECK(first.at("clocks").size() == 256);
            const std::string next = first.at("next");
            const Json second = hub.due(unit, "?after=" + next);
            CHECK(second.at("clocks").size() == 144);
            CHECK_FALSE(second.contains("next"));
            CHECK(first.at("clocks").at(99).at("due") == "2026-01-04T16:00:00.000Z");
            CHECK(first.at("clocks").at(100).at("due") == "2026-01-09T16:00:00.000Z");
            CHECK(second.at("clocks").at(143).at("notice").at("index") == 105);
        }
        // A cursor says nothing that its reader may not know.
        CHECK(hub.lines("reeds", "?after=none.0.0.a").empty());
    }

    TEST_CASE("a query that can't be read is refused") {
        DueHub hub;
        for (const char* const query :
             {"?unit=Dike", "?unit=", "?until=2026-01-04", "?until=soon", "?after=", "?after=none",
              "?after=1.2.3", "?after=1.2.3.Dike", "?after=x.2.3.dike", "?after=1.02.3.dike",
              "?after=1.2.65536.dike", "?after=1.2.-1.dike"}) {
            CAPTURE(query);
            const Answered answer =
                hub.ask(hub.daemon("dike"), "GET", "/v1/due" + std::string(query));
            CHECK(answer.status == 400);
            CHECK(Json::parse(answer.text()).at("code") == "bad_value");
        }
        CHECK(hub.status(hub.daemon("dike"), "GET", "/v1/due?other=x") == 200);
    }

    TEST_CASE("a cursor is read as it was written") {
        for (const storage::OpenClockPlace& place :
             {storage::OpenClockPlace{UtcTime(std::chrono::milliseconds(-5)), LogIndex(7),
                                      UnitId("dike"), 3},
              storage::OpenClockPlace{std::nullopt, LogIndex(0), UnitId("local.990000.clinic"),
                                      65535}}) {
            const Checked<DueQuery> query = read_due_query("/v1/due?after=" + cursor_text(place));
            REQUIRE(query.has_value());
            CHECK(query->after == place);
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
