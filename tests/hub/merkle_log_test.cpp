#include "hub/merkle_log.hpp"

#include "crypto/merkle_tree.hpp"
#include "domain/checkpoint.hpp"
#include "tests/crypto/rfc6962.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/faulty_hub_store.hpp"
#include "tests/support/memory_hub_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

namespace rfc6962 = crypto::test::rfc6962;
using testing::must;

/// A log whose entries are numbers in words, and the same entries for RFC 6962's own recursion.
struct GrownLog {
    storage::MemoryHubStore store;
    std::unique_ptr<MerkleLog> tree = must(MerkleLog::open(store));
    std::vector<std::string> entries;

    /// Appends `count` entries. `as_written` changes what is stored, not what is hashed.
    void grow(std::size_t count, void (*as_written)(storage::Commit&) = nullptr) {
        storage::Commit commit;
        commit.expected = store.size();
        std::vector<Digest> leaves;
        for (std::size_t i = 0; i < count; ++i) {
            entries.push_back("entry " + std::to_string(entries.size()));
            commit.entries.push_back(to_bytes(entries.back()));
            leaves.push_back(crypto::leaf_hash(commit.entries.back()));
        }
        MerkleLog::Extension next = tree->prepare(leaves);
        commit.tiles = next.tiles;
        commit.checkpoint =
            format_checkpoint({LogOrigin("hub.test.example/log"), next.size, next.root});
        if (as_written != nullptr) as_written(commit);
        REQUIRE(store.commit(commit).has_value());
        tree->adopt(std::move(next));
    }

    [[nodiscard]] rfc6962::Entries first(std::size_t count) const {
        return rfc6962::Entries(entries).first(count);
    }
    /// The RFC's root of the entries below a node.
    [[nodiscard]] Digest below(unsigned level, std::size_t index) const {
        const std::size_t width = std::size_t{1} << level;
        return rfc6962::mth(rfc6962::Entries(entries).subspan(index * width, width));
    }
};

void check_all_nodes(const GrownLog& log, const MerkleLog& tree) {
    const std::size_t size = log.entries.size();
    for (unsigned level = 0; level < 12; ++level) {
        const std::size_t count = size >> level;
        // The first, the last and some between; every node lies below one of the roots.
        for (std::size_t index = 0; index < count; index += 1 + count / 5) {
            CHECK(must(tree.node(level, index)) == log.below(level, index));
        }
        if (count > 0) CHECK(must(tree.node(level, count - 1)) == log.below(level, count - 1));
        CHECK(tree.node(level, count).error() == Errc::not_in_tree);
    }
}

void check_tiles(const GrownLog& log, const MerkleLog& tree) {
    for (std::uint8_t level = 0; level < 2; ++level) {
        const std::size_t hashes = log.entries.size() >> (8 * level);
        for (std::size_t number = 0; number <= hashes / 256; ++number) {
            const std::size_t width = std::min<std::size_t>(256, hashes - number * 256);
            if (width < 256) {
                CHECK(tree.tile(level, number, width + 1).error() == Errc::not_in_tree);
            }
            if (width == 0) continue;
            const std::vector<Digest> tile = must(tree.tile(level, number, width));
            REQUIRE(tile.size() == width);
            CHECK(tile.front() == log.below(8u * level, number * 256));
            CHECK(tile.back() == log.below(8u * level, number * 256 + width - 1));
        }
    }
}

