#pragma once

#include "domain/charter.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "protocol/message.hpp"
#include "storage/daemon_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

// For which limits of its sending a notice was late, as its log entry says (`send_within`,
// `checks[i]`). Empty: for none, or nothing is known of it here.

/// Of the notice at `index`, which came with `delivery`.
[[nodiscard]] std::vector<std::string> late_in(const protocol::Delivery& delivery, LogIndex index);

/// Of one of the unit's own, as far as the answer that is kept with it says: those that were
/// settled before answers were kept so say nothing.
[[nodiscard]] std::vector<std::string> late_in(const storage::SentItem& item);

/// The same of the rows of an inbox, of which those next to each other often came with one
/// delivery: that is read once. For one thread.
class LateRows {
public:
    /// Both outlive the object.
    LateRows(const storage::DaemonStore& store, const Charter& charter)
        : store_(store), charter_(charter) {}

    /// Of a kind for which the charter in force has no such limits nothing is looked up. Errors:
    /// those of DaemonStore::read_delivery; Errc::storage_corrupt.
    [[nodiscard]] Result<std::vector<std::string>> of(const storage::InboxRow& row);

private:
    const storage::DaemonStore& store_;
    const Charter& charter_;
    std::optional<LogIndex> batch_;
    protocol::Delivery delivery_;
};

}  // namespace tongbao::client
