#include "storage/clock_records.hpp"
#include "tests/storage/opened_hub_store.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/memory_hub_store.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

/// Clocks of lake, reeds and dike, in a store of each kind.
struct ClockStores {
    TemporaryFolder folder;
    std::unique_ptr<HubStore> on_disk = open_store(folder.path());
    MemoryHubStore in_memory;
    TreeSize size;

    void commit(std::vector<ClockUpdate> updates, std::uint64_t entries = 1) {
        Commit commit = plain_commit(size.value(), entries);
        commit.clocks = std::move(updates);
        REQUIRE(on_disk->commit(commit).has_value());
        REQUIRE(in_memory.commit(commit).has_value());
        size = TreeSize(size.value() + entries);
    }

    /// A record whose open clocks are due at these seconds; negative: never.
    [[nodiscard]] static ClockRecord record(std::uint64_t notice, const char* unit,
                                            const char* from, std::optional<std::int64_t> look,
                                            const std::vector<std::int64_t>& due) {
        ClockRecord out = sample_clocks(LogIndex(notice), UnitId(unit), UnitId(from));
        out.history.answers.clear();
        out.history.extensions.clear();
        out.done.clear();
        out.indexes = {};
        if (look) out.indexes.look = sample_time(*look);
        for (std::size_t i = 0; i < due.size(); ++i) {
            OpenClockDue open{static_cast<std::uint16_t>(i), std::nullopt};
            if (due[i] >= 0) open.due = sample_time(due[i]);
            out.indexes.open.push_back(open);
        }
        return out;
    }

    /// `<seconds> <notice> <unit> <clock>` of each, which both stores must say alike.
    [[nodiscard]] std::vector<std::string> open(const OpenClockQuery& query) const {
        const auto of = [&query](const HubStore& store) {
            std::vector<std::string> lines;
            const Result<std::vector<OpenClock>> found = store.read_open_clocks(query);
            REQUIRE(found.has_value());
            for (const OpenClock& each : *found) {
                CHECK(each.record->notice == each.place.notice);
                CHECK(each.record->unit == each.place.unit);
                const std::string due =
                    each.place.due
                        ? std::to_string((*each.place.due - sample_time(0)).count() / 1000)
                        : "none";
                lines.push_back(due + ' ' + std::to_string(each.place.notice.value()) + ' ' +
                                each.place.unit.value() + ' ' + std::to_string(each.place.clock));
            }
            return lines;
        };
        std::vector<std::string> lines = of(*on_disk);
        CHECK(of(in_memory) == lines);
        return lines;
    }
    [[nodiscard]] std::vector<std::string> open(std::optional<const char*> party) const {
        OpenClockQuery query;
        if (party) query.party = UnitId(*party);
        query.limit = 100;
        return open(query);
    }

