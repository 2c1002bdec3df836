#pragma once

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "hub/tile_tree.hpp"
#include "storage/hub_store.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace tongbao::hub {

/// The log's Merkle tree: its right edge in memory, everything left of it in full tiles on disk.
///
/// One writer (the sequencer) prepares an extension, makes it durable, then adopts it; any number
/// of readers ask for nodes and tiles of what was adopted.
class MerkleLog {
public:
    /// The tree a commit will have, and the tiles that it fills.
    struct Extension {
        TreeSize size;
        Digest root;
        std::vector<storage::FullTile> tiles;

    private:
        friend class MerkleLog;
        crypto::CompactRange range_;
        std::vector<TileTree> edge_;
        /// What became of `tiles`, for those who read them next.
        struct Full {
            std::uint8_t level;
            std::uint64_t number;
            std::shared_ptr<const TileTree> tree;
        };
        std::vector<Full> full_;
    };

    /// Rebuilds the right edge from the last, at most 255, entries and the tiles below, and
    /// compares what the tiles give for the store's checkpoint.
    ///
    /// Errors: Errc::storage_corrupt if the tree that the store holds does not have the root of its
    /// checkpoint; those of the store. `store` outlives the object.
    [[nodiscard]] static Result<std::unique_ptr<MerkleLog>> open(const storage::HubStore& store);

    [[nodiscard]] TreeSize size() const;
    [[nodiscard]] Digest root() const;

    /// The tree with `leaves` appended. Changes nothing yet. The writer's alone.
    [[nodiscard]] Extension prepare(std::span<const Digest> leaves) const;

    /// Makes a durable extension the state that readers see. The writer's alone.
    void adopt(Extension extension);

    /// The root of the perfect subtree [index · 2^level, (index + 1) · 2^level).
    /// Errors: Errc::not_in_tree if it does not lie wholly inside the tree; those of the store.
    [[nodiscard]] Result<Digest> node(unsigned level, std::uint64_t index) const;

    /// The first `width` hashes of a tile. Errors: Errc::not_in_tree if there are fewer.
    [[nodiscard]] Result<std::vector<Digest>> tile(std::uint8_t level, std::uint64_t number,
                                                   std::size_t width) const;

    /// The same as node, as crypto's proof functions take it. Borrows this object.
    [[nodiscard]] crypto::NodeReader reader() const;

    /// The root that the tree had at `size`. Errors: Errc::not_in_tree if it was never that large.
    [[nodiscard]] Result<Digest> root_at(TreeSize size) const;

private:
    explicit MerkleLog(const storage::HubStore& store) : store_(store) {}

    /// The leaf hashes behind the last full tile, and the edge of each level above.
    [[nodiscard]] Result<void> rebuild();
    using Tile = std::shared_ptr<const TileTree>;
    [[nodiscard]] Result<Tile> full_tile(std::uint8_t level, std::uint64_t number) const;
    void remember(std::uint8_t level, std::uint64_t number, Tile tile) const;

    const storage::HubStore& store_;
    mutable std::shared_mutex mutex_;
    crypto::CompactRange range_;
    /// For each tile level the hashes of its last, partial tile.
    std::vector<TileTree> edge_;

    /// Full tiles read or written lately, by level and number; immutable, so any copy is right.
    mutable std::mutex cache_mutex_;
    mutable std::list<std::uint64_t> cache_order_;
    mutable std::unordered_map<std::uint64_t, Tile> cache_;
};

}  // namespace tongbao::hub
