#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tongbao::crypto {

// The Merkle tree of RFC 6962 section 2.1 (the same as RFC 9162 section 2.1.1) with SHA-256.

/// The hash of an entry: SHA-256(0x00 || entry).
[[nodiscard]] Digest leaf_hash(BytesView entry);

/// The hash of an inner node: SHA-256(0x01 || left || right).
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);

/// The root of the tree without entries: SHA-256 of nothing.
[[nodiscard]] Digest empty_root();

/// The root of the tree over `leaf_hashes`. One SHA-256 for each leaf.
[[nodiscard]] Digest tree_root(std::span<const Digest> leaf_hashes);

/// The path that proves the leaf at `index`, from its sibling up to the child of the root: what
/// verify_inclusion takes, empty for a tree of one leaf. Costs as much as tree_root; for the paths
/// of many leaves use MerkleTree. Throws std::out_of_range unless `index` is below the count.
[[nodiscard]] std::vector<Digest> tree_path(std::span<const Digest> leaf_hashes, std::size_t index);

/// How many hashes a full tile has. Source: C2SP tlog-tiles 0.1.0.
inline constexpr std::size_t kTileWidth = 256;

/// The hash that stands for a full tile in the tile a level above it: the root over its 256 hashes.
/// Throws std::invalid_argument for any other number, since only full tiles are hashed upward.
[[nodiscard]] Digest tile_root(std::span<const Digest> tile);

/// A whole tree in memory, such as that of a batch: built once with one SHA-256 a leaf, then each
/// path without any. Immutable: any thread may read it.
class MerkleTree {
public:
    explicit MerkleTree(std::vector<Digest> leaf_hashes);

    [[nodiscard]] std::size_t size() const noexcept { return levels_.front().size(); }
    [[nodiscard]] Digest root() const;
    /// Throws std::out_of_range unless `index` is below size().
    [[nodiscard]] std::vector<Digest> path(std::size_t index) const;

private:
    /// The leaves, then each level above them up to the root. A node without a sibling stands in
    /// the level above unchanged.
    std::vector<std::vector<Digest>> levels_;
};

/// The right edge of a growing tree: all that is needed to append and to know the root. Holds one
/// hash for each one bit of the size, those of the perfect subtrees that make up the tree, from
/// left to right. For one thread at a time.
///
///     size 7 = 4 + 2 + 1:   edge = { root of entries 0..3, root of entries 4..5, leaf 6 }
class CompactRange {
public:
    /// The empty tree.
    CompactRange() = default;

    /// A tree of `size` entries from its edge.
    ///
    /// Errors: Errc::proof_mismatch unless `edge` has as many hashes as `size` has one bits.
    [[nodiscard]] static Result<CompactRange> from_edge(TreeSize size, std::vector<Digest> edge);

    /// Appends the entry that hashed to `leaf`. One SHA-256 on average.
    void append(const Digest& leaf);

    [[nodiscard]] TreeSize size() const noexcept { return size_; }
    /// At most 63 SHA-256.
    [[nodiscard]] Digest root() const;
    [[nodiscard]] std::span<const Digest> edge() const noexcept { return edge_; }

private:
    TreeSize size_;
    std::vector<Digest> edge_;
};

}  // namespace tongbao::crypto
