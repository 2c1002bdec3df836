#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// What daemon and hub say to each other on a stream: one message a WebSocket message.
/// docs/PROTOCOL.md lists the bytes.
namespace tongbao::protocol {

/// Daemon, first message: who speaks which version, and where the daemon stands.
struct Hello {
    std::uint16_t version{0};
    /// The last delivery that is durable at the daemon; none before the first.
    std::optional<LogIndex> resume_after;
    /// Size of the head that the daemon has pinned; 0 for none.
    TreeSize known_size;

    friend bool operator==(const Hello&, const Hello&) = default;
};

/// The endorsements of one leaf of a batch.
struct LeafEndorsements {
    std::uint16_t leaf{0};          ///< its position in the batch
    std::vector<Bytes> statements;  ///< containers, DER: 1 to kMaxEndorsements

    friend bool operator==(const LeafEndorsements&, const LeafEndorsements&) = default;
};

/// Those of a batch, by ascending position, each position once; leaves without any are left out.
using Endorsements = std::vector<LeafEndorsements>;

/// The endorsements of the leaf at `position`; empty if it has none. Logarithmic.
[[nodiscard]] std::span<const Bytes> endorsements_of(const Endorsements& endorsements,
                                                     std::size_t position);

/// Daemon: one signed batch.
struct Submit {
    /// The daemon's own number for it, returned in the Outcome.
    std::uint64_t number{0};
    Bytes statement;
    std::vector<Bytes> leaves;
    Endorsements endorsements{};

    friend bool operator==(const Submit&, const Submit&) = default;
};

/// Daemon: deliveries up to this one are durable; more may come.
struct Credit {
    LogIndex through;

    friend bool operator==(const Credit&, const Credit&) = default;
};

/// The log's newest head as the hub shows it, and that it extends the head shown before on this
/// stream (or the one that the Hello named). Empty if it is still that one.
struct HeadUpdate {
    std::string checkpoint;           ///< a signed note
    std::vector<Digest> consistency;  ///< from the size known before

    friend bool operator==(const HeadUpdate&, const HeadUpdate&) = default;
};

/// One entry of a run: its bytes for those whose business it is, its leaf hash for others.
using EntryOrHash = std::variant<Bytes, Digest>;

/// A run of log entries and its place in the tree of the head shown last.
struct EntryRun {
    LogIndex first;
    std::vector<EntryOrHash> entries;  ///< empty if the batch caused none
    std::vector<Digest> proof;         ///< a range proof, crypto/merkle_proof

    friend bool operator==(const EntryRun&, const EntryRun&) = default;
};

/// Hub, first message: the log's name, the charter in force, the head.
struct Welcome {
    std::uint16_t version{0};
    std::string origin;
    Digest charter;  ///< SHA-256 of the charter's file
    HeadUpdate head;

    friend bool operator==(const Welcome&, const Welcome&) = default;
};

/// An entry with a proof of its own that it stands in the tree of the head shown last.
struct ProvedEntry {
    Bytes entry;
    std::vector<Digest> path;  ///< an inclusion path, crypto/merkle_proof

    friend bool operator==(const ProvedEntry&, const ProvedEntry&) = default;
};

/// A leaf got its place in the log: now, and its entry is in the batch's run; or when the same
/// bytes came first (repeated), and its entry is brought along, so that nobody needs to take the
/// hub's word for it.
struct LeafAccepted {
    LogIndex index;
    bool repeated{false};
    ProvedEntry earlier{};  ///< of a repetition; else empty

    friend bool operator==(const LeafAccepted&, const LeafAccepted&) = default;
};

/// A leaf was refused; `index` is that of its `refused` entry, none beyond the unit's limit.
struct LeafRefused {
    std::optional<LogIndex> index;
    Reasons reasons;

    friend bool operator==(const LeafRefused&, const LeafRefused&) = default;
};

using LeafOutcome = std::variant<LeafAccepted, LeafRefused>;

/// Hub: what became of a batch.
struct Outcome {
    std::uint64_t number{0};
    std::vector<LeafOutcome> leaves;  ///< one a leaf, in the batch's order
    HeadUpdate head;
    EntryRun run;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Hub: the whole batch was refused, for its statement; nothing of it was looked at.
struct BatchRefused {
    std::uint64_t number{0};
    Reason reason;

    friend bool operator==(const BatchRefused&, const BatchRefused&) = default;
};

/// A leaf of a delivered batch that is the recipient's business.
struct DeliveredLeaf {
    LogIndex index;
    Bytes bytes;

    friend bool operator==(const DeliveredLeaf&, const DeliveredLeaf&) = default;
};

/// Hub: leaves for this unit, with all that it takes to check them: the statement over the whole
/// batch (other units' leaves as hashes), the entries, the run's place under the head.
struct Delivery {
    LogIndex batch;
    Digest signer;  ///< SHA-256 of the signer's certificate
    Bytes statement;
    std::vector<std::variant<DeliveredLeaf, Digest>> leaves;
    HeadUpdate head;
    EntryRun run;
    Endorsements endorsements{};  ///< of the leaves that are this unit's

    friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// Either side, before it closes: why.
struct Farewell {
    Reason reason;

    friend bool operator==(const Farewell&, const Farewell&) = default;
};

using Message =
    std::variant<Hello, Submit, Credit, Welcome, Outcome, BatchRefused, Delivery, Farewell>;

}  // namespace tongbao::protocol
