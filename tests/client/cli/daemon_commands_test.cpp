#include "protocol/problem.hpp"
#include "tests/client/cli/fake_daemon.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

using namespace tongbao;
using namespace tongbao::client::testing;

namespace {

const std::string kId = "0190163d-8694-739b-aea5-966c26f8ad91";
const std::string kActId = "0190163d-8694-739b-aea5-966c26f8ad92";
// SHA-256 of "abc": FIPS 180-2, appendix B.1.
const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string sent(const std::string& state, const std::string& more = "") {
    return R"({"id":")" + kId + R"(","state":")" + state + "\"" + more + "}";
}

/// The body of the last request of that method and target.
std::string body_of(const FakeDaemon& daemon, const std::string& target) {
    const std::vector<SeenRequest> seen = daemon.seen();
    const auto found = std::find_if(seen.rbegin(), seen.rend(), [&](const SeenRequest& request) {
        return request.target == target;
    });
    REQUIRE(found != seen.rend());
    return found->body;
}

struct Daemon {
    FakeDaemon daemon;
    Daemon() { daemon.answer("GET /v1/charter", {200, charter_text("guangdong-2020")}); }

    std::string write_file(const std::string& name, const std::string& text) const {
        const std::string path = (daemon.folder() / name).string();
        std::ofstream(path) << text;
        return path;
    }

    void accept_notice() {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        daemon.answer("GET /v1/sent/" + kId + "?wait=30", {200, sent("accepted", ",\"index\":12")});
    }

    void asked_notice(const std::string& more) {
        daemon.answer("GET /v1/notices/12", {200, R"({"box":"inbox","index":12,"notice":{"id":")" +
                                                      kId + "\"" + more + "}}"});
    }
};

}  // namespace

TEST_SUITE("send") {
    TEST_CASE_FIXTURE(Daemon, "a draft holds what was given and is typed by the charter") {
        accept_notice();
        daemon.answer("POST /v1/attachments", {201, R"({"sha256":")" + kAbc + R"(","size":3})"});
        const std::string file = write_file("移送书.PDF", "abc");
        const RunResult run =
            run_with(daemon, {"send", "--kind", "suspected_crime_transfer", "--to", "police",
                              "--cc", "procuratorate", "--title", "标题", "--field", "handlers=2",
                              "inspection_needed=false", "--field", "facts=a=b", "--attach",
                              "transfer_letter=" + file, "--no-attachment", "property_list"});
        CHECK(run.errors == "");
        CHECK(run.exit_code == 0);
        CHECK(run.output == "id     " + kId + "\nstate  accepted\nindex  12\n");
        CHECK(body_of(daemon, "/v1/attachments") == "abc");
        CHECK(body_of(daemon, "/v1/notices") ==
              R"({"kind":"suspected_crime_transfer","to":["police"],"cc":["procuratorate"],)"
              R"("title":"标题","fields":{"handlers":2,"inspection_needed":false,"facts":"a=b"},)"
              R"("attachments":[{"kind":"transfer_letter","name":"移送书.PDF",)"
              R"("media_type":"application/pdf","sha256":")" +
                  kAbc + R"("},{"kind":"property_list","none":true}]})");
    }

    TEST_CASE_FIXTURE(Daemon, "a refusal of the daemon gives every reason and exit code 1") {
        daemon.answer(
            "POST /v1/notices",
            {422, protocol::write_problem(Errc::missing_field,
                                          {{Errc::missing_field, "fields.facts", "the main facts"},
                                           {Errc::case_required, "case", ""}})});
        const RunResult run = run_with(daemon, {"send", "--kind", "x"});
        CHECK(run.exit_code == 1);
        CHECK(run.output == "");
        CHECK(run.errors ==
              "missing_field  fields.facts  the main facts\n"
              "case_required  case  The kind needs a case number.\n");
        const RunResult json = run_with(daemon, {"send", "--kind", "x", "--json"});
        CHECK(has(json.output, R"("code":"missing_field")"));
        CHECK(json.exit_code == 1);
    }

    TEST_CASE_FIXTURE(Daemon, "a refusal of the hub gives every reason and exit code 1") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        daemon.answer(
            "GET /v1/sent/" + kId + "?wait=5",
            {200, sent("refused", R"(,"reasons":[{"code":"unknown_kind","place":"kind",)"
                                  R"("title":"T","explanation":"none such"},)"
                                  R"({"code":"later_code","place":"","title":"Later."}])")});
        const RunResult run = run_with(daemon, {"send", "--kind", "x", "--wait", "5"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.output, "state  refused"));
        CHECK(run.errors == "unknown_kind  kind  none such\nlater_code  -  Later.\n");
    }

    TEST_CASE_FIXTURE(Daemon, "a hub that does not answer in time is exit code 3") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        daemon.answer("GET /v1/sent/" + kId + "?wait=60", {200, sent("queued")});
        daemon.answer("GET /v1/sent/" + kId + "?wait=10", {200, sent("queued")});
        const RunResult run = run_with(daemon, {"send", "--kind", "x", "--wait", "70", "--json"});
        CHECK(run.exit_code == 3);
        CHECK(run.output == sent("queued") + "\n");
        CHECK(has(run.errors, "within 70 seconds"));
    }

    TEST_CASE_FIXTURE(Daemon, "without waiting the command ends when the daemon has it") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        const RunResult run = run_with(daemon, {"send", "--kind", "x", "--no-wait"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "id     " + kId + "\nstate  queued\n");
    }

    TEST_CASE_FIXTURE(Daemon, "wrong arguments upload and send nothing") {
        const std::string file = write_file("a.txt", "abc");
        const std::vector<std::vector<std::string>> wrong{
            {"--field", "facts"},
            {"--field", "facts=1", "--field", "facts=2"},
            {"--attach", "a=" + file, "--attach", "b=/none"},
            {"--attach", "a=" + daemon.folder().string()},
            {"--attach", file},
            {"--title", "\xFF"},
            {"--fields", file},
            {"--wait", "-1"},
            {"--wait", "1", "--no-wait"},
        };
        for (std::vector<std::string> arguments : wrong) {
            CAPTURE(arguments.back());
            arguments.insert(arguments.begin(), {"send", "--kind", "x"});
            CHECK(run_with(daemon, arguments).exit_code == 2);
        }
        for (const SeenRequest& request : daemon.seen()) CHECK(request.method == "GET");
    }

    TEST_CASE_FIXTURE(Daemon, "a large attachment arrives whole") {
        accept_notice();
        daemon.answer("POST /v1/attachments", {201, R"({"sha256":")" + kAbc + R"(","size":3})"});
        std::string text;
        while (text.size() < 3'000'000) text += std::to_string(text.size()) + ' ';
        const std::string file = write_file("a.txt", text);
        CHECK(run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file}).exit_code == 0);
        CHECK((body_of(daemon, "/v1/attachments") == text));
    }

    TEST_CASE_FIXTURE(Daemon, "an attachment beyond the limit is refused before it is sent") {
        const std::string file = write_file("a.bin", "");
        std::filesystem::resize_file(file, 64 * 1024 * 1024 + 1);
        const RunResult run = run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file});
        CHECK(run.exit_code == 2);
        CHECK(has(run.errors, "at most 67108864"));
    }

    TEST_CASE_FIXTURE(Daemon, "an attachment that the daemon refuses is named") {
        const std::string file = write_file("a.txt", "abc");
        daemon.answer("POST /v1/attachments", {413, protocol::write_problem(Errc::too_large)});
        const RunResult run = run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file});
        CHECK(run.exit_code == 1);
        CHECK(has(run.errors, file + ": too_large"));
    }
}

