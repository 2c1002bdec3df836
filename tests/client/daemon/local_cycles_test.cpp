#include "client/daemon/charter_limits.hpp"
#include "client/daemon/ledger_desk.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/client/ledger/fed_store.hpp"
#include "tests/domain/clock_fixture.hpp"
#include "tests/domain/reporting_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::at;
using testing::handing_in;

Bytes register_entry(const char* when, const char* charter) {
    LogEntry entry;
    entry.time = at(when);
    entry.event =
        RegisterEvent{{}, CharterAdopted{CharterId(charter), CharterVersion(1), Digest()}};
    return to_bytes(protocol::write_log_entry(entry));
}

/// The office's daemon under the charter with reporting cycles, on 20 October 2020. Lake handed the
/// third quarter in in time, dike late; reeds did not.
struct CycleAsking : Asking {
    CycleAsking() {
        daemon.config.unit = UnitId("office");
        daemon.services->charter = charter;
        daemon.services->limits = std::make_shared<const CharterLimits>(
            CharterLimits{testing::calendar_of_2020(), std::make_shared<testing::FixedZone>()});
        hub.clock.set(at("2020-10-20 09:00"));
        put("lake", 1, 1, "2020-10-09 10:00");
        put("dike", 2, 2, "2020-10-12 10:00");
        desk = std::make_unique<LedgerDesk>(LedgerHome{UnitId("office"), charter, Digest(),
                                                       folder.path(), from.store(), daemon.logging},
                                            daemon.events.bell());
        REQUIRE(daemon.run(desk->catch_up()).has_value());
        daemon.services->ledger = desk.get();
    }

    void put(const char* unit, std::uint8_t number, std::uint64_t index, const char* when) {
        testing::LoggedLeaf leaf = testing::logged_notice(
            handing_in("figures", unit, "2020-Q3", number), index, std::nullopt);
        leaf.at = at(when);
        from.deliver({testing::as_stored(std::move(leaf))});
    }
    void adopt(const char* when) {
        REQUIRE(daemon.store
                    ->append_register({{LogIndex(3), register_entry(when, "reporting")},
                                       {LogIndex(9), register_entry("2020-10-01 10:00", "later")}})
                    .has_value());
    }
    json cycles(const std::string& query = {}) {
        return checked("GET", "/v1/cycles", "/v1/cycles" + query);
    }

    std::shared_ptr<const Charter> charter =
        std::make_shared<const Charter>(testing::reporting_charter());
    storage::TemporaryFolder folder{storage::memory_path()};
    testing::FedStore from;
    std::unique_ptr<LedgerDesk> desk;
};

/// Cycle, period, unit and state of each.
std::vector<std::string> duty_lines(const json& answer) {
    std::vector<std::string> lines;
    for (const json& each : answer.at("duties")) {
        lines.push_back(
            each.at("cycle").get<std::string>() + ' ' + each.at("period").get<std::string>() + ' ' +
            each.at("unit").get<std::string>() + ' ' + each.at("state").get<std::string>());
    }
    return lines;
}

using DutyLines = std::vector<std::string>;

}  // namespace

TEST_SUITE("local API of reporting cycles") {
    TEST_CASE_FIXTURE(CycleAsking, "the office is shown who handed in, who late, and who did not") {
        adopt("2019-12-20 10:00");
        const json answer = cycles();
        CHECK(duty_lines(answer) == DutyLines{"levels 2020-Q3 lake handed_in",
                                              "levels 2020-Q3 reeds overdue",
                                              "levels 2020-Q3 dike late", "lists 2020 lake overdue",
                                              "lists 2020 reeds overdue", "lists 2020 dike overdue",
                                              "reports 2020-H1 office overdue"});
        CHECK(answer.at("adopted") == "2019-12-20T02:00:00.000Z");
        CHECK_FALSE(answer.contains("catching_up"));
        const json& first = answer.at("duties")[0];
        CHECK(first.at("kind") == "figures");
        // 24:00 of the day in the charter's zone.
        CHECK(first.at("due") == "2020-10-10T16:00:00.000Z");
        CHECK(first.at("handed_in").at("notice").at("index") == 1);
        CHECK(first.at("handed_in").at("logged") == "2020-10-09T02:00:00.000Z");
        CHECK_FALSE(answer.at("duties")[1].contains("handed_in"));
    }

    TEST_CASE_FIXTURE(CycleAsking, "the first charter of the log says from when on is owed") {
        adopt("2020-07-02 10:00");
        CHECK(cycles().at("duties").empty());
    }

    TEST_CASE_FIXTURE(CycleAsking, "while no charter is known to be adopted nothing is owed") {
        const json answer = cycles();
        CHECK(answer.at("duties").empty());
        CHECK_FALSE(answer.contains("adopted"));
    }

    TEST_CASE_FIXTURE(CycleAsking, "a member is shown its own and what is owed to it") {
        adopt("2019-12-20 10:00");
        daemon.config.unit = UnitId("lake");
        CHECK(duty_lines(cycles()) == DutyLines{"levels 2020-Q3 lake handed_in",
                                                "lists 2020 lake overdue",
                                                "reports 2020-H1 office overdue"});
    }

    TEST_CASE_FIXTURE(CycleAsking, "one period is asked for by name") {
        adopt("2019-12-20 10:00");
        CHECK(duty_lines(cycles("?period=2020-Q4")) == DutyLines{"levels 2020-Q4 lake missing",
                                                                 "levels 2020-Q4 reeds missing",
                                                                 "levels 2020-Q4 dike missing"});
        CHECK(cycles("?period=2021-Q1").at("duties").empty());
        for (const auto& [query, expected] :
             {std::pair("?period=2020-Q5", "bad_value"), std::pair("?period=", "bad_value"),
              std::pair("?period=2020&period=2020", "duplicate_member"),
              std::pair("?unit=lake", "unknown_member")}) {
            CAPTURE(query);
            CHECK(checked("GET", "/v1/cycles", std::string("/v1/cycles") + query, 400).at("code") ==
                  expected);
        }
    }

    TEST_CASE_FIXTURE(CycleAsking, "a limit that can't be counted is named and nobody is late") {
        adopt("2019-12-20 10:00");
        daemon.services->limits = std::make_shared<const CharterLimits>(
            CharterLimits{Calendar("none", {}), std::make_shared<testing::FixedZone>()});
        const json answer = cycles("?period=2020-Q3");
        CHECK(duty_lines(answer) == DutyLines{"levels 2020-Q3 lake handed_in",
                                              "levels 2020-Q3 reeds missing",
                                              "levels 2020-Q3 dike handed_in"});
        CHECK(answer.at("duties")[0].at("fault").at("code") == "calendar_missing");
        daemon.services->limits = nullptr;
        CHECK(checked("GET", "/v1/cycles", "/v1/cycles", 404).at("code") == "not_found");
    }

    TEST_CASE_FIXTURE(CycleAsking, "while the ledger can't be opened that is said") {
        adopt("2019-12-20 10:00");
        desk = std::make_unique<LedgerDesk>(LedgerHome{UnitId("office"), charter, Digest(),
                                                       folder.path(), from.store(), daemon.logging},
                                            daemon.events.bell());
        daemon.services->ledger = desk.get();
        CHECK(checked("GET", "/v1/cycles", "/v1/cycles", 500).at("code") == "storage_failure");
    }
}

}  // namespace tongbao::client
