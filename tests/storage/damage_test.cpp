#include "storage/clock_records.hpp"
#include "storage/rocks_hub_store.hpp"
#include "tests/storage/opened_hub_store.hpp"
#include "tests/storage/raw_database.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCommits = 100;
constexpr std::uint64_t kEntriesEach = 20;

Result<std::unique_ptr<HubStore>> try_open(const fs::path& folder) {
    std::string words;
    return open_hub_store(folder, words);
}

/// Commits until there are kCommits of them, each a batch of kEntriesEach.
void fill(HubStore& store) {
    for (std::uint64_t i = 0; i < kCommits; ++i) {
        REQUIRE(store.commit(batch_commit(i * kEntriesEach, kEntriesEach, UnitId("police"))));
    }
}

/// What a power cut leaves: a copy of the folder while it is open, so that all is in the
/// write-ahead log, of which this is the path.
fs::path copy_while_open(const fs::path& to) {
    const TemporaryFolder folder;
    const auto store = open_store(folder.path());
    fill(*store);
    fs::copy(folder.path(), to, fs::copy_options::recursive);
    // The newest log; older ones hold what was written when the database was made.
    return files_of_kind(to, ".log").back();
}

/// Whether all that `store` says it holds is there and is right.
bool is_whole(const HubStore& store) {
    const std::uint64_t size = store.size().value();
    if (size % kEntriesEach != 0) return false;
    const auto entries = store.read_entries(LogIndex(0), size);
    const auto mail = store.read_mailbox(UnitId("police"), std::nullopt, 2 * kCommits);
    if (!entries || !mail || mail->size() != size / kEntriesEach) return false;
    for (std::uint64_t i = 0; i < size; ++i) {
        if ((*entries)[i] != sample_entry(i)) return false;
        const auto batch = store.read_batch(LogIndex(i));
        if (!batch || batch->leaves[i % kEntriesEach].bytes != sample_entry(i)) return false;
    }
    return true;
}

}  // namespace

TEST_SUITE("damage to the write-ahead log") {
    TEST_CASE("a byte flipped in its middle is a refusal to open") {
        const TemporaryFolder folder;
        const fs::path copy = folder.path() / "copy";
        const fs::path log = copy_while_open(copy);
        flip_byte(log, fs::file_size(log) / 2);
        std::string words;
        CHECK(open_hub_store(copy, words).error() == Errc::storage_corrupt);
        CHECK(!words.empty());
    }

    TEST_CASE("a flipped byte anywhere never opens with anything but whole and right commits") {
        const TemporaryFolder folder;
        const fs::path copy = folder.path() / "copy";
        const fs::path log = copy_while_open(copy);
        const std::uintmax_t size = fs::file_size(log);
        int refused = 0;
        for (std::uintmax_t at = 3; at < size; at += size / 20) {
            CAPTURE(at);
            const fs::path damaged = folder.path() / "damaged";
            fs::remove_all(damaged);
            fs::copy(copy, damaged, fs::copy_options::recursive);
            flip_byte(damaged / log.filename(), at);
            const auto store = try_open(damaged);
            if (store) {
                CHECK(is_whole(**store));
            } else {
                CHECK(store.error() == Errc::storage_corrupt);
                ++refused;
            }
        }
        CHECK(refused > 10);
    }

    TEST_CASE("a cut tail opens with the whole commits before it and no part of the next") {
        const TemporaryFolder folder;
        const fs::path copy = folder.path() / "copy";
        const fs::path log = copy_while_open(copy);
        const std::uintmax_t size = fs::file_size(log);
        const std::uintmax_t last = size / kCommits;
        for (const std::uintmax_t cut :
             {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{100}, last, size / 2}) {
            CAPTURE(cut);
            const fs::path torn = folder.path() / "torn";
            fs::remove_all(torn);
            fs::copy(copy, torn, fs::copy_options::recursive);
            fs::resize_file(torn / log.filename(), size - cut);
            const auto store = open_store(torn);
            CHECK(is_whole(*store));
            const std::uint64_t commits = store->size().value() / kEntriesEach;
            if (cut == 0) CHECK(commits == kCommits);
            if (cut == 1 || cut == 100) CHECK(commits == kCommits - 1);
            if (cut >= last) CHECK(commits < kCommits);
            // The log goes on from there.
            CHECK(store->commit(plain_commit(store->size().value(), 1)).has_value());
        }
    }
}

