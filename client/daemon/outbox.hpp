#pragma once

#include "client/daemon/batch_check.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "domain/result.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <optional>
#include <set>
#include <span>
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

    /// The next batch, its attachments uploaded (those that are here as they should be: of others
    /// the hub says so, notice by notice): at most kPreferredBatchLeaves leaves and
    /// kMaxBatchBytes. None if nothing waits that is not under way. The number is the caller's to
    /// fill in.
    ///
    /// Errors: those of HubRequests::upload, StatementSigner::sign and the store.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<protocol::Submit>>> next();

    /// Settles the oldest batch under way by the hub's answer. `log` has taken the answer's head,
    /// and `keys` are not behind (needs_register). What the answer proves of the register is kept.
    ///
    /// Errors: those of check_outcome, behind an alarm (the hub shows something else than it says);
    /// those of the store.
    [[nodiscard]] boost::asio::awaitable<Result<void>> settle(protocol::Outcome outcome,
                                                              const LogFollower& log,
                                                              KeyCopy& keys);

    /// The hub refused the oldest batch under way. Its items stay queued, since nothing was said of
    /// them: after begin_again() they go out once more.
    void refuse(const protocol::BatchRefused& answer);

    /// Whether a batch was refused since the outbox was begun.
    [[nodiscard]] bool refused() const noexcept { return refused_; }
    [[nodiscard]] bool under_way() const noexcept { return !under_way_.empty(); }

    /// Goes back to the first item that is queued. Only while nothing is under way.
    void begin_again() noexcept;

    /// Ends what is under way, and every later call.
    void abort() noexcept { requests_.abort(); }

private:
    struct Batch {
        std::vector<storage::SentItem> items;
        /// What the items say, each at its place; none for what can't be read.
        std::vector<std::optional<protocol::Leaf>> leaves;
        /// What endorses them, each at its place; empty if none has any.
        std::vector<std::vector<Bytes>> endorsements;
        /// What was signed: the hashes of the items as leaves.
        std::vector<Digest> leaf_hashes;
        Bytes statement;
        /// SHA-256 of the certificate that signed it: the unit may have another by the time of the
        /// answer.
        Digest signer;
    };

    /// Reads the next items, none if nothing waits, and what attachments they name. Blocks.
    [[nodiscard]] Result<void> read(Batch& batch, std::set<Digest>& attachments) const;
    [[nodiscard]] boost::asio::awaitable<Result<void>> upload(std::set<Digest> digests);
    [[nodiscard]] Result<protocol::Submit> sign(Batch& batch) const;
    /// That only what is restricted is hidden from others.
    [[nodiscard]] Checked<void> check_hidden(
        const Batch& batch, std::span<const std::optional<CheckedOutcome::Entry>> entries) const;
    [[nodiscard]] Result<void> keep_outcome(
        Batch& batch, const protocol::Outcome& outcome,
        std::span<const std::optional<CheckedOutcome::Entry>> entries,
        const std::string& head) const;

    Services& services_;
    HubRequests requests_;
    std::uint64_t last_sequence_{0};
    std::deque<Batch> under_way_;
    bool refused_{false};
};

}  // namespace tongbao::client
