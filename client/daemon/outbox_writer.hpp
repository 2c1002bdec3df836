#pragma once

#include "client/daemon/services.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace tongbao::client {

/// Puts items into the outbox, durably. While one write is being synced, what comes meanwhile
/// waits and shares the next one (group commit): a hundred callers cost a few syncs, not a hundred.
/// On the daemon's thread.
class OutboxWriter {
public:
    /// `services` outlive the object.
    explicit OutboxWriter(Services& services) : services_(services) {}
    ~OutboxWriter() = default;
    OutboxWriter(const OutboxWriter&) = delete;
    OutboxWriter& operator=(const OutboxWriter&) = delete;
    OutboxWriter(OutboxWriter&&) = delete;
    OutboxWriter& operator=(OutboxWriter&&) = delete;

    /// Puts `items` into the outbox in their order and rings its bell. On disk when it returns.
    ///
    /// Errors: those of DaemonStore::enqueue, which everyone gets who shared the write; nothing of
    /// any was stored then. Identifiers are made afresh (make_uuid), so that none collides.
    [[nodiscard]] boost::asio::awaitable<Result<void>> put(std::vector<storage::SentItem> items);

private:
    /// Those who share a write.
    struct Group {
        std::vector<storage::SentItem> items;
        std::optional<Result<void>> result;
        Bell bell;
    };

    [[nodiscard]] boost::asio::awaitable<void> write(std::shared_ptr<Group> group);
    /// Adds the files that the item names.
    void add_files_of(const storage::SentItem& item, std::vector<Digest>& files) const;

    Services& services_;
    /// Whom the next write is for; none if nobody waits.
    std::shared_ptr<Group> waiting_;
    bool writing_{false};
};

}  // namespace tongbao::client
