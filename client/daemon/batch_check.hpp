#pragma once

#include "client/daemon/log_follower.hpp"
#include "crypto/key_register.hpp"
#include "crypto/trust_store.hpp"
#include "domain/charter.hpp"
#include "domain/log_entry.hpp"
#include "domain/reason.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/message.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace tongbao::client {

/// A delivered leaf that was checked, with its log entry.
struct CheckedLeaf {
    protocol::Leaf leaf;
    Digest sha256;
    LogIndex index;
    std::uint16_t position{0};
    UtcTime logged_at{};
    /// Of a notice, the case that it belongs to, by its entry.
    std::optional<CaseNumber> case_number{};
    /// The hub gave the number for this notice.
    bool opens_case{false};
    /// Others may not know of it, and not for its own kind: then what it is about is restricted
    /// (restricted_leaves.hpp), which the caller checks.
    bool hidden_by_other{false};
};

/// A delivery whose every leaf was checked.
struct CheckedBatch {
    std::vector<CheckedLeaf> leaves;
    /// The register's entry that the log entries name as the newest: what was proved of the
    /// register with them. None if nothing was delivered.
    std::optional<Digest> register_head;
};

/// Where the checks get their certainty from. `keys` must be up to date: see needs_register.
struct BatchTrust {
    const LogFollower& log;
    const crypto::KeyRegister& keys;
    const crypto::TrustStore& certificates;
    /// Says which endorsements a notice needs that was logged since it was adopted.
    const Charter& charter;
    /// Who takes the delivery.
    const UnitId& unit;
};

/// Whether a delivery or an answer rests on register entries that `keys` does not have yet: an
/// unknown signer, or an entry that names a register head which is not there.
[[nodiscard]] bool needs_register(const protocol::Delivery& delivery,
                                  const crypto::KeyRegister& keys);
[[nodiscard]] bool needs_register(const protocol::Outcome& outcome,
                                  const crypto::KeyRegister& keys);

/// Checks a delivery, whose head was taken by the follower already, for itself: the run under the
/// head; the statement's signature by a key in force at the entries; its origin, count and root
/// over the leaves; the signer's certificate at the entries' time; for each delivered leaf that its
/// entry says exactly it and names the newest register entry before it, that its sender is the
/// signer's unit, and that a notice is for this unit, as recipient or copy, or to be kept by it
/// (keepers_copy.hpp), and bears exactly the endorsements that its entry names and the charter asks
/// for; before the charter was adopted, those that its entry names. The entry of a restricted
/// notice is hidden from others.
///
/// Errors (with the place): Errc::proof_mismatch, Errc::not_in_tree, those of open_statement and
/// TrustStore::check, Errc::signer_not_enrolled, Errc::statement_mismatch, Errc::sender_mismatch,
/// Errc::entry_mismatch, Errc::register_mismatch, those of read_leaf and read_log_entry, those of
/// open_endorsements and check_endorsements.
[[nodiscard]] Checked<CheckedBatch> check_delivery(const protocol::Delivery& delivery,
                                                   const BatchTrust& trust);

/// One's own batch as it was submitted. Borrows.
struct SubmittedBatch {
    std::vector<BytesView> leaves;
    BytesView statement;
    Digest signer;  ///< SHA-256 of the signer's certificate
    /// What `leaves` say, each at its place, as far as they were read before; or empty.
    std::span<const std::optional<protocol::Leaf>> read{};
    /// The containers that went with each leaf, each at its place; or empty if none had any.
    std::span<const std::vector<Bytes>> endorsements{};
    /// What `leaves` hash to as leaves, as they were signed; or empty.
    std::span<const Digest> leaf_hashes{};
};

/// What the log has of one's own batch.
struct CheckedOutcome {
    /// As CheckedBatch::register_head.
    std::optional<Digest> register_head;
    /// What an accepted leaf's entry says of its case, its time, and the limits of its sending that
    /// it was late for.
    struct Entry {
        std::optional<CaseNumber> case_number;
        UtcTime logged_at{};
        std::vector<std::string> late;
        bool hidden_by_other{false};  ///< as CheckedLeaf::hidden_by_other
    };
    /// For each leaf, in order; none if it was refused.
    std::vector<std::optional<Entry>> entries;
};

/// Checks that the hub's answer to our own batch is what the log holds: the run under the head;
/// each accepted leaf's entry says exactly it, names the newest register entry before it and a key
/// in force there, and stands in the run under our statement, or, of a leaf that was accepted
/// before, where the entry's own path says. (Under which statement and endorsements it came then is
/// not known here any more.)
///
/// Errors: Errc::proof_mismatch, Errc::not_in_tree, Errc::entry_mismatch, Errc::register_mismatch,
/// Errc::signer_not_enrolled, those of read_leaf and read_log_entry.
[[nodiscard]] Checked<CheckedOutcome> check_outcome(const protocol::Outcome& outcome,
                                                    const SubmittedBatch& batch,
                                                    const LogFollower& log,
                                                    const crypto::KeyRegister& keys,
                                                    const Charter& charter);

}  // namespace tongbao::client
