#include "client/daemon/local_api.hpp"

#include "client/daemon/alarm.hpp"
#include "domain/bytes.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::leaf_of;
using testing::numbered_alarm;

TEST_SUITE("local API") {
    TEST_CASE_FIXTURE(Asking, "the status shows an alarm and why there is no connection") {
        CHECK(body_of(ask("GET", "/v1/status")).at("alarm") == "");
        raise_alarm(*daemon.services, "delivery 17", {Errc::entry_mismatch, "leaves[2]", "words"});
        daemon.state.last_error = "entry_mismatch";
        daemon.config.hub_host = "::1";
        daemon.config.hub_port = 8443;
        const json status = body_of(ask("GET", "/v1/status"));
        CHECK(status.at("alarm").get<std::string>().starts_with("entry_mismatch: "));
        CHECK(status.at("alarm").get<std::string>().ends_with("(delivery 17, leaves[2])"));
        CHECK(status.at("hub").at("last_error") == "entry_mismatch");
        CHECK(status.at("hub").at("url") == "https://[::1]:8443");
    }

    TEST_CASE_FIXTURE(Asking, "a full disk refuses new work by its code, and reading goes on") {
        const auto code_of = [this](const std::string& target, const std::string& body) {
            const transport::Response response = ask("POST", target, body);
            CHECK(response.status == 507);
            return body_of(response).at("code").get<std::string>();
        };
        CHECK_FALSE(body_of(ask("GET", "/v1/status")).at("storage").at("full").get<bool>());
        daemon.space.set(daemon.watermark.look().least - 1);
        CHECK(code_of("/v1/notices/7/acts", R"({"act":"signed_for"})") == "storage_full");
        CHECK(code_of("/v1/attachments", "bytes") == "storage_full");
        CHECK(daemon.store->outbox_size() == 0);
        CHECK(ask("GET", "/v1/notices/7").status == 200);
        CHECK(ask("GET", "/v1/inbox").status == 200);
        const json storage = body_of(ask("GET", "/v1/status")).at("storage");
        CHECK(storage == json{{"full", true}, {"free_mib", 0}, {"least_mib", 1}});
        daemon.space.set(1024 * kMebibyte);
        CHECK(ask("POST", "/v1/notices/7/acts", R"({"act":"signed_for"})").status == 202);
        CHECK(ask("POST", "/v1/attachments", "bytes").status == 201);
    }

    TEST_CASE_FIXTURE(Asking,
                      "the status shows how far deliveries have come and how clocks differ") {
        json status = body_of(ask("GET", "/v1/status"));
        CHECK(status.at("log").at("received_through") == 7);
        CHECK(status.at("clock").at("hub_seconds_ahead") == 0);
        daemon.state.clock_ahead = -std::chrono::minutes(6);
        status = body_of(ask("GET", "/v1/status"));
        CHECK(status.at("clock").at("hub_seconds_ahead") == -360);
    }

    TEST_CASE_FIXTURE(Asking, "the status shows what came and went within the last minute") {
        daemon.state.received.add(hub.clock.now() - std::chrono::seconds(59), 3);
        daemon.state.answered.add(hub.clock.now() - std::chrono::seconds(60), 5);
        CHECK(body_of(ask("GET", "/v1/status")).at("last_minute") ==
              json{{"received", 3}, {"answered", 0}});
    }

    TEST_CASE_FIXTURE(Asking, "an act is queued and an act that is not an officer's is refused") {
        CHECK(ask("POST", "/v1/notices/7/acts", R"({"act":"signed_for"})").status == 202);
        CHECK(daemon.store->outbox_size() == 1);
        const auto refused = [this](const std::string& body) {
            const transport::Response response = ask("POST", "/v1/notices/7/acts", body);
            CHECK(response.status >= 400);
            return body_of(response).at("code").get<std::string>();
        };
        CHECK(refused(R"({"act":"delivered"})") == "bad_value");
        CHECK(refused(R"({"act":"signed_for","by":"me"})") == "unknown_member");
        CHECK(refused(R"({"act":"declined"})") == "reason_required");
        CHECK(refused(R"({"act":"declined","reason":"见机密★文件"})") == "refused_mark");
        CHECK(refused(R"({"act":"signed_for","reason":"gladly"})") == "bad_value");
        CHECK(daemon.store->outbox_size() == 1);
    }

    TEST_CASE_FIXTURE(Asking, "what was sent is closed at a recipient and only what was sent") {
        const auto verdict = [this](const std::string& id, const std::string& body) {
            const transport::Response response = ask("POST", "/v1/notices/" + id + "/acts", body);
            const json said = body_of(response);
            if (response.status == 202) return std::string("queued");
            const json reasons = said.value("reasons", json::array());
            const std::string place = reasons.empty() ? "" : reasons.at(0).value("place", "");
            return said.at("code").get<std::string>() + ' ' + place;
        };
        const auto closing = [](const std::string& unit) {
            return R"({"act":"closed_by_sender","unit":")" + unit + R"(","reason":"已另行处理"})";
        };
        CHECK(verdict("7", closing("dike")) == "act_not_allowed id");  // lake's
        const Notice answer = testing::answer_to(1, 2);
        const std::string id = answer.id.value().text();
        storage::SentItem item;
        item.id = answer.id.value();
        item.bytes = testing::leaf_of(answer);
        item.queued_at = hub.clock.now();
        REQUIRE(daemon.store->enqueue({item}).has_value());
        CHECK(verdict(id, closing("lake")) == "act_out_of_order id");
        item.state = storage::SentState::accepted;
        item.index = LogIndex(8);
        REQUIRE(daemon.store->settle({item}, {}).has_value());
        CHECK(verdict(id, closing("reeds")) == "act_not_allowed unit");
        CHECK(verdict(id, R"({"act":"closed_by_sender","unit":"lake"})") ==
              "reason_required reason");
        CHECK(verdict(id, R"({"act":"closed_by_sender","unit":"lake","reason":" "})") ==
              "reason_required reason");
        CHECK(verdict(id, R"({"act":"closed_by_sender","reason":"x"})") == "missing_member unit");
        CHECK(verdict("7", R"({"act":"signed_for","unit":"lake"})") == "bad_value unit");
        CHECK(daemon.store->outbox_size() == 0);
        CHECK(verdict(id, closing("lake")) == "queued");
        CHECK(daemon.store->outbox_size() == 1);
    }

    TEST_CASE_FIXTURE(Asking, "an identifier that two senders chose is answered with both places") {
        const std::string id = numbered_alarm(1).id.value().text();
        CHECK(ask("GET", "/v1/notices/" + id).status == 200);
        Notice other = numbered_alarm(1);
        other.from = UnitId("reeds");
        arrives(other, 9);
        const std::string file = "/attachments/" + std::string(64, '0');
        for (const std::string& rest : {std::string(), std::string("/trail"), file}) {
            const transport::Response response = ask("GET", "/v1/notices/" + id + rest);
            CHECK(response.status == 409);
            const json reason = body_of(response).at("reasons").at(0);
            CHECK(reason.at("code") == "id_conflict");
            const std::string words = reason.at("explanation");
            CHECK(words.find("lake's is 7") != std::string::npos);
            CHECK(words.find("reeds's is 9") != std::string::npos);
        }
        CHECK(ask("GET", "/v1/notices/9").status == 200);
        CHECK(ask("GET", "/v1/notices/8").status == 404);
    }

    TEST_CASE_FIXTURE(Asking, "a file is given only with the notice that names it") {
        const Digest chart = testing::file("chart").sha256;
        const Digest other(Digest::Array{9});
        daemon.put_file(chart, to_bytes("a chart"));
        daemon.put_file(other, to_bytes("not this notice's"));
        const std::string files = "/v1/notices/7/attachments/";
        const transport::Response given = ask("GET", files + chart.hex());
        CHECK(given.status == 200);
        CHECK(given.body == to_bytes("a chart"));
        CHECK(ask("GET", files + other.hex()).status == 404);
        CHECK(ask("GET", files + "x").status == 404);
    }

    TEST_CASE_FIXTURE(Asking, "a refusal with very many reasons is shown with them") {
        storage::SentItem item;
        const Notice own = numbered_alarm(2);
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = storage::SentState::refused;
        json outcome{{"status", "refused"}, {"reasons", json::array()}};
        for (int i = 0; i < 256; ++i) {
            outcome["reasons"].push_back(
                {{"code", "missing_field"}, {"title", "t"}, {"place", std::string(1024, 'p')}});
        }
        item.outcome = outcome.dump();
        REQUIRE(daemon.store->settle({item}, "").has_value());
        const json shown = body_of(ask("GET", "/v1/sent/" + own.id.value().text()));
        CHECK(shown.at("state") == "refused");
        CHECK(shown.at("reasons").size() == 256);
    }
}

}  // namespace
}  // namespace tongbao::client
