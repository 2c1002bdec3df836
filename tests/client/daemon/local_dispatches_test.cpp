// The register of dispatches as the local API gives it.

#include "client/daemon/openapi.hpp"
#include "client/daemon/reminder_watch.hpp"
#include "tests/client/daemon/dispatch_answer.hpp"
#include "tests/client/daemon/json_schema.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/support/fixed_zone.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Acts;
using testing::Asking;
using testing::dispatch_item;
using testing::dispatch_page;
using testing::leaf_of;

/// Dike's daemon; at the hub dike sent an item to the press, and registered how with evidence.
struct AskingRegister : Asking {
    AskingRegister() {
        const Bytes leaf = leaf_of(testing::item_for_the_press(1));
        item = {crypto::sha256(leaf), logged(leaf)};
        act = leaf_of(testing::dispatched(
            2, item, testing::with_evidence(testing::by_hand("press")), "dike"));
        by = logged(act);
        daemon.services->limits = std::make_shared<const CharterLimits>(CharterLimits{
            Calendar("sample", {{std::chrono::year(2026), {{1, std::nullopt, {}, {}}}}}),
            std::make_shared<testing::FixedZone>()});
    }

    LogIndex logged(const Bytes& leaf) {
        const auto index = testing::accepted_at(hub.send("dike", leaf));
        REQUIRE(index);
        return *index;
    }
    [[nodiscard]] std::string target(const std::string& more = {}) const {
        return "GET /v1/dispatches?known_size=" + std::to_string(daemon.follower->size().value()) +
               more;
    }
    void hub_says(const json& answer, const std::string& more = {}) {
        daemon.fake.answers[target(more)] = {200, to_bytes(answer.dump())};
    }
    [[nodiscard]] json honest() const {
        return dispatch_page(hub, daemon.follower->size(),
                             {dispatch_item(hub, "evidenced", {item.index, by}, Acts{act})});
    }
    /// `code place` of the first reason, or the code alone.
    [[nodiscard]] std::string verdict() {
        const json answer = body_of(ask("GET", "/v1/dispatches"));
        if (!answer.contains("code")) return {};
        if (!answer.contains("reasons")) return answer.at("code");
        const json& reason = answer.at("reasons").at(0);
        return reason.at("code").get<std::string>() + ' ' + reason.value("place", std::string());
    }

    /// The hub says that this is open, and this registered without evidence; no clock is.
    void chases(std::vector<json> open, std::vector<json> registered) {
        hub_says(dispatch_page(hub, daemon.follower->size(), std::move(open)), "&state=open");
        hub_says(dispatch_page(hub, daemon.follower->size(), std::move(registered)),
                 "&state=registered");
        daemon.fake.answers["GET /v1/due"] = {200, to_bytes(std::string(R"({"clocks":[]})"))};
    }
    /// Entry, deed and recipient of each reminder.
    std::vector<std::string> reminded() {
        std::vector<std::string> lines;
        const json answer = body_of(ask("GET", "/v1/reminders"));
        REQUIRE(answer.contains("reminders"));
        for (const json& each : answer.at("reminders")) {
            lines.push_back(std::to_string(each.at("entry").get<int>()) + ' ' +
                            each.at("deed").get<std::string>() + ' ' +
                            each.at("unit").get<std::string>());
        }
        return lines;
    }

    NoticeRef item;
    Bytes act;
    LogIndex by;
};

using Reminded = std::vector<std::string>;

