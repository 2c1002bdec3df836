#include "crypto/merkle_tree.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace tongbao;
using namespace tongbao::crypto;

namespace {

// The inputs that implementations of RFC 6962 test with, and the roots over the first n of them.
constexpr std::array<std::string_view, 8> kInputs{"",
                                                  "00",
                                                  "10",
                                                  "2021",
                                                  "3031",
                                                  "40414243",
                                                  "5051525354555657",
                                                  "606162636465666768696a6b6c6d6e6f"};
struct Root {
    std::size_t count;
    std::string_view hex;
};
constexpr std::array<Root, 4> kRoots{{
    {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
}};

std::vector<Digest> leaves(std::size_t count) {
    std::vector<Digest> hashes;
    for (std::size_t i = 0; i < count; ++i) {
        hashes.push_back(leaf_hash(from_hex(kInputs[i]).value()));
    }
    return hashes;
}

std::vector<Digest> numbered_leaves(std::size_t count) {
    std::vector<Digest> hashes;
    for (std::size_t i = 0; i < count; ++i) {
        hashes.push_back(leaf_hash(as_bytes(std::to_string(i))));
    }
    return hashes;
}

}  // namespace

TEST_SUITE("Merkle tree") {
    TEST_CASE("the published roots come out in every way to compute one") {
        for (const Root& root : kRoots) {
            CAPTURE(root.count);
            const std::vector<Digest> hashes = leaves(root.count);
            CHECK(tree_root(hashes).hex() == root.hex);
            CHECK(MerkleTree(hashes).root().hex() == root.hex);
            CompactRange range;
            for (const Digest& hash : hashes) range.append(hash);
            CHECK(range.root().hex() == root.hex);
            CHECK(range.size() == TreeSize(root.count));
        }
        CHECK(empty_root().hex() == kRoots[0].hex);
    }

    TEST_CASE("a leaf and a node of the same bytes have different hashes") {
        const std::vector<Digest> two = leaves(2);
        Bytes joined = to_bytes(two[0].bytes());
        joined.insert(joined.end(), two[1].bytes().begin(), two[1].bytes().end());
        CHECK(leaf_hash(joined) != node_hash(two[0], two[1]));
        CHECK(node_hash(two[0], two[1]) != node_hash(two[1], two[0]));
    }

    TEST_CASE("a compact range continues from its edge") {
        const std::vector<Digest> hashes = numbered_leaves(40);
        CompactRange grown;
        for (std::size_t size = 0; size < hashes.size(); ++size) {
            CAPTURE(size);
            auto resumed =
                CompactRange::from_edge(TreeSize(size), {grown.edge().begin(), grown.edge().end()});
            REQUIRE(resumed.has_value());
            CHECK(resumed->root() == tree_root(std::span(hashes).first(size)));
            resumed->append(hashes[size]);
            grown.append(hashes[size]);
            CHECK(resumed->root() == grown.root());
            CHECK(resumed->size() == grown.size());
        }
    }

    TEST_CASE("an edge with a hash too few or too many is refused") {
        const std::vector<Digest> three = numbered_leaves(3);
        CHECK(CompactRange::from_edge(TreeSize(7), three).has_value());
        CHECK(CompactRange::from_edge(TreeSize(3), three).error() == Errc::proof_mismatch);
        CHECK(CompactRange::from_edge(TreeSize(15), three).error() == Errc::proof_mismatch);
        CHECK(CompactRange::from_edge(TreeSize(0), three).error() == Errc::proof_mismatch);
        CHECK(CompactRange::from_edge(TreeSize(1), {}).error() == Errc::proof_mismatch);
    }

    TEST_CASE("paths end at the leaf count") {
        CHECK(tree_path(leaves(1), 0).empty());
        const std::vector<Digest> three = leaves(3);
        CHECK(tree_path(three, 0) == std::vector{three[1], three[2]});
        CHECK(tree_path(three, 2) == std::vector{node_hash(three[0], three[1])});
        CHECK_THROWS_AS((void)tree_path(three, 3), std::out_of_range);
        CHECK_THROWS_AS((void)tree_path({}, 0), std::out_of_range);
    }

    TEST_CASE("only a full tile has a root") {
        const std::vector<Digest> hashes = numbered_leaves(257);
        CompactRange range;
        for (std::size_t i = 0; i < kTileWidth; ++i) range.append(hashes[i]);
        CHECK(tile_root(std::span(hashes).first(256)) == range.root());
        CHECK_THROWS_AS((void)tile_root(std::span(hashes).first(255)), std::invalid_argument);
        CHECK_THROWS_AS((void)tile_root(hashes), std::invalid_argument);
    }
}
