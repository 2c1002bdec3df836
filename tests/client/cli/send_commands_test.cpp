#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

TEST_SUITE("send") {
    TEST_CASE_FIXTURE(DaemonStage, "a draft holds what was given and is typed by the charter") {
        accept_notice();
        daemon.answer("POST /v1/attachments", {201, R"({"sha256":")" + kAbc + R"(","size":3})"});
        const std::string file = write_file("移送书.PDF", "abc");
        const CommandOutcome run =
            run_with(daemon, {"send", "--kind", "suspected_crime_transfer", "--to", "police",
                              "--cc", "procuratorate", "--title", "标题", "--field", "handlers=2",
                              "inspection_needed=false", "--field", "facts=a=b", "--attach",
                              "transfer_letter=" + file, "--no-attachment", "property_list"});
        CHECK(run.messages == "");
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

    TEST_CASE_FIXTURE(DaemonStage, "a refusal of the daemon gives every reason and exit code 1") {
        daemon.answer(
            "POST /v1/notices",
            {422, protocol::write_problem(Errc::missing_field,
                                          {{Errc::missing_field, "fields.facts", "the main facts"},
                                           {Errc::case_required, "case", ""}})});
        const CommandOutcome run = run_with(daemon, {"send", "--kind", "x"});
        CHECK(run.exit_code == 1);
        CHECK(run.output == "");
        CHECK(run.messages ==
              "missing_field  fields.facts  the main facts\n"
              "case_required  case  The kind needs a case number.\n"
              "See `tongbao explain missing_field`, `tongbao explain case_required`.\n");
        const CommandOutcome json = run_with(daemon, {"send", "--kind", "x", "--json"});
        CHECK(has(json.output, R"("code":"missing_field")"));
        CHECK(json.exit_code == 1);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a refusal of the hub gives every reason and exit code 1") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        daemon.answer(
            "GET /v1/sent/" + kId + "?wait=5",
            {200, sent("refused", R"(,"reasons":[{"code":"unknown_kind","place":"kind",)"
                                  R"("title":"T","explanation":"none such"},)"
                                  R"({"code":"later_code","place":"","title":"Later."}])")});
        const CommandOutcome run = run_with(daemon, {"send", "--kind", "x", "--wait", "5"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.output, "state  refused"));
        CHECK(run.messages ==
              "unknown_kind  kind  none such\nlater_code  -  Later.\n"
              "See `tongbao explain unknown_kind`.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "a hub that does not answer in time is exit code 3") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        daemon.answer("GET /v1/sent/" + kId + "?wait=60", {200, sent("queued")});
        daemon.answer("GET /v1/sent/" + kId + "?wait=10", {200, sent("queued")});
        const CommandOutcome run =
            run_with(daemon, {"send", "--kind", "x", "--wait", "70", "--json"});
        CHECK(run.exit_code == 3);
        CHECK(run.output == sent("queued") + "\n");
        CHECK(has(run.messages, "within 70 seconds"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "without waiting the command ends when the daemon has it") {
        daemon.answer("POST /v1/notices", {202, sent("queued")});
        const CommandOutcome run = run_with(daemon, {"send", "--kind", "x", "--no-wait"});
        CHECK(run.exit_code == 0);
        CHECK(run.output == "id     " + kId + "\nstate  queued\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "wrong arguments upload and send nothing") {
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

    TEST_CASE_FIXTURE(DaemonStage, "a large attachment arrives whole") {
        accept_notice();
        daemon.answer("POST /v1/attachments", {201, R"({"sha256":")" + kAbc + R"(","size":3})"});
        std::string text;
        while (text.size() < 3'000'000) text += std::to_string(text.size()) + ' ';
        const std::string file = write_file("a.txt", text);
        CHECK(run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file}).exit_code == 0);
        CHECK((body_of(daemon, "/v1/attachments") == text));
    }

    TEST_CASE_FIXTURE(DaemonStage, "an attachment beyond the limit is refused before it is sent") {
        const std::string file = write_file("a.bin", "");
        std::filesystem::resize_file(file, 64 * 1024 * 1024 + 1);
        const CommandOutcome run =
            run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file});
        CHECK(run.exit_code == 2);
        CHECK(has(run.messages, "at most 67108864"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "an attachment that the daemon refuses is named") {
        const std::string file = write_file("a.txt", "abc");
        daemon.answer("POST /v1/attachments", {413, protocol::write_problem(Errc::too_large)});
        const CommandOutcome run =
            run_with(daemon, {"send", "--kind", "x", "--attach", "a=" + file});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, file + ": too_large"));
    }
}

TEST_SUITE("reply") {
    TEST_CASE_FIXTURE(DaemonStage, "a reply names the notice and takes over its case") {
        accept_notice();
        asked_notice({}, R"(,"case":"440000202400001")");
        const CommandOutcome run =
            run_with(daemon, {"reply", "12", "--kind", "police_filing_decision"});
        CHECK(run.messages == "");
        CHECK(run.exit_code == 0);
        CHECK(body_of(daemon, "/v1/notices") ==
              R"({"kind":"police_filing_decision","case":"440000202400001","in_reply_to":")" + kId +
                  R"(","fields":{},"attachments":[]})");
    }

    TEST_CASE_FIXTURE(DaemonStage, "a case that was given goes before the asked one's") {
        accept_notice();
        asked_notice({}, R"(,"case":"440000202400001")");
        const CommandOutcome run = run_with(
            daemon,
            {"reply", "12", "--kind", "police_filing_decision", "--case", "440000202400002"});
        CHECK(run.exit_code == 0);
        CHECK(has(body_of(daemon, "/v1/notices"), "440000202400002"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "without a case there is none in the reply") {
        accept_notice();
        asked_notice("");
        CHECK(run_with(daemon, {"reply", "12", "--kind", "police_filing_decision"}).exit_code == 0);
        CHECK_FALSE(has(body_of(daemon, "/v1/notices"), "case\""));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a reply to what is not there is refused") {
        const CommandOutcome run = run_with(daemon, {"reply", "13", "--kind", "x"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "not_found"));
    }
}
