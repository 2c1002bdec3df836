#pragma once

#include "domain/log_position.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::protocol {

/// How many hashes or entries a full tile holds.
inline constexpr std::uint64_t kTileWidth = 256;

/// A tile of the log as a client asks for it.
struct TilePath {
    bool entries{false};  ///< the entries themselves; `level` is 0 then
    std::uint8_t level{0};
    std::uint64_t number{0};
    std::uint16_t width{256};  ///< 1 to 255 for a partial tile

    friend bool operator==(const TilePath&, const TilePath&) = default;
};

/// The path under the log's prefix: `tile/0/x001/x234/067`, `tile/entries/005.p/17`.
/// Source: C2SP tlog-tiles 0.1.0.
[[nodiscard]] std::string format_tile_path(const TilePath& path);

/// Reads such a path: none for any other spelling (a missing zero, a level over 63, a width of 0,
/// 256 or with a leading zero).
[[nodiscard]] std::optional<TilePath> parse_tile_path(std::string_view text);

/// How many hashes the tile (level, number) holds in a tree of `size` entries: 0 if it does not
/// exist, up to 256.
[[nodiscard]] std::uint64_t tile_width(std::uint8_t level, std::uint64_t number,
                                       TreeSize size) noexcept;

}  // namespace tongbao::protocol
