#include "storage/hub_store.hpp"

#include "domain/checkpoint.hpp"
#include "storage/clock_records.hpp"
#include "storage/rocks_hub_store.hpp"
#include "tests/storage/opened_hub_store.hpp"
#include "tests/storage/raw_database.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/faulty_hub_store.hpp"
#include "tests/support/memory_hub_store.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <random>
#include <thread>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

using Indexes = std::vector<LogIndex>;

void check_rich_commit(const HubStore& store) {
    const Commit commit = rich_commit();
    CHECK(store.size() == TreeSize(6));
    CHECK(*store.checkpoint() == commit.checkpoint);
    CHECK(*store.read_entries(LogIndex(0), 6) == commit.entries);
    CHECK(store.read_batch(LogIndex(0)).error() == Errc::not_found);
    for (const std::uint64_t index : {1u, 2u, 3u, 4u}) {
        CHECK(*store.read_batch(LogIndex(index)) == commit.batches[0]);
    }
    CHECK(*store.read_batch(LogIndex(5)) == commit.batches[1]);
    CHECK(*store.read_mailbox(UnitId("police"), std::nullopt, 10) ==
          std::vector{commit.mail[0], commit.mail[2]});
    CHECK(*store.read_mailbox(UnitId("audit"), std::nullopt, 10) == std::vector{commit.mail[1]});
    const std::vector<Uuid> asked{sample_uuid(1), sample_uuid(2), sample_uuid(99)};
    CHECK(*store.find_identifiers(asked) ==
          std::vector{commit.identifiers[2], commit.identifiers[0], commit.identifiers[1]});
    CHECK(store.find_identifiers({})->empty());
    CHECK(*store.read_state(LogIndex(1), UnitId("police")) == 3);
    CHECK(*store.read_state(LogIndex(1), UnitId("audit")) == 1);
    const auto clocks = store.read_clocks(LogIndex(1), UnitId("police"));
    REQUIRE(clocks->has_value());
    CHECK(encode_clock_record(**clocks) == encode_clock_record(commit.clocks[0].record));
    CHECK((*clocks)->unit == UnitId("police"));
    CHECK(!store.read_clocks(LogIndex(1), UnitId("audit"))->has_value());
    CHECK(*store.calendar() == commit.calendar);
    CHECK(*store.read_trail(LogIndex(1)) == Indexes{LogIndex(4), LogIndex(5)});
    CHECK(*store.read_case(CaseNumber("990000202600001")) == Indexes{LogIndex(1), LogIndex(4)});
    const CaseNumber first("440000202600001");
    const CaseNumber second("440000202600002");
    CHECK(*store.last_case_number({"440000", 2026}) == second);
    CHECK(!store.last_case_number({"440000", 2027})->has_value());
    CHECK(!store.last_case_number({"440300", 2026})->has_value());
    CHECK(*store.find_case(first) == commit.case_heads[0]);
    CHECK(*store.find_case(second) == commit.case_heads[1]);
    CHECK(!store.find_case(CaseNumber("440000202600003"))->has_value());
    CHECK(*store.case_part(first, UnitId("police")) == CasePart::some);
    CHECK(*store.case_part(first, UnitId("insurance")) == CasePart::some);
    CHECK(*store.case_part(first, UnitId("polic")) == CasePart::none);
    CHECK(*store.case_part(second, UnitId("police")) == CasePart::none);
    CHECK(*store.read_case_facts(first) == commit.case_facts[0].facts);
    CHECK(store.read_case_facts(second)->empty());
    CHECK(*store.read_register() == Indexes{LogIndex(0)});
    CHECK(*store.read_record(LogIndex(2)) == to_bytes("what entry 2 hides"));
    CHECK(*store.read_record(LogIndex(1)) == std::nullopt);
}

