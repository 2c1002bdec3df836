#pragma once

#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "domain/result.hpp"
#include "protocol/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <optional>
#include <variant>
#include <vector>

namespace tongbao::client {

/// What waits to be sent, batch by batch, over one connection: signs, uploads, remembers what is
/// under way, and settles what was answered. One object a connection: what was not answered before
/// it broke is sent again, in order, and the hub recognises what it had accepted.
class Outbox {
public:
    /// `services` outlive the object.
    explicit Outbox(Services& services) : services_(services), requests_(services) {}

    /// The next batch, its attachments uploaded: at most kPreferredBatchLeaves leaves and
    /// kMaxBatchBytes. None if nothing waits that is not under way. The number is the caller's to
    /// fill in.
    ///
    /// Errors: those of HubRequests::upload, StatementSigner::sign and the store.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<protocol::Submit>>> next();

    /// Settles the oldest batch under way by the hub's answer. `log` has taken the answer's head.
    ///
    /// Errors: those of check_outcome (the hub shows something else than it says); the reason of a
    /// refused batch: its items stay queued, since nothing was said of them; those of the store.
    [[nodiscard]] boost::asio::awaitable<Result<void>> settle(protocol::Outcome outcome,
                                                              const LogFollower& log);
    [[nodiscard]] Errc refuse(const protocol::BatchRefused& refused);

private:
    struct Batch {
        std::vector<storage::SentItem> items;
        Bytes statement;
    };

    [[nodiscard]] Result<protocol::Submit> sign(const std::vector<storage::SentItem>& items,
                                                Batch& batch) const;
    [[nodiscard]] Result<void> keep_outcome(Batch batch, const protocol::Outcome& outcome,
                                            const std::string& head) const;

    Services& services_;
    HubRequests requests_;
    std::uint64_t last_sequence_{0};
    std::deque<Batch> under_way_;
};

}  // namespace tongbao::client
