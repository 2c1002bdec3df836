#pragma once

#include "crypto/note_signer.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/bytes.hpp"
#include "domain/checkpoint.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// C2SP signed-note 1.0.0 asks that 16 signatures be accepted at least.
inline constexpr std::size_t kMaxNoteSignatures = 100;
inline constexpr std::size_t kMaxNoteBytes = 1024 * 1024;

/// A signature line as it stands, of a known key or not.
struct NoteSignature {
    std::string name;
    NoteKeyId key_id;
    /// What follows the key id; at least one byte.
    Bytes signature;

    friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

/// A note whose signatures were read and not checked: its text says nothing yet.
struct SignedNote {
    /// Ends in a newline.
    std::string text;
    std::vector<NoteSignature> signatures;

    friend bool operator==(const SignedNote&, const SignedNote&) = default;
};

/// A signature that was checked.
struct VerifiedSignature {
    /// The place of its key among those that were given.
    std::size_t key;
    /// When a witness says that it cosigned; none for a key of type 0x01.
    std::optional<std::chrono::sys_seconds> time;

    friend bool operator==(const VerifiedSignature&, const VerifiedSignature&) = default;
};

/// A note that at least one of the given keys signed.
struct VerifiedNote {
    std::string text;
    /// One for each key that signed, in the order of the note's lines. Where a key signed more than
    /// once (a witness at two times), its first line counts.
    std::vector<VerifiedSignature> signatures;
};

/// Reads a note: a text that ends in a newline, an empty line, one or more signature lines
/// `— <name> <base64(4-byte big-endian key id || signature)>`. The last empty line separates, since
/// the text may have some too.
///
/// Errors: Errc::bad_note for anything else, for control characters but newline, for what is not
/// UTF-8, and for more than kMaxNoteSignatures or kMaxNoteBytes.
///
/// Source: C2SP signed-note 1.0.0.
[[nodiscard]] Result<SignedNote> parse_note(std::string_view note);

/// Writes what parse_note reads.
[[nodiscard]] std::string format_note(const SignedNote& note);

/// Finds out which of `keys` signed `note`. Signatures of other keys are ignored. A key that is
/// given twice counts once.
///
/// Errors: Errc::bad_note if a signature with the name and the id of one of the keys fails;
/// Errc::unknown_log_key if none of the keys signed. One verification for each known line, about
/// 100 microseconds.
[[nodiscard]] Result<VerifiedNote> verify_note(const SignedNote& note,
                                               std::span<const VerifierKey> keys);

/// Reads a note and finds out which of `keys` signed it.
///
/// Errors: those of parse_note and verify_note.
[[nodiscard]] Result<VerifiedNote> verify_note(std::string_view note,
                                               std::span<const VerifierKey> keys);

/// Reads the note of a checkpoint that the log signed with `log_key`, a key of type 0x01.
///
/// Errors: Errc::bad_note if it is no note or the log's signature fails; Errc::unknown_log_key if
/// the log did not sign it, or `log_key` is a witness's; Errc::bad_checkpoint if the text is no
/// checkpoint or its origin is not the key's name.
///
/// Source: C2SP tlog-checkpoint 1.0.0.
[[nodiscard]] Result<Checkpoint> verify_checkpoint(std::string_view note,
                                                   const VerifierKey& log_key);

}  // namespace tongbao::crypto
