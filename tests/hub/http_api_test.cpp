#include "hub/http_api.hpp"

#include "crypto/sha256.hpp"
#include "program/files.hpp"
#include "protocol/submission_json.hpp"
#include "tests/hub/served_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answered;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::ServedHub;

/// The code of a problem.
std::string code_of(const Answered& answer) {
    return nlohmann::json::parse(answer.text()).at("code");
}

/// A route and what each kind of caller is answered: the sender, the recipient, a unit that is no
/// party, the office, a log auditor.
struct Route {
    std::string method;
    std::string target;
    std::vector<unsigned> expected;
    std::string body;
};

TEST_SUITE("http api") {
    TEST_CASE("each route lets in those whom the protocol names and no other") {
        ServedHub hub;
        const std::string alarm = std::to_string(hub.logged_alarm(1).value());
        const std::string file = crypto::sha256(as_bytes(std::string_view("ten bytes."))).hex();
        const std::string other = crypto::sha256(as_bytes(std::string_view("another"))).hex();
        const std::vector<unsigned> all(5, 200);
        const std::vector<unsigned> none(5, 404);
        const std::vector<unsigned> log_readers{404, 404, 404, 200, 200};
        const std::vector<unsigned> parties{200, 200, 404, 200, 404};
        const std::vector<Route> routes{
            {"GET", "/log/checkpoint", all, {}},
            {"GET", "/log/tile/0/000.p/7", all, {}},
            {"GET", "/log/tile/entries/000.p/7", log_readers, {}},
            {"HEAD", "/log/tile/entries/000.p/7", log_readers, {}},
            {"GET", "/log/tile/0/000.p/8", none, {}},
            {"GET", "/log/nothing", none, {}},
            {"POST", "/v1/batches", {400, 400, 400, 400, 404}, "no json"},
            {"PUT", "/v1/attachments/" + other, {201, 201, 201, 201, 404}, "another"},
            {"PUT", "/v1/attachments/" + other, {200, 200, 200, 200, 404}, "another"},
            {"GET", "/v1/notices/" + alarm, parties, {}},
            {"GET", "/v1/notices/" + alarm + "/attachments/" + file, parties, {}},
            {"GET", "/v1/notices/" + alarm + "/attachments/" + other, none, {}},
            {"GET", "/v1/notices/" + alarm + "/trail", parties, {}},
            {"GET", "/v1/batches/" + alarm, {200, 200, 404, 200, 200}, {}},
            {"GET", "/v1/cases/449999202600001", {200, 200, 200, 200, 404}, {}},
            {"GET", "/v1/cases/1", none, {}},
            {"GET", "/v1/register", all, {}},
            {"GET", "/v1/charter", all, {}},
            {"GET", "/v1/status", all, {}},
            // What is no notice, and what is not there.
            {"GET", "/v1/notices/0", none, {}},
            {"GET", "/v1/notices/0/trail", none, {}},
            {"GET", "/v1/notices/99", none, {}},
            {"GET", "/v1/notices/99/attachments/" + file, none, {}},
            {"GET", "/v1/notices/0" + alarm, none, {}},
            {"GET", "/v1/batches/99", none, {}},
            {"GET", "/v1/nothing", none, {}},
            {"GET", "/", none, {}},
            {"DELETE", "/v1/notices/" + alarm, std::vector<unsigned>(5, 405), {}},
            {"GET", "/v1/batches", std::vector<unsigned>(5, 405), {}},
            {"POST", "/v1/attachments/" + other, std::vector<unsigned>(5, 405), {}},
        };
        const std::vector<SpiffeId> callers{hub.daemon("lake"), hub.daemon("dike"),
                                            hub.daemon("reeds"), hub.daemon("office"),
                                            hub.auditor()};
        for (const Route& route : routes) {
            CAPTURE(route.method);
            CAPTURE(route.target);
            std::vector<unsigned> found;
            for (const SpiffeId& caller : callers) {
                found.push_back(
                    hub.status(caller, route.method, route.target, as_bytes(route.body)));
            }
            CHECK(found == route.expected);
        }
    }

    TEST_CASE("forbidden and absent get the same answer") {
        ServedHub hub;
        const std::string alarm = std::to_string(hub.logged_alarm(1).value());
        for (const std::string rest : {"", "/trail"}) {
            const Answered forbidden =
                hub.ask(hub.daemon("reeds"), "GET", "/v1/notices/" + alarm + rest);
            const Answered absent = hub.ask(hub.daemon("reeds"), "GET", "/v1/notices/99" + rest);
            CHECK(forbidden.body == absent.body);
            CHECK(forbidden.content_type == absent.content_type);
        }
        const Answered entries = hub.ask(hub.daemon("lake"), "GET", "/log/tile/entries/000.p/7");
        CHECK(entries.body == hub.ask(hub.daemon("lake"), "GET", "/log/nothing").body);
    }

    TEST_CASE("a certificate that is for no connection asks for nothing") {
        ServedHub hub;
        for (const SpiffeId& name :
             {sign_id(hub.pki.trust_domain(), UnitId("lake")),
              encrypt_id(hub.pki.trust_domain(), UnitId("lake")), hub_id(hub.pki.trust_domain())}) {
            CHECK_FALSE(caller_of(name).has_value());
            CHECK(hub.status(name, "GET", "/v1/register") == 403);
            CHECK(hub.open_stream(name)->closed_with() ==
                  std::pair(transport::CloseCode::policy_violation, std::string("not_permitted")));
        }
    }

    TEST_CASE("who knows the register is shown what came since") {
        ServedHub hub;
        const auto indexes = [&hub](const std::string& target) {
            std::vector<std::uint64_t> found;
            const auto shown =
                nlohmann::json::parse(hub.ask(hub.daemon("lake"), "GET", target).text());
            for (const auto& entry : shown.at("entries")) found.push_back(entry.at("index"));
            return found;
        };
        CHECK(indexes("/v1/register?after=3") == std::vector<std::uint64_t>{4, 5});
        CHECK(indexes("/v1/register?after=5").empty());
        CHECK(indexes("/v1/register?after=99").empty());
        CHECK(indexes("/v1/register?after=x").size() == 6);
        CHECK(indexes("/v1/register").size() == 6);
    }

    TEST_CASE("who connects stands in the register and was not revoked") {
        testing::HubParts parts;
        const crypto::Certificate daemon = parts.pki.daemon("lake").certificate;
        parts.start();
        CHECK(may_connect(*parts.deployment.keys.get(), daemon.digest()).error() ==
              Errc::signer_not_enrolled);
        parts.put_consented("daemon", daemon);
        parts.start();
        CHECK(may_connect(*parts.deployment.keys.get(), daemon.digest()).has_value());
        parts.pki.revoke(daemon);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        CHECK(may_connect(*parts.deployment.keys.get(), daemon.digest()).error() ==
              Errc::certificate_revoked);
    }

    TEST_CASE("a notice and its file come back byte for byte") {
        ServedHub hub;
        const LogIndex alarm = hub.logged_alarm(1);
        const std::string path = "/v1/notices/" + std::to_string(alarm.value());
        const Answered notice = hub.ask(hub.daemon("dike"), "GET", path);
        CHECK(crypto::sha256(notice.body) == (*hub.notices.find(alarm).value()).sha256);
        const Digest file = crypto::sha256(as_bytes(std::string_view("ten bytes.")));
        CHECK(hub.ask(hub.daemon("dike"), "GET", path + "/attachments/" + file.hex()).text() ==
              "ten bytes.");
    }

    TEST_CASE("a body with another digest than its name is not kept") {
        ServedHub hub;
        const Digest wanted = crypto::sha256(as_bytes(std::string_view("wanted")));
        const std::string target = "/v1/attachments/" + wanted.hex();
        const Answered refused = hub.ask(hub.daemon("lake"), "PUT", target,
                                         as_bytes(std::string_view("something else")));
        CHECK(refused.status == 422);
        CHECK(code_of(refused) == "attachment_mismatch");
        CHECK(hub.kept->size(UnitId("lake"), wanted).error() == Errc::not_found);
        CHECK(hub.status(hub.daemon("lake"), "PUT", target, as_bytes(std::string_view("wanted"))) ==
              201);
        CHECK(hub.kept->size(UnitId("lake"), wanted).value() == 6);
    }

    TEST_CASE("a file that another unit uploaded is not there for the sender") {
        ServedHub hub;
        Notice notice = numbered_alarm(1);
        std::get<Attachment>(notice.attachments.front()).sha256 = hub.upload("reeds", "ten bytes.");
        const Answered refused = hub.submit("lake", {leaf_of(notice)});
        REQUIRE(refused.status == 200);
        const auto json = nlohmann::json::parse(refused.text());
        CHECK(json.at("leaves")[0].at("status") == "refused");
        CHECK(json.at("leaves")[0].at("reasons")[0].at("code") == "attachment_not_uploaded");
        CHECK(hub.upload("lake", "ten bytes.") ==
              std::get<Attachment>(notice.attachments.front()).sha256);
        const auto accepted = nlohmann::json::parse(hub.submit("lake", {leaf_of(notice)}).text());
        CHECK(accepted.at("leaves")[0].at("status") == "accepted");
    }

    TEST_CASE("a statement that is refused is a problem and logs nothing") {
        ServedHub hub;
        const TreeSize before = hub.store.size();
        const protocol::Submit theirs = hub.submission("reeds", {leaf_of(numbered_alarm(1))});
        const Answered refused = hub.ask(hub.daemon("lake"), "POST", "/v1/batches",
                                         as_bytes(protocol::write_submission(theirs)));
        CHECK(refused.status == 403);
        CHECK(code_of(refused) == "sender_mismatch");
        // Refused by the sequencer: the certificate has ended since it was admitted, or the log's
        // time is ahead.
        hub.clock.set(hub.pki.now() + std::chrono::days(500));
        CHECK(hub.submit("lake", {leaf_of(numbered_alarm(1))}).status == 422);
        CHECK(hub.store.size() == before);
    }

    TEST_CASE("a case lists the notices that the caller may read") {
        ServedHub hub;
        // The first of the year.
        Notice notice = numbered_alarm(1);
        std::get<Attachment>(notice.attachments.front()).sha256 = hub.upload("lake", "ten bytes.");
        REQUIRE(hub.submit("lake", {leaf_of(notice)}).status == 200);
        const auto notices = [&hub](const char* unit) {
            const Answered answer = hub.ask(hub.daemon(unit), "GET", "/v1/cases/449999202600001");
            return nlohmann::json::parse(answer.text()).at("notices").dump();
        };
        CHECK(notices("lake") == "[6]");
        CHECK(notices("dike") == "[6]");
        CHECK(notices("office") == "[6]");
        CHECK(notices("reeds") == "[]");
    }

    TEST_CASE("what only some may read is kept by no shared cache") {
        ServedHub hub;
        const auto caching = [&hub](const char* target) {
            const Answered answer = hub.ask(hub.auditor(), "GET", target);
            return std::string(transport::find_field(answer.fields, "Cache-Control").value_or(""));
        };
        CHECK(caching("/log/tile/entries/000.p/6") == "private, max-age=31536000, immutable");
        CHECK(caching("/log/tile/0/000.p/6") == "max-age=31536000, immutable");
        CHECK(caching("/log/checkpoint") == "no-cache");
    }
}

}  // namespace
}  // namespace tongbao::hub
