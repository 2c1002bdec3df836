// `tongbao endorse`: who signs what, and what is handed to the daemon.

#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "domain/bytes.hpp"
#include "program/files.hpp"
#include "protocol/notice_json.hpp"
#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using nlohmann::json;

namespace {

const LogOrigin kLog("hub.test.example/log");

Notice waiting_notice() {
    Notice notice;
    notice.id = NoticeId(*Uuid::parse(kId));
    notice.charter = CharterId("guangdong_2020");
    notice.charter_version = CharterVersion(1);
    notice.kind = KindId("suspected_crime_transfer");
    notice.from = UnitId("hsa");
    notice.to = {UnitId("police")};
    notice.title = "synthetic title";
    notice.secrecy = "内部";
    notice.urgency = "平件";
    return notice;
}

std::string held(const std::string& state, bool given, const std::string& more = "") {
    return R"({"id":")" + kId + R"(","state":")" + state +
           R"(","kind":"suspected_crime_transfer","to":["police"],"title":"synthetic title",)"
           R"("held_at":"2026-01-01T00:00:00.000Z","endorsements":[)"
           R"({"role":"reviewer","signer":"spiffe://test.example/unit/hsa/post/reviewer",)"
           R"("given":true},)"
           R"({"role":"issuer","signer":"spiffe://test.example/unit/hsa/post/issuer","given":)" +
           (given ? "true" : "false") + "}]" + more + '}';
}

