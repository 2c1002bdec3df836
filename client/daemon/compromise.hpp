#pragma once

#include "client/auditor/compromised_keys.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/daemon_store.hpp"

#include <optional>

namespace tongbao::client {

/// Since when the key that signed an arrived notice counts as compromised, if the notice was logged
/// at that time or later: somebody else may have signed it. It stays valid by the order of the log.
/// None for all others. Blocks; costs nothing while `keys` is empty, else a look at the delivery.
///
/// Errors: those of the store; Errc::storage_corrupt.
[[nodiscard]] Result<std::optional<UtcTime>> signed_since_compromise(
    const storage::DaemonStore& store, const CompromisedKeys& keys, const storage::InboxRow& row);

}  // namespace tongbao::client