    [[nodiscard]] std::vector<LookRow> looks(std::size_t limit = 100) const {
        const std::vector<LookRow> rows = *on_disk->read_looks(limit);
        CHECK(*in_memory.read_looks(limit) == rows);
        return rows;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("rows of clocks") {
    TEST_CASE_FIXTURE(ClockStores, "what is to be looked at first comes first and once") {
        commit({{record(0, "dike", "lake", 30, {1}), {}},
                {record(0, "reeds", "lake", 10, {1}), {}},
                {record(0, "lake", "dike", std::nullopt, {1}), {}}});
        const std::vector<LookRow> both{{sample_time(10), LogIndex(0), UnitId("reeds")},
                                        {sample_time(30), LogIndex(0), UnitId("dike")}};
        CHECK(looks() == both);
        CHECK(looks(1) == std::vector{both[0]});
        // One is looked at later, the other never again.
        ClockRecord later = record(0, "reeds", "lake", 40, {1});
        ClockRecord never = record(0, "dike", "lake", std::nullopt, {1});
        commit({{later, record(0, "reeds", "lake", 10, {1}).indexes},
                {never, record(0, "dike", "lake", 30, {1}).indexes}});
        CHECK(looks() == std::vector<LookRow>{{sample_time(40), LogIndex(0), UnitId("reeds")}});
    }

    TEST_CASE_FIXTURE(ClockStores, "a unit finds what it owes and what it waits for by due time") {
        commit({{record(0, "dike", "lake", {}, {20, -1}), {}},
                {record(1, "dike", "reeds", {}, {10}), {}},
                {record(1, "lake", "reeds", {}, {15, 5, 25}), {}}},
               2);
        CHECK(open("dike") == Lines{"10 1 dike 0", "20 0 dike 0", "none 0 dike 1"});
        CHECK(open("reeds") == Lines{"5 1 lake 1", "10 1 dike 0", "15 1 lake 0", "25 1 lake 2"});
        CHECK(open("lake") ==
              Lines{"5 1 lake 1", "15 1 lake 0", "20 0 dike 0", "25 1 lake 2", "none 0 dike 1"});
        CHECK(open("office").empty());
        // Everybody's: each once.
        CHECK(open(std::nullopt) == Lines{"5 1 lake 1", "10 1 dike 0", "15 1 lake 0", "20 0 dike 0",
                                          "25 1 lake 2", "none 0 dike 1"});
    }

    TEST_CASE_FIXTURE(ClockStores, "what a unit sent to itself comes once") {
        commit({{record(0, "dike", "dike", {}, {20}), {}}});
        CHECK(open("dike") == Lines{"20 0 dike 0"});
        CHECK(open(std::nullopt) == Lines{"20 0 dike 0"});
    }

    TEST_CASE_FIXTURE(ClockStores, "what is settled is not found and what moved is found anew") {
        const ClockRecord before = record(0, "dike", "lake", {}, {20, 30});
        commit({{before, {}}});
        ClockRecord after = record(0, "dike", "lake", {}, {20, 50});
        after.indexes.open.erase(after.indexes.open.begin());
        commit({{after, before.indexes}});
        CHECK(open("dike") == Lines{"50 0 dike 1"});
        CHECK(open("lake") == Lines{"50 0 dike 1"});
        commit({{record(0, "dike", "lake", {}, {}), after.indexes}});
        CHECK(open("dike").empty());
        CHECK(open("lake").empty());
        CHECK(open(std::nullopt).empty());
        CHECK(on_disk->read_clocks(LogIndex(0), UnitId("dike"))->has_value());
    }

    TEST_CASE_FIXTURE(ClockStores, "pages follow one another without gap and repetition") {
        commit({{record(0, "dike", "lake", {}, {20, 20, -1}), {}},
                {record(1, "dike", "lake", {}, {20, 30}), {}},
                {record(1, "reeds", "lake", {}, {20, -1}), {}}},
               2);
        const Lines all = open("lake");
        CHECK(all.size() == 7);
        OpenClockQuery query;
        query.party = UnitId("lake");
        for (std::size_t limit = 1; limit < 8; ++limit) {
            query.limit = limit;
            query.after.reset();
            Lines paged;
            for (;;) {
                const Lines page = open(query);
                paged.insert(paged.end(), page.begin(), page.end());
                if (page.size() < limit) break;
                query.after = on_disk->read_open_clocks(query)->back().place;
            }
            CHECK(paged == all);
        }
        query.party.reset();
        query.after.reset();
        query.limit = 3;
        query.after = on_disk->read_open_clocks(query)->back().place;
        query.limit = 100;
        CHECK(open(query) == Lines(all.begin() + 3, all.end()));
    }

    TEST_CASE_FIXTURE(ClockStores, "until a time only what has a due time not later is found") {
        commit({{record(0, "dike", "lake", {}, {20, 21, -1}), {}}});
        OpenClockQuery query;
        query.limit = 100;
        query.until = sample_time(20);
        CHECK(open(query) == Lines{"20 0 dike 0"});
        query.until = sample_time(19);
        CHECK(open(query).empty());
        query.until = sample_time(1000);
        CHECK(open(query) == Lines{"20 0 dike 0", "21 0 dike 1"});
    }

    TEST_CASE_FIXTURE(ClockStores, "the standing comes with the clocks and marks are kept") {
        Commit commit = plain_commit(0, 1);
        commit.clocks = {{record(0, "dike", "lake", {}, {20}), {}}};
        commit.states = {{LogIndex(0), UnitId("dike"), 0x0203}};
        for (HubStore* const store : {static_cast<HubStore*>(&in_memory), on_disk.get()}) {
            REQUIRE(store->commit(commit).has_value());
            OpenClockQuery query;
            query.limit = 9;
            CHECK(store->read_open_clocks(query)->front().standing == 0x0203);
            CHECK(*store->read_state(LogIndex(0), UnitId("dike")) == 0x0203);
        }
    }
}
