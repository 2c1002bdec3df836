#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

std::string ledger_with(const std::string& refused_count, const std::string& refused) {
    return R"({"role":"keeper","state":"current","positions":{"batch":41,"settled":7},)"
           R"("counts":{"notices":9,"cases":2,"events":14,"waiting":1,"skipped":0,"refused":)" +
           refused_count + R"(},"refused":[)" + refused + "]}";
}

constexpr const char* kRefused =
    R"({"case":"440000202000001","on":"logged","notice":{"index":18,"sha256":"00"},)"
    R"("kind":"disposition_feedback","sender":"police","entry":18,"at":"2020-11-02T01:18:00.000Z",)"
    R"("reasons":[{"code":"bad_amount","place":"fields.fine_fen"},)"
    R"({"code":"later_code","explanation":"of a newer daemon"}]})";

}  // namespace

TEST_SUITE("tongbao ledger status") {
    TEST_CASE_FIXTURE(DaemonStage, "it says who keeps the ledger and how far it has come") {
        daemon.answer("GET /v1/ledger", {200, ledger_with("0", "")});
        const CommandOutcome run = run_with(daemon, {"ledger", "status"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(run.output ==
              "role         keeper  it judges what is written\n"
              "state        current\n"
              "came to      delivery 41, sent item 7\n"
              "holds        2 cases, 14 events of 9 notices\n"
              "waiting      1  acts and answers, for a notice that is not here yet\n"
              "refused      0\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "while the ledger is made anew it says how far that is") {
        daemon.answer("GET /v1/ledger",
                      {200, R"({"role":"keeper","state":"rebuilding","progress":{"batch":3,)"
                            R"("settled":0},"positions":{"batch":41,"settled":7},"counts":{)"
                            R"("notices":9,"cases":2,"events":14,"refused":0},"refused":[]})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "status"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output,
                  "state        rebuilding\n"
                  "came to      delivery 41, sent item 7\n"
                  "made anew to delivery 3, sent item 0\n"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what was refused is named with every reason and ends with 1") {
        daemon.answer("GET /v1/ledger", {200, ledger_with("1", kRefused)});
        const CommandOutcome run = run_with(daemon, {"ledger", "status"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.output,
                  "  440000202000001  18     2020-11-02 09:18  logged  police  "
                  "disposition_feedback  18      bad_amount  fields.fine_fen\n"));
        CHECK(has(run.output, "later_code                   of a newer daemon\n"));
        CHECK(has(run.messages, "1 effect was refused"));
        CHECK(has(run.messages, "tongbao explain bad_amount"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what was settled since is told apart and does not end with 1") {
        std::string settled = kRefused;
        settled.insert(
            settled.size() - 1,
            R"(,"settled":{"by":{"index":30,"sha256":"00"},"at":"2020-11-03T01:00:00Z"})");
        const auto answer = [this](const std::string& counts, const std::string& list) {
            daemon.answer("GET /v1/ledger", {200, ledger_with(counts, list)});
        };
        answer(R"(1,"settled":1)", settled);
        answer(R"(2,"settled":1)", std::string(kRefused) + ',' + settled);
        const CommandOutcome good = run_with(daemon, {"ledger", "status"});
        CHECK(good.exit_code == 0);
        CHECK(good.messages.empty());
        CHECK(has(good.output, "refused      0\n"));
        CHECK(
            has(good.output, "settled      1  refused before, and corrected or withdrawn since\n"));
        CHECK(has(good.output, "\n  30          440000202000001  18     2020-11-02 09:18  "));
        const CommandOutcome both = run_with(daemon, {"ledger", "status"});
        CHECK(both.exit_code == 1);
        CHECK(has(both.output, "refused      1\n"));
        CHECK(has(both.output, "\n              440000202000001  18     2020-11-02 09:18  "));
        CHECK(has(both.messages, "1 effect was refused"));
        daemon.answer("GET /v1/ledger/check",
                      {200, R"({"equal":true,"cases":2,"events":14,"refused":3,"settled":3})"});
        const CommandOutcome check = run_with(daemon, {"ledger", "check"});
        CHECK(check.exit_code == 0);
        CHECK(check.output == "equal: 2 cases, 14 events, 0 refused, 3 settled since\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "as CSV there is a record for each reason") {
        daemon.answer("GET /v1/ledger", {200, ledger_with("1", kRefused)});
        const CommandOutcome run = run_with(daemon, {"ledger", "status", "--csv"});
        CHECK(run.exit_code == 1);
        CHECK(run.output ==
              R"("case","entry","at","day","time","zone","on","unit","sender","kind","kind_words",)"
              R"("notice","notice_sha256","code","place","explanation","settled_by","settled_at")"
              "\r\n"
              R"("440000202000001","18","2020-11-02T01:18:00.000Z","2020-11-02","09:18",)"
              R"("Asia/Shanghai","logged","","police","disposition_feedback",)"
              R"("disposition_feedback 线索（案件）办理反馈","18","00","bad_amount",)"
              R"("fields.fine_fen","","","")"
              "\r\n"
              R"("440000202000001","18","2020-11-02T01:18:00.000Z","2020-11-02","09:18",)"
              R"("Asia/Shanghai","logged","","police","disposition_feedback",)"
              R"("disposition_feedback 线索（案件）办理反馈","18","00","later_code","",)"
              R"("of a newer daemon","","")"
              "\r\n");
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "with json it is what the daemon says, with the same exit code") {
        daemon.answer("GET /v1/ledger", {200, ledger_with("1", kRefused)});
        const CommandOutcome run = run_with(daemon, {"ledger", "status", "--json"});
        CHECK(run.exit_code == 1);
        CHECK(run.output == ledger_with("1", kRefused) + "\n");
        CHECK(run_with(daemon, {"ledger", "status", "--json", "--csv"}).exit_code == 2);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a ledger that can't be kept ends with 1 and says why") {
        daemon.answer("GET /v1/ledger",
                      {200, R"({"role":"follower","state":"failed","fault":"storage_full\u001b",)"
                            R"("positions":{"settled":0},"counts":{"notices":0,"cases":0,)"
                            R"("events":0,"waiting":0,"skipped":2,"refused":0},"refused":[]})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "status"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.output, "came to      no delivery yet, sent item 0\n"));
        CHECK(has(run.output, "skipped      2  notices of a kind"));
        CHECK(has(run.messages, "not kept at present: storage_full\\u{1B}"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what damage the ledger stands still in front of is named") {
        daemon.answer("GET /v1/ledger",
                      {200, R"({"role":"keeper","state":"failed","fault":"storage_corrupt",)"
                            R"("damaged":"delivery 12","positions":{"batch":9,"settled":0},)"
                            R"("counts":{"notices":0,"cases":0,"events":0,"refused":0},)"
                            R"("refused":[]})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "status"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.output, "DAMAGED      delivery 12  in the daemon's database"));
        CHECK(has(run.messages, "delivery 12 of the daemon's database can't be read"));
        CHECK_FALSE(has(run.messages, "ledger rebuild"));
        daemon.answer("GET /v1/status",
                      {200, R"({"ledger":{"state":"failed",)"
                            R"("fault":"storage_corrupt","damaged":"delivery 12"}})"});
        CHECK(has(run_with(daemon, {"status"}).output,
                  "is not kept at present: storage_corrupt of delivery 12\n"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "the unit's status says that the ledger can't be kept") {
        daemon.answer("GET /v1/status",
                      {200, R"({"ledger":{"role":"keeper","state":"failed","fault":"x\u001b"}})"});
        daemon.answer("GET /v1/status",
                      {200, R"({"ledger":{"role":"keeper","state":"catching_up"}})"});
        const CommandOutcome failed = run_with(daemon, {"status"});
        CHECK(failed.exit_code == 0);
        CHECK(has(failed.output, "CASE LEDGER  is not kept at present: x\\u{1B}\n"));
        CHECK_FALSE(has(run_with(daemon, {"status"}).output, "CASE LEDGER"));
    }
}

TEST_SUITE("tongbao ledger check") {
    TEST_CASE_FIXTURE(DaemonStage, "a ledger that equals what the notices say is good") {
        daemon.answer("GET /v1/ledger/check",
                      {200, R"({"equal":true,"cases":2,"events":14,"refused":0})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "check"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "equal: 2 cases, 14 events, 0 refused\n");
        CHECK(run.messages.empty());
    }

    TEST_CASE_FIXTURE(DaemonStage, "a difference ends with 1 and names the first case of it") {
        const std::string answer =
            R"({"equal":false,"cases":2,"events":14,"refused":0,)"
            R"("difference":{"case":"440000202000001","what":"fact 3 is another"}})";
        daemon.answer("GET /v1/ledger/check", {200, answer});
        const CommandOutcome run = run_with(daemon, {"ledger", "check"});
        CHECK(run.exit_code == 1);
        CHECK(run.output == "DIFFERENT: 2 cases, 14 events, 0 refused\n");
        CHECK(has(run.messages, "first in case 440000202000001: fact 3 is another"));
        const CommandOutcome json = run_with(daemon, {"ledger", "check", "--json"});
        CHECK(json.exit_code == 1);
        CHECK(json.output == answer + "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "an answer that does not say that they are equal is a difference") {
        daemon.answer("GET /v1/ledger/check", {200, R"({"cases":2})"});
        CHECK(run_with(daemon, {"ledger", "check"}).exit_code == 1);
    }

    TEST_CASE_FIXTURE(DaemonStage, "equal but with something refused ends with 1") {
        daemon.answer("GET /v1/ledger/check",
                      {200, R"({"equal":true,"cases":2,"events":14,"refused":3})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "check"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "3 effects were refused"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "while another one runs it is refused with its code") {
        const std::string busy = protocol::write_problem(Errc::already_running, {});
        daemon.answer("GET /v1/ledger/check", {409, busy});
        daemon.answer("POST /v1/ledger/rebuild", {409, busy});
        for (const char* const run : {"check", "rebuild"}) {
            const CommandOutcome outcome = run_with(daemon, {"ledger", run});
            CHECK(outcome.exit_code == 1);
            CHECK(has(outcome.messages, "already_running"));
        }
    }
}

TEST_SUITE("tongbao ledger rebuild") {
    TEST_CASE_FIXTURE(DaemonStage, "it says what the new ledger holds") {
        daemon.answer("POST /v1/ledger/rebuild", {200, R"({"cases":2,"events":14,"refused":0})"});
        const CommandOutcome run = run_with(daemon, {"ledger", "rebuild"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "rebuilt: 2 cases, 14 events, 0 refused\n");
        const CommandOutcome json = run_with(daemon, {"ledger", "rebuild", "--json"});
        CHECK(json.output == R"({"cases":2,"events":14,"refused":0})"
                             "\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "something refused by the new ledger ends with 1") {
        daemon.answer("POST /v1/ledger/rebuild", {200, R"({"cases":2,"events":14,"refused":1})"});
        CHECK(run_with(daemon, {"ledger", "rebuild"}).exit_code == 1);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a ledger command without what to do is exit code 2") {
        CHECK(run_with(daemon, {"ledger"}).exit_code == 2);
        CHECK(run_with(daemon, {"ledger", "rebuild", "now"}).exit_code == 2);
        CHECK(run_with(daemon, {"ledger", "check", "--csv"}).exit_code == 2);
        CHECK(daemon.seen().empty());
    }
}
