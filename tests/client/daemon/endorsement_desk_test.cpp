// Notices that wait for endorsements, through the local API of the unit that sends them.

#include "crypto/sha256.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/notice_json.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/hub/endorsed_hub.hpp"
#include "tests/protocol/broken_charter.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::EndorsedHub;
using testing::must;

constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

/// The local API of one unit's daemon, asked without a socket.
struct OwnApi {
    OwnApi(testing::HubParts& hub, const char* unit) : daemon(hub, unit) {}

    transport::Response ask(const std::string& method, const std::string& target,
                            const std::string& body = {}) {
        transport::RequestHead request;
        request.method = method;
        request.target = target;
        testing::GivenBody given(to_bytes(body));
        testing::Answered answered;
        const Result<void> done = daemon.run(api.handle(caller, request, given, answered));
        REQUIRE(done.has_value());
        return answered.response;
    }
    json get(const std::string& target) {
        const transport::Response response = ask("GET", target);
        REQUIRE(response.status == 200);
        return json::parse(as_text(response.body));
    }

    testing::DaemonParts daemon;
    testing::Asking::Clerks groups;
    PeerCheck peers{1000, "clerks", groups};
    LocalApi api{*daemon.services, *daemon.follower, peers};
    transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};
};

std::string handed(const Bytes& statement, const crypto::Certificate& certificate) {
    return json{{"statement", to_base64(statement)}, {"signer", certificate.pem()}}.dump();
}

/// What a program hands over to have such a notice sent.
json draft_of(const Notice& whole) {
    const json notice = json::parse(protocol::write_notice(whole));
    json draft{{"kind", notice.at("kind")},
               {"fields", notice.at("fields")},
               {"attachments", notice.at("attachments")}};
    for (json& attachment : draft["attachments"]) attachment.erase("size");
    return draft;
}

/// Reeds, which has handed over a report that asks for reviewer and issuer.
struct Waiting : EndorsedHub {
    Waiting() {
        reeds.daemon.put_file(testing::file("report").sha256, Bytes(10));
        const transport::Response response =
            reeds.ask("POST", "/v1/notices", draft_of(testing::report()).dump());
        CAPTURE(std::string(as_text(response.body)));
        REQUIRE(response.status == 202);
        answer = json::parse(as_text(response.body));
        id = answer.at("id");
        bytes = held().bytes;
    }

    [[nodiscard]] storage::HeldNotice held() const {
        return must(reeds.daemon.store->find_held(*Uuid::parse(id)));
    }
    [[nodiscard]] std::string by(const char* who, const char* role) const {
        return handed(sign(who, role, bytes), endorsers.of(who).certificate());
    }
    [[nodiscard]] std::string reviewed() const { return by("reeds/reviewer", "reviewer"); }
    [[nodiscard]] std::string issued() const { return by("reeds/issuer", "issuer"); }
    transport::Response endorse(const std::string& body) {
        return reeds.ask("POST", "/v1/held/" + id + "/endorsements", body);
    }
    /// `code place` of the refusal; the state if it was taken.
    std::string verdict(const std::string& body) {
        const transport::Response response = endorse(body);
        const json said = json::parse(as_text(response.body));
        if (response.status / 100 == 2) return said.at("state");
        const json& reasons = said.at("reasons");
        return std::string(said.at("code")) + ' ' + reasons.at(0).value("place", "-");
    }
    /// Reeds' daemon starts anew, with this charter.
    void restart_under(CharterParts parts) {
        deployment.charter = std::make_shared<const Charter>(std::move(parts));
        reeds.daemon.restart();
    }
    [[nodiscard]] std::vector<storage::SentItem> outbox() const {
        return must(reeds.daemon.store->read_outbox(0, 10, kAnySize));
    }

    OwnApi reeds{*this, "reeds"};
    json answer;
    std::string id;
    Bytes bytes;
};

json needed_json(bool reviewed) {
    return json::array({{{"role", "reviewer"},
                         {"signer", "spiffe://test.example/unit/reeds/post/reviewer"},
                         {"given", reviewed}},
                        {{"role", "issuer"},
                         {"signer", "spiffe://test.example/unit/reeds/post/issuer"},
                         {"given", false}}});
}

