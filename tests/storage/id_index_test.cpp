#include "storage/rocks_id_index.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

const UnitId kHealth("health");
const UnitId kOtherSender("police");

/// An identifier that claims to be made at `milliseconds`.
Uuid made_at(std::int64_t milliseconds, std::uint8_t number) {
    return Uuid::make(UtcTime(std::chrono::milliseconds(milliseconds)), {0, 0, 0, number});
}

struct Indexed {
    TemporaryFolder folder;
    std::unique_ptr<RocksDb> database = open();
    RocksIdIndex index{*database, {.blocks = {1}, .singles = {2}, .digests = true}};

    [[nodiscard]] std::unique_ptr<RocksDb> open() const {
        std::string words;
        Result<std::unique_ptr<RocksDb>> opened =
            RocksDb::open(folder.path(),
                          {.families = {"meta", "blocks", "singles"},
                           .block_cache_bytes = 1 << 20,
                           .write_buffer_bytes = 1 << 20,
                           .format = "test/v1"},
                          {}, words);
        CAPTURE(words);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    void put(const std::vector<IdUse>& uses) {
        Writes writes = database->new_writes();
        REQUIRE(index.put(writes, database->view(), uses).has_value());
        REQUIRE(database->write(std::move(writes)).has_value());
    }
    [[nodiscard]] std::vector<IdUse> find(const std::vector<Uuid>& ids) const {
        return *index.find(database->view(), ids);
    }
    [[nodiscard]] std::size_t rows(Family family) const {
        std::size_t count = 0;
        const View view = database->view();
        Cursor cursor = view.cursor(family);
        for (cursor.seek_first(); cursor.valid(); cursor.next()) ++count;
        return count;
    }
};

}  // namespace

TEST_SUITE("index of identifiers") {
    TEST_CASE_FIXTURE(Indexed, "what was made together is one row and each is found") {
        std::vector<IdUse> uses;
        for (std::uint8_t i = 0; i < 100; ++i) {
            uses.push_back({made_at(3200, i), kHealth, 500u + i, sample_digest(i)});
        }
        std::reverse(uses.begin(), uses.end());
        put(uses);
        CHECK(rows({1}) == 1);
        for (const IdUse& use : uses) CHECK(find({use.id}) == std::vector{use});
        CHECK(find({made_at(3200, 100)}).empty());
        CHECK(find({}).empty());
    }

    TEST_CASE_FIXTURE(Indexed, "spans of time have rows of their own") {
        const IdUse early{made_at(0, 1), kHealth, 7, sample_digest(1)};
        const IdUse last{made_at(31, 2), kHealth, 8, sample_digest(2)};
        const IdUse next{made_at(32, 3), kHealth, 9, sample_digest(3)};
        put({next, early, last});
        CHECK(rows({1}) == 2);
        const std::vector<IdUse> found = find({next.id, made_at(32, 4), last.id, early.id});
        REQUIRE(found.size() == 3);
        for (const IdUse& use : {early, last, next}) {
            CHECK(std::find(found.begin(), found.end(), use) != found.end());
        }
    }

    TEST_CASE_FIXTURE(Indexed,
                      "a row has at most 256 uses of one sender, whatever comes together") {
        std::vector<IdUse> uses;
        for (std::uint16_t i = 0; i < 300; ++i) {
            const Uuid id = made_at(32 + i / 100, static_cast<std::uint8_t>(i % 100));
            uses.push_back({id, kHealth, 900u - i, sample_digest(1)});
            if (i % 3 == 0) uses.push_back({id, kOtherSender, 900u - i, sample_digest(2)});
        }
        put(uses);
        CHECK(rows({1}) == 3);
        for (const IdUse& use : uses) {
            const std::vector<IdUse> found = find({use.id});
            CHECK(std::find(found.begin(), found.end(), use) != found.end());
        }
    }

    TEST_CASE_FIXTURE(Indexed, "one identifier of two senders is found twice") {
        const IdUse ours{made_at(5, 1), kHealth, 7, sample_digest(1)};
        const IdUse theirs{made_at(5, 1), kOtherSender, 7, sample_digest(2)};
        put({ours});
        put({theirs});
        CHECK(find({ours.id}) == std::vector{ours, theirs});
    }

    TEST_CASE_FIXTURE(Indexed, "a sender who claims one time for ever has no more than 64 blocks") {
        const auto nth = [](const UnitId& sender, std::uint8_t number) {
            return IdUse{made_at(5, number), sender, number, sample_digest(number)};
        };
        for (std::uint8_t i = 0; i < 80; ++i) put({nth(kHealth, i)});
        put({nth(kOtherSender, 3)});
        CHECK(rows({1}) == 65);
        CHECK(rows({2}) == 16);
        for (std::uint8_t i = 0; i < 80; ++i) {
            std::vector<IdUse> expected{nth(kHealth, i)};
            if (i == 3) expected.push_back(nth(kOtherSender, 3));
            CHECK(find({made_at(5, i)}) == expected);
        }
        CHECK(find({made_at(5, 200)}).empty());
    }

    TEST_CASE_FIXTURE(Indexed, "a row that can't have been written is an error") {
        put({{made_at(5, 1), kHealth, 7, sample_digest(1)}});
        const View before = database->view();
        Cursor cursor = before.cursor({1});
        cursor.seek_first();
        Bytes cut = to_bytes(cursor.value());
        cut.pop_back();
        Writes writes = database->new_writes();
        writes.put({1}, cursor.key(), cut);
        REQUIRE(database->write(std::move(writes)).has_value());
        const Uuid id = made_at(5, 1);
        CHECK(index.find(database->view(), std::span(&id, 1)).error() == Errc::storage_corrupt);
    }
}
