#include "client/daemon/due_check.hpp"

#include "tests/client/daemon/due_answer.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::due_answer_clock;
using testing::due_page;
using testing::due_receipt_clock;
using testing::leaf_of;
using testing::numbered_alarm;

/// Dike's daemon, to which lake's alarm came as entry 7, and a hub that says what is due.
struct AskingDue : Asking {
    json answer_to(const json& hub_says, unsigned status = 200) {
        daemon.fake.answers["GET /v1/due"] = {status, to_bytes(hub_says.dump())};
        return body_of(ask("GET", "/v1/due"));
    }
    json answer_to_clock(const json& clock) {
        return answer_to({{"clocks", json::array({clock})}});
    }
    /// `code place` of a refusal.
    static std::string verdict(const json& answer) {
        if (!answer.contains("code")) return {};
        const json reason = answer.at("reasons").at(0);
        return reason.at("code").get<std::string>() + ' ' + reason.value("place", "");
    }
    void lies_about(const char* member, const json& value, const std::string& expected) {
        CAPTURE(member);
        json clock = due_answer_clock();
        clock[json::json_pointer(member)] = value;
        daemon.state.alarm.clear();
        CHECK(verdict(answer_to_clock(clock)) == "entry_mismatch clocks[0]" + expected);
        CHECK(daemon.state.alarm.starts_with("entry_mismatch: "));
        CHECK(daemon.state.alarm.ends_with("(what is due, clocks[0]" + expected + ')'));
    }
    /// Dike sent this one, and the hub has logged it at `index`. Its digest.
    std::string sent_by_dike(Notice own, std::uint64_t index) {
        own.from = UnitId("dike");
        storage::SentItem item;
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = storage::SentState::accepted;
        item.index = LogIndex(index);
        REQUIRE(daemon.store->settle({item}, "").has_value());
        return crypto::sha256(leaf_of(own)).hex();
    }
};

