#pragma once

#include "domain/charter.hpp"
#include "domain/reason.hpp"
#include "storage/daemon_store.hpp"
#include "storage/ledger_database.hpp"

#include <cstdint>

namespace tongbao::client {

/// keeper for the unit of the charter's `ledger.kept_by`, follower for every other.
[[nodiscard]] LedgerRole ledger_role(const Charter& charter, const UnitId& unit);

/// Whether there may be more to read at once.
enum class FeedStep : std::uint8_t { more, up_to_date };

/// How much of each source one piece reads at most: a delivery has at most 256 leaves.
struct FeedPiece {
    std::size_t deliveries{4};
    std::size_t own{256};
};

/// Reads what came into the daemon's database behind the ledger's positions, and writes one piece
/// of the ledger: deliveries, and the items of its own that are settled. A keeper is delivered
/// everything of every case, its own notices and acts among it, in the log's order, so of cases it
/// reads its deliveries alone; of its own items it takes what it handed in for reporting cycles.
///
/// Blocks. For one thread at a time with one ledger; others may read and write `store`.
///
/// Errors: those of both databases. What is of the daemon's database has a place: `delivery 12`,
/// `sent item 7`, Errc::storage_corrupt for one that can't be read: a ledger that is made anew
/// would come to the same. Without a place it is the ledger's own. Nothing was written then;
/// what a piece comes to before such a delivery or item is written, and the next one tells of it.
[[nodiscard]] Checked<FeedStep> feed_ledger(storage::LedgerDatabase& ledger,
                                            const storage::DaemonStore& store,
                                            const Charter& charter, LedgerRole role,
                                            const FeedPiece& piece = {});

}  // namespace tongbao::client
