#pragma once

#include "domain/result.hpp"
#include "hub/log_head.hpp"
#include "hub/merkle_log.hpp"
#include "hub/round.hpp"
#include "protocol/message.hpp"
#include "storage/hub_store.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace tongbao::hub {

/// Shows one reader the log as it grows: every head with the proof that it extends the one shown
/// before, every run of entries with its place under the head shown last. One object a reader,
/// used by one thread at a time; reads the store.
class LogShowing {
public:
    /// All outlive the object. `known` is the size that the reader has checked already.
    LogShowing(const storage::HubStore& store, const MerkleLog& tree, const LogHead& head,
               TreeSize known)
        : store_(store), tree_(tree), head_(head), shown_(known) {}

    /// The newest head if it is the first or a larger one than was shown last; else an empty
    /// update. The first is shown at any size: a reader who knows it can tell it from another
    /// log's.
    ///
    /// Errors: Errc::log_rolled_back if the reader knows a larger log than there is; those of the
    /// store.
    [[nodiscard]] Result<protocol::HeadUpdate> update();

    /// What became of a batch, with the entries that it caused and, for each leaf that was accepted
    /// before, the entry that it caused then.
    [[nodiscard]] Result<protocol::Outcome> outcome(std::uint64_t number, SequencedBatch batch);

    /// The leaves of a mailbox row, everything else of their batch as hashes.
    [[nodiscard]] Result<protocol::Delivery> delivery(const storage::MailboxRow& row);

    /// The entry at `index`, as it is shown to who may know what it says
    /// (protocol/shown_entry.hpp), with its place under the head shown last. Errors:
    /// Errc::not_in_tree if it came later; those of the store.
    [[nodiscard]] Result<protocol::ProvedEntry> prove(LogIndex index) const;

private:
    /// The entry as it is shown to who may know what it says.
    [[nodiscard]] Result<Bytes> with_record(LogIndex index, Bytes entry) const;
    /// The range proof of a run of entries under the head shown last.
    [[nodiscard]] Result<std::vector<Digest>> prove(LogIndex first, std::uint64_t count) const;

    const storage::HubStore& store_;
    const MerkleLog& tree_;
    const LogHead& head_;
    TreeSize shown_;
    bool first_{true};
};

}  // namespace tongbao::hub