TEST_SUITE("notices that wait") {
    TEST_CASE_FIXTURE(Waiting, "a draft of a kind that asks for endorsements waits for them") {
        CHECK(answer == json{{"id", id},
                             {"state", "awaiting_endorsement"},
                             {"endorsements", needed_json(false)}});
        CHECK(outbox().empty());
        CHECK(held().endorsements.empty());
        CHECK(reeds.get("/v1/status").at("awaiting_endorsement") == 1);
    }

    TEST_CASE_FIXTURE(Waiting, "an array of which one waits is answered each in its place") {
        const std::uint64_t rings = reeds.daemon.outbox_bell.rings();
        const json alarm = draft_of(testing::alarm());
        const json drafts = json::array({alarm, draft_of(testing::report()), alarm});
        const transport::Response response = reeds.ask("POST", "/v1/notices", drafts.dump());
        CAPTURE(std::string(as_text(response.body)));
        REQUIRE(response.status == 200);
        const json taken = json::parse(as_text(response.body)).at("notices");
        REQUIRE(taken.size() == 3);
        REQUIRE(outbox().size() == 2);
        CHECK(taken[0] == json{{"id", outbox().front().id.text()}, {"state", "queued"}});
        CHECK(taken[1].at("state") == "awaiting_endorsement");
        CHECK(taken[2] == json{{"id", outbox().back().id.text()}, {"state", "queued"}});
        const Result<Uuid> waiting = Uuid::parse(std::string(taken[1].at("id")));
        REQUIRE(waiting.has_value());
        CHECK(reeds.daemon.store->find_held(*waiting).has_value());
        CHECK(reeds.daemon.store->held_size() == 2);
        CHECK(reeds.daemon.outbox_bell.rings() == rings + 1);
    }

    TEST_CASE_FIXTURE(Waiting, "one that waits is listed and shown with its exact bytes") {
        const json list = reeds.get("/v1/held").at("notices");
        REQUIRE(list.size() == 1);
        CHECK(list[0].at("id") == id);
        CHECK(list[0].at("kind") == "poaching_report");
        CHECK(list[0].at("to") == json::array({"lake"}));
        CHECK(list[0].at("endorsements") == needed_json(false));
        const json shown = reeds.get("/v1/held/" + id);
        CHECK(shown.at("notice") == to_base64(bytes));
        CHECK(shown.at("log") == "hub.test.example/log");
        CHECK(shown.at("state") == "awaiting_endorsement");
        CHECK(reeds.get("/v1/notices/" + id).at("state") == json::array({"awaiting_endorsement"}));
        CHECK(reeds.ask("GET", "/v1/held/none").status == 404);
        CHECK(reeds.ask("GET", "/v1/held/" + testing::numbered_uuid(9).text()).status == 404);
    }

    TEST_CASE_FIXTURE(Waiting, "two persons release it into the outbox once with both signatures") {
        CHECK(endorse(reviewed()).status == 200);
        CHECK(outbox().empty());
        CHECK(reeds.get("/v1/held/" + id).at("endorsements") == needed_json(true));
        const transport::Response last = endorse(issued());
        CHECK(last.status == 202);
        CHECK(json::parse(as_text(last.body)).at("state") == "queued");
        REQUIRE(outbox().size() == 1);
        CHECK(outbox().front().bytes == bytes);
        REQUIRE(outbox().front().endorsements.size() == 2);
        CHECK(reeds.daemon.store->held_size() == 0);
        CHECK(reeds.daemon.outbox_bell.rings() >= 1);
        CHECK(endorse(issued()).status == 404);
        CHECK(outbox().size() == 1);
        // What the daemon sends the hub takes.
        const auto outcome = send_endorsed("reeds", bytes, outbox().front().endorsements);
        CHECK(testing::verdict(outcome) == "");
    }

    TEST_CASE_FIXTURE(Waiting, "the issuer may sign before the reviewer") {
        CHECK(verdict(issued()) == "awaiting_endorsement");
        CHECK(verdict(reviewed()) == "queued");
        CHECK(outbox().size() == 1);
    }

    TEST_CASE_FIXTURE(Waiting, "what is no endorsement that it waits for changes nothing") {
        const auto& issuer = endorsers.of("reeds/issuer");
        const auto over = [&](const LogOrigin& log, BytesView leaf) {
            return handed(must(crypto::sign_endorsement(issuer, "issuer", log,
                                                        crypto::leaf_hash(leaf), clock.now())),
                          issuer.certificate());
        };
        CHECK(verdict(by("reeds/issuer", "warden")) == "endorsement_invalid statement.role");
        CHECK(verdict(by("reeds/issuer", "reviewer")) == "endorsement_invalid statement.signer");
        CHECK(verdict(by("lake/issuer", "issuer")) == "endorsement_invalid statement.signer");
        CHECK(verdict(over(deployment.origin, to_bytes("{}"))) == "endorsement_invalid statement");
        CHECK(verdict(over(LogOrigin("hub.other.example/log"), bytes)) ==
              "endorsement_invalid statement");
        // The container of one with the certificate of another.
        CHECK(verdict(handed(sign("reeds/issuer", "issuer", bytes),
                             endorsers.of("reeds/reviewer").certificate())) ==
              "endorsement_invalid statement");
        CHECK(verdict(handed(submission("reeds", {bytes}).statement,
                             signers.at("reeds").certificate())) ==
              "endorsement_invalid statement");
        CHECK(verdict(handed(to_bytes("x"), issuer.certificate())) ==
              "endorsement_invalid statement");
        CHECK(verdict(R"({"statement":"Zg==","signer":"no certificate"})").ends_with(" signer"));
        CHECK(verdict(R"({"statement":"Zg=="})") == "missing_member signer");
        CHECK(verdict("{") == "malformed_json -");
        CHECK(held().endorsements.empty());
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Waiting, "a certificate of a foreign root or a revoked one signs nothing") {
        const testing::TestPki foreign("test.example");
        const auto stranger = testing::signer_with(foreign.post("reeds", "issuer"));
        const Bytes made = must(crypto::sign_endorsement(stranger, "issuer", deployment.origin,
                                                         crypto::leaf_hash(bytes), clock.now()));
        CHECK(verdict(handed(made, stranger.certificate())).ends_with(" signer"));
        const std::string good = issued();
        pki.revoke(endorsers.of("reeds/issuer").certificate());
        deployment.trust.set(std::make_shared<const crypto::TrustStore>(pki.trust_store()));
        CHECK(verdict(good) == "certificate_revoked signer");
        CHECK(held().endorsements.empty());
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Waiting, "the same role does not sign twice") {
        REQUIRE(endorse(reviewed()).status == 200);
        const storage::HeldNotice before = held();
        CHECK(verdict(reviewed()) == "act_out_of_order statement.role");
        CHECK(held() == before);
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Waiting, "one that is withdrawn is never sent") {
        REQUIRE(endorse(reviewed()).status == 200);
        const transport::Response gone = reeds.ask("DELETE", "/v1/held/" + id);
        CHECK(gone.status == 200);
        CHECK(json::parse(as_text(gone.body)) == json{{"id", id}, {"state", "withdrawn"}});
        CHECK(reeds.ask("DELETE", "/v1/held/" + id).status == 404);
        CHECK(endorse(issued()).status == 404);
        CHECK(outbox().empty());
        CHECK(reeds.get("/v1/held").at("notices").empty());
        CHECK(reeds.ask("GET", "/v1/notices/" + id).status == 404);
    }

    TEST_CASE_FIXTURE(Waiting, "one whose kind the charter knows no more waits on until it does") {
        REQUIRE(endorse(reviewed()).status == 200);
        const storage::HeldNotice before = held();
        const CharterParts known = deployment.charter->parts();
        CharterParts forgotten = known;
        std::erase_if(forgotten.kinds,
                      [](const Kind& each) { return each.id == KindId("poaching_report"); });
        restart_under(forgotten);
        const json shown = reeds.get("/v1/held/" + id);
        CHECK(shown.at("state") == "awaiting_endorsement");
        CHECK(shown.at("endorsements") == json::array());
        CHECK(reeds.get("/v1/held").at("notices").at(0).at("state") == "awaiting_endorsement");
        CHECK(reeds.get("/v1/sent/" + id).at("state") == "awaiting_endorsement");
        CHECK(reeds.get("/v1/status").at("awaiting_endorsement") == 1);
        for (const std::string& each : {issued(), reviewed(), by("reeds/issuer", "warden")}) {
            CHECK(verdict(each) == "unknown_kind kind");
        }
        CHECK(held() == before);
        CHECK(outbox().empty());
        restart_under(known);
        CHECK(verdict(issued()) == "queued");
        REQUIRE(outbox().size() == 1);
        CHECK(outbox().front().endorsements.size() == 2);
    }

    TEST_CASE_FIXTURE(Waiting, "one whose kind the charter knows no more can be withdrawn") {
        CharterParts forgotten = deployment.charter->parts();
        forgotten.kinds.clear();
        restart_under(std::move(forgotten));
        CHECK(reeds.ask("DELETE", "/v1/held/" + id).status == 200);
        CHECK(reeds.daemon.store->held_size() == 0);
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Waiting, "one whose kind asks for nothing any more is not said to be sent") {
        CharterParts lenient = deployment.charter->parts();
        for (Kind& each : lenient.kinds) each.approver = Approver::none;
        restart_under(std::move(lenient));
        CHECK(reeds.get("/v1/held/" + id).at("state") == "awaiting_endorsement");
        CHECK(verdict(issued()) == "endorsement_invalid statement.role");
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Waiting, "what waits still waits after a restart") {
        REQUIRE(endorse(reviewed()).status == 200);
        const storage::HeldNotice before = held();
        reeds.daemon.restart();
        CHECK(held() == before);
        CHECK(reeds.daemon.store->held_size() == 1);
    }
}

