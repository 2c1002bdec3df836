#include "client/daemon/ledger_desk.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/client/ledger/fed_store.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::must;

constexpr const char* kShownCase = "440000202000001";

/// Dike's daemon with a ledger of another charter: the invented one of the ledger's own tests. One
/// case has a subject with an identity number.
struct CaseAsking : Asking {
    CaseAsking() {
        daemon.services->charter = charter;
        desk = std::make_unique<LedgerDesk>(LedgerHome{UnitId("office"), charter, Digest(),
                                                       folder.path(), from.store(), daemon.logging},
                                            daemon.events.bell());
        Notice question =
            testing::fed_notice("question", "lake", {UnitId("dike"), UnitId("reeds")}, 1);
        question.fields = {testing::text_field("matter", "M"),
                           testing::fen_field("involved_fen", 700)};
        question.fields.push_back(
            {"subjects", Table{Row{{{"number", std::string("123456789012345678")},
                                    {"name", std::string("甲")}}}}});
        const auto asked = testing::as_stored(
            testing::logged_notice(std::move(question), 1, CaseNumber(kShownCase)));
        from.deliver({asked, testing::as_stored(testing::logged_act(ActKind::declined, "reeds",
                                                                    {asked.ref}, 2, "why"))});
        from.deliver({testing::as_stored(
            testing::logged_notice(testing::fed_notice("question", "dike", {UnitId("lake")}, 2), 3,
                                   CaseNumber("450000202000001")))});
        REQUIRE(daemon.run(desk->catch_up()).has_value());
        daemon.services->ledger = desk.get();
    }

    std::shared_ptr<const Charter> charter =
        std::make_shared<const Charter>(testing::feeding_charter());
    storage::TemporaryFolder folder{storage::memory_path()};
    testing::FedStore from;
    std::unique_ptr<LedgerDesk> desk;
};

}  // namespace

TEST_SUITE("local API of cases") {
    TEST_CASE_FIXTURE(CaseAsking, "cases are listed by number and page by page") {
        const json all = checked("GET", "/v1/cases", "/v1/cases");
        REQUIRE(all.at("cases").size() == 2);
        const json& first = all.at("cases")[0];
        CHECK(first.at("case") == kShownCase);
        CHECK(first.at("state") == "handling");
        CHECK(first.at("title") == "M");
        CHECK(first.at("money") == json{{"involved", 700}});
        CHECK(first.at("opened_by") == "lake");
        CHECK(first.at("tracks")[1] == json{{"id", "birds"},
                                            {"unit", "reeds"},
                                            {"state", "declined"},
                                            {"since", "2020-11-02T00:02:00.000Z"},
                                            {"open", false}});
        CHECK_FALSE(all.contains("next"));
        const json page = checked("GET", "/v1/cases", "/v1/cases?limit=1");
        REQUIRE(page.at("cases").size() == 1);
        CHECK(page.at("next") == kShownCase);
        const json rest =
            checked("GET", "/v1/cases", std::string("/v1/cases?limit=1&after=") + kShownCase);
        CHECK(rest.at("cases")[0].at("case") == "450000202000001");
        CHECK_FALSE(rest.contains("next"));
        CHECK(checked("GET", "/v1/cases", "/v1/cases?track=birds").at("cases").size() == 1);
        CHECK(checked("GET", "/v1/cases", "/v1/cases?question=one_track").at("cases").size() == 1);
    }

    TEST_CASE_FIXTURE(CaseAsking, "a query that says something else is refused by name") {
        const std::vector<std::pair<const char*, const char*>> wrong{
            {"state=closed", "bad_value"},
            {"track=nothing", "bad_value"},
            {"unit=nobody", "bad_value"},
            {"division=12", "bad_value"},
            {"major=yes", "bad_value"},
            {"limit=0", "bad_value"},
            {"limit=1001", "bad_value"},
            {"after=1", "bad_value"},
            {"question=all", "bad_value"},
            {"question=exposure_ready", "missing_member"},
            {"question=fine_without_transfer", "missing_member"},
            {"threshold=5", "unknown_member"},
            {"color=red", "unknown_member"},
            {"unmask=yes", "bad_value"},
            {"state=handling&state=handling", "duplicate_member"}};
        for (const auto& [query, expected] : wrong) {
            CAPTURE(query);
            const json problem =
                checked("GET", "/v1/cases", std::string("/v1/cases?") + query, 400);
            CHECK(problem.at("code") == expected);
        }
    }

    TEST_CASE_FIXTURE(CaseAsking,
                      "a case is shown whole, each entry with the notice that says it") {
        const std::string target = std::string("/v1/cases/") + kShownCase;
        const json file = checked("GET", "/v1/cases/{case}", target);
        CHECK(file.at("masked") == true);
        CHECK(file.at("subjects") ==
              json::array({{{"number", "123456********5678"}, {"name", "甲"}}}));
        CHECK(file.at("totals") == json{{"involved", 700}});
        const json& step = file.at("tracks")[1].at("history").back();
        CHECK(step.at("state") == "declined");
        CHECK(step.at("said_by").at("on") == "declined");
        CHECK(step.at("said_by").at("unit") == "reeds");
        CHECK(step.at("said_by").at("notice").at("index") == 1);
        CHECK(step.at("said_by").at("cause").at("index") == 2);
        const json whole = checked("GET", "/v1/cases/{case}", target + "?unmask=true");
        CHECK(whole.at("masked") == false);
        CHECK(whole.at("subjects")[0].at("number") == "123456789012345678");
    }

    TEST_CASE_FIXTURE(CaseAsking,
                      "a case that is not there and what is no case are answered alike") {
        const json none = checked("GET", "/v1/cases/{case}", "/v1/cases/440000202000009", 404);
        CHECK(none.at("code") == "no_such_case");
        CHECK(checked("GET", "/v1/cases/{case}", "/v1/cases/x", 404) == none);
    }

    TEST_CASE_FIXTURE(CaseAsking, "the ledger says where it stands and what a period brought") {
        const json ledger = checked("GET", "/v1/ledger", "/v1/ledger");
        CHECK(ledger.at("role") == "keeper");
        CHECK(ledger.at("state") == "current");
        CHECK(ledger.at("counts").at("cases") == 2);
        CHECK(ledger.at("refused").empty());
        const json totals = checked("GET", "/v1/ledger/totals", "/v1/ledger/totals");
        CHECK(totals ==
              json{{"money", {{"involved", 700}}}, {"cases", 2}, {"opened", 2}, {"concluded", 0}});
        const json later =
            checked("GET", "/v1/ledger/totals", "/v1/ledger/totals?from=2020-11-02T00:02:00.000Z");
        CHECK(later.at("opened") == 1);
        CHECK(later.at("money") == json::object());
        checked("GET", "/v1/ledger/totals", "/v1/ledger/totals?from=yesterday", 400);
        CHECK(checked("GET", "/v1/status", "/v1/status").at("ledger").at("state") == "current");
    }

    TEST_CASE_FIXTURE(CaseAsking, "the ledger can be checked and rebuilt") {
        const json verdict = checked("GET", "/v1/ledger/check", "/v1/ledger/check");
        CHECK(verdict.at("equal") == true);
        CHECK(verdict.at("cases") == 2);
        const json counts = checked("POST", "/v1/ledger/rebuild", "/v1/ledger/rebuild");
        CHECK(counts.at("cases") == 2);
        CHECK(counts.at("refused") == 0);
    }
}

}  // namespace tongbao::client
