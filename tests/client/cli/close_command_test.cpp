#include "protocol/problem.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

const std::string kClosingId = "0190163d-8694-739b-aea5-966c26f8ad92";
const std::string kActs = "POST /v1/notices/12/acts";

/// A daemon with a notice to police and hsa at 12, which takes each act and has the hub's word.
struct Closable : DaemonStage {
    Closable() {
        daemon.answer("GET /v1/notices/12",
                      {200, R"({"box":"sent","notice":{"to":["police","hsa"],"cc":["tax"]}})"});
        daemon.answer(kActs, {202, R"({"id":")" + kClosingId + R"(","state":"queued"})"});
        daemon.answer("GET /v1/sent/" + kClosingId + "?wait=30",
                      {200, R"({"id":")" + kClosingId + R"(","state":"accepted","index":14})"});
    }
    [[nodiscard]] std::vector<std::string> acts() const {
        std::vector<std::string> bodies;
        for (const SeenRequest& each : daemon.seen()) {
            if (each.method == "POST") bodies.push_back(each.body);
        }
        return bodies;
    }
};

std::string closing_at(const std::string& unit) {
    return R"({"act":"closed_by_sender","unit":")" + unit + R"(","reason":"已另行处理"})";
}

}  // namespace

TEST_SUITE("tongbao close") {
    TEST_CASE_FIXTURE(Closable, "a notice is closed at the recipient that is named") {
        const CommandOutcome run =
            run_with(daemon, {"close", "12", "--unit", "hsa", "--reason", "已另行处理"});
        CHECK(run.exit_code == 0);
        CHECK(has(run.output, "unit   hsa"));
        CHECK(has(run.output, "index  14"));
        CHECK(acts() == std::vector{closing_at("hsa")});
    }

    TEST_CASE_FIXTURE(Closable, "unless one is named it is closed at each recipient and no copy") {
        const CommandOutcome run = run_with(daemon, {"close", "12", "--reason", "已另行处理"});
        CHECK(run.exit_code == 0);
        CHECK(acts() == std::vector{closing_at("police"), closing_at("hsa")});
    }

    TEST_CASE_FIXTURE(Closable, "where nothing is open is said and it is closed at the others") {
        FakeDaemon other;
        other.answer("GET /v1/notices/12",
                     {200, R"({"box":"sent","notice":{"to":["police","hsa"],"cc":[]}})"});
        other.answer(kActs, {422, protocol::write_problem(Errc::act_out_of_order)});
        const CommandOutcome none = run_with(other, {"close", "12", "--reason", "x"});
        CHECK(none.exit_code == 1);
        CHECK(has(none.messages, "not closed at police"));
        CHECK(has(none.messages, "not closed at hsa"));
        FakeDaemon mixed;
        mixed.answer("GET /v1/notices/12",
                     {200, R"({"box":"sent","notice":{"to":["police","hsa"],"cc":[]}})"});
        mixed.answer(kActs, {422, protocol::write_problem(Errc::act_out_of_order)});
        mixed.answer(kActs, {202, R"({"id":")" + kClosingId + R"(","state":"queued"})"});
        mixed.answer("GET /v1/sent/" + kClosingId + "?wait=30",
                     {200, R"({"id":")" + kClosingId + R"(","state":"accepted","index":14})"});
        const CommandOutcome some = run_with(mixed, {"close", "12", "--reason", "x"});
        CHECK(some.exit_code == 0);
        CHECK(has(some.messages, "not closed at police"));
        CHECK(has(some.messages, "act_out_of_order"));
        CHECK(has(some.output, "unit   hsa"));
    }

    TEST_CASE_FIXTURE(Closable, "closing needs a reason and a notice") {
        CHECK(run_with(daemon, {"close", "12"}).exit_code == 2);
        CHECK(run_with(daemon, {"close", "--reason", "x"}).exit_code == 2);
        CHECK(run_with(daemon, {"close", "../status", "--reason", "x"}).exit_code == 2);
        CHECK(daemon.seen().empty());
    }
}
