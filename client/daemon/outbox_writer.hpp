#pragma once

#include "client/daemon/services.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace tongbao::client {

/// Puts what is handed over into the store, durably. While one write is being synced, what comes
/// meanwhile waits and shares the next one (group commit): a hundred callers cost a few syncs, not
/// a hundred. On the daemon's thread.
class OutboxWriter {
public:
    /// `services` outlive the object.
    explicit OutboxWriter(Services& services) : services_(services) {}
    ~OutboxWriter() = default;
    OutboxWriter(const OutboxWriter&) = delete;
    OutboxWriter& operator=(const OutboxWriter&) = delete;
    OutboxWriter(OutboxWriter&&) = delete;
    OutboxWriter& operator=(OutboxWriter&&) = delete;

    /// Puts the items into the outbox in their order and rings its bell, and keeps the notices that
    /// wait. On disk when it returns, all by one write.
    ///
    /// Errors: those of DaemonStore::take_over, which everyone gets who shared the write; nothing
    /// of any was stored then. Identifiers are made afresh (make_uuid), so that none collides.
    [[nodiscard]] boost::asio::awaitable<Result<void>> put(storage::HandedOver handed);

private:
    /// Those who share a write.
    struct Group {
        storage::HandedOver handed;
        std::optional<Result<void>> result;
        Bell bell;
    };

    [[nodiscard]] boost::asio::awaitable<void> write(std::shared_ptr<Group> group);

    Services& services_;
    /// Whom the next write is for; none if nobody waits.
    std::shared_ptr<Group> waiting_;
    bool writing_{false};
};

}  // namespace tongbao::client