TEST_SUITE("damage to the tables") {
    TEST_CASE("a flipped byte is found by a checksum and never read as something else") {
        const TemporaryFolder folder;
        const fs::path whole = folder.path() / "whole";
        {
            const auto store = open_store(whole);
            fill(*store);
        }
        static_cast<void>(open_store(whole));  // puts what the log holds into tables
        const std::vector<fs::path> tables = files_of_kind(whole, ".sst");
        REQUIRE(tables.size() >= 3);
        int found = 0;
        for (const fs::path& table : tables) {
            for (const unsigned part : {1u, 3u}) {
                CAPTURE(table);
                const fs::path damaged = folder.path() / "damaged";
                fs::remove_all(damaged);
                fs::copy(whole, damaged, fs::copy_options::recursive);
                flip_byte(damaged / table.filename(), fs::file_size(table) * part / 5);
                const auto store = try_open(damaged);
                if (!store) {
                    CHECK(store.error() == Errc::storage_corrupt);
                    ++found;
                    continue;
                }
                const auto entries = (*store)->read_entries(LogIndex(0), kCommits * kEntriesEach);
                const auto batch = (*store)->read_batch(LogIndex(700));
                const auto last = (*store)->read_batch(LogIndex(1200));
                CHECK((entries || entries.error() == Errc::storage_corrupt));
                CHECK((batch || batch.error() == Errc::storage_corrupt));
                CHECK((last || last.error() == Errc::storage_corrupt));
                if (entries) {
                    for (std::uint64_t i = 0; i < entries->size(); ++i) {
                        REQUIRE((*entries)[i] == sample_entry(i));
                    }
                }
                if (!entries || !batch || !last) ++found;
            }
        }
        CHECK(found >= 4);
    }

    TEST_CASE("a fault that is met while reading is reported with its place") {
        const TemporaryFolder folder;
        {
            const auto store = open_store(folder.path());
            fill(*store);
        }
        static_cast<void>(open_store(folder.path()));
        std::vector<fs::path> tables = files_of_kind(folder.path(), ".blob");
        // The two largest hold the batches and the entries.
        std::sort(tables.begin(), tables.end(), [](const auto& left, const auto& right) {
            return fs::file_size(left) > fs::file_size(right);
        });
        flip_byte(tables[0], fs::file_size(tables[0]) / 2);
        flip_byte(tables[1], fs::file_size(tables[1]) / 2);
        std::vector<std::string> reports;
        std::string words;
        const auto store = open_hub_store(
            folder.path(), words, [&](std::string_view report) { reports.emplace_back(report); });
        REQUIRE(store.has_value());
        for (std::uint64_t i = 0; i < kCommits; ++i) {
            static_cast<void>((*store)->read_batch(LogIndex(i * kEntriesEach)).has_value());
        }
        REQUIRE(!reports.empty());
        CHECK(reports.front().find("batches") == 0);
    }
}

