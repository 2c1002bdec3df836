#include "crypto/merkle_tree.hpp"

#include "crypto/sha256.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::array<std::uint8_t, 1> kLeafPrefix{0x00};
constexpr std::uint8_t kNodePrefix = 0x01;

/// The level above `level`: each pair hashed; a last one without a sibling goes up unchanged, which
/// makes the left subtree the largest perfect one, as RFC 9162 section 2.1.1 splits the entries.
std::vector<Digest> level_above(std::span<const Digest> level) {
    std::vector<Digest> above;
    above.reserve((level.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
        above.push_back(node_hash(level[i], level[i + 1]));
    }
    if (level.size() % 2 != 0) above.push_back(level.back());
    return above;
}

}  // namespace

Digest leaf_hash(BytesView entry) {
    return sha256_of_parts({kLeafPrefix, entry});
}

Digest node_hash(const Digest& left, const Digest& right) {
    // One piece is hashed faster than three.
    std::array<std::uint8_t, 1 + 2 * Digest::kSize> input{};
    input[0] = kNodePrefix;
    std::copy(left.array().begin(), left.array().end(), input.begin() + 1);
    std::copy(right.array().begin(), right.array().end(), input.begin() + 1 + Digest::kSize);
    return sha256(input);
}

Digest empty_root() {
    return sha256({});
}

Digest tree_root(std::span<const Digest> leaf_hashes) {
    if (leaf_hashes.empty()) return empty_root();
    if (leaf_hashes.size() == 1) return leaf_hashes.front();
    std::vector<Digest> level = level_above(leaf_hashes);
    while (level.size() > 1) level = level_above(level);
    return level.front();
}

std::vector<Digest> tree_path(std::span<const Digest> leaf_hashes, std::size_t index) {
    return MerkleTree({leaf_hashes.begin(), leaf_hashes.end()}).path(index);
}

Digest tile_root(std::span<const Digest> tile) {
    if (tile.size() != kTileWidth) throw std::invalid_argument("only a full tile has a root");
    return tree_root(tile);
}

MerkleTree::MerkleTree(std::vector<Digest> leaf_hashes) {
    levels_.push_back(std::move(leaf_hashes));
    while (levels_.back().size() > 1) levels_.push_back(level_above(levels_.back()));
}

Digest MerkleTree::root() const {
    return levels_.back().empty() ? empty_root() : levels_.back().front();
}

std::vector<Digest> MerkleTree::path(std::size_t index) const {
    if (index >= size()) throw std::out_of_range("the tree has no such leaf");
    std::vector<Digest> path;
    for (const std::vector<Digest>& level : levels_) {
        const std::size_t sibling = index ^ 1;
        if (sibling < level.size()) path.push_back(level[sibling]);
        index /= 2;
    }
    return path;
}

Result<CompactRange> CompactRange::from_edge(TreeSize size, std::vector<Digest> edge) {
    if (edge.size() != static_cast<std::size_t>(std::popcount(size.value()))) {
        return Errc::proof_mismatch;
    }
    CompactRange range;
    range.size_ = size;
    range.edge_ = std::move(edge);
    return range;
}

void CompactRange::append(const Digest& leaf) {
    Digest node = leaf;
    // Each low one bit of the size is a subtree as large as the new one: together they make one.
    for (std::uint64_t rest = size_.value(); (rest & 1) != 0; rest >>= 1) {
        node = node_hash(edge_.back(), node);
        edge_.pop_back();
    }
    edge_.push_back(node);
    size_ = size_through(next_index(size_));
}

Digest CompactRange::root() const {
    if (edge_.empty()) return empty_root();
    Digest root = edge_.back();
    for (std::size_t i = edge_.size() - 1; i > 0; --i) root = node_hash(edge_[i - 1], root);
    return root;
}

}  // namespace tongbao::crypto
