#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

const std::string kActId = "0190163d-8694-739b-aea5-966c26f8ad92";

}  // namespace

TEST_SUITE("acts") {
    TEST_CASE_FIXTURE(DaemonStage, "each act is the one that its command names") {
        const std::vector<std::pair<std::string, std::string>> acts{
            {"sign-for", "signed_for"}, {"take-up", "taken_up"}, {"open", "opened"}};
        daemon.answer("POST /v1/notices/12/acts",
                      {202, R"({"id":")" + kActId + R"(","state":"queued"})"});
        daemon.answer("GET /v1/sent/" + kActId + "?wait=30",
                      {200, R"({"id":")" + kActId +
                                R"(","state":"accepted","index":14,"kind":"","act":"x"})"});
        for (const auto& [command, act] : acts) {
            const CommandOutcome run = run_with(daemon, {command, "12"});
            CHECK(run.exit_code == 0);
            CHECK(has(run.output, "index  14"));
            CHECK(body_of(daemon, "/v1/notices/12/acts") == R"({"act":")" + act + "\"}");
        }
        CHECK(run_with(daemon, {"decline", "12", "--reason", "不属于"}).exit_code == 0);
        CHECK(body_of(daemon, "/v1/notices/12/acts") == R"({"act":"declined","reason":"不属于"})");
    }

    TEST_CASE_FIXTURE(DaemonStage, "declining needs a reason and an act a notice") {
        CHECK(run_with(daemon, {"decline", "12"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for", "../status"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for", "12?x"}).exit_code == 2);
        CHECK(daemon.seen().empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "an act out of order is refused") {
        daemon.answer("POST /v1/notices/12/acts",
                      {422, protocol::write_problem(Errc::act_out_of_order)});
        const CommandOutcome run = run_with(daemon, {"take-up", "12"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "act_out_of_order  -  "));
    }
}