/// Minutes of the office, stamped on behalf of lake.
struct Stamping : EndorsedHub {
    Stamping() {
        json text = testing::charter_text();
        text["trust_domain"] = pki.trust_domain().value();
        testing::kind(text, "minutes")["stamp"] = "on_behalf";
        testing::kind(text, "minutes")["approver"] = "one";
        protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
        REQUIRE(std::holds_alternative<Charter>(loaded));
        deployment.charter = std::make_shared<const Charter>(std::get<Charter>(loaded));
        minutes = testing::notice_of("minutes", "office", {"lake", "reeds", "dike"});
        minutes.id = NoticeId(testing::numbered_uuid(1));
        minutes.issued_at = clock.now();
        testing::set(minutes, "meeting_kind", std::string("regular"));
        Row row;
        row.cells = {{"resolution_no", std::string("1")}, {"unit", std::string("lake")}};
        testing::set(minutes, "resolutions", Table{row});
    }

    /// The answer of that unit's daemon to a request to stamp.
    transport::Response stamp(const char* unit, const Notice& notice) {
        OwnApi own(*this, unit);
        return own.ask("POST", "/v1/stamps",
                       json{{"notice", to_base64(testing::leaf_of(notice))}}.dump());
    }
    std::string code_of(const char* unit, const Notice& notice) {
        const transport::Response response = stamp(unit, notice);
        if (response.status / 100 == 2) return "ok";
        return json::parse(as_text(response.body)).at("code");
    }

