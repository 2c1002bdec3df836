#include "storage/commit_check.hpp"
#include "storage/dispatch_records.hpp"
#include "storage/hub_store.hpp"
#include "tests/storage/opened_hub_store.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

DispatchRow register_item(DispatchStage stage, const char* from, std::uint64_t notice,
                          const char* unit, std::vector<LogIndex> entries = {}) {
    return {{stage, UnitId(from), LogIndex(notice), UnitId(unit)}, std::move(entries)};
}

std::vector<DispatchRow> read_stage(const HubStore& store, DispatchStage stage,
                                    std::optional<UnitId> from = std::nullopt,
                                    std::optional<DispatchPlace> after = std::nullopt,
                                    std::size_t limit = 99) {
    const auto rows = store.read_dispatches({stage, std::move(from), std::move(after), limit});
    REQUIRE(rows.has_value());
    return *rows;
}

}  // namespace

TEST_SUITE("register of dispatches as rows") {
    TEST_CASE("an item has the bytes that the page on formats gives") {
        const DispatchRow row =
            register_item(DispatchStage::registered, "hsa", 258, "court", {LogIndex(260)});
        CHECK(to_hex(dispatch_key(row.place)) ==
              "01"
              "03"
              "687361"
              "0000000000000102"
              "636f757274");
        CHECK(to_hex(encode_dispatch(row.entries)) ==
              "01"
              "01"
              "0000000000000104");
        const auto place = decode_dispatch_key(dispatch_key(row.place));
        REQUIRE(place.has_value());
        CHECK(*place == row.place);
        CHECK(*decode_dispatch(encode_dispatch(row.entries)) == row.entries);
        CHECK(decode_dispatch(encode_dispatch({}))->empty());
    }

    TEST_CASE("a key or value of another form is told as corrupt") {
        const Bytes key = dispatch_key(register_item(DispatchStage::open, "hsa", 1, "court").place);
        Bytes other = key;
        other[0] = 4;
        CHECK(decode_dispatch_key(other).error() == Errc::storage_corrupt);
        for (std::size_t size = 0; size + 5 <= key.size(); ++size) {
            CHECK(decode_dispatch_key(BytesView(key).first(size)).error() == Errc::storage_corrupt);
        }
        const Bytes value = encode_dispatch(std::vector{LogIndex(2), LogIndex(3)});
        for (std::size_t size = 0; size < value.size(); ++size) {
            CHECK(decode_dispatch(BytesView(value).first(size)).error() == Errc::storage_corrupt);
        }
        CHECK(decode_dispatch(encode_dispatch(std::vector{LogIndex(3), LogIndex(3)})).error() ==
              Errc::storage_corrupt);
    }

    TEST_CASE("an item stands where it is by now and nowhere else") {
        with_each_store([](HubStore& store) {
            Commit first = plain_commit(0, 3);
            first.dispatches = {
                {register_item(DispatchStage::open, "hsa", 0, "court"), std::nullopt},
                {register_item(DispatchStage::open, "police", 1, "court"), std::nullopt},
                {register_item(DispatchStage::open, "hsa", 2, "bank"), std::nullopt},
                {register_item(DispatchStage::open, "hsa", 2, "court"), std::nullopt}};
            REQUIRE(store.commit(first).has_value());
            CHECK(read_stage(store, DispatchStage::open, UnitId("hsa")) ==
                  std::vector{register_item(DispatchStage::open, "hsa", 0, "court"),
                              register_item(DispatchStage::open, "hsa", 2, "bank"),
                              register_item(DispatchStage::open, "hsa", 2, "court")});
            CHECK(read_stage(store, DispatchStage::open).size() == 4);
            CHECK(read_stage(store, DispatchStage::open, UnitId("health")).empty());
            CHECK(read_stage(store, DispatchStage::open, UnitId("hs")).empty());
            CHECK(read_stage(store, DispatchStage::registered).empty());

            Commit second = plain_commit(3, 2);
            second.dispatches = {
                {register_item(DispatchStage::registered, "hsa", 2, "bank", {LogIndex(3)}),
                 DispatchStage::open},
                {register_item(DispatchStage::evidenced, "hsa", 2, "bank",
                               {LogIndex(3), LogIndex(4)}),
                 DispatchStage::registered},
                {register_item(DispatchStage::withdrawn, "police", 1, "court", {LogIndex(4)}),
                 DispatchStage::open}};
            REQUIRE(store.commit(second).has_value());
            CHECK(read_stage(store, DispatchStage::open).size() == 2);
            CHECK(read_stage(store, DispatchStage::registered).empty());
            CHECK(read_stage(store, DispatchStage::evidenced) ==
                  std::vector{second.dispatches[1].row});
            CHECK(*store.find_dispatch(second.dispatches[2].row.place) == second.dispatches[2].row);
            CHECK(!store.find_dispatch(first.dispatches[1].row.place)->has_value());
            CHECK(!store.find_dispatch({DispatchStage::open, UnitId(), LogIndex(0), UnitId()})
                       ->has_value());
        });
    }

    TEST_CASE("what is asked for goes on behind an item though it is there no more") {
        with_each_store([](HubStore& store) {
            Commit first = plain_commit(0, 5);
            for (std::uint64_t notice = 0; notice < 5; ++notice) {
                first.dispatches.push_back(
                    {register_item(DispatchStage::open, "hsa", notice, "court"), std::nullopt});
            }
            REQUIRE(store.commit(first).has_value());
            const auto two = read_stage(store, DispatchStage::open, UnitId("hsa"), std::nullopt, 2);
            REQUIRE(two.size() == 2);
            CHECK(read_stage(store, DispatchStage::open, UnitId("hsa"), two[1].place)
                      .front()
                      .place.notice == LogIndex(2));
            Commit second = plain_commit(5, 1);
            second.dispatches = {
                {register_item(DispatchStage::registered, "hsa", 1, "court", {LogIndex(5)}),
                 DispatchStage::open}};
            REQUIRE(store.commit(second).has_value());
            CHECK(read_stage(store, DispatchStage::open, UnitId("hsa"), two[1].place).size() == 3);
            CHECK(read_stage(store, DispatchStage::open, std::nullopt, two[1].place).size() == 3);
        });
    }

    TEST_CASE("items are there when the hub starts anew") {
        const TemporaryFolder folder;
        Commit commit = plain_commit(0, 2);
        commit.dispatches = {
            {register_item(DispatchStage::open, "hsa", 0, "court", {LogIndex(1)}), std::nullopt}};
        REQUIRE(open_store(folder.path())->commit(commit).has_value());
        CHECK(read_stage(*open_store(folder.path()), DispatchStage::open) ==
              std::vector{commit.dispatches[0].row});
    }

    TEST_CASE("an item of what is not logged or of nobody is refused") {
        const auto verdict = [](const DispatchRow& row) {
            Commit commit = plain_commit(0, 2);
            commit.dispatches = {{row, std::nullopt}};
            return check_commit(commit, TreeSize(0));
        };
        CHECK(verdict(register_item(DispatchStage::open, "hsa", 1, "court", {LogIndex(1)}))
                  .has_value());
        for (const DispatchRow& bad :
             {register_item(DispatchStage::open, "hsa", 2, "court"),
              register_item(DispatchStage::open, "", 1, "court"),
              register_item(DispatchStage::open, "hsa", 1, ""),
              register_item(DispatchStage::open, "hsa", 1, "court", {LogIndex(2)}),
              register_item(DispatchStage::open, "hsa", 0, "court", {LogIndex(1), LogIndex(1)})}) {
            CHECK(verdict(bad).error() == Errc::bad_argument);
        }
    }
}
