#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

/// What reminders and drafts say alike: police owe hsa the decision on entry 12, over since
/// 9 October 2020.
const std::string kOverdueDecision =
    R"("deed":"urge","since":"2020-10-12T16:00:00.001Z","notice":{"sha256":")" + kAbc +
    R"(","index":12},"id":")" + kId +
    R"(","notice_kind":"suspected_crime_transfer","from":"hsa","unit":"police",)"
    R"("purpose":"reply","reply":"police_filing_decision","due":"2020-10-09T16:00:00.000Z",)"
    R"("overdue_since":"2020-10-09T16:00:00.000Z")";

const std::string kReminder =
    R"({"entry":41,)" + kOverdueDecision + R"(,"posts":["office_director"]})";

const std::string kDraft = R"({"item":41,"kind":"urge_notice","to":"police",)" + kOverdueDecision +
                           R"(,"case":"440000202000001","days_over":7,"draft":)"
                           R"({"kind":"urge_notice","to":["police"],"in_reply_to":")" +
                           kId +
                           R"(","case":"440000202000001"},"missing":["fields.days_overdue"]})";

std::string reminders_of(const std::string& each, bool complete = true) {
    return R"({"reminders":[)" + each + R"(],"complete":)" + (complete ? "true" : "false") + '}';
}

std::string tray_of(const std::string& each) {
    return R"({"drafts":[)" + each + R"(],"complete":true})";
}

/// A daemon with that draft in its tray.
struct TrayDaemon : DaemonStage {
    TrayDaemon() { daemon.answer("GET /v1/tray", {200, tray_of(kDraft)}); }
};

}  // namespace

