#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/uuid.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace tongbao::storage {

/// Keys as bytes that sort as their parts do. Numbers are 8 bytes, big-endian. A name (a unit, a
/// case) at the start of a key has a byte of length before it, at the end it has none.
/// docs/STORAGE_FORMAT.md says which family has which key.
///
/// Every decoder answers Errc::storage_corrupt for a key of another form.

/// The longest name that a key takes, in bytes.
constexpr std::size_t kMaxKeyName = 255;
/// Whether `name` can stand in a key.
[[nodiscard]] bool is_key_name(std::string_view name) noexcept;

/// In kMeta; there if the database was begun with the family `files`.
inline constexpr std::string_view kFilesKey = "files";
/// In a hub's kMeta: by which calendar and zone the rows of its clocks are counted.
inline constexpr std::string_view kCalendarKey = "calendar";

/// Whether `id` can be read back: a Uuid that nothing was assigned to can't.
[[nodiscard]] bool is_storable(const Uuid& id);

[[nodiscard]] Bytes number_key(std::uint64_t number);
[[nodiscard]] Result<std::uint64_t> decode_number_key(BytesView key);

[[nodiscard]] Bytes index_key(LogIndex index);
[[nodiscard]] Result<LogIndex> decode_index_key(BytesView key);

[[nodiscard]] Bytes index_unit_key(LogIndex index, const UnitId& unit);

[[nodiscard]] Bytes index_pair_key(LogIndex first, LogIndex second);
[[nodiscard]] Result<std::pair<LogIndex, LogIndex>> decode_index_pair_key(BytesView key);

[[nodiscard]] Bytes tile_key(std::uint8_t level, std::uint64_t number);

/// What all keys of `name_index_key(name, …)` begin with, and no key of another name does.
[[nodiscard]] Bytes name_prefix(std::string_view name);
[[nodiscard]] Bytes name_index_key(std::string_view name, LogIndex index);
/// The index of a key that begins with `name_prefix(name)`.
[[nodiscard]] Result<LogIndex> decode_name_index_key(std::string_view name, BytesView key);

[[nodiscard]] Bytes digest_unit_key(const Digest& digest, const UnitId& unit);

[[nodiscard]] Bytes uuid_key(const Uuid& id);
[[nodiscard]] Result<Uuid> decode_uuid_key(BytesView key);

/// Whether `key` begins with `prefix`.
[[nodiscard]] bool has_prefix(BytesView key, BytesView prefix) noexcept;

}  // namespace tongbao::storage
