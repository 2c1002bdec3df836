#include "storage/commit_check.hpp"

#include "tests/storage/sample_commit.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

TEST_SUITE("commit check") {
    TEST_CASE("a commit that agrees with itself passes") {
        CHECK(check_commit(rich_commit(), TreeSize(0)).has_value());
        CHECK(check_commit(plain_commit(5, 3), TreeSize(5)).has_value());
        CHECK(check_commit(plain_commit(5, 0), TreeSize(5)).has_value());
    }

    TEST_CASE("a commit made for another size is stale") {
        CHECK(check_commit(plain_commit(5, 3), TreeSize(4)).error() == Errc::stale_size);
        CHECK(check_commit(plain_commit(5, 3), TreeSize(8)).error() == Errc::stale_size);
    }

    TEST_CASE("a full tile belongs to a log that fills it") {
        Commit commit = plain_commit(0, 256);
        commit.tiles = {{0, 0, Bytes(kTileBytes)}};
        CHECK(check_commit(commit, TreeSize(0)).has_value());
        for (const auto& [level, number] : {std::pair(0, 1), std::pair(1, 0), std::pair(7, 0)}) {
            commit.tiles = {{static_cast<std::uint8_t>(level), static_cast<std::uint64_t>(number),
                             Bytes(kTileBytes)}};
            CHECK(check_commit(commit, TreeSize(0)).error() == Errc::bad_argument);
        }
        commit.tiles = {{0, 0, Bytes(kTileBytes - 32)}};
        CHECK(check_commit(commit, TreeSize(0)).error() == Errc::bad_argument);
    }

    TEST_CASE("exactly the tiles that a commit fills come with it") {
        // From 200 to 513 entries the level-0 tiles 0 and 1 become full.
        const auto with = [](const std::vector<std::uint64_t>& numbers) {
            Commit commit = plain_commit(200, 313);
            commit.tiles.clear();
            for (const std::uint64_t number : numbers) {
                commit.tiles.push_back({0, number, Bytes(kTileBytes)});
            }
            return check_commit(commit, TreeSize(200));
        };
        CHECK(with({0, 1}).has_value());
        CHECK(with({1, 0}).has_value());
        CHECK(with({}).error() == Errc::bad_argument);
        CHECK(with({0}).error() == Errc::bad_argument);
        CHECK(with({1}).error() == Errc::bad_argument);
        CHECK(with({0, 0}).error() == Errc::bad_argument);
        CHECK(with({0, 1, 1}).error() == Errc::bad_argument);
        CHECK(with({0, 1, 2}).error() == Errc::bad_argument);
        // One that was full before is not written again.
        Commit later = plain_commit(256, 3);
        CHECK(check_commit(later, TreeSize(256)).has_value());
        later.tiles = {{0, 0, Bytes(kTileBytes)}};
        CHECK(check_commit(later, TreeSize(256)).error() == Errc::bad_argument);
        // The 256th tile of level 0 fills the first of level 1.
        Commit high = plain_commit(65'535, 1);
        REQUIRE(high.tiles.size() == 2);
        CHECK(check_commit(high, TreeSize(65'535)).has_value());
        high.tiles.pop_back();
        CHECK(check_commit(high, TreeSize(65'535)).error() == Errc::bad_argument);
    }

    TEST_CASE("a commit that contradicts itself is refused") {
        using Break = std::function<void(Commit&)>;
        const std::vector<std::pair<const char*, Break>> breaks{
            {"no checkpoint", [](Commit& c) { c.checkpoint.clear(); }},
            {"checkpoint of one less", [](Commit& c) { c.checkpoint = sample_checkpoint(5); }},
            {"checkpoint of one more", [](Commit& c) { c.checkpoint = sample_checkpoint(7); }},
            {"empty entry", [](Commit& c) { c.entries[2].clear(); }},
            {"entry too long", [](Commit& c) { c.entries[2].resize(kMaxEntryBytes + 1); }},
            {"record beyond", [](Commit& c) { c.records[0].index = LogIndex(6); }},
            {"record of nothing", [](Commit& c) { c.records[0].record.clear(); }},
            {"record too long", [](Commit& c) { c.records[0].record.resize(kMaxEntryBytes + 1); }},
            {"record twice", [](Commit& c) { c.records.push_back(c.records[0]); }},
            {"batch of no entries", [](Commit& c) { c.batches[1].entry_count = 0; }},
            {"batch beyond the log", [](Commit& c) { c.batches[1].entry_count = 2; }},
            {"batch that starts beyond", [](Commit& c) { c.batches[1].first = LogIndex(6); }},
            {"batches overlap", [](Commit& c) { c.batches[0].entry_count = 5; }},
            {"one batch twice", [](Commit& c) { c.batches.push_back(c.batches[0]); }},
            {"leaf below its batch", [](Commit& c) { c.batches[0].leaves[0].index = LogIndex(0); }},
            {"leaf above its batch", [](Commit& c) { c.batches[0].leaves[0].index = LogIndex(5); }},
            {"mail of no batch", [](Commit& c) { c.mail[0].batch = LogIndex(2); }},
            {"mail of no leaf", [](Commit& c) { c.mail[0].leaves.clear(); }},
            {"mail of a leaf too far", [](Commit& c) { c.mail[0].leaves = {5}; }},
            {"mail in no order",
             [](Commit& c) {
                 c.mail[0].leaves = {1, 0};
             }},
            {"mail of a leaf twice",
             [](Commit& c) {
                 c.mail[0].leaves = {1, 1};
             }},
            {"mail row twice", [](Commit& c) { c.mail.push_back(c.mail[0]); }},
            {"mail for nobody", [](Commit& c) { c.mail[0].unit = UnitId(); }},
            {"a long name", [](Commit& c) { c.mail[0].unit = UnitId(std::string(256, 'a')); }},
            {"identifier beyond", [](Commit& c) { c.identifiers[0].index = LogIndex(6); }},
            {"identifier that is no UUID", [](Commit& c) { c.identifiers[0].id = Uuid(); }},
            {"state beyond", [](Commit& c) { c.states[0].notice = LogIndex(6); }},
            {"clocks of a notice beyond",
             [](Commit& c) { c.clocks[0].record.notice = LogIndex(6); }},
            {"clocks of nobody", [](Commit& c) { c.clocks[0].record.unit = UnitId(); }},
            {"clocks with a step beyond",
             [](Commit& c) { c.clocks[0].record.done[0].entry = LogIndex(6); }},
            {"clocks with an answer beyond",
             [](Commit& c) { c.clocks[0].record.history.answers[0].answer = LogIndex(6); }},
            {"clocks with a decision beyond",
             [](Commit& c) { c.clocks[0].record.history.extensions[0].decision = LogIndex(6); }},
            {"clocks that contradict themselves",
             [](Commit& c) { c.clocks[0].record.clocks.clear(); }},
            {"rows of clocks before in no order",
             [](Commit& c) {
                 c.clocks[0].before.open = {{1, {}}, {1, {}}};
             }},
            {"clocks of one recipient twice", [](Commit& c) { c.clocks.push_back(c.clocks[0]); }},
            {"event beyond", [](Commit& c) { c.trails[0].event = LogIndex(6); }},
            {"trail of a notice beyond", [](Commit& c) { c.trails[0].notice = LogIndex(6); }},
            {"case of a notice beyond", [](Commit& c) { c.cases[0].notice = LogIndex(6); }},
            {"case without a number", [](Commit& c) { c.cases[0].case_number = CaseNumber(); }},
            {"a given number that is none",
             [](Commit& c) { c.case_numbers[0] = CaseNumber("440000202600000"); }},
            {"one number given twice",
             [](Commit& c) { c.case_numbers.push_back(c.case_numbers[0]); }},
            {"a head without a number", [](Commit& c) { c.case_heads[0].number = CaseNumber(); }},
            {"a head without a charter", [](Commit& c) { c.case_heads[0].charter = CharterId(); }},
            {"a head twice", [](Commit& c) { c.case_heads.push_back(c.case_heads[0]); }},
            {"a part in no case", [](Commit& c) { c.case_parties[0].number = CaseNumber(); }},
            {"a part of nobody", [](Commit& c) { c.case_parties[0].unit = UnitId(); }},
            {"facts of no case", [](Commit& c) { c.case_facts[0].number = CaseNumber(); }},
            {"no facts", [](Commit& c) { c.case_facts[0].facts.clear(); }},
            {"facts twice", [](Commit& c) { c.case_facts.push_back(c.case_facts[0]); }},
            {"facts of an entry beyond",
             [](Commit& c) { c.case_facts[0].facts.back().source.entry = LogIndex(6); }},
            {"facts of a notice beyond",
             [](Commit& c) { c.case_facts[0].facts[0].source.notice.index = LogIndex(6); }},
            {"facts of a cause beyond",
             [](Commit& c) { c.case_facts[0].facts[0].source.cause.index = LogIndex(6); }},
            {"facts in no order",
             [](Commit& c) { c.case_facts[0].facts[0].source.entry = LogIndex(5); }},
            {"facts that a hub does not see",
             [](Commit& c) {
                 c.case_facts[0].facts[0].change = FactStated{"title", true};
             }},
            {"a closing in words",
             [](Commit& c) { c.case_facts[0].facts[0].change = CaseClosed{"paid"}; }},
            {"one identifier twice", [](Commit& c) { c.identifiers.push_back(c.identifiers[0]); }},
            {"one event twice", [](Commit& c) { c.trails.push_back(c.trails[0]); }},
            {"one notice twice in a case", [](Commit& c) { c.cases.push_back(c.cases[0]); }},
            {"one register entry twice",
             [](Commit& c) {
                 c.register_entries = {LogIndex(0), LogIndex(0)};
             }},
            {"register beyond", [](Commit& c) { c.register_entries = {LogIndex(6)}; }},
        };
        for (const auto& [name, damage] : breaks) {
            CAPTURE(name);
            Commit commit = rich_commit();
            damage(commit);
            CHECK(check_commit(commit, TreeSize(0)).error() == Errc::bad_argument);
        }
    }
}