void check_empty(const HubStore& store) {
    CHECK(store.size() == TreeSize(0));
    CHECK(store.checkpoint()->empty());
    CHECK(store.read_entries(LogIndex(0), 1).error() == Errc::not_in_tree);
    CHECK(store.read_entries(LogIndex(0), 0)->empty());
    CHECK(store.read_tile(0, 0).error() == Errc::not_found);
    CHECK(store.read_batch(LogIndex(0)).error() == Errc::not_found);
    CHECK(store.read_mailbox(UnitId("police"), std::nullopt, 10)->empty());
    CHECK(store.find_identifiers(std::vector{sample_uuid(1)})->empty());
    CHECK(*store.read_state(LogIndex(0), UnitId("police")) == 0);
    CHECK(!store.read_clocks(LogIndex(0), UnitId("police"))->has_value());
    CHECK(store.read_looks(9)->empty());
    CHECK(store.read_open_clocks({std::nullopt, std::nullopt, std::nullopt, 9})->empty());
    CHECK(*store.calendar() == std::nullopt);
    CHECK(store.read_trail(LogIndex(0))->empty());
    CHECK(store.read_case(CaseNumber("990000202600001"))->empty());
    CHECK(store.read_register()->empty());
    CHECK(*store.read_record(LogIndex(0)) == std::nullopt);
}

}  // namespace