TEST_SUITE("reply") {
    TEST_CASE_FIXTURE(Daemon, "a reply names the notice and takes over its case") {
        accept_notice();
        asked_notice(R"(,"case":"440000202400001")");
        const RunResult run = run_with(daemon, {"reply", "12", "--kind", "police_filing_decision"});
        CHECK(run.errors == "");
        CHECK(run.exit_code == 0);
        CHECK(body_of(daemon, "/v1/notices") ==
              R"({"kind":"police_filing_decision","case":"440000202400001","in_reply_to":")" + kId +
                  R"(","fields":{},"attachments":[]})");
    }

    TEST_CASE_FIXTURE(Daemon, "a case that was given goes before the asked one's") {
        accept_notice();
        asked_notice(R"(,"case":"440000202400001")");
        const RunResult run = run_with(daemon, {"reply", "12", "--kind", "police_filing_decision",
                                                "--case", "440000202400002"});
        CHECK(run.exit_code == 0);
        CHECK(has(body_of(daemon, "/v1/notices"), "440000202400002"));
    }

    TEST_CASE_FIXTURE(Daemon, "without a case there is none in the reply") {
        accept_notice();
        asked_notice("");
        CHECK(run_with(daemon, {"reply", "12", "--kind", "police_filing_decision"}).exit_code == 0);
        CHECK_FALSE(has(body_of(daemon, "/v1/notices"), "case\""));
    }

    TEST_CASE_FIXTURE(Daemon, "a reply to what is not there is refused") {
        const RunResult run = run_with(daemon, {"reply", "13", "--kind", "x"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.errors, "not_found"));
    }
}

