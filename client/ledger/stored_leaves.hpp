#pragma once

#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "protocol/message.hpp"
#include "storage/daemon_store.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace tongbao::client {

// What a daemon's database holds of leaves and their entries, as the read models beside it (case
// ledger, search) read it again. Thread-safe as the store is.

/// The batches behind the one that was read last, at most `limit`. Errors: those of the store.
[[nodiscard]] Result<std::vector<LogIndex>> batches_behind(const storage::DaemonStore& store,
                                                           std::optional<LogIndex> last,
                                                           std::size_t limit);

/// Errors: Errc::storage_corrupt for what is no delivery; those of the store.
[[nodiscard]] Result<protocol::Delivery> read_stored_delivery(const storage::DaemonStore& store,
                                                              LogIndex batch);

/// The entry of the leaf at `index`, which every delivery that was stored brings. Errors:
/// Errc::storage_corrupt.
[[nodiscard]] Result<LogEntry> entry_of_leaf(const protocol::EntryRun& run, LogIndex index);

/// What the hub's answer says of an accepted item's entry.
struct OwnEntry {
    std::optional<CaseNumber> case_number;
    UtcTime at{};
};

/// Errors: Errc::storage_corrupt.
[[nodiscard]] Result<OwnEntry> own_entry_of(const storage::SentItem& item);

}  // namespace tongbao::client
