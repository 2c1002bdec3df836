#pragma once

#include "crypto/verifier_key.hpp"
#include "domain/checkpoint.hpp"
#include "domain/result.hpp"
#include "protocol/message.hpp"

#include <optional>
#include <string>

namespace tongbao::client {

/// Follows the hub's log from head to head: a head counts only if the log's key signed it and it
/// extends the one known before. For one thread at a time.
class LogFollower {
public:
    /// Begins at the head that was pinned, or, if that is empty, with the empty log.
    ///
    /// Errors: those of crypto::verify_checkpoint for a pinned head that the key did not sign.
    [[nodiscard]] static Result<LogFollower> from_pinned(crypto::VerifierKey log_key,
                                                         const std::string& pinned_head);

    /// Takes the next head. An empty update changes nothing.
    ///
    /// Errors, after which nothing has changed: those of crypto::verify_checkpoint;
    /// Errc::log_rolled_back for a smaller log; Errc::log_forked if it does not extend the one
    /// known.
    [[nodiscard]] Result<void> advance(const protocol::HeadUpdate& update);

    /// Checks that the run stands at its place under the head known.
    ///
    /// Errors: Errc::not_in_tree, Errc::proof_mismatch.
    [[nodiscard]] Result<void> check_run(const protocol::EntryRun& run) const;

    /// Checks that one entry stands at `index` under the head known.
    ///
    /// Errors: Errc::not_in_tree, Errc::proof_mismatch.
    [[nodiscard]] Result<void> check_entry(const protocol::ProvedEntry& entry,
                                           LogIndex index) const;

    [[nodiscard]] const crypto::VerifierKey& log_key() const noexcept { return log_key_; }
    [[nodiscard]] TreeSize size() const noexcept { return head_.size; }
    [[nodiscard]] const Checkpoint& head() const noexcept { return head_; }
    /// The signed note of the head known; empty before the first.
    [[nodiscard]] const std::string& note() const noexcept { return note_; }

private:
    LogFollower(crypto::VerifierKey log_key, Checkpoint head, std::string note)
        : log_key_(std::move(log_key)), head_(std::move(head)), note_(std::move(note)) {}

    crypto::VerifierKey log_key_;
    Checkpoint head_;
    std::string note_;
};

}  // namespace tongbao::client
