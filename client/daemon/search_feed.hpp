#pragma once

#include "client/daemon/searched_texts.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"
#include "storage/search_index.hpp"

#include <cstddef>
#include <cstdint>

namespace tongbao::client {

/// What is read for the index. Borrows all.
struct SearchSources {
    const storage::DaemonStore& store;
    const Charter& charter;
    const UnitId& unit;
    const ReadTable& read_table;
};

/// How much of each source one piece reads at most: a delivery has at most 256 leaves.
struct SearchPieceSize {
    std::size_t deliveries{2};
    std::size_t own{256};
};

/// Whether there may be more to read at once.
enum class SearchStep : std::uint8_t { more, up_to_date };

/// Reads what came into the daemon's database behind the index's positions, and adds one piece of
/// it: notices that arrived, the unit's own that have their place in the log, and, at the keeper of
/// the case ledger, those between others that it holds, of kinds that belong to cases and that the
/// office sees whole; of what is classified L3 or L4 their headers only. What waits to be sent, or
/// was refused, has no place and is not found.
///
/// Blocks. For one thread at a time with one index; others may read and write the store.
///
/// Errors: those of index, store and `read_table`; Errc::storage_corrupt for a delivery or item
/// that can't be read, and for an index that is ahead of the store, as after a backup was brought
/// back. Nothing was added then.
[[nodiscard]] Result<SearchStep> feed_search(storage::SearchIndex& index,
                                             const SearchSources& sources,
                                             const SearchPieceSize& piece = {});

}  // namespace tongbao::client
