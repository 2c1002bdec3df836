// Every class of text that is no strict JSON, at every route of the local API that takes JSON.

#include "client/daemon/drafts.hpp"
#include "client/daemon/local_routes.hpp"
#include "protocol/notice_json.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/protocol/bad_members.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using samples::with_member;
using testing::Asking;

/// A route with a body that it takes.
struct RouteRow {
    const char* name;
    LocalRoute route;
    std::string target;
    std::string good;
    std::size_t limit;  ///< bytes; a longer body is refused
};

std::string draft_text() {
    const json notice = json::parse(protocol::write_notice(testing::alarm()));
    return json{{"kind", notice.at("kind")}, {"fields", notice.at("fields")}}.dump();
}

std::vector<RouteRow> routes() {
    constexpr std::size_t kActBytes = 64 * 1024;
    constexpr std::size_t kDraftBytes = 256 * 1024;
    constexpr std::size_t kEndorsementBytes = 128 * 1024;
    return {
        {"an act", LocalRoute::accept_act, "/v1/notices/7/acts", R"({"act":"signed_for"})",
         kActBytes},
        {"a draft", LocalRoute::accept_draft, "/v1/notices", draft_text(), kDraftBytes},
        {"drafts", LocalRoute::accept_draft, "/v1/notices", '[' + draft_text() + ']',
         kMaxDraftsBytes},
        {"an endorsement", LocalRoute::accept_endorsement,
         "/v1/held/0190163d-8694-739b-aea5-966c26f8ad91/endorsements",
         R"({"statement":"AAEC","signer":"x"})", kEndorsementBytes},
        {"what to stamp", LocalRoute::stamp, "/v1/stamps", R"({"notice":"AAEC"})",
         kEndorsementBytes},
    };
}

struct Bodies : Asking {
    /// The code of the refusal as a whole, or of the one draft among several.
    std::string refused(const RouteRow& row, const std::string& body) {
        const transport::Response response = ask("POST", row.target, body);
        if (response.body.empty()) return "status " + std::to_string(response.status);
        const json answer = body_of(response);
        if (answer.contains("code")) {
            CHECK(response.status >= 400);
            CHECK(response.status < 500);
            return answer.at("code");
        }
        const json verdict = answer.contains("notices") ? answer.at("notices").at(0) : answer;
        if (verdict.at("state") != "refused") return verdict.at("state");
        return verdict.at("reasons").at(0).at("code");
    }
};

TEST_SUITE("bad bodies at the local API") {
    TEST_CASE("every route that takes a body is one of these, or takes bytes or nothing") {
        // A rebuild takes nothing: its body is never read.
        std::set<LocalRoute> known{LocalRoute::keep_attachment, LocalRoute::ledger_rebuild};
        for (const RouteRow& row : routes()) known.insert(row.route);
        for (const LocalRouteRow& row : local_routes()) {
            CAPTURE(row.path);
            const bool without_body = row.method == "GET" || row.method == "DELETE";
            CHECK((without_body || known.contains(row.route)));
        }
    }

    TEST_CASE_FIXTURE(Bodies,
                      "every class of bad member is refused by its code and stores nothing") {
        for (const RouteRow& route : routes()) {
            CAPTURE(std::string(route.name));
            for (const samples::MemberRow& row : samples::bad_members()) {
                CAPTURE(std::string(row.name));
                // An array is a level of its own.
                CHECK(refused(route, with_member(route.good, row.member)) == code(row.expected));
            }
            CHECK(refused(route, with_member(route.good, R"("zz":1)")) == "unknown_member");
        }
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE_FIXTURE(Bodies, "what is not exactly one text is refused and stores nothing") {
        using namespace std::string_literals;
        for (const RouteRow& route : routes()) {
            CAPTURE(std::string(route.name));
            CHECK(refused(route, "") == "malformed_json");
            CHECK(refused(route, " ") == "malformed_json");
            CHECK(refused(route, route.good + "x") == "malformed_json");
            CHECK(refused(route, route.good + "\0"s) == "malformed_json");
            CHECK(refused(route, route.good + "\0garbage"s) == "malformed_json");
            CHECK(refused(route, "\xef\xbb\xbf" + route.good) == "not_utf8");
            CHECK(refused(route, route.good.substr(0, route.good.size() - 1)) == "malformed_json");
            CHECK(refused(route, route.good + route.good) == "malformed_json");
            CHECK(refused(route, route.good + ',' + route.good) == "malformed_json");
            for (const std::string other : {"null", "7", "\"a\"", "true"}) {
                CHECK(refused(route, other) == "wrong_type");
            }
            const std::string spaces(route.limit + 1 - route.good.size(), ' ');
            CHECK(refused(route, route.good + spaces) == "too_large");
        }
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE_FIXTURE(Bodies, "a value of another type is refused at its member") {
        // Members of docs/openapi.json, each with values of the other types.
        const std::vector<std::pair<RouteRow, std::vector<std::string>>> rows{
            {routes()[0], {"act", "reason"}},
            {routes()[1],
             {"kind", "to", "cc", "case", "in_reply_to", "title", "doc_no", "secrecy", "urgency",
              "fields", "attachments"}}};
        for (const auto& [route, members] : rows) {
            for (const std::string& member : members) {
                CAPTURE(member);
                const bool is_list = member == "to" || member == "cc" || member == "attachments";
                for (const json& value : {json(7), json(true), json(nullptr), json("a"),
                                          json::array({7}), json{{"a", nullptr}}}) {
                    if (value.is_string() && !is_list && member != "fields") continue;
                    CAPTURE(value.dump());
                    json body = json::parse(route.good);
                    body[member] = value;
                    const transport::Response response = ask("POST", route.target, body.dump());
                    CHECK(response.status >= 400);
                    const json answer = body_of(response);
                    CHECK(answer.at("code") == "wrong_type");
                    const std::string place = answer.at("reasons").at(0).at("place");
                    CHECK(place.starts_with(member));
                }
            }
        }
        CHECK(daemon.store->outbox_size() == 0);
    }
}

}  // namespace
}  // namespace tongbao::client
