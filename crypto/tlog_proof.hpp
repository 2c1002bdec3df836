#pragma once

#include "crypto/verifier_key.hpp"
#include "domain/bytes.hpp"
#include "domain/checkpoint.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// A proof that can be kept in a file and checked offline: an entry's index, its inclusion path and
/// the checkpoint's note with whatever cosignatures it has.
struct TlogProof {
    /// Not covered by any signature: never to be relied on by itself.
    std::optional<Bytes> extra;
    LogIndex index;
    /// From the leaf's sibling to the root's child.
    std::vector<Digest> path;
    /// The note as it is, with its signatures.
    std::string checkpoint_note;

    friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

/// No tree is higher than its size has bits.
inline constexpr std::size_t kMaxProofHashes = 64;

/// Writes a proof, to be stored as `.tlog-proof`:
///
///     c2sp.org/tlog-proof@v1
///     extra <base64>            only if there is an extra
///     index <n>
///     <base64 hash>             none or more
///                               an empty line
///     <the checkpoint's note>
///
/// Source: C2SP tlog-proof.
[[nodiscard]] std::string format_tlog_proof(const TlogProof& proof);

/// Reads what format_tlog_proof writes. The note is not looked at.
///
/// Errors: Errc::bad_proof, for an index with a leading zero, more than kMaxProofHashes hashes and
/// a missing note too.
[[nodiscard]] Result<TlogProof> parse_tlog_proof(std::string_view text);

/// Checks that the log with `log_key` signed a checkpoint of a tree that holds the entry hashed to
/// `leaf` at the proof's index, and gives that checkpoint. What the witnesses say is for
/// verify_note over the same note.
///
/// Errors: those of verify_checkpoint and verify_inclusion.
[[nodiscard]] Result<Checkpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf,
                                                   const VerifierKey& log_key);

}  // namespace tongbao::crypto
