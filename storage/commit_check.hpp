#pragma once

#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/hub_store.hpp"

#include <cstddef>

namespace tongbao::storage {

/// Bounds of one commit, which the formats of keys and values rest on.
constexpr std::size_t kMaxEntryBytes = 65'535;   ///< an entry's length has 16 bits in an entry tile
constexpr std::size_t kMaxBatchLeaves = 65'536;  ///< a leaf's position has 16 bits
constexpr std::size_t kTileBytes = 8'192;        ///< 256 hashes of 32 bytes

/// Whether `commit` may follow a log of `size` entries: what it says of itself agrees, none of its
/// rows but states and clocks overwrites another, of itself or of the log, and it brings exactly
/// the tiles that its entries fill. Every store asks this before it writes.
///
/// Errors: Errc::stale_size if it was made for another size; Errc::bad_argument if its checkpoint
/// is of another size than its entries lead to; if a batch, mailbox row, tile, identifier, trail,
/// case, clock, record or register entry speaks of something outside of it or of the log; if two
/// batches overlap, or two rows (of mailboxes, identifiers, trails, cases, case numbers, clocks,
/// records, the register) have one key; if a clock's record or a case's facts contradict
/// themselves; if a tile is missing or was full before; if a name
/// or an entry is empty or too long.
[[nodiscard]] Result<void> check_commit(const Commit& commit, TreeSize size);

/// About how many bytes a commit takes on disk.
[[nodiscard]] std::size_t bytes_of(const Commit& commit);

}  // namespace tongbao::storage
