#include "hub/merkle_log.hpp"

#include "domain/checkpoint.hpp"

#include <algorithm>

namespace tongbao::hub {
namespace {

constexpr unsigned kBitsPerTileLevel = 8;
constexpr std::size_t kCachedTiles = 256;  // 4 MiB

/// A cache key: no tree that exists has 2^56 tiles on a level.
std::uint64_t cache_key(std::uint8_t level, std::uint64_t number) {
    return std::uint64_t{level} << 56 | number;
}

Bytes to_tile_bytes(std::span<const Digest> hashes) {
    Bytes bytes;
    bytes.reserve(hashes.size() * Digest::kSize);
    for (const Digest& hash : hashes) {
        bytes.insert(bytes.end(), hash.array().begin(), hash.array().end());
    }
    return bytes;
}

Result<TileTree> from_tile_bytes(BytesView bytes) {
    if (bytes.size() != crypto::kTileWidth * Digest::kSize) return Errc::storage_corrupt;
    TileTree tile;
    for (std::size_t i = 0; i < crypto::kTileWidth; ++i) {
        tile.push(*Digest::from_bytes(bytes.subspan(i * Digest::kSize, Digest::kSize)));
    }
    return tile;
}

/// How many hashes the tree of `size` entries has on a tile level, and how many of them lie in
/// full tiles.
std::uint64_t hashes_on(std::size_t level, TreeSize size) {
    const std::size_t shift = kBitsPerTileLevel * level;
    return shift < 64 ? size.value() >> shift : 0;
}

}  // namespace

Result<std::unique_ptr<MerkleLog>> MerkleLog::open(const storage::HubStore& store) {
    std::unique_ptr<MerkleLog> log(new MerkleLog(store));
    const Result<void> rebuilt = log->rebuild();
    if (!rebuilt) return rebuilt.error();
    return log;
}

Result<void> MerkleLog::rebuild() {
    const TreeSize size = store_.size();
    if (size.value() == 0) return {};
    for (std::size_t level = 0; hashes_on(level, size) > 0; ++level) {
        const std::uint64_t count = hashes_on(level, size);
        const std::uint64_t first = count / crypto::kTileWidth * crypto::kTileWidth;
        TileTree& edge = edge_.emplace_back();
        if (level == 0) {
            if (first == count) continue;
            const Result<std::vector<Bytes>> entries =
                store_.read_entries(LogIndex(first), count - first);
            if (!entries) return entries.error();
            for (const Bytes& entry : *entries) edge.push(crypto::leaf_hash(entry));
            continue;
        }
        for (std::uint64_t i = first; i < count; ++i) {
            const Result<Tile> below = full_tile(static_cast<std::uint8_t>(level - 1), i);
            if (!below)
                return below.error() == Errc::not_found ? Errc::storage_corrupt
                                                        : to_errc(below.error());
            edge.push((*below)->root());
        }
    }
    // From here on node() works but for the size that it compares with.
    Result<crypto::CompactRange> range = crypto::read_compact_range(
        size, [this](unsigned level, std::uint64_t index) -> Result<Digest> {
            const auto tile_level = static_cast<std::uint8_t>(level / kBitsPerTileLevel);
            const unsigned height = level % kBitsPerTileLevel;
            const std::uint64_t start = index << height;
            const std::uint64_t number = start / crypto::kTileWidth;
            const std::size_t offset = start % crypto::kTileWidth;
            if (number < hashes_on(tile_level, store_.size()) / crypto::kTileWidth) {
                const Result<Tile> tile = full_tile(tile_level, number);
                if (!tile) return tile.error();
                return (*tile)->root(height, offset);
            }
            return edge_[tile_level].root(height, offset);
        });
    if (!range) return range.error();
    range_ = *std::move(range);
    const Result<std::string> text = store_.checkpoint();
    if (!text) return text.error();
    const Result<Checkpoint> checkpoint = parse_checkpoint(*text);
    if (!checkpoint || checkpoint->size != size || checkpoint->root != range_.root()) {
        return Errc::storage_corrupt;
    }
    return {};
}

TreeSize MerkleLog::size() const {
    const std::shared_lock lock(mutex_);
    return range_.size();
}

Digest MerkleLog::root() const {
    const std::shared_lock lock(mutex_);
    return range_.root();
}

MerkleLog::Extension MerkleLog::prepare(std::span<const Digest> leaves) const {
    Extension next;
    {
        const std::shared_lock lock(mutex_);
        next.range_ = range_;
        next.edge_ = edge_;
    }
    std::vector<Digest> rising(leaves.begin(), leaves.end());
    TreeSize size = next.range_.size();
    for (const Digest& leaf : leaves) next.range_.append(leaf);
    for (std::size_t level = 0; !rising.empty(); ++level) {
        if (level == next.edge_.size()) next.edge_.emplace_back();
        TileTree& edge = next.edge_[level];
        std::uint64_t number = hashes_on(level, size) / crypto::kTileWidth;
        std::vector<Digest> above;
        for (const Digest& hash : rising) {
            edge.push(hash);
            if (!edge.full()) continue;
            const auto tile_level = static_cast<std::uint8_t>(level);
            next.tiles.push_back({tile_level, number, to_tile_bytes(edge.hashes())});
            above.push_back(edge.root());
            next.full_.push_back(
                {tile_level, number++, std::make_shared<const TileTree>(std::move(edge))});
            edge = TileTree();
        }
        rising = std::move(above);
    }
    next.size = next.range_.size();
    next.root = next.range_.root();
    return next;
}

void MerkleLog::adopt(Extension extension) {
    for (Extension::Full& full : extension.full_) {
        remember(full.level, full.number, std::move(full.tree));
    }
    const std::unique_lock lock(mutex_);
    range_ = std::move(extension.range_);
    edge_ = std::move(extension.edge_);
}

Result<MerkleLog::Tile> MerkleLog::full_tile(std::uint8_t level, std::uint64_t number) const {
    {
        const std::lock_guard lock(cache_mutex_);
        const auto found = cache_.find(cache_key(level, number));
        if (found != cache_.end()) return found->second;
    }
    const Result<Bytes> bytes = store_.read_tile(level, number);
    if (!bytes) return bytes.error();
    Result<TileTree> read = from_tile_bytes(*bytes);
    if (!read) return read.error();
    Tile tile = std::make_shared<const TileTree>(*std::move(read));
    remember(level, number, tile);
    return tile;
}

void MerkleLog::remember(std::uint8_t level, std::uint64_t number, Tile tile) const {
    const std::lock_guard lock(cache_mutex_);
    const std::uint64_t key = cache_key(level, number);
    if (!cache_.emplace(key, std::move(tile)).second) return;
    cache_order_.push_back(key);
    if (cache_order_.size() <= kCachedTiles) return;
    cache_.erase(cache_order_.front());
    cache_order_.pop_front();
}

Result<std::vector<Digest>> MerkleLog::tile(std::uint8_t level, std::uint64_t number,
                                            std::size_t width) const {
    {
        const std::shared_lock lock(mutex_);
        const std::uint64_t count = hashes_on(level, range_.size());
        if (width == 0 || width > crypto::kTileWidth || number > count / crypto::kTileWidth ||
            number * crypto::kTileWidth + width > count) {
            return Errc::not_in_tree;
        }
        if (number == count / crypto::kTileWidth) {
            const std::span<const Digest> edge = edge_[level].hashes();
            return std::vector<Digest>(edge.begin(),
                                       edge.begin() + static_cast<std::ptrdiff_t>(width));
        }
    }
    const Result<Tile> full = full_tile(level, number);
    if (!full) return full.error();
    const std::span<const Digest> hashes = (*full)->hashes();
    return std::vector<Digest>(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(width));
}

Result<Digest> MerkleLog::node(unsigned level, std::uint64_t index) const {
    if (level >= 64 || (level > 0 && index >> (64 - level) != 0)) return Errc::not_in_tree;
    const auto tile_level = static_cast<std::uint8_t>(level / kBitsPerTileLevel);
    const unsigned height = level % kBitsPerTileLevel;
    const std::uint64_t start = index << height;
    const std::size_t offset = start % crypto::kTileWidth;
    const std::size_t count = std::size_t{1} << height;
    const std::uint64_t number = start / crypto::kTileWidth;
    {
        const std::shared_lock lock(mutex_);
        const std::uint64_t hashes = hashes_on(tile_level, range_.size());
        if (count > hashes || start > hashes - count) return Errc::not_in_tree;
        if (number == hashes / crypto::kTileWidth) {
            return edge_[tile_level].root(height, offset);
        }
    }
    const Result<Tile> full = full_tile(tile_level, number);
    if (!full) return full.error();
    return (*full)->root(height, offset);
}

crypto::NodeReader MerkleLog::reader() const {
    return [this](unsigned level, std::uint64_t index) { return node(level, index); };
}

Result<Digest> MerkleLog::root_at(TreeSize size) const {
    if (size > this->size()) return Errc::not_in_tree;
    const Result<crypto::CompactRange> range = crypto::read_compact_range(size, reader());
    if (!range) return range.error();
    return range->root();
}

}  // namespace tongbao::hub