/// A daemon at which a notice waits for its issuer, whose certificate and key are in files.
struct Held : DaemonStage {
    Held() {
        daemon.answer(
            "GET /v1/held/" + kId,
            {200, held("awaiting_endorsement", false,
                       R"(,"log":"hub.test.example/log","notice":")" + to_base64(bytes) + '"')});
        const tongbao::testing::TestHolder seal = pki.sign("hsa");
        write("issuer.pem", issuer.certificate.pem());
        write("issuer.key", issuer.key_pem());
        write("seal.pem", seal.certificate.pem());
        write("seal.key", seal.key_pem());
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (daemon.folder() / name).string();
    }
    void write(const std::string& name, const std::string& text) const {
        REQUIRE(program::write_file(path(name), text, 0600).has_value());
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(path(name));
        REQUIRE(file.good());
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] CommandOutcome endorse(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "endorse");
        return run_with(daemon, std::move(arguments));
    }
    [[nodiscard]] CommandOutcome sign_with(const std::string& who,
                                           std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{kId, "--certificate", path(who + ".pem"), "--key",
                                           path(who + ".key")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return endorse(std::move(arguments));
    }
    void takes(unsigned status, const std::string& body) {
        daemon.answer("POST " + kHandIn, {status, body});
    }
    [[nodiscard]] std::size_t asked(const std::string& method) const {
        std::size_t count = 0;
        for (const SeenRequest& each : daemon.seen()) {
            if (each.method == method) ++count;
        }
        return count;
    }

    const std::string kHandIn = "/v1/held/" + kId + "/endorsements";
    tongbao::testing::TestPki pki;
    tongbao::testing::TestHolder issuer = pki.post("hsa", "issuer");
    Bytes bytes = to_bytes(protocol::write_notice(waiting_notice()));
};

}  // namespace

TEST_SUITE("endorse") {
    TEST_CASE_FIXTURE(Held, "without an id what waits is listed with what is missing") {
        const std::string list = R"({"notices":[)" + held("awaiting_endorsement", false) + "]}";
        for (const std::string& each : {list, list, std::string(R"({"notices":[]})")}) {
            daemon.answer("GET /v1/held?limit=1000", {200, each});
        }
        const CommandOutcome run = endorse({});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "reviewer, issuer (missing)"));
        CHECK(has(run.output, kId));
        CHECK(has(run.output, "synthetic title"));
        CHECK_FALSE(has(run.messages, "--withdraw"));
        const CommandOutcome text = endorse({"--json"});
        CHECK(json::parse(text.output).at("notices").at(0).at("id") == kId);
        CHECK(has(endorse({}).messages, "No notice of this unit waits"));
        CHECK(asked("POST") == 0);
    }

    TEST_CASE_FIXTURE(Held, "one that nobody can sign any more is listed with what can be done") {
        const std::string stuck =
            R"({"id":")" + kId +
            R"(","state":"awaiting_endorsement","kind":"forgotten","to":["police"],"title":"T",)"
            R"("held_at":"2026-01-01T00:00:00.000Z","endorsements":[]})";
        daemon.answer("GET /v1/held?limit=1000", {200, R"({"notices":[)" + stuck + "]}"});
        const CommandOutcome run = endorse({});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "none can be given"));
        CHECK(has(run.messages, "tongbao endorse ID --withdraw"));
    }

    TEST_CASE_FIXTURE(Held,
                      "what is signed is shown and what is posted opens as an endorsement of "
                      "that notice") {
        takes(200, held("awaiting_endorsement", false));
        const CommandOutcome run = sign_with("issuer");
        CAPTURE(run.messages);
        REQUIRE(run.exit_code == 0);
        CHECK(has(run.messages, "synthetic title"));
        CHECK(has(run.messages, "issuer  spiffe://test.example/unit/hsa/post/issuer"));
        CHECK(has(run.output, "state  awaiting_endorsement"));
        const json posted = json::parse(body_of(daemon, kHandIn));
        CHECK(posted.size() == 2);
        CHECK(posted.at("signer") == issuer.certificate.pem());
        const auto find = [this](const Digest& digest) -> std::optional<crypto::Certificate> {
            if (digest != issuer.certificate.digest()) return std::nullopt;
            return issuer.certificate;
        };
        const Result<Bytes> statement = from_base64(std::string(posted.at("statement")));
        REQUIRE(statement.has_value());
        const auto opened =
            crypto::open_endorsement(*statement, kLog, crypto::leaf_hash(bytes), find);
        REQUIRE(opened.has_value());
        CHECK(opened->endorsement.role == "issuer");
    }

    TEST_CASE_FIXTURE(Held, "the last signature waits for the hub's word") {
        takes(202, held("queued", true));
        daemon.answer("GET /v1/sent/" + kId + "?wait=30", {200, sent("accepted", ",\"index\":12")});
        const CommandOutcome run = sign_with("issuer", {"--json"});
        CHECK(run.exit_code == 0);
        CHECK(json::parse(run.output).at("index") == 12);
        takes(202, held("queued", true));
        const CommandOutcome at_once = sign_with("issuer", {"--no-wait"});
        CHECK(at_once.exit_code == 0);
        CHECK(has(at_once.output, "state  queued"));
    }

    TEST_CASE_FIXTURE(Held, "a refusal of the daemon is told by its code and exit code 1") {
        takes(422, R"({"type":"about:blank","title":"T","status":422,"code":"endorsement_invalid",)"
                   R"("reasons":[{"code":"endorsement_invalid","place":"statement.role",)"
                   R"("title":"T","explanation":"the kind asks for none such"}]})");
        const CommandOutcome run = sign_with("issuer");
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "endorsement_invalid  statement.role"));
    }

    TEST_CASE_FIXTURE(Held, "a seal signs no notice that waits for a post") {
        const CommandOutcome run = sign_with("seal");
        CHECK(run.exit_code == 2);
        CHECK(has(run.messages, "a unit's seal, not a post's"));
        CHECK(asked("POST") == 0);
    }

    TEST_CASE_FIXTURE(Held, "a key that is not the certificate's signs nothing") {
        const CommandOutcome run =
            endorse({kId, "--certificate", path("issuer.pem"), "--key", path("seal.key")});
        CHECK(run.exit_code == 2);
        CHECK(endorse({kId, "--certificate", path("issuer.key"), "--key", path("issuer.key")})
                  .exit_code == 2);
        CHECK(endorse({kId, "--certificate", path("none.pem"), "--key", path("issuer.key")})
                  .exit_code == 2);
        CHECK(asked("POST") == 0);
    }

    TEST_CASE_FIXTURE(Held,
                      "a daemon that has no such notice is exit code 1 and nothing is signed") {
        const std::string other = "0190163d-8694-739b-aea5-966c26f8ad92";
        const CommandOutcome run =
            endorse({other, "--certificate", path("issuer.pem"), "--key", path("issuer.key")});
        CHECK(run.exit_code != 0);
        CHECK(asked("POST") == 0);
    }
}