TEST_SUITE("what there is") {
    TEST_CASE_FIXTURE(DaemonStage, "the inbox is a table and with json what the daemon said") {
        const std::string body =
            R"({"notices":[{"id":")" + kId +
            R"(","index":12,"from":"hsa","kind":"k","title":"案件移送","copy":true,)"
            R"("state":["delivered","signed_for"],"received_at":"2024-05-06T07:08:09.000Z"}]})";
        daemon.answer("GET /v1/inbox?limit=100", {200, body});
        const CommandOutcome run = run_with(daemon, {"inbox"});
        CHECK(run.exit_code == 0);
        CHECK(run.output ==
              "index  received at               from  kind      title     case  state"
              "                  id\n"
              "12     2024-05-06T07:08:09.000Z  hsa   k (copy)  案件移送        "
              "delivered, signed_for  " +
                  kId + "\n");
        CHECK(run_with(daemon, {"--json", "inbox"}).output == body + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "what was sent late is marked in both lists") {
        const std::string row =
            R"({"notices":[{"id":")" + kId +
            R"(","index":12,"from":"hsa","kind":"k","to":["police"],"title":"t","copy":true,)"
            R"("state":[],"late":["send_within"],"received_at":"r","queued_at":"q"}]})";
        daemon.answer("GET /v1/inbox?limit=100", {200, row});
        daemon.answer("GET /v1/sent?limit=100", {200, row});
        CHECK(has(run_with(daemon, {"inbox"}).output, "k (copy) (late)  t"));
        CHECK(has(run_with(daemon, {"sent"}).output, "k (late)  t"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "the inbox marks what was signed since a compromise") {
        const std::string row =
            R"({"id":"x","index":12,"from":"hsa","kind":"k","title":"t","copy":false,"state":[],)"
            R"("received_at":"r")";
        daemon.answer("GET /v1/inbox?limit=100",
                      {200, R"({"notices":[)" + row + "}," + row +
                                R"(,"signed_since_compromise":"2024-05-06T07:08:09.000Z"}]})"});
        const CommandOutcome run = run_with(daemon, {"inbox"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.find("hsa (!)") != std::string::npos);
        CHECK(run.output.find("hsa (!)") == run.output.rfind("hsa (!)"));
        CHECK(has(run.messages, "ask the sender"));
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "a key that the unit did not ask for is an alarm in the status") {
        daemon.answer(
            "GET /v1/status",
            {200, R"({"alarm":"","keys_not_asked_for":[{"spiffe":"spiffe://x/unit/hsa/sign",)"
                  R"("certificate":"aa","public_key":"bb","enrolled":17}],"certificates":[]})"});
        const CommandOutcome run = run_with(daemon, {"status"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages,
                  "ALARM: a key of this unit is enrolled that the unit did not ask for"));
        CHECK(has(run.messages, "spiffe://x/unit/hsa/sign, entry 17"));
        CHECK(has(run.messages, "tongbao explain key_not_asked_for"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a certificate that waits for its enrolment is shown so") {
        const std::string of =
            R"({"use":"sign","spiffe":"s","not_after":"n","days_left":300,"state":)";
        daemon.answer("GET /v1/status",
                      {200, R"({"alarm":"","certificates":[)" + of + R"("in_use"},)" + of +
                                R"("waiting_for_enrolment"}]})"});
        const CommandOutcome run = run_with(daemon, {"status"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "300 days left\n"));
        CHECK(has(run.output, "300 days left, waiting for enrolment\n"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what was sent is a table") {
        daemon.answer("GET /v1/sent?limit=5",
                      {200, R"({"notices":[{"id":")" + kId +
                                R"(","state":"refused","kind":"k","to":["police","office"],)"
                                R"("cc":["hsa"],"title":"t","queued_at":"q"}]})"});
        const CommandOutcome run = run_with(daemon, {"sent", "--limit", "5"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "police, office, cc hsa"));
        CHECK(run_with(daemon, {"sent", "--limit", "0"}).exit_code == 2);
        CHECK(run_with(daemon, {"sent", "--limit", "1001"}).exit_code == 2);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a trail is a table of events") {
        daemon.answer("GET /v1/notices/" + kId + "/trail",
                      {200, R"({"checkpoint":"c","size":20,"events":[{"index":12,"time":"t1",)"
                            R"("event":"logged","unit":"hsa","sha256":""},{"index":13,"time":"t2",)"
                            R"("event":"delivered","unit":"police","sha256":""}]})"});
        const CommandOutcome run = run_with(daemon, {"trail", kId});
        CHECK(run.output ==
              "index  time  event      unit\n"
              "12     t1    logged     hsa\n"
              "13     t2    delivered  police\n");
        CHECK(has(run.messages, "20 entries"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a trail says what a notice was sent too late for") {
        daemon.answer(
            "GET /v1/notices/" + kId + "/trail",
            {200,
             R"({"checkpoint":"c","size":20,"events":[{"index":12,"time":"t1",)"
             R"("event":"logged","unit":"hsa","sha256":"","late":["send_within","checks[0]"]}]})"});
        CHECK(
            has(run_with(daemon, {"trail", kId}).output, "logged (late: send_within, checks[0])"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "the trail of a case names each event's notice and its kind") {
        const std::string body =
            R"({"case":"440000202600001","size":20,"events":[{"index":12,"time":"t1",)"
            R"("event":"logged","unit":"hsa","kind":"k","notice":12,"sha256":""},)"
            R"({"index":13,"time":"t2","event":"delivered","unit":"police","kind":"k","notice":12,)"
            R"("sha256":""}]})";
        daemon.answer("GET /v1/cases/440000202600001/trail", {200, body});
        const CommandOutcome run = run_with(daemon, {"trail", "--case", "440000202600001"});
        CHECK(run.exit_code == 0);
        CHECK(run.output ==
              "index  time  event      unit    kind  notice\n"
              "12     t1    logged     hsa     k     12\n"
              "13     t2    delivered  police  k     12\n");
        CHECK(has(run.messages, "20 entries"));
        CHECK(run_with(daemon, {"trail", "--case", "440000202600001", "--json"}).output ==
              body + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "a trail is of one notice or of one well-formed case number") {
        CHECK(run_with(daemon, {"trail"}).exit_code == 2);
        CHECK(run_with(daemon, {"trail", "12", "--case", "440000202600001"}).exit_code == 2);
        CHECK(run_with(daemon, {"trail", "--case", "../status"}).exit_code == 2);
        CHECK(daemon.seen().empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "an alarm of the daemon is exit code 1") {
        const std::string status =
            R"({"unit":"police","hub":{"url":"https://127.0.0.1:1","connected":true,)"
            R"("last_error":""},"log":{"origin":"hub.x.example/log","size":7},)"
            R"("charter":{"id":"c","version":1},"outbox":0,"alarm":")";
        daemon.answer("GET /v1/status", {200, status + R"(","certificates":[]})"});
        daemon.answer("GET /v1/status", {200, status + R"(log_forked x","certificates":[]})"});
        const CommandOutcome good = run_with(daemon, {"status"});
        CHECK(good.exit_code == 0);
        CHECK(has(good.output, "hub          https://127.0.0.1:1  connected\n"));
        CHECK(has(good.output, "hub.x.example/log  7 entries"));
        const CommandOutcome alarm = run_with(daemon, {"status"});
        CHECK(alarm.exit_code == 1);
        CHECK(has(alarm.messages, "ALARM"));
        CHECK(has(alarm.messages, "log_forked x"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "the status says how far a backlog is and how fast it shrinks") {
        const auto answer = [this](const std::string& outbox, const std::string& minute) {
            daemon.answer(
                "GET /v1/status",
                {200, R"({"unit":"police","log":{"origin":"o","size":1000,)"
                      R"("received_through":899},"alarm":"","certificates":[],"outbox":)" +
                          outbox + R"(,"last_minute":)" + minute + '}'});
        };
        answer("5000", R"({"received":70,"answered":1200})");
        answer("3", R"({"received":0,"answered":0})");
        answer("0", R"({"received":0,"answered":0})");
        const std::string busy = run_with(daemon, {"status"}).output;
        CHECK(has(busy, "outbox       5000 waiting, 1200 answered in the last minute\n"));
        CHECK(has(busy,
                  "receiving    70 in the last minute, at most 100 entries of the log to go\n"));
        CHECK(has(run_with(daemon, {"status"}).output,
                  "outbox       3 waiting, 0 answered in the last minute\n"));
        const std::string idle = run_with(daemon, {"status"}).output;
        CHECK(has(idle, "outbox       0 waiting\n"));
        CHECK_FALSE(has(idle, "receiving"));
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "a certificate that ends soon is warned of, urgently at the end") {
        const auto certificate = [](const std::string& use, int days, const std::string& more) {
            return R"({"use":")" + use + R"(","spiffe":"spiffe://x/unit/police/)" + use +
                   R"(","not_after":"2026-12-01T00:00:00.000Z","days_left":)" +
                   std::to_string(days) + more + '}';
        };
        const auto status = [&](const std::string& tls, const std::string& sign) {
            daemon.answer(
                "GET /v1/status",
                {200, R"({"unit":"police","alarm":"","certificates":[)" + tls + ',' + sign + "]}"});
        };
        status(certificate("tls", 300, ""), certificate("sign", 61, ""));
        status(certificate("tls", 45, R"(,"warning":60)"),
               certificate("sign", 1, R"(,"warning":7)"));
        status(certificate("tls", -1, R"(,"warning":0)"), certificate("sign", 61, ""));
        const CommandOutcome good = run_with(daemon, {"status"});
        CHECK(good.messages == "");
        CHECK(has(good.output,
                  "certificate  tls  spiffe://x/unit/police/tls  until "
                  "2026-12-01T00:00:00.000Z, 300 days left\n"));
        const CommandOutcome soon = run_with(daemon, {"status"});
        CHECK(soon.exit_code == 0);
        CHECK(has(soon.output, "1 day left\n"));
        CHECK(has(soon.messages, "WARNING: the tls certificate is good only until 2026-12-01"));
        CHECK(has(soon.messages, "URGENT: the sign certificate is good only until 2026-12-01"));
        CHECK(has(run_with(daemon, {"status", "--json"}).messages,
                  "URGENT: the tls certificate is "
                  "over since 2026-12-01"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a notice is shown with acts and warnings") {
        const std::string notice =
            R"({"format":"tongbao/notice/v1","id":")" + kId +
            R"(","nonce":"AAECAwQFBgcICQoLDA0ODw==","charter":{"id":"guangdong-2020","version":1},)"
            R"("kind":"suspected_crime_transfer","from":"hsa",)"
            R"("to":["police"],"issued_at":"2024-05-06T07:08:09.000Z","title":"标题",)"
            R"("secrecy":"内部","urgency":"平件","fields":{"handlers":2},"attachments":[]})";
        const std::string body =
            R"({"box":"inbox","index":12,"sha256":")" + kAbc +
            R"(","state":["delivered"],"notice":)" + notice +
            R"(,"warnings":[{"code":"check_failed","place":"fields.x","title":"T"}],)"
            R"("acts":[{"act":"signed_for","unit":"police","time":"t1","index":13}]})";
        daemon.answer("GET /v1/notices/12", {200, body});
        const CommandOutcome run = run_with(daemon, {"show", "12"});
        CHECK(run.messages == "");
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "index       12\n"));
        CHECK(has(run.output, "handlers  专案组人数"));
        CHECK(has(run.output, "signed_for  police"));
        CHECK(has(run.output, "check_failed  fields.x  T"));
        CHECK(run_with(daemon, {"show", "12", "--json"}).output == body + "\n");
        CHECK_FALSE(has(run.output, "sent late"));
        std::string late = body;
        late.insert(1, R"("late":["send_within","checks[1]"],)");
        daemon.answer("GET /v1/notices/13", {200, late});
        const std::string shown = run_with(daemon, {"show", "13"}).output;
        // The charter's title of the limit.
        CHECK(has(shown, "sent late   send_within 批准后移送, checks[1]\n"));
    }
}

TEST_SUITE("no daemon") {
    TEST_CASE("a daemon that does not run is exit code 3 and says what to do") {
        const storage::TemporaryFolder folder;
        const std::string config = (folder.path() / "c.toml").string();
        std::ofstream(config) << "socket = \"none.sock\"\n";
        const CommandOutcome run = run_tongbao({"status", "--config", config});
        CHECK(run.exit_code == 3);
        CHECK(has(run.messages, "none.sock"));
        CHECK(has(run.messages, "tongbaod --config"));
    }

    TEST_CASE("a socket's path that is too long is a wrong configuration") {
        const storage::TemporaryFolder folder;
        const std::string config = (folder.path() / "c.toml").string();
        std::ofstream(config) << "socket = \"" << std::string(200, 'x') << "\"\n";
        CHECK(run_tongbao({"status", "--config", config}).exit_code == 2);
    }

    TEST_CASE("without a place to connect to the command says how to name one") {
        const CommandOutcome run = run_tongbao({"inbox"});
        CHECK(run.exit_code == 2);
        CHECK(has(run.messages, "--sandbox DIR --as UNIT"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "an answer that can't be read is a fault of this machine") {
        daemon.answer("GET /v1/status", {200, "{"});
        CHECK(run_with(daemon, {"status"}).exit_code == 4);
        daemon.answer("GET /v1/inbox?limit=100", {500, "oops"});
        const CommandOutcome run = run_with(daemon, {"inbox"});
        CHECK(run.exit_code == 4);
        CHECK(has(run.messages, "status 500"));
    }
}