TEST_SUITE("tongbao reminders") {
    TEST_CASE_FIXTURE(DaemonStage, "the table says which posts are reminded of what") {
        daemon.answer("GET /v1/reminders", {200, reminders_of(kReminder)});
        const CommandOutcome run = run_with(daemon, {"reminders"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages.empty());
        CHECK(has(run.output,
                  "\n2020-10-13 00:00  urge  office_director 办公室主任  police   "
                  "立案（不予立案）通知 / Decision to file or not to file the case  "
                  "2020-10-09 24:00  "));
        CHECK(has(run.output, " days  12      suspected_crime_transfer  hsa\n"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "what is left out is said and that there is none too") {
        daemon.answer("GET /v1/reminders", {200, reminders_of(kReminder, false)});
        daemon.answer("GET /v1/reminders", {200, reminders_of("")});
        CHECK(has(run_with(daemon, {"reminders"}).messages, "More is open"));
        const CommandOutcome none = run_with(daemon, {"reminders"});
        CHECK(none.exit_code == 0);
        CHECK(none.output == "Nobody of this unit is reminded of anything.\n");
    }

    TEST_CASE_FIXTURE(DaemonStage, "json is what the daemon says and csv a line for each") {
        daemon.answer("GET /v1/reminders", {200, reminders_of(kReminder)});
        CHECK(run_with(daemon, {"reminders", "--json"}).output == reminders_of(kReminder) + "\n");
        const CommandOutcome csv = run_with(daemon, {"reminders", "--csv"});
        CHECK(csv.output.starts_with(R"("entry","posts","since","since_local","deed","notice",)"));
        CHECK(has(csv.output,
                  "\r\n\"41\",\"office_director\",\"2020-10-12T16:00:00.001Z\","
                  "\"2020-10-13 00:00\",\"urge\",\"12\","));
        CHECK(std::count(csv.output.begin(), csv.output.end(), '\n') == 2);
        CHECK(run_with(daemon, {"reminders", "--csv", "--json"}).exit_code == 2);
        CHECK(run_with(daemon, {"reminders", "41"}).exit_code == 2);
    }

    TEST_CASE_FIXTURE(DaemonStage, "what went outside unregistered is owed by its own sender") {
        const auto chased = [](const std::string& deed) {
            return R"({"entry":41,"deed":")" + deed +
                   R"(","since":"2020-10-09T16:00:00.000Z","notice":{"sha256":")" + kAbc +
                   R"(","index":12},"notice_kind":"work_report","from":"office","unit":"nhsa",)"
                   R"("purpose":"dispatch","due":"2020-10-09T16:00:00.000Z",)"
                   R"("overdue_since":"2020-10-09T16:00:00.000Z","posts":[]})";
        };
        daemon.answer("GET /v1/reminders", {200, reminders_of(chased("register_dispatch") + ',' +
                                                              chased("add_evidence"))});
        const CommandOutcome run = run_with(daemon, {"reminders"});
        CHECK(run.exit_code == 0);
        CHECK(
            has(run.output, "register_dispatch  (the unit)  office   登记 / registration, nhsa  "));
        CHECK(
            has(run.output, "add_evidence       (the unit)  office   凭证 / evidence, nhsa      "));
        CHECK(has(run.output, "  2020-10-09 24:00  "));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a refusal of the daemon has its exit code") {
        daemon.answer("GET /v1/reminders",
                      {503, protocol::write_problem(Errc::hub_unavailable,
                                                    {{Errc::hub_unavailable, "timed_out", "w"}})});
        CHECK(run_with(daemon, {"reminders"}).exit_code == 3);
    }
}

TEST_SUITE("tongbao tray") {
    TEST_CASE_FIXTURE(TrayDaemon, "the table says what is to be sent to whom and since when") {
        const CommandOutcome run = run_with(daemon, {"tray"});
        CHECK(run.messages.empty());
        CHECK(run.exit_code == 0);
        CHECK(has(run.output,
                  "\n41    2020-10-13 00:00  催办通知 / Urging an overdue answer  police"));
        CHECK(has(run.output, "  440000202000001  fields.days_overdue\n"));
        CHECK(run_with(daemon, {"tray", "--json"}).output == tray_of(kDraft) + "\n");
        const CommandOutcome csv = run_with(daemon, {"tray", "--csv"});
        CHECK(csv.output.starts_with(R"("item","kind","to","case","missing","since",)"));
        CHECK(has(csv.output,
                  "\r\n\"41\",\"urge_notice\",\"police\",\"440000202000001\","
                  "\"fields.days_overdue\",\"2020-10-12T16:00:00.001Z\","));
    }

    TEST_CASE_FIXTURE(DaemonStage, "an empty tray and one that is not here are told apart") {
        daemon.answer("GET /v1/tray", {200, tray_of("")});
        daemon.answer(
            "GET /v1/tray",
            {403, protocol::write_problem(Errc::not_permitted, {{Errc::not_permitted, "",
                                                                 "the tray is the office's"}})});
        const CommandOutcome empty = run_with(daemon, {"tray"});
        CHECK(empty.exit_code == 0);
        CHECK(empty.output == "No draft lies in the tray.\n");
        const CommandOutcome refused = run_with(daemon, {"tray"});
        CHECK(refused.exit_code == 1);
        CHECK(has(refused.messages, "the tray is the office's"));
    }

    TEST_CASE_FIXTURE(TrayDaemon, "a draft is shown with what it lacks and how it is sent") {
        const CommandOutcome run = run_with(daemon, {"tray", "show", "41"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "\nto          police\n"));
        CHECK(has(run.output, "\nlies since  2020-10-13 00:00\n"));
        CHECK(has(run.output, "\nmissing     fields.days_overdue\n"));
        CHECK(has(run.output, "tongbao tray send 41 --field days_overdue="));
        CHECK(run_with(daemon, {"tray", "show", "41", "--json"}).output == kDraft + "\n");
        const CommandOutcome none = run_with(daemon, {"tray", "show", "42"});
        CHECK(none.exit_code == 1);
        CHECK(none.output.empty());
        CHECK(has(none.messages, "no draft of the number 42"));
    }

    TEST_CASE_FIXTURE(TrayDaemon, "a draft is completed and sent as send does") {
        accept_notice();
        const CommandOutcome run = run_with(
            daemon, {"tray", "send", "41", "--field", "days_overdue=7", "--title", "催办"});
        CHECK(run.messages == "");
        CHECK(run.exit_code == 0);
        CHECK(run.output == "id     " + kId + "\nstate  accepted\nindex  12\n");
        CHECK(body_of(daemon, "/v1/notices") ==
              R"({"kind":"urge_notice","to":["police"],"case":"440000202000001","in_reply_to":")" +
                  kId + R"(","title":"催办","fields":{"days_overdue":7},"attachments":[]})");
    }

    TEST_CASE_FIXTURE(TrayDaemon, "what the daemon refuses of a draft is told with every reason") {
        daemon.answer("POST /v1/notices",
                      {422, protocol::write_problem(
                                Errc::missing_field,
                                {{Errc::missing_field, "fields.days_overdue", "days overdue"}})});
        const CommandOutcome run = run_with(daemon, {"tray", "send", "41"});
        CHECK(run.exit_code == 1);
        CHECK(has(run.messages, "missing_field  fields.days_overdue  days overdue"));
        CHECK(run_with(daemon, {"tray", "send", "42"}).exit_code == 1);
    }

    TEST_CASE_FIXTURE(TrayDaemon, "a draft is discarded with its reason") {
        daemon.answer("DELETE /v1/tray/41", {200, R"({"item":41,"state":"discarded"})"});
        const CommandOutcome run =
            run_with(daemon, {"tray", "discard", "41", "--reason", "由电话\"催办\""});
        CHECK(run.exit_code == 0);
        CHECK(run.output.empty());
        CHECK(body_of(daemon, "/v1/tray/41") == R"({"reason":"由电话\"催办\""})");
        CHECK(run_with(daemon, {"tray", "discard", "41", "--reason", "x", "--json"}).output ==
              "{\"item\":41,\"state\":\"discarded\"}\n");
        CHECK(run_with(daemon, {"tray", "discard", "42", "--reason", "x"}).exit_code == 1);
    }

    TEST_CASE_FIXTURE(TrayDaemon, "wrong arguments end with 2 and nothing is sent") {
        const std::vector<std::vector<std::string>> all{{"show"},
                                                        {"show", "x"},
                                                        {"show", "../status"},
                                                        {"send"},
                                                        {"send", "-1"},
                                                        {"send", "41", "--field", "days_overdue"},
                                                        {"discard", "41"},
                                                        {"discard", "x", "--reason", "y"},
                                                        {"discard", "41", "--reason", "\xFF"},
                                                        {"--csv", "--json"},
                                                        {"lists"},
                                                        {"show", "12345678901234567"}};
        for (std::vector<std::string> arguments : all) {
            CAPTURE(arguments.front());
            arguments.insert(arguments.begin(), "tray");
            const CommandOutcome run = run_with(daemon, arguments);
            CHECK(run.exit_code == 2);
            CHECK(run.output.empty());
            CHECK_FALSE(run.messages.empty());
        }
        for (const SeenRequest& seen : daemon.seen()) CHECK(seen.method == "GET");
    }
}
