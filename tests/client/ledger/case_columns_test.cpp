#include "client/ledger/case_columns.hpp"

#include "tests/client/ledger/feeding_charter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

LedgerFact fact_at(std::uint64_t index, LedgerChange change, const char* from = "lake") {
    LedgerFact fact;
    fact.source.notice = fact.source.cause = fed_ref(index);
    fact.source.kind = KindId("question");
    fact.source.sender = UnitId(from);
    fact.source.entry = LogIndex(index);
    fact.source.at = fed_moment(index);
    fact.change = std::move(change);
    return fact;
}

CaseHistory history_of(std::vector<LedgerFact> facts) {
    return {CaseNumber("440000202000001"), CharterId("feeding"), std::move(facts)};
}

Row row_of(const char* column, const char* value) {
    return Row{{{column, std::string(value)}}};
}

const TrackName kGates{"gates", UnitId("dike"), true};

}  // namespace

TEST_SUITE("columns of a case") {
    TEST_CASE("they say what the case says") {
        DecisionStated decision;
        decision.track = kGates;
        const CaseHistory history = history_of(
            {fact_at(1, CaseOpened{}), fact_at(1, FactStated{"title", std::string("T")}),
             fact_at(2, FlagRaised{CaseFlag::major}),
             fact_at(3, TrackMoved{kGates, "closed", true}), fact_at(3, decision),
             fact_at(4, MoneyStated{"loss", Fen(7), MoneyTotal::sum, {}, "no 1", {}}, "dike"),
             fact_at(5, CaseClosed{std::nullopt}, "reeds"), fact_at(6, NoticeLinked{})});
        const storage::CaseColumns columns = columns_of(feeding_charter(), history);
        CHECK(columns.number == CaseNumber("440000202000001"));
        CHECK(columns.state == CaseState::concluded);
        CHECK(columns.title == "T");
        CHECK(columns.opened_at == fed_moment(1));
        CHECK(columns.opened_by == UnitId("lake"));
        CHECK(columns.major);
        CHECK_FALSE(columns.supervised);
        CHECK(columns.concluded_at == fed_moment(5));
        CHECK(columns.concluded_by == UnitId("reeds"));
        CHECK(columns.updated_at == fed_moment(6));
        CHECK_FALSE(columns.decided);
        REQUIRE(columns.tracks.size() == 1);
        CHECK(columns.tracks[0] ==
              storage::TrackColumns{"gates", UnitId("dike"), "closed", fed_moment(3), false, true});
        REQUIRE(columns.money.size() == 1);
        CHECK(columns.money[0] ==
              storage::MoneyColumns{"loss", Fen(7), UnitId("dike"), fed_moment(4)});
    }

    TEST_CASE("what was taken back counts nowhere") {
        const CaseHistory history = history_of(
            {fact_at(1, CaseOpened{}),
             fact_at(2, MoneyStated{"loss", Fen(7), MoneyTotal::sum, {}, {}, {}}),
             fact_at(2, DecisionStated{}),
             fact_at(2, FactStated{"subjects", Table{row_of("code", "H1")}}),
             fact_at(3, CaseClosed{std::nullopt}), fact_at(4, NoticeReversed{fed_ref(2)}),
             fact_at(5, NoticeReversed{fed_ref(3)})});
        const storage::CaseColumns columns = columns_of(feeding_charter(), history);
        CHECK(columns.money.empty());
        CHECK_FALSE(columns.decided);
        CHECK(columns.subjects.empty());
        CHECK_FALSE(columns.concluded_at);
        CHECK(columns.state == CaseState::registered);
    }

    TEST_CASE("subjects are told apart by codes and by digests of identity numbers") {
        const Table table{row_of("uscc", "U"), row_of("code", "H1"), row_of("code", "H1"),
                          row_of("number", "abc"), row_of("name", "nobody")};
        const storage::CaseColumns columns =
            columns_of(feeding_charter(), history_of({fact_at(1, FactStated{"subjects", table})}));
        // SHA-256 of `abc`: FIPS 180-2, appendix B.1.
        CHECK(columns.subjects ==
              std::vector<std::string>{
                  "cn_id:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                  "medins_code:H1", "uscc:U"});
    }

    TEST_CASE("a table of a kind that the charter lacks names no subject") {
        LedgerFact fact = fact_at(1, FactStated{"subjects", Table{row_of("code", "H1")}});
        fact.source.kind = KindId("unknown");
        CHECK(columns_of(feeding_charter(), history_of({fact})).subjects.empty());
    }
}
