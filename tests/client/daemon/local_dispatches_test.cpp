// The register of dispatches as the local API gives it.

#include "client/daemon/openapi.hpp"
#include "tests/client/daemon/dispatch_answer.hpp"
#include "tests/client/daemon/json_schema.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>

#include <string>
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

    NoticeRef item;
    Bytes act;
    LogIndex by;
};

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
