#include "client/daemon/search_feed.hpp"
#include "domain/search_text.hpp"
#include "tests/client/ledger/fed_store.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::fed_notice;
using testing::logged_notice;
using testing::must;

const CaseNumber kFoundCase("440000202000001");

/// The search of a unit under the invented charter of the ledger's tests, whose `office` keeps it.
struct UnitSearch {
    explicit UnitSearch(const char* name, const Charter& rules = testing::feeding_charter())
        : unit(name), charter(rules) {}

    void read() const {
        for (;;) {
            const ReadTable no_table = [](const Digest&) -> Result<std::optional<Table>> {
                return std::optional<Table>();
            };
            if (must(feed_search(*index, {from.store(), charter, unit, no_table})) ==
                SearchStep::up_to_date) {
                return;
            }
        }
    }

    [[nodiscard]] std::vector<storage::SearchRow> found(const char* text) const {
        storage::SearchQuestion question;
        question.words = search_words(text);
        return must(index->find(question)).rows;
    }

    UnitId unit;
    Charter charter;
    storage::TemporaryFolder folder{storage::memory_path()};
    testing::FedStore from;
    std::unique_ptr<storage::SearchIndex> index =
        must(storage::open_search_index(folder.path() / "search.sqlite", {unit, Digest()}, {}))
            .index;
};

Notice named(const char* kind, const char* sender, std::vector<UnitId> to, std::uint32_t number,
             const char* title) {
    Notice notice = fed_notice(kind, sender, std::move(to), number);
    notice.title = title;
    return notice;
}

testing::LoggedLeaf between_others() {
    return testing::as_stored(
        logged_notice(named("question", "lake", {UnitId("dike")}, 1, "甲某"), 1, kFoundCase));
}

Charter with_kind(const std::function<void(Kind&)>& change) {
    CharterParts parts = testing::feeding_charter().parts();
    for (Kind& kind : parts.kinds) {
        if (kind.id == KindId("question")) change(kind);
    }
    return Charter(std::move(parts));
}

}  // namespace

TEST_SUITE("search at the keeper of the case ledger") {
    TEST_CASE("the keeper finds what it holds of notices between others, by their case too") {
        UnitSearch office("office");
        const testing::LoggedLeaf held = between_others();
        office.from.deliver({held});
        office.read();
        const auto rows = office.found("甲某");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].index == LogIndex(1));
        CHECK(rows[0].box == storage::SearchBox::kept);
        CHECK(rows[0].at == held.at);
        CHECK(rows[0].case_number == kFoundCase.value());
        CHECK(office.found("440000202000001").size() == 1);
    }

    TEST_CASE("a unit that is neither party nor keeper finds nothing of what it was given") {
        UnitSearch reeds("reeds");
        reeds.from.deliver({between_others()});
        reeds.read();
        CHECK(reeds.found("甲某").empty());
        CHECK(must(reeds.index->size()) == 0);
    }

    TEST_CASE("what the office does not see whole is not found at the keeper") {
        for (const OfficeSees sees : {OfficeSees::clear, OfficeSees::none}) {
            UnitSearch office("office", with_kind([sees](Kind& kind) { kind.office_sees = sees; }));
            office.from.deliver({between_others()});
            office.read();
            CHECK(office.found("甲某").empty());
        }
    }

    TEST_CASE("contents of what is classified L3 or L4 are found by its parties alone") {
        Notice notice = named("question", "lake", {UnitId("dike")}, 1, "线索");
        notice.doc_no = "湿〔2026〕7号";
        notice.fields = {testing::text_field("matter", "甲某")};
        const testing::LoggedLeaf leaf =
            testing::as_stored(logged_notice(std::move(notice), 1, kFoundCase));
        for (const SecurityClass each :
             {SecurityClass::l1, SecurityClass::l2, SecurityClass::l3, SecurityClass::l4}) {
            CAPTURE(static_cast<int>(each));
            const auto classified = [each](Kind& kind) { kind.security_class = each; };
            UnitSearch office("office", with_kind(classified));
            office.from.deliver({leaf});
            office.read();
            const bool open = each == SecurityClass::l1 || each == SecurityClass::l2;
            CHECK(office.found("甲某").empty() != open);
            // The keeper's ledger names case and notice.
            for (const char* const header : {"线索", "湿〔2026〕7号", "440000202000001"}) {
                CHECK(office.found(header).size() == 1);
            }
            UnitSearch lake("lake", with_kind(classified));
            lake.from.settle(leaf);
            lake.read();
            CHECK(lake.found("甲某").size() == 1);
        }
    }

    TEST_CASE("a kind of no case is not found at the keeper") {
        UnitSearch office("office");
        office.from.deliver({testing::as_stored(
            logged_notice(named("letter", "lake", {UnitId("dike")}, 1, "甲某"), 1, std::nullopt))});
        office.read();
        CHECK(office.found("甲某").empty());
    }

    TEST_CASE("a notice that opened a case is found by the number that the log gave it") {
        UnitSearch lake("lake");
        lake.from.settle(between_others());
        lake.read();
        const auto rows = lake.found("440000202000001");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].box == storage::SearchBox::sent);
        CHECK(rows[0].case_number == kFoundCase.value());
        storage::SearchQuestion question;
        question.words = {"甲某"};
        question.case_number = kFoundCase;
        CHECK(must(lake.index->find(question)).rows.size() == 1);
        question.case_number = CaseNumber("440000202000002");
        CHECK(must(lake.index->find(question)).rows.empty());
    }

    TEST_CASE("the keeper's own notice that comes back to it is found once, as its own") {
        UnitSearch office("office");
        const testing::LoggedLeaf own = testing::as_stored(
            logged_notice(named("question", "office", {UnitId("dike")}, 1, "甲某"), 1, kFoundCase));
        office.from.settle(own);
        office.from.deliver({own});
        office.read();
        const auto rows = office.found("甲某");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].box == storage::SearchBox::sent);
    }

    TEST_CASE("acts on notices between others are read over") {
        UnitSearch office("office");
        const testing::LoggedLeaf held = between_others();
        office.from.deliver({held, testing::as_stored(testing::logged_act(ActKind::taken_up, "dike",
                                                                          {held.ref}, 2))});
        office.read();
        CHECK(must(office.index->size()) == 1);
    }
}

}  // namespace tongbao::client