TEST_SUITE("acts") {
    TEST_CASE_FIXTURE(Daemon, "each act is the one that its command names") {
        const std::vector<std::pair<std::string, std::string>> acts{
            {"sign-for", "signed_for"}, {"take-up", "taken_up"}, {"open", "opened"}};
        daemon.answer("POST /v1/notices/12/acts",
                      {202, R"({"id":")" + kActId + R"(","state":"queued"})"});
        daemon.answer("GET /v1/sent/" + kActId + "?wait=30",
                      {200, R"({"id":")" + kActId +
                                R"(","state":"accepted","index":14,"kind":"","act":"x"})"});
        for (const auto& [command, act] : acts) {
            const RunResult run = run_with(daemon, {command, "12"});
            CHECK(run.exit_code == 0);
            CHECK(has(run.output, "index  14"));
            CHECK(body_of(daemon, "/v1/notices/12/acts") == R"({"act":")" + act + "\"}");
        }
        CHECK(run_with(daemon, {"decline", "12", "--reason", "不属于"}).exit_code == 0);
        CHECK(body_of(daemon, "/v1/notices/12/acts") == R"({"act":"declined","reason":"不属于"})");
    }

    TEST_CASE_FIXTURE(Daemon, "declining needs a reason and an act a notice") {
        CHECK(run_with(daemon, {"decline", "12"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for", "../status"}).exit_code == 2);
        CHECK(run_with(daemon, {"sign-for", "12?x"}).exit_code == 2);
        CHECK(daemon.seen().empty());
    }

    TEST_CASE_FIXTURE(Daemon, "an act out of order is refused") {
        daemon.answer("POST /v1/notices/12/acts",
                      {422, protocol::write_problem(Errc::act_out_of_order)});
        const RunResult run = run_with(daemon, {"take-up", "12"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.errors, "act_out_of_order  -  "));
    }
}

TEST_SUITE("what there is") {
    TEST_CASE_FIXTURE(Daemon, "the inbox is a table and with json what the daemon said") {
        const std::string body =
            R"({"notices":[{"id":")" + kId +
            R"(","index":12,"from":"hsa","kind":"k","title":"案件移送","copy":true,)"
            R"("state":["delivered","signed_for"],"received_at":"2024-05-06T07:08:09.000Z"}]})";
        daemon.answer("GET /v1/inbox?limit=100", {200, body});
        const RunResult run = run_with(daemon, {"inbox"});
        CHECK(run.exit_code == 0);
        CHECK(run.output ==
              "index  received at               from  kind      title     case  state"
              "                  id\n"
              "12     2024-05-06T07:08:09.000Z  hsa   k (copy)  案件移送        "
              "delivered, signed_for  " +
                  kId + "\n");
        CHECK(run_with(daemon, {"--json", "inbox"}).output == body + "\n");
    }

    TEST_CASE_FIXTURE(Daemon, "what was sent is a table") {
        daemon.answer("GET /v1/sent?limit=5",
                      {200, R"({"notices":[{"id":")" + kId +
                                R"(","state":"refused","kind":"k","to":["police","office"],)"
                                R"("cc":["hsa"],"title":"t","queued_at":"q"}]})"});
        const RunResult run = run_with(daemon, {"sent", "--limit", "5"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "police, office, cc hsa"));
        CHECK(run_with(daemon, {"sent", "--limit", "0"}).exit_code == 2);
        CHECK(run_with(daemon, {"sent", "--limit", "1001"}).exit_code == 2);
    }

    TEST_CASE_FIXTURE(Daemon, "a trail is a table of events") {
        daemon.answer("GET /v1/notices/" + kId + "/trail",
                      {200, R"({"checkpoint":"c","size":20,"events":[{"index":12,"time":"t1",)"
                            R"("event":"logged","unit":"hsa","sha256":""},{"index":13,"time":"t2",)"
                            R"("event":"delivered","unit":"police","sha256":""}]})"});
        const RunResult run = run_with(daemon, {"trail", kId});
        CHECK(run.output ==
              "index  time  event      unit\n"
              "12     t1    logged     hsa\n"
              "13     t2    delivered  police\n");
        CHECK(has(run.errors, "20 entries"));
    }

    TEST_CASE_FIXTURE(Daemon, "an alarm of the daemon is exit code 1") {
        const std::string status =
            R"({"unit":"police","hub":{"url":"https://127.0.0.1:1","connected":true,)"
            R"("last_error":""},"log":{"origin":"hub.x.example/log","size":7},)"
            R"("charter":{"id":"c","version":1},"outbox":0,"alarm":")";
        daemon.answer("GET /v1/status", {200, status + R"(","certificates":[]})"});
        daemon.answer("GET /v1/status", {200, status + R"(log_forked x","certificates":[]})"});
        const RunResult good = run_with(daemon, {"status"});
        CHECK(good.exit_code == 0);
        CHECK(has(good.output, "hub          https://127.0.0.1:1  connected\n"));
        CHECK(has(good.output, "hub.x.example/log  7 entries"));
        const RunResult alarm = run_with(daemon, {"status"});
        CHECK(alarm.exit_code == 1);
        CHECK(has(alarm.errors, "ALARM"));
        CHECK(has(alarm.errors, "log_forked x"));
    }

    TEST_CASE_FIXTURE(Daemon, "a notice is shown with acts and warnings") {
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
        const RunResult run = run_with(daemon, {"show", "12"});
        CHECK(run.errors == "");
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "index       12\n"));
        CHECK(has(run.output, "handlers  专案组人数"));
        CHECK(has(run.output, "signed_for  police"));
        CHECK(has(run.output, "check_failed  fields.x  T"));
        CHECK(run_with(daemon, {"show", "12", "--json"}).output == body + "\n");
    }
}