TEST_SUITE("hub store") {
    TEST_CASE("a new store holds nothing") {
        with_each_store([](HubStore& store) { check_empty(store); });
    }

    TEST_CASE("everything of a commit is read back") {
        with_each_store([](HubStore& store) {
            REQUIRE(store.commit(rich_commit()).has_value());
            check_rich_commit(store);
        });
    }

    TEST_CASE("what was committed is there after the store was closed and opened") {
        const TemporaryFolder folder;
        REQUIRE(open_store(folder.path())->commit(rich_commit()).has_value());
        check_rich_commit(*open_store(folder.path()));
        // The second start finds tables where the first found the write-ahead log.
        const auto store = open_store(folder.path());
        check_rich_commit(*store);
        REQUIRE(store->commit(plain_commit(6, 2)).has_value());
        CHECK(open_store(folder.path() / "other")->size() == TreeSize(0));
    }

    TEST_CASE("a commit for another size is refused and nothing of it is written") {
        with_each_store([](HubStore& store) {
            Commit commit = rich_commit();
            commit.expected = TreeSize(1);
            CHECK(store.commit(commit).error() == Errc::stale_size);
            check_empty(store);
            REQUIRE(store.commit(rich_commit()).has_value());
            CHECK(store.commit(rich_commit()).error() == Errc::stale_size);
            check_rich_commit(store);
        });
    }

    TEST_CASE("a commit that contradicts itself is refused and nothing of it is written") {
        with_each_store([](HubStore& store) {
            Commit commit = rich_commit();
            commit.checkpoint = sample_checkpoint(7);
            CHECK(store.commit(commit).error() == Errc::bad_argument);
            check_empty(store);
        });
    }

    TEST_CASE("a second opening of one folder is refused") {
        const TemporaryFolder folder;
        auto first = open_store(folder.path());
        std::string words;
        CHECK(open_hub_store(folder.path(), words).error() == Errc::already_running);
        CHECK(!words.empty());
        first.reset();
        CHECK(open_hub_store(folder.path(), words).has_value());
    }

    TEST_CASE("any range of entries of any commits reads as they were put in") {
        with_each_store([](HubStore& store) {
            constexpr std::uint32_t kSeed = 20'261'122;
            std::mt19937 random(kSeed);
            const auto up_to = [&random](std::uint64_t most) {
                return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
            };
            std::vector<Bytes> expected;
            for (int i = 0; i < 30; ++i) {
                // Some without a batch, some of one, a few larger than a tile.
                const std::uint64_t count = i % 7 == 0 ? 250 + up_to(300) : 1 + up_to(40);
                const Commit commit =
                    i % 3 == 0 ? plain_commit(expected.size(), count)
                               : batch_commit(expected.size(), static_cast<std::uint32_t>(count),
                                              UnitId("police"));
                REQUIRE(store.commit(commit).has_value());
                expected.insert(expected.end(), commit.entries.begin(), commit.entries.end());
            }
            for (int i = 0; i < 500; ++i) {
                const std::uint64_t first = up_to(expected.size() - 1);
                const std::uint64_t count = 1 + up_to(expected.size() - first - 1);
                CAPTURE(first);
                CAPTURE(count);
                const auto entries = store.read_entries(LogIndex(first), count);
                REQUIRE(entries.has_value());
                const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(first);
                CHECK(std::equal(entries->begin(), entries->end(), begin,
                                 begin + static_cast<std::ptrdiff_t>(count)));
            }
            const LogIndex end(expected.size());
            CHECK(store.read_entries(end, 1).error() == Errc::not_in_tree);
            CHECK(store.read_entries(LogIndex(0), expected.size() + 1).error() ==
                  Errc::not_in_tree);
            CHECK(store.read_entries(LogIndex(1), ~std::uint64_t{0}).error() == Errc::not_in_tree);
        });
    }

    TEST_CASE("a mailbox is read in pages and each goes on after the last") {
        with_each_store([](HubStore& store) {
            const UnitId unit("police");
            for (std::uint64_t size = 0; size < 30; size += 3) {
                REQUIRE(store.commit(batch_commit(size, 3, unit)).has_value());
            }
            std::vector<LogIndex> seen;
            std::optional<LogIndex> after;
            while (true) {
                const auto page = store.read_mailbox(unit, after, 4);
                REQUIRE(page.has_value());
                REQUIRE(page->size() <= 4);
                if (page->empty()) break;
                for (const MailboxRow& row : *page) seen.push_back(row.batch);
                after = page->back().batch;
            }
            REQUIRE(seen.size() == 10);
            for (std::size_t i = 0; i < 10; ++i) CHECK(seen[i] == LogIndex(3 * i));
            // An index between two batches is as good as that of the batch before it.
            CHECK(store.read_mailbox(unit, LogIndex(4), 1)->front().batch == LogIndex(6));
            CHECK(store.read_mailbox(unit, LogIndex(27), 9)->empty());
            CHECK(store.read_mailbox(unit, std::nullopt, 0)->empty());
            CHECK(store.read_mailbox(UnitId("polic"), std::nullopt, 9)->empty());
            CHECK(store.read_mailbox(UnitId("police2"), std::nullopt, 9)->empty());
        });
    }

    TEST_CASE("one identifier used by two senders is found for both") {
        with_each_store([](HubStore& store) {
            const Commit commit = rich_commit();
            REQUIRE(store.commit(commit).has_value());
            const auto rows = store.find_identifiers(std::vector{sample_uuid(1)});
            REQUIRE(rows.has_value());
            REQUIRE(rows->size() == 2);
            CHECK((*rows)[0] == commit.identifiers[2]);
            CHECK((*rows)[1] == commit.identifiers[0]);
        });
    }

    TEST_CASE("a full tile is read back and no other") {
        with_each_store([](HubStore& store) {
            Commit commit = plain_commit(0, 300);
            commit.tiles = {{0, 0, Bytes(8192, 7)}};
            REQUIRE(store.commit(commit).has_value());
            CHECK(*store.read_tile(0, 0) == Bytes(8192, 7));
            CHECK(store.read_tile(0, 1).error() == Errc::not_found);
            CHECK(store.read_tile(1, 0).error() == Errc::not_found);
        });
    }

    TEST_CASE("the last state of a notice at a recipient is the one that is read") {
        with_each_store([](HubStore& store) {
            REQUIRE(store.commit(rich_commit()).has_value());
            Commit commit = plain_commit(6, 1);
            commit.states = {{LogIndex(1), UnitId("police"), 7}};
            REQUIRE(store.commit(commit).has_value());
            CHECK(*store.read_state(LogIndex(1), UnitId("police")) == 7);
            CHECK(*store.read_state(LogIndex(1), UnitId("audit")) == 1);
            CHECK(*store.read_state(LogIndex(2), UnitId("police")) == 0);
        });
    }

    TEST_CASE("readers meanwhile see each commit wholly or not at all") {
        const TemporaryFolder folder;
        const auto store = open_store(folder.path());
        const UnitId unit("police");
        std::atomic<bool> finished{false};
        std::atomic<int> faults{0};
        const auto read = [&] {
            while (!finished) {
                const auto rows = store->read_mailbox(unit, std::nullopt, 1'000);
                const TreeSize size = store->size();
                const auto text = store->checkpoint();
                if (!rows || !text || (!text->empty() && parse_checkpoint(*text)->size < size)) {
                    ++faults;
                    continue;
                }
                std::uint64_t told = 0;
                for (const MailboxRow& row : *rows) {
                    const auto batch = store->read_batch(row.batch);
                    const auto entries = store->read_entries(row.batch, row.leaves.size());
                    if (!batch || !entries || batch->leaves.size() != row.leaves.size() ||
                        entries->back() != batch->leaves.back().bytes) {
                        ++faults;
                    }
                    told += row.leaves.size();
                }
                if (told > size.value()) ++faults;
            }
        };
        std::thread first(read);
        std::thread second(read);
        std::uint64_t size = 0;
        for (std::uint32_t i = 0; i < 60; ++i) {
            const std::uint32_t count = 1 + i * 7 % 30;
            if (!store->commit(batch_commit(size, count, unit))) ++faults;
            size += count;
        }
        finished = true;
        first.join();
        second.join();
        CHECK(faults == 0);
        CHECK(store->size() == TreeSize(size));
    }
}

TEST_SUITE("faulty hub store") {
    TEST_CASE("a case has the facts of all commits in their order and the last that was said") {
        with_each_store([](HubStore& store) {
            const CaseNumber number("440000202600001");
            REQUIRE(store.commit(rich_commit()).has_value());
            Commit next = plain_commit(6, 3);
            next.case_numbers = {CaseNumber("440000202600003"), CaseNumber("440300202600001")};
            next.case_heads = {{number, CharterId("other"), false}};
            next.case_parties = {{number, UnitId("market")}};
            next.case_facts = {{number, sample_facts(LogIndex(7))}};
            REQUIRE(store.commit(next).has_value());
            std::vector<LedgerFact> all = sample_facts(LogIndex(4));
            for (const LedgerFact& fact : sample_facts(LogIndex(7))) all.push_back(fact);
            CHECK(*store.read_case_facts(number) == all);
            CHECK(*store.find_case(number) == next.case_heads[0]);
            CHECK(*store.case_part(number, UnitId("market")) == CasePart::some);
            CHECK(*store.case_part(number, UnitId("police")) == CasePart::some);
            CHECK(*store.last_case_number({"440000", 2026}) == CaseNumber("440000202600003"));
            CHECK(*store.last_case_number({"440300", 2026}) == CaseNumber("440300202600001"));
        });
    }

    TEST_CASE("a commit that fails before it was done leaves nothing and ends all writing") {
        MemoryHubStore store;
        FaultyHubStore faulty(store, 2, FaultyHubStore::When::before);
        CHECK(faulty.commit(plain_commit(0, 3)).has_value());
        CHECK(faulty.commit(plain_commit(3, 3)).error() == Errc::storage_failure);
        CHECK(store.size() == TreeSize(3));
        CHECK(faulty.commit(plain_commit(3, 3)).error() == Errc::storage_failure);
        CHECK(store.size() == TreeSize(3));
        CHECK(faulty.commits() == 3);
    }

    TEST_CASE("a commit that fails after it was done is there") {
        MemoryHubStore store;
        FaultyHubStore faulty(store, 1, FaultyHubStore::When::after);
        CHECK(faulty.commit(plain_commit(0, 3)).error() == Errc::storage_failure);
        CHECK(store.size() == TreeSize(3));
        CHECK(faulty.commit(plain_commit(3, 3)).error() == Errc::storage_failure);
        CHECK(store.size() == TreeSize(3));
    }

    TEST_CASE("a store knows which files its notices name") {
        with_each_store([](HubStore& store) {
            Commit commit = plain_commit(0, 1);
            const NamedFile plan{UnitId("police"), sample_digest(1)};
            commit.files = {plan, plan};
            REQUIRE(store.commit(commit).has_value());
            commit = plain_commit(1, 1);
            commit.files = {plan};
            REQUIRE(store.commit(commit).has_value());
            CHECK(*store.naming(plan) == Naming::named);
            CHECK(*store.naming({UnitId("audit"), sample_digest(1)}) == Naming::unnamed);
            CHECK(*store.naming({UnitId("police"), sample_digest(2)}) == Naming::unnamed);
        });
    }

    TEST_CASE("a log that is older than the record of files says so") {
        const TemporaryFolder folder;
        Commit commit = plain_commit(0, 1);
        commit.files = {{UnitId("police"), sample_digest(1)}};
        REQUIRE(open_store(folder.path())->commit(commit).has_value());
        remove_raw(folder.path(), "meta", "files");
        const auto store = open_store(folder.path());
        CHECK(*store->naming({UnitId("police"), sample_digest(1)}) == Naming::named);
        CHECK(*store->naming({UnitId("police"), sample_digest(2)}) == Naming::unknown);
        REQUIRE(store->commit(plain_commit(1, 1)).has_value());
        CHECK(*store->naming({UnitId("police"), sample_digest(2)}) == Naming::unknown);
    }
}
