#include "client/daemon/log_follower.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "protocol/shown_entry.hpp"

namespace tongbao::client {

Result<LogFollower> LogFollower::from_pinned(crypto::VerifierKey log_key,
                                             const std::string& pinned_head) {
    Checkpoint head{LogOrigin(log_key.name()), TreeSize(0), crypto::empty_root()};
    if (!pinned_head.empty()) {
        Result<Checkpoint> pinned = crypto::verify_checkpoint(pinned_head, log_key);
        if (!pinned) return pinned.error();
        head = *std::move(pinned);
    }
    return LogFollower(std::move(log_key), std::move(head), pinned_head);
}

Result<void> LogFollower::advance(const protocol::HeadUpdate& update) {
    if (update.checkpoint.empty()) return {};
    Result<Checkpoint> next = crypto::verify_checkpoint(update.checkpoint, log_key_);
    if (!next) return next.error();
    if (next->size < head_.size) return Errc::log_rolled_back;
    const Result<void> extends = crypto::verify_consistency(head_.size, head_.root, next->size,
                                                            next->root, update.consistency);
    if (!extends) return Errc::log_forked;
    head_ = *std::move(next);
    note_ = update.checkpoint;
    return {};
}

Result<void> LogFollower::check_run(const protocol::EntryRun& run) const {
    std::vector<Digest> hashes;
    hashes.reserve(run.entries.size());
    for (const protocol::EntryOrHash& entry : run.entries) {
        const auto* const whole = std::get_if<Bytes>(&entry);
        hashes.push_back(whole != nullptr
                             ? crypto::leaf_hash(protocol::split_shown_entry(*whole).entry)
                             : std::get<Digest>(entry));
    }
    return crypto::verify_range(hashes, run.first, head_.size, run.proof, head_.root);
}

Result<void> LogFollower::check_entry(const protocol::ProvedEntry& entry, LogIndex index) const {
    return crypto::verify_inclusion(
        crypto::leaf_hash(protocol::split_shown_entry(entry.entry).entry), index, head_.size,
        entry.path, head_.root);
}

}  // namespace tongbao::client
