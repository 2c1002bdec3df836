#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/hub_store.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tongbao::storage {

/// The values of the hub's database; docs/STORAGE_FORMAT.md has every byte of them. Every decoder
/// answers Errc::storage_corrupt for bytes that its encoder can't have written.

/// Entries that stand one after the other in the log, each with a checksum: what changed one by
/// accident is found before the tree is, and names the entry.
[[nodiscard]] Bytes encode_entries(std::span<const Bytes> entries);
/// How many entries a run holds; reads its beginning only.
[[nodiscard]] Result<std::uint64_t> count_entries(BytesView value);
/// The entries at the positions from … from + count − 1 of a run: as many of them as it has, or, if
/// one does not have its checksum, those before it; Errc::storage_corrupt if it is the first.
[[nodiscard]] Result<std::vector<Bytes>> decode_entries(BytesView value, std::uint64_t from,
                                                        std::uint64_t count);

/// All of a batch but `first`, which is its key.
[[nodiscard]] Bytes encode_batch(const StoredBatch& batch);
[[nodiscard]] Result<StoredBatch> decode_batch(LogIndex first, BytesView value);

/// Ascending positions, as ranges.
[[nodiscard]] Bytes encode_positions(std::span<const std::uint16_t> positions);
[[nodiscard]] Result<std::vector<std::uint16_t>> decode_positions(BytesView value);

/// The bits of a StateRow; with marks the value is longer.
[[nodiscard]] Bytes encode_state(std::uint32_t state);
[[nodiscard]] Result<std::uint32_t> decode_state(BytesView value);

/// The value of a row that says all by its key.
[[nodiscard]] Bytes encode_mark();
[[nodiscard]] Result<void> decode_mark(BytesView value);

/// Some notices that follow one another, and the state of each of them.
struct StateRun {
    std::uint64_t count{1};
    std::uint8_t state{0};
};
[[nodiscard]] Bytes encode_state_run(const StateRun& run);
[[nodiscard]] Result<StateRun> decode_state_run(BytesView value);

/// How many consecutive numbers from its key on a row stands for, at least one.
[[nodiscard]] Bytes encode_count(std::uint64_t count);
[[nodiscard]] Result<std::uint64_t> decode_count(BytesView value);

}  // namespace tongbao::storage