TEST_SUITE("local api of dispatches") {
    TEST_CASE_FIXTURE(AskingRegister, "what the hub shows and proves is given as described") {
        hub_says(honest());
        const transport::Response response = ask("GET", "/v1/dispatches");
        CHECK(response.status == 200);
        const json list = body_of(response);
        const json& shown = list.at("dispatches").at(0);
        CHECK(shown.at("state") == "evidenced");
        CHECK(shown.at("unit") == "press");
        CHECK(shown.at("acts").at(0).at("method") == "当面送交");
        const json document = json::parse(openapi_json());
        const std::vector<std::string> faults = testing::schema_faults(
            document, document.at("components").at("schemas").at("DispatchList"), list);
        CHECK((faults.empty() ? "" : faults.front()) == "");
        CHECK(daemon.state.alarm.empty());
        hub_says(honest(), "&state=evidenced");
        CHECK(ask("GET", "/v1/dispatches?state=evidenced").status == 200);
        CHECK(ask("GET", "/v1/dispatches?state=closed").status == 400);
    }

    TEST_CASE_FIXTURE(AskingRegister, "what does not verify is an alarm") {
        json answer = honest();
        answer["items"][0]["state"] = "open";
        hub_says(answer);
        CHECK(verdict() == "entry_mismatch items[0].state");
        CHECK_FALSE(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingRegister, "a notice that is another than is held here is an alarm") {
        // The daemon holds lake's alarm at this place of the log.
        const LogIndex seven(7);
        const LogIndex other = logged(leaf_of(testing::item_for_the_press(3)));
        CHECK(other == LogIndex(8));
        arrives(testing::numbered_alarm(9), other.value());
        hub_says(dispatch_page(hub, daemon.follower->size(),
                               {dispatch_item(hub, "open", {other}, Acts())}));
        CHECK(seven == by);
        CHECK(verdict() == "entry_mismatch items[0]");
        CHECK_FALSE(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingRegister, "an answer of another form is told and no alarm") {
        hub_says(json{{"items", json::array()}});
        CHECK(verdict() == "protocol_violation checkpoint");
        daemon.fake.answers.clear();
        CHECK(verdict() == "unsupported_version ");
        CHECK(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingRegister, "the sender is reminded of what nothing was registered of") {
        const LogIndex open = logged(leaf_of(testing::item_for_the_press(3)));
        const UtcTime sent = hub.clock.now();
        chases({dispatch_item(hub, "open", {open}, Acts())}, {});
        CHECK(reminded() == Reminded{});
        // The next working day is over whatever day it was.
        hub.clock.set(sent + std::chrono::hours(97));
        CHECK(reminded() == Reminded{std::to_string(open.value()) + " register_dispatch press"});
        const json answer = body_of(ask("GET", "/v1/reminders"));
        CHECK(answer.at("complete") == true);
        const json& reminder = answer.at("reminders").at(0);
        CHECK(reminder.at("purpose") == "dispatch");
        CHECK(reminder.at("from") == "dike");
        CHECK(reminder.at("notice").at("index") == open.value());
        CHECK(reminder.at("posts").empty());
        const json document = json::parse(openapi_json());
        const std::vector<std::string> faults = testing::schema_faults(
            document, document.at("components").at("schemas").at("ReminderList"), answer);
        CHECK((faults.empty() ? "" : faults.front()) == "");
        chases({}, {});
        CHECK(reminded() == Reminded{});
    }

    TEST_CASE_FIXTURE(AskingRegister, "the sender is reminded of what lacks evidence") {
        const Bytes leaf = leaf_of(testing::item_for_the_press(3));
        const NoticeRef sent{crypto::sha256(leaf), logged(leaf)};
        const Bytes how = leaf_of(testing::dispatched(4, sent, testing::by_hand("press"), "dike"));
        const LogIndex registered = logged(how);
        chases({}, {dispatch_item(hub, "registered", {sent.index, registered}, Acts{how})});
        CHECK(reminded() == Reminded{});
        hub.clock.set(hub.clock.now() + std::chrono::hours(97));
        CHECK(reminded() == Reminded{std::to_string(registered.value()) + " add_evidence press"});
    }

    TEST_CASE_FIXTURE(AskingRegister, "nobody is reminded of what another unit sent") {
        const LogIndex open = logged(leaf_of(testing::item_for_the_press(3)));
        hub.clock.set(hub.clock.now() + std::chrono::hours(97));
        daemon.config.unit = UnitId("office");
        chases({dispatch_item(hub, "open", {open}, Acts())}, {});
        CHECK(body_of(ask("GET", "/v1/dispatches?state=open")).at("dispatches").size() == 1);
        CHECK(reminded() == Reminded{});
    }

    TEST_CASE_FIXTURE(AskingRegister, "what does not verify reminds nobody and is an alarm") {
        chases({dispatch_item(hub, "open", {item.index, by}, Acts{act})}, {});
        CHECK(body_of(ask("GET", "/v1/reminders")).at("code") == "entry_mismatch");
        CHECK_FALSE(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingRegister, "the watch counts them and tells each new one once") {
        const LogIndex open = logged(leaf_of(testing::item_for_the_press(3)));
        chases({dispatch_item(hub, "open", {open}, Acts())}, {});
        ReminderWatch watch(*daemon.services, *daemon.follower, daemon.io.get_executor());
        std::uint64_t before = daemon.events.told();
        REQUIRE(daemon.run(watch.look()).has_value());
        CHECK(daemon.state.reminded->reminders == 0);
        hub.clock.set(hub.clock.now() + std::chrono::hours(97));
        for (int look = 0; look < 2; ++look) {
            REQUIRE(daemon.run(watch.look()).has_value());
            CHECK(daemon.state.reminded->reminders == 1);
        }
        const auto told = daemon.events.since(before);
        REQUIRE(told);
        REQUIRE(told->size() == 1);
        CHECK(told->front().name == "reminder");
        CHECK(json::parse(told->front().data).at("deed") == "register_dispatch");
    }

    TEST_CASE_FIXTURE(AskingRegister, "the status counts what is to be chased as the hub does") {
        daemon.fake.answers["GET /v1/dispatches/count"] = {
            200, to_bytes(std::string(R"({"open":2,"without_evidence":1})"))};
        // A hub that is not connected is not asked.
        daemon.state.connected = false;
        CHECK_FALSE(body_of(ask("GET", "/v1/status")).contains("dispatches"));
        daemon.state.connected = true;
        const json status = body_of(ask("GET", "/v1/status"));
        CHECK(status.at("dispatches").dump() == R"({"open":2,"without_evidence":1})");
        const json document = json::parse(openapi_json());
        CHECK(testing::schema_faults(document, document.at("components").at("schemas").at("Status"),
                                     status)
                  .empty());
        // Once asked, it is not asked again at once.
        daemon.fake.answers.clear();
        CHECK(body_of(ask("GET", "/v1/status")).contains("dispatches"));
    }

    TEST_CASE_FIXTURE(AskingRegister, "a hub that counts in another way counts nothing") {
        daemon.state.connected = true;
        for (const char* const answer : {R"({"open":-1,"without_evidence":1})", R"({"open":1})",
                                         R"([])", "", R"({"open":1,"without_evidence":1,"x":1})"}) {
            daemon.fake.answers["GET /v1/dispatches/count"] = {200, to_bytes(std::string(answer))};
            const transport::Response response = ask("GET", "/v1/status");
            CHECK(response.status == 200);
            CHECK_FALSE(body_of(response).contains("dispatches"));
        }
    }
}

}  // namespace
}  // namespace tongbao::client