TEST_SUITE("endorse with a stamp on behalf") {
    TEST_CASE_FIXTURE(Held, "a request holds the exact bytes of the notice and replaces no file") {
        const CommandOutcome run = endorse({kId, "--request", path("request.json")});
        CHECK(run.exit_code == 0);
        CHECK(has(run.messages, "tongbao endorse --stamp FILE --out STAMPED"));
        CHECK(json::parse(read("request.json")) == json{{"notice", to_base64(bytes)}});
        write("kept.json", "kept");
        CHECK(endorse({kId, "--request", path("kept.json")}).exit_code != 0);
        CHECK(read("kept.json") == "kept");
        CHECK(asked("POST") == 0);
    }

    TEST_CASE_FIXTURE(Held, "a stamp is what the daemon of the unit that stamps answers") {
        const std::string stamped = R"({"statement":"Zg==","signer":"PEM"})";
        daemon.answer("POST /v1/stamps", {200, stamped});
        write("request.json", R"({"notice":"e30="})");
        const CommandOutcome run =
            endorse({"--stamp", path("request.json"), "--out", path("stamped.json")});
        CHECK(run.exit_code == 0);
        CHECK(body_of(daemon, "/v1/stamps") == R"({"notice":"e30="})");
        CHECK(json::parse(read("stamped.json")) == json::parse(stamped));
    }

    TEST_CASE_FIXTURE(Held, "a stamp that came back is handed in as it is") {
        takes(200, held("awaiting_endorsement", false));
        const std::string stamped = R"({"statement":"Zg==","signer":"PEM"})";
        write("stamped.json", stamped);
        CHECK(endorse({kId, "--statement", path("stamped.json")}).exit_code == 0);
        CHECK(body_of(daemon, kHandIn) == stamped);
    }

    TEST_CASE_FIXTURE(Held, "one that is withdrawn is said never to be sent") {
        const std::string answer = R"({"id":")" + kId + R"(","state":"withdrawn"})";
        daemon.answer("DELETE /v1/held/" + kId, {200, answer});
        const CommandOutcome run = endorse({kId, "--withdraw"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.messages, "never sent"));
        CHECK(endorse({kId, "--withdraw", "--json"}).output == answer + "\n");
        CHECK(asked("DELETE") == 2);
    }

    TEST_CASE_FIXTURE(Held, "wrong uses are exit code 2 with what to do and ask for nothing") {
        const struct {
            std::vector<std::string> arguments;
            const char* words;
        } wrong[] = {
            {{kId}, "say who signs"},
            {{kId, "--certificate", path("issuer.pem")}, "say who signs"},
            {{kId, "--key", path("issuer.key")}, "say who signs"},
            {{kId, "--post", "issuer"}, "--post goes with --sandbox only"},
            {{"12", "--withdraw"}, "has no index yet"},
            {{"--withdraw"}, "say which notice"},
            {{"--request", path("a")}, "say which notice"},
            {{"--statement", path("issuer.pem")}, "say which notice"},
            {{"--certificate", path("issuer.pem"), "--key", path("issuer.key")},
             "say which notice"},
            {{kId, "--withdraw", "--request", path("a")}, "one at a time"},
            {{kId, "--statement", path("issuer.pem"), "--request", path("a")}, "one at a time"},
            {{kId, "--withdraw", "--post", "issuer"}, "one at a time"},
            {{kId, "--stamp", path("issuer.pem"), "--out", path("a")}, "--stamp takes no id"},
            {{"--stamp", path("issuer.pem")}, "say with --out"},
            {{"--stamp", path("none"), "--out", path("a")}, "none: "},
            {{kId, "--statement", path("none")}, "none: "},
        };
        for (const auto& row : wrong) {
            std::string line;
            for (const std::string& each : row.arguments) line += each + ' ';
            CAPTURE(line);
            const CommandOutcome run = endorse(row.arguments);
            CAPTURE(run.messages);
            CHECK(run.exit_code == 2);
            CHECK(has(run.messages, row.words));
            CHECK(run.output == "");
        }
        CHECK(asked("POST") + asked("DELETE") == 0);
    }
}