TEST_SUITE("what is due at the local API") {
    TEST_CASE_FIXTURE(AskingDue, "a notice that is here as the hub says is marked as held") {
        const json answer = answer_to(due_page());
        REQUIRE(answer.at("clocks").size() == 3);
        for (const json& clock : answer.at("clocks")) CHECK(clock.at("held") == true);
        CHECK(answer.at("next") == "c2+/=");
        CHECK(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingDue, "a hub that says other than the notice here raises the alarm") {
        lies_about("/notice/sha256", std::string(64, 'a'), ".notice.sha256");
        lies_about("/id", numbered_alarm(2).id.value().text(), ".id");
        lies_about("/kind", "poaching_report", ".kind");
        lies_about("/from", "reeds", ".from");
        // The charter asks no such answer, and none for each row.
        lies_about("/reply", "minutes", ".purpose");
        lies_about("/row", "1", ".row");
        // Entry 6 is before the last delivery, and is no notice to dike.
        lies_about("/notice/index", 6, ".notice");
    }

    TEST_CASE_FIXTURE(AskingDue, "a unit that the notice was not sent to owes nothing") {
        json clock = due_answer_clock();
        clock["notice"] = {{"sha256", sent_by_dike(numbered_alarm(2), 9)}, {"index", 9}};
        clock["id"] = numbered_alarm(2).id.value().text();
        clock["from"] = "dike";
        clock["unit"] = "reeds";
        CHECK(verdict(answer_to_clock(clock)) == "entry_mismatch clocks[0].unit");
    }

    TEST_CASE_FIXTURE(AskingDue,
                      "what may still come or is not of this daemon is shown as not held") {
        json clock = due_answer_clock();
        clock["notice"]["index"] = 8;
        CHECK(answer_to_clock(clock).at("clocks").at(0).at("held") == false);
        // One of our own that a daemon set up anew no longer has.
        clock["notice"]["index"] = 6;
        clock["from"] = "dike";
        clock["unit"] = "lake";
        CHECK(answer_to_clock(clock).at("clocks").at(0).at("held") == false);
        CHECK(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingDue, "an answer without its form is told with its place and no alarm") {
        json clock = due_receipt_clock();
        clock["due"] = "soon";
        daemon.fake.answers["GET /v1/due"] = {
            200, to_bytes(json{{"clocks", json::array({clock})}}.dump())};
        const transport::Response response = ask("GET", "/v1/due");
        CHECK(response.status == 400);
        const json answer = body_of(response);
        CHECK(answer.at("code") == "protocol_violation");
        CHECK(verdict(answer) == "protocol_violation clocks[0].due");
        CHECK(answer.at("reasons")
                  .at(0)
                  .at("explanation")
                  .get<std::string>()
                  .starts_with("the hub's answer: bad_value"));
        CHECK(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(AskingDue, "a hub that is away is hub_unavailable, whatever the reason") {
        for (const Errc errc : {Errc::connection_failed, Errc::timed_out, Errc::tls_refused}) {
            daemon.services->connect =
                [errc]() -> boost::asio::awaitable<Result<std::unique_ptr<transport::HttpClient>>> {
                co_return errc;
            };
            const transport::Response response = ask("GET", "/v1/due");
            CHECK(response.status == 503);
            const json answer = body_of(response);
            CHECK(answer.at("code") == "hub_unavailable");
            CHECK(verdict(answer) == "hub_unavailable " + std::string(code(errc)));
        }
    }

    TEST_CASE_FIXTURE(AskingDue, "a hub without the list and one with a problem are told apart") {
        CHECK(verdict(body_of(ask("GET", "/v1/due"))) == "unsupported_version ");
        json problem{{"type", "t"}, {"title", "t"}, {"status", 429}, {"code", "too_many_requests"}};
        CHECK(verdict(answer_to(problem, 429)) == "too_many_requests ");
        problem["code"] = "bad_value";
        CHECK(verdict(answer_to(problem, 400)) == "bad_value after");
        CHECK(verdict(answer_to("oops", 500)) == "hub_unavailable hub_unavailable");
    }

    TEST_CASE_FIXTURE(AskingDue, "the hub is asked what the caller asks") {
        const std::string target =
            "/v1/due?unit=dike&until=2026-06-09T16%3A00%3A00.000Z&after=c1%2B%2F%3D";
        daemon.fake.answers["GET " + target] = {200, to_bytes(R"({"clocks":[]})")};
        CHECK(ask("GET", target).status == 200);
        CHECK(daemon.fake.asked == std::vector<std::string>{"GET " + target});
    }

    TEST_CASE_FIXTURE(AskingDue, "a question of another form is refused and the hub not asked") {
        const std::vector<std::pair<std::string, std::string>> rows{
            {"unit=nobody", "bad_value unit"},
            {"unit=", "bad_value unit"},
            {"unit=dike&unit=lake", "duplicate_member unit"},
            {"until=2026-06-09", "bad_value until"},
            {"until=2026-06-09T16:00:00%2B00:00", "bad_value until"},
            {"after=", "bad_value after"},
            {"after=a%20b", "bad_value after"},
            {"after=" + std::string(1025, 'c'), "bad_value after"},
            {"untill=2026-06-09T16:00:00.000Z", "unknown_member untill"},
        };
        for (const auto& [query, expected] : rows) {
            CAPTURE(query);
            const transport::Response response = ask("GET", "/v1/due?" + query);
            CHECK(response.status == 400);
            CHECK(verdict(body_of(response)) == expected);
        }
        CHECK(daemon.fake.asked.empty());
    }

    TEST_CASE_FIXTURE(AskingDue, "who may not act for the unit is not told what is due") {
        caller = {"unix:uid=4712", transport::LocalPeer{4712, 4712, 1}};
        CHECK(ask("GET", "/v1/due").status == 403);
        CHECK(daemon.fake.asked.empty());
    }
}

}  // namespace
}  // namespace tongbao::client