TEST_SUITE("merkle log") {
    TEST_CASE("roots nodes and tiles are those of RFC 6962 at every size and after reopening") {
        GrownLog log;
        CHECK(log.tree->root() == rfc6962::mth({}));
        const std::vector<std::size_t> steps{1, 1, 1, 5,   7,   31, 63, 97, 49,
                                             1, 1, 3, 127, 123, 2,  1,  87};
        for (const std::size_t step : steps) {
            log.grow(step);
            CAPTURE(log.entries.size());
            const Digest root = rfc6962::mth(log.entries);
            const auto reopened = must(MerkleLog::open(log.store));
            for (const MerkleLog* const tree : {log.tree.get(), reopened.get()}) {
                CHECK(tree->size() == TreeSize(log.entries.size()));
                CHECK(tree->root() == root);
                check_all_nodes(log, *tree);
                check_tiles(log, *tree);
            }
        }
        CHECK(log.entries.size() == 600);
    }

    TEST_CASE("a reopened tree grows as one that was never closed") {
        GrownLog log;
        for (const std::size_t step : std::vector<std::size_t>{200, 55, 1, 1, 254, 1, 88}) {
            log.grow(step);
            log.tree = must(MerkleLog::open(log.store));
        }
        CHECK(log.tree->root() == rfc6962::mth(log.entries));
    }

    TEST_CASE("one commit may fill several tiles") {
        GrownLog log;
        log.grow(600);
        CHECK(must(MerkleLog::open(log.store))->root() == rfc6962::mth(log.entries));
    }

    TEST_CASE("the root at every earlier size is known and at none beyond the tree") {
        GrownLog log;
        log.grow(300);
        for (const std::size_t size :
             std::vector<std::size_t>{0, 1, 2, 3, 127, 255, 256, 257, 299, 300}) {
            CHECK(must(log.tree->root_at(TreeSize(size))) == rfc6962::mth(log.first(size)));
        }
        CHECK(log.tree->root_at(TreeSize(301)).error() == Errc::not_in_tree);
    }

    TEST_CASE("what was prepared is not shown before it is adopted") {
        GrownLog log;
        log.grow(3);
        const std::vector<Digest> more{crypto::leaf_hash(to_bytes("entry 3"))};
        const MerkleLog::Extension next = log.tree->prepare(more);
        CHECK(next.size == TreeSize(4));
        CHECK(log.tree->size() == TreeSize(3));
        CHECK(log.tree->node(0, 3).error() == Errc::not_in_tree);
    }

    TEST_CASE("places that no tree has are not in the tree") {
        GrownLog log;
        log.grow(300);
        CHECK(log.tree->node(64, 0).error() == Errc::not_in_tree);
        CHECK(log.tree->node(63, 1).error() == Errc::not_in_tree);
        CHECK(log.tree->node(8, ~std::uint64_t{0}).error() == Errc::not_in_tree);
        CHECK(log.tree->node(0, ~std::uint64_t{0}).error() == Errc::not_in_tree);
        CHECK(log.tree->tile(0, 2, 1).error() == Errc::not_in_tree);
        CHECK(log.tree->tile(0, ~std::uint64_t{0}, 1).error() == Errc::not_in_tree);
        CHECK(log.tree->tile(255, 0, 1).error() == Errc::not_in_tree);
        CHECK(log.tree->tile(0, 0, 0).error() == Errc::not_in_tree);
        CHECK(log.tree->tile(0, 0, 257).error() == Errc::not_in_tree);
    }

    TEST_CASE("a store whose entries or tiles are not those of its checkpoint is not opened") {
        SUBCASE("a changed entry behind the last full tile") {
            GrownLog log;
            log.grow(10, [](storage::Commit& commit) { commit.entries[7].back() ^= 1; });
            CHECK(MerkleLog::open(log.store).error() == Errc::storage_corrupt);
        }
        SUBCASE("a changed hash in a full tile") {
            GrownLog log;
            log.grow(300, [](storage::Commit& commit) { commit.tiles[0].hashes[100] ^= 1; });
            CHECK(MerkleLog::open(log.store).error() == Errc::storage_corrupt);
        }
        SUBCASE("a full tile that is missing") {
            GrownLog log;
            log.grow(300);
            storage::FaultyHubStore faulty(log.store, 0, storage::FaultyHubStore::When::before);
            CHECK(MerkleLog::open(faulty).has_value());
            faulty.lose_tiles();
            CHECK(MerkleLog::open(faulty).error() == Errc::storage_corrupt);
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
