#include "client/daemon/openapi.hpp"

#include "client/daemon/case_trail.hpp"
#include "client/daemon/notice_proof.hpp"
#include "client/daemon/trail.hpp"
#include "tests/client/daemon/due_answer.hpp"
#include "tests/client/daemon/json_schema.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::schema_faults;

using Operations = std::set<std::pair<std::string, std::string>>;

const json& document() {
    static const json kDocument = json::parse(openapi_json());
    return kDocument;
}

std::string upper(std::string word) {
    for (char& letter : word) letter = static_cast<char>(letter - 'a' + 'A');
    return word;
}

Operations described() {
    Operations operations;
    for (const auto& [path, item] : document().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            operations.emplace(upper(method), path);
        }
    }
    return operations;
}

/// The schema of what this operation answers with this status.
const json& schema_of(const std::string& method, const std::string& path, const char* status,
                      const char* media_type) {
    return document()
        .at("paths")
        .at(path)
        .at(method)
        .at("responses")
        .at(status)
        .at("content")
        .at(media_type)
        .at("schema");
}

struct Described : Asking {
    /// Asks, and checks the answer against the description of `path`.
    json checked(const std::string& method, const std::string& path, const std::string& target,
                 unsigned status, const std::string& body = {}) {
        CAPTURE(target);
        const transport::Response response = ask(method == "get" ? "GET" : "POST", target, body);
        CAPTURE(std::string(as_text(response.body)));
        CHECK(response.status == status);
        json answer = body_of(response);
        const bool good = status < 400;
        const json& schema =
            schema_of(method, path, good ? std::to_string(status).c_str() : "default",
                      good ? "application/json" : "application/problem+json");
        check(schema, answer);
        return answer;
    }

    static void check(const json& schema, const json& answer) {
        const std::vector<std::string> faults = schema_faults(document(), schema, answer);
        const std::string first = faults.empty() ? "" : faults.front();
        CHECK(first == "");
    }
};

