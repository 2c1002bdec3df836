#pragma once

#include "crypto/merkle_tree.hpp"
#include "domain/digest.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace tongbao::hub {

/// The hashes of one tile and the roots of all perfect subtrees over them, each computed once: a
/// proof is then put together without hashing.
class TileTree {
public:
    /// A full tile's subtrees have 0 … 8 levels above its hashes.
    static constexpr unsigned kMaxHeight = 8;

    /// Appends a hash and computes the roots that it completes: one hash on average. Not to a full
    /// tile.
    void push(const Digest& hash) {
        levels_[0].push_back(hash);
        for (unsigned height = 0; height < kMaxHeight; ++height) {
            const std::vector<Digest>& level = levels_[height];
            if (level.size() % 2 != 0) break;
            levels_[height + 1].push_back(crypto::node_hash(level.end()[-2], level.back()));
        }
    }

    [[nodiscard]] bool full() const noexcept { return levels_[0].size() == crypto::kTileWidth; }
    [[nodiscard]] std::span<const Digest> hashes() const noexcept { return levels_[0]; }

    /// The root over the 2^height hashes from `start` on, a multiple of 2^height; they are there.
    [[nodiscard]] const Digest& root(unsigned height, std::size_t start) const {
        return levels_[height][start >> height];
    }
    /// Of a full tile, the root over all of it.
    [[nodiscard]] const Digest& root() const { return root(kMaxHeight, 0); }

private:
    std::array<std::vector<Digest>, kMaxHeight + 1> levels_;
};

}  // namespace tongbao::hub