TEST_SUITE("records changed with RocksDB itself") {
    /// Puts `rich_commit`, flips the first, then the last byte of the first record of `family`, and
    /// asks `same` each time whether what is read is still what was written.
    void expect_noticed(const std::string& family,
                        const std::function<bool(const HubStore&)>& same) {
        const TemporaryFolder folder;
        REQUIRE(open_store(folder.path())->commit(rich_commit()).has_value());
        const RawRecord record = read_raw(folder.path(), family).front();
        REQUIRE(same(*open_store(folder.path())));
        for (const std::size_t part : {0u, 1u}) {
            RawRecord changed = record;
            char& byte = changed.value[(changed.value.size() - 1) * part];
            byte = static_cast<char>(byte ^ 1);
            put_raw(folder.path(), family, changed);
            CAPTURE(family);
            CAPTURE(part);
            const auto store = try_open(folder.path());
            if (store) {
                CHECK(!same(**store));
            } else {
                CHECK(store.error() == Errc::storage_corrupt);
            }
        }
    }

    TEST_CASE("one changed byte is an error or reads differently") {
        const Commit commit = rich_commit();
        expect_noticed("entries", [&](const HubStore& store) {
            const auto entries = store.read_entries(LogIndex(0), 6);
            return entries && *entries == commit.entries;
        });
        expect_noticed("batches", [&](const HubStore& store) {
            const auto batch = store.read_batch(LogIndex(1));
            return batch && *batch == commit.batches[0];
        });
        expect_noticed("mailboxes", [&](const HubStore& store) {
            const auto rows = store.read_mailbox(UnitId("audit"), std::nullopt, 9);
            return rows && *rows == std::vector{commit.mail[1]};
        });
        expect_noticed("identifiers", [&](const HubStore& store) {
            const std::vector asked{sample_uuid(1)};
            const auto rows = store.find_identifiers(asked);
            return rows && *rows == std::vector{commit.identifiers[2], commit.identifiers[0]};
        });
        expect_noticed("states", [&](const HubStore& store) {
            const auto state = store.read_state(LogIndex(1), UnitId("audit"));
            return state && *state == 1;
        });
        expect_noticed("clocks", [&](const HubStore& store) {
            const auto record = store.read_clocks(LogIndex(1), UnitId("police"));
            return record && *record &&
                   encode_clock_record(**record) == encode_clock_record(commit.clocks[0].record);
        });
        expect_noticed("looks", [&](const HubStore& store) {
            const auto rows = store.read_looks(9);
            return rows && rows->size() == 1;
        });
        expect_noticed("open_clocks", [&](const HubStore& store) {
            const auto open = store.read_open_clocks({std::nullopt, std::nullopt, std::nullopt, 9});
            return open && open->size() == 2;
        });
        expect_noticed("case_serials", [&](const HubStore& store) {
            const auto last = store.last_case_number({"440000", 2026});
            return last && *last == CaseNumber("440000202600002");
        });
        expect_noticed("case_heads", [&](const HubStore& store) {
            const auto head = store.find_case(CaseNumber("440000202600001"));
            return head && *head == commit.case_heads[0];
        });
        expect_noticed("case_parties", [&](const HubStore& store) {
            const auto part = store.case_part(CaseNumber("440000202600001"), UnitId("insurance"));
            return part && *part == CasePart::some;
        });
        expect_noticed("case_facts", [&](const HubStore& store) {
            const auto facts = store.read_case_facts(CaseNumber("440000202600001"));
            return facts && *facts == commit.case_facts[0].facts;
        });
        expect_noticed("register", [&](const HubStore& store) {
            const auto indexes = store.read_register();
            return indexes && *indexes == std::vector{LogIndex(0)};
        });
        expect_noticed("trails", [&](const HubStore& store) {
            const auto events = store.read_trail(LogIndex(1));
            return events && events->size() == 2;
        });
        expect_noticed("cases", [&](const HubStore& store) {
            const auto notices = store.read_case(CaseNumber("990000202600001"));
            return notices && notices->size() == 2;
        });
    }

    TEST_CASE("a missing last record is a refusal to open that says how much is missing") {
        const TemporaryFolder folder;
        REQUIRE(open_store(folder.path())->commit(rich_commit()).has_value());
        remove_raw(folder.path(), "entries", read_raw(folder.path(), "entries").back().key);
        std::string words;
        CHECK(open_hub_store(folder.path(), words).error() == Errc::storage_corrupt);
        CHECK(words == "the log holds 5 entries, but its last checkpoint is of 6");
    }

    TEST_CASE("a record too many or no checkpoint is a refusal to open") {
        const TemporaryFolder folder;
        REQUIRE(open_store(folder.path())->commit(rich_commit()).has_value());
        const RawRecord last = read_raw(folder.path(), "entries").back();
        RawRecord next = last;
        ++next.key.back();
        put_raw(folder.path(), "entries", next);
        CHECK(try_open(folder.path()).error() == Errc::storage_corrupt);
        remove_raw(folder.path(), "entries", next.key);
        CHECK(try_open(folder.path()).has_value());
        remove_raw(folder.path(), "meta", "checkpoint");
        CHECK(try_open(folder.path()).error() == Errc::storage_corrupt);
    }

    TEST_CASE("a record missing in the middle is found when it is read") {
        const TemporaryFolder folder;
        REQUIRE(open_store(folder.path())->commit(rich_commit()).has_value());
        remove_raw(folder.path(), "entries", read_raw(folder.path(), "entries")[1].key);
        const auto store = open_store(folder.path());
        CHECK(store->read_entries(LogIndex(0), 1).has_value());
        CHECK(store->read_entries(LogIndex(5), 1).has_value());
        for (const std::uint64_t index : {1u, 2u, 3u, 4u}) {
            CHECK(store->read_entries(LogIndex(index), 1).error() == Errc::storage_corrupt);
        }
        CHECK(store->read_entries(LogIndex(0), 6).error() == Errc::storage_corrupt);
    }
}