TEST_SUITE("description of the local API") {
    TEST_CASE("every route is described and everything described is a route") {
        Operations routes;
        for (const LocalRouteRow& row : local_routes()) {
            routes.emplace(std::string(row.method), std::string(row.path));
        }
        CHECK(routes == described());
        CHECK(routes.size() == local_routes().size());
        CHECK(document().at("openapi") == "3.1.0");
    }

    TEST_CASE("a path's parameters are those of its description") {
        for (const auto& [path, item] : document().at("paths").items()) {
            CAPTURE(path);
            for (const auto& [method, operation] : item.items()) {
                std::size_t in_path = 0;
                for (const json& parameter : operation.value("parameters", json::array())) {
                    if (parameter.at("in") != "path") continue;
                    ++in_path;
                    CHECK(path.find('{' + parameter.at("name").get<std::string>() + '}') !=
                          std::string::npos);
                }
                CHECK(in_path ==
                      static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')));
            }
        }
    }

    TEST_CASE_FIXTURE(Asking, "the daemon shows the description as the repository has it") {
        std::ifstream file(tongbao::testing::source_dir() + "/docs/openapi.json");
        std::stringstream text;
        text << file.rdbuf();
        const transport::Response response = ask("GET", "/openapi.json");
        CHECK(response.status == 200);
        CHECK(as_text(response.body) == text.str());
    }

    TEST_CASE_FIXTURE(Asking, "a route knows its methods and what is no route is not found") {
        CHECK(ask("POST", "/v1/status").status == 405);
        CHECK(ask("GET", "/v1/attachments").status == 405);
        for (const char* const target : {"/v1", "/v1/status/x", "/v2/status", "/", "/v1/{id}",
                                         "/v1/notices/7/trail/x", "/openapi"}) {
            CAPTURE(target);
            CHECK(ask("GET", target).status == 404);
        }
    }

    TEST_CASE_FIXTURE(Described, "what is answered is what the description says") {
        const std::vector<OwnCertificate> shown{{"tls", "spiffe://x/a", hub.clock.now()},
                                                {"sign", "spiffe://x/b", hub.clock.now()}};
        daemon.services->certificates = [&shown] { return shown; };
        checked("get", "/v1/status", "/v1/status", 200);
        checked("get", "/v1/charter", "/v1/charter", 200);
        checked("get", "/v1/inbox", "/v1/inbox", 200);
        checked("get", "/v1/notices/{id}", "/v1/notices/7", 200);
        checked("post", "/v1/attachments", "/v1/attachments", 201, "bytes");
        const json act = checked("post", "/v1/notices/{id}/acts", "/v1/notices/7/acts", 202,
                                 R"({"act":"signed_for"})");
        checked("get", "/v1/sent/{id}", "/v1/sent/" + act.at("id").get<std::string>(), 200);
        storage::SentItem item;
        const Notice own = numbered_alarm(2);
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = storage::SentState::refused;
        item.outcome = R"({"status":"refused","reasons":[{"code":"missing_field","title":"t"}]})";
        REQUIRE(daemon.store->settle({item}, "").has_value());
        const json sent = checked("get", "/v1/sent", "/v1/sent", 200);
        CHECK(sent.at("notices").size() == 1);
        checked("get", "/v1/notices/{id}", "/v1/notices/" + own.id.value().text(), 200);
        const json verdicts = checked("post", "/v1/notices", "/v1/notices", 200,
                                      R"([{"kind":"none"},{"kind":"level_alarm","to":7}])");
        CHECK(verdicts.at("notices").size() == 2);
        daemon.fake.answers["GET /v1/due"] = {200, to_bytes(testing::due_page().dump())};
        const json due = checked("get", "/v1/due", "/v1/due", 200);
        CHECK(due.at("clocks").size() == 3);
        daemon.fake.answers["GET /v1/due?after=c2%2B%2F%3D"] = {200, to_bytes(R"({"clocks":[]})")};
        CHECK(checked("get", "/v1/reminders", "/v1/reminders", 200).at("reminders").size() == 1);
        daemon.state.reminded = RemindedCount{1, 0, hub.clock.now()};
        checked("get", "/v1/status", "/v1/status", 200);
        // Refusals.
        checked("get", "/v1/tray", "/v1/tray", 403);
        checked("get", "/v1/due", "/v1/due?unit=nobody", 400);
        checked("post", "/v1/notices", "/v1/notices", 400, "{");
        checked("get", "/v1/notices/{id}", "/v1/notices/8", 404);
        checked("post", "/v1/notices/{id}/acts", "/v1/notices/7/acts", 400,
                R"({"act":"delivered"})");
    }

    TEST_CASE_FIXTURE(Described, "what comes from the hub is shown as the description says") {
        const json trail = json::parse(
            write_trail({"note", TreeSize(9), {{LogIndex(7), {UtcTime{}, {}, ActEvent{}}}}}));
        check(document().at("components").at("schemas").at("Trail"), trail);
        CaseTrail joined{CaseNumber("440000202600001"), TreeSize(9), {}};
        joined.events.push_back(
            {{LogIndex(7), {UtcTime{}, {}, ActEvent{}}}, LogIndex(5), KindId("alarm")});
        check(document().at("components").at("schemas").at("CaseTrail"),
              json::parse(write_case_trail(joined)));
        check(document().at("components").at("schemas").at("Proof"),
              json::parse(write_proof(NoticeProof{})));
    }

    TEST_CASE_FIXTURE(Described, "a value's form is checked as on the command line") {
        // GB 32100-2015, example of annex A: 91350100M000100Y43.
        const std::string path = "/v1/validate";
        CHECK(checked("get", path, path + "?type=uscc&value=91350100M000100Y43", 200).at("valid") ==
              true);
        const json wrong = checked("get", path, path + "?type=uscc&value=91350100M000100Y44", 200);
        CHECK(wrong.at("valid") == false);
        CHECK(wrong.at("code") == "wrong_check_digit");
        CHECK(checked("get", path, path + "?type=count&value=12", 200).at("valid") == true);
        CHECK(checked("get", path, path + "?type=count&value=1.2", 200).at("valid") == false);
        CHECK(checked("get", path, path + "?type=none&value=1", 422).at("code") == "unknown_type");
        CHECK(checked("get", path, path + "?type=uscc", 400).at("code") == "missing_member");
    }

    TEST_CASE("the checker of schemas finds what is wrong and knows no other keyword") {
        const json schema = json::parse(
            R"({"type":"object","properties":{"a":{"type":"integer","minimum":0}},
                "required":["a"],"additionalProperties":false})");
        CHECK(schema_faults({}, schema, json{{"a", 1}}).empty());
        CHECK_FALSE(schema_faults({}, schema, json{{"a", -1}}).empty());
        CHECK_FALSE(schema_faults({}, schema, json{{"a", 1}, {"b", 1}}).empty());
        CHECK_FALSE(schema_faults({}, schema, json::object()).empty());
        CHECK_FALSE(schema_faults({}, json{{"allOf", 1}}, 1).empty());
    }
}

}  // namespace
}  // namespace tongbao::client
