#include "storage/ledger_database.hpp"
#include "tests/domain/reporting_fixture.hpp"
#include "tests/storage/opened_ledger.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tongbao;
using namespace tongbao::storage;
using tongbao::testing::handing_in;
using tongbao::testing::must;
using tongbao::testing::withdrawing;

namespace {

HandIn hand_in_at(std::uint64_t index, const Notice& notice, const char* period = "2020-Q3") {
    return {sample_ref(index),
            notice.id,
            notice.from,
            "levels",
            period,
            sample_moment(index),
            {UnitId("office"), UnitId("lake")}};
}

LedgerTaking taking_at(std::uint64_t index, const Notice& by, const Notice& taken) {
    return {by.from, {LogIndex(index), by.id, taken.id}};
}

/// A ledger into which a test puts rows piece by piece.
struct HandInLedger : OpenedDatabase {
    void put(const std::vector<HandIn>& hand_ins, const std::vector<LedgerTaking>& takings = {}) {
        const auto piece = must(ledger->begin());
        for (const HandIn& each : hand_ins) REQUIRE(piece->add_hand_in(each));
        for (const LedgerTaking& each : takings) REQUIRE(piece->add_taking(each));
        REQUIRE(piece->commit());
    }
    [[nodiscard]] std::vector<HandIn> of_period(const char* period = "2020-Q3") const {
        return must(ledger->hand_ins("levels", period));
    }

    const Notice first = handing_in("figures", "lake", "2020-Q3", 1);
    const Notice second = handing_in("figures", "dike", "2020-Q3", 2);
    const Notice taken = withdrawing(first, 3);
    const Notice again = withdrawing(taken, 4);
};

}  // namespace

TEST_SUITE("hand-ins of a ledger") {
    TEST_CASE_FIXTURE(HandInLedger,
                      "those of a period are found by their place, with all they say") {
        put({hand_in_at(9, second), hand_in_at(7, first), hand_in_at(8, first, "2020-Q2")});
        open(LedgerFound::kept);
        CHECK(of_period() == std::vector<HandIn>{hand_in_at(7, first), hand_in_at(9, second)});
        CHECK(of_period("2020-Q1").empty());
        CHECK(must(ledger->hand_ins("lists", "2020-Q3")).empty());
    }

    TEST_CASE_FIXTURE(HandInLedger, "what was taken back is left out, in whatever order it came") {
        put({}, {taking_at(11, taken, first)});
        put({hand_in_at(7, first), hand_in_at(9, second)});
        CHECK(of_period() == std::vector<HandIn>{hand_in_at(9, second)});
        put({}, {taking_at(13, again, taken)});
        CHECK(of_period() == std::vector<HandIn>{hand_in_at(7, first), hand_in_at(9, second)});
    }

    TEST_CASE_FIXTURE(HandInLedger, "nobody takes back what another unit handed in") {
        LedgerTaking foreign = taking_at(11, taken, first);
        foreign.from = UnitId("dike");
        put({hand_in_at(7, first)}, {foreign});
        CHECK(of_period() == std::vector<HandIn>{hand_in_at(7, first)});
    }

    TEST_CASE_FIXTURE(HandInLedger, "what is there already changes nothing") {
        put({hand_in_at(7, first)}, {taking_at(11, taken, first)});
        put({hand_in_at(7, second)}, {taking_at(11, again, taken)});
        CHECK(of_period().empty());
    }

    TEST_CASE_FIXTURE(HandInLedger, "a ledger that lacks a row or a taking differs") {
        const auto other = [this](const char* name) {
            return must(create_ledger(folder.path() / name, maker_of(), {}));
        };
        const auto without = other("without");
        CHECK_FALSE(must(ledger->first_difference(without->file())).has_value());
        put({hand_in_at(7, first)});
        CHECK(must(ledger->first_difference(without->file()))->what == "hand_ins");
        const auto more = other("more");
        const auto piece = must(more->begin());
        REQUIRE(piece->add_hand_in(hand_in_at(7, first)));
        REQUIRE(piece->add_taking(taking_at(11, taken, first)));
        REQUIRE(piece->commit());
        CHECK(must(ledger->first_difference(more->file()))->what == "taken_back");
    }
}