    Notice minutes;
};

TEST_SUITE("stamps on behalf") {
    TEST_CASE_FIXTURE(Stamping, "the unit on whose behalf the office writes stamps its paper") {
        const transport::Response response = stamp("lake", minutes);
        CAPTURE(std::string(as_text(response.body)));
        REQUIRE(response.status == 200);
        const json said = json::parse(as_text(response.body));
        const crypto::Certificate& seal = signers.at("lake").certificate();
        CHECK(said.at("signer") == seal.pem());
        const auto opened = crypto::open_endorsement(
            must(from_base64(std::string(said.at("statement")))), deployment.origin,
            crypto::leaf_hash(testing::leaf_of(minutes)),
            [&seal](const Digest&) -> std::optional<crypto::Certificate> { return seal; });
        REQUIRE(opened.has_value());
        CHECK(opened->endorsement.role == "stamp");
    }

    TEST_CASE_FIXTURE(Stamping, "nothing is stamped that does not ask for this unit's stamp") {
        CHECK(code_of("reeds", minutes) == "not_permitted");
        CHECK(code_of("office", minutes) == "not_permitted");
        CHECK(code_of("lake", testing::numbered_report(2)) == "not_permitted");
        CHECK(code_of("lake", testing::numbered_alarm(3)) == "not_permitted");
        Notice posing = minutes;
        posing.from = UnitId("reeds");
        CHECK(code_of("lake", posing) == "not_permitted");
        Notice unknown = minutes;
        unknown.kind = KindId("no_such_kind");
        CHECK(code_of("lake", unknown) == "not_permitted");
    }

    TEST_CASE_FIXTURE(Stamping, "a paper that breaks the charter's rules is not stamped") {
        testing::drop(minutes, "meeting_kind");
        CHECK(code_of("lake", minutes) == "missing_field");
        OwnApi lake(*this, "lake");
        CHECK(lake.ask("POST", "/v1/stamps", R"({"notice":"e30="})").status / 100 == 4);
        CHECK(lake.ask("POST", "/v1/stamps", "{}").status / 100 == 4);
    }
}

}  // namespace
}  // namespace tongbao::client