TEST_SUITE("fetch") {
    TEST_CASE_FIXTURE(Daemon, "attachments are saved under harmless names") {
        asked_notice(R"(,"attachments":[{"kind":"a","name":"../../x.txt","sha256":")" + kAbc +
                     R"("},{"kind":"b","none":true}])");
        daemon.answer("GET /v1/notices/12/attachments/" + kAbc, {200, "abc"});
        const std::string out = (daemon.folder() / "out").string();
        const RunResult run = run_with(daemon, {"fetch", "12", "--out", out});
        CHECK(run.errors == "");
        CHECK(run.exit_code == 0);
        CHECK(run.output == out + "/ba7816bf8f01-x.txt\n");
        CHECK(std::filesystem::file_size(out + "/ba7816bf8f01-x.txt") == 3);
        const RunResult again = run_with(daemon, {"fetch", "12", "--out", out, "--json"});
        CHECK(again.exit_code == 0);
        CHECK(has(again.output, R"("path":")" + out + R"(/ba7816bf8f01-x.txt")"));
    }

    TEST_CASE_FIXTURE(Daemon, "bytes with another digest are not saved") {
        asked_notice(R"(,"attachments":[{"kind":"a","name":"x","sha256":")" + kAbc + "\"}]");
        daemon.answer("GET /v1/notices/12/attachments/" + kAbc, {200, "abd"});
        const std::string out = (daemon.folder() / "out").string();
        const RunResult run = run_with(daemon, {"fetch", "12", "--out", out});
        CHECK(run.exit_code == 4);
        CHECK(std::filesystem::is_empty(out));
    }

    TEST_CASE_FIXTURE(Daemon, "an attachment that the notice does not have is refused") {
        asked_notice(R"(,"attachments":[])");
        const std::string other(64, '0');
        CHECK(run_with(daemon, {"fetch", "12", "--attachment", other}).exit_code == 1);
        CHECK(run_with(daemon, {"fetch", "12", "--attachment", "x"}).exit_code == 2);
    }
}

TEST_SUITE("no daemon") {
    TEST_CASE("a daemon that does not run is exit code 3 and says what to do") {
        const storage::TemporaryFolder folder;
        const std::string config = (folder.path() / "c.toml").string();
        std::ofstream(config) << "socket = \"none.sock\"\n";
        const RunResult run = run_tongbao({"status", "--config", config});
        CHECK(run.exit_code == 3);
        CHECK(has(run.errors, "none.sock"));
        CHECK(has(run.errors, "tongbaod --config"));
    }

    TEST_CASE("a socket's path that is too long is a wrong configuration") {
        const storage::TemporaryFolder folder;
        const std::string config = (folder.path() / "c.toml").string();
        std::ofstream(config) << "socket = \"" << std::string(200, 'x') << "\"\n";
        CHECK(run_tongbao({"status", "--config", config}).exit_code == 2);
    }

    TEST_CASE("without a place to connect to the command says how to name one") {
        const RunResult run = run_tongbao({"inbox"});
        CHECK(run.exit_code == 2);
        CHECK(has(run.errors, "--sandbox DIR --as UNIT"));
    }

    TEST_CASE_FIXTURE(Daemon, "an answer that can't be read is a fault of this machine") {
        daemon.answer("GET /v1/status", {200, "{"});
        CHECK(run_with(daemon, {"status"}).exit_code == 4);
        daemon.answer("GET /v1/inbox?limit=100", {500, "oops"});
        const RunResult run = run_with(daemon, {"inbox"});
        CHECK(run.exit_code == 4);
        CHECK(has(run.errors, "status 500"));
    }

    TEST_CASE("every command has help with an example") {
        for (const std::string command :
             {"send", "reply", "inbox", "sent", "show", "fetch", "sign-for", "take-up", "decline",
              "open", "trail", "status"}) {
            const RunResult run = run_tongbao({command, "--help"});
            CAPTURE(command);
            CHECK(run.exit_code == 0);
            CHECK(has(run.output, "Example: tongbao " + command));
        }
    }
}
