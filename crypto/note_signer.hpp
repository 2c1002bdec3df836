#pragma once

#include "crypto/ed25519_key.hpp"
#include "crypto/secret_bytes.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/bytes.hpp"
#include "domain/checkpoint.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace tongbao::crypto {

/// A signature line of a note, with its newline:
/// `— <name> <base64(4-byte big-endian id || signature)>`.
[[nodiscard]] std::string format_signature_line(std::string_view name, NoteKeyId id,
                                                BytesView signature);

/// Signs the texts of notes with a named Ed25519 key, such as the log's. Any thread may sign.
///
/// A private key is written as `PRIVATE+KEY+name+hex8(id)+base64(type || seed)`, the form of Go's
/// golang.org/x/mod/sumdb/note.
class NoteSigner {
public:
    /// Errors: Errc::bad_key unless is_note_key_name(name).
    [[nodiscard]] static Result<NoteSigner> make(std::string name, Ed25519SigningKey key);

    /// Reads a private key of type 0x01.
    ///
    /// Errors: Errc::bad_key, for an id that does not fit too.
    [[nodiscard]] static Result<NoteSigner> parse_private_key(std::string_view text);
    [[nodiscard]] SecretBytes private_key_text() const;

    /// The signature line of `text`, with its newline: `— <name> <base64>\n`. The same text always
    /// gets the same line.
    [[nodiscard]] std::string sign(std::string_view text) const;

    [[nodiscard]] const VerifierKey& verifier_key() const noexcept { return verifier_key_; }

private:
    NoteSigner(Ed25519SigningKey key, VerifierKey verifier_key);

    Ed25519SigningKey key_;
    VerifierKey verifier_key_;
};

/// Cosigns checkpoints as a witness. A witness has a key of its own: what is signed does not name
/// the witness. Any thread may cosign. Source: C2SP tlog-cosignature 1.0.1, cosignature/v1.
class Cosigner {
public:
    /// Errors: Errc::bad_key unless is_note_key_name(name).
    [[nodiscard]] static Result<Cosigner> make(std::string name, Ed25519SigningKey key);

    /// Reads a private key of type 0x04, written like a NoteSigner's.
    ///
    /// Errors: Errc::bad_key, for an id that does not fit too.
    [[nodiscard]] static Result<Cosigner> parse_private_key(std::string_view text);
    [[nodiscard]] SecretBytes private_key_text() const;

    /// The signature line, with its newline, that says: at `time` the checkpoint whose note has
    /// this `text` was the largest consistent one that this witness knew. `time` is not before
    /// 1970. That the checkpoint was verified and is stored is for the caller to see to, before.
    [[nodiscard]] std::string cosign(std::string_view text, std::chrono::sys_seconds time) const;

    [[nodiscard]] const VerifierKey& verifier_key() const noexcept { return verifier_key_; }

private:
    Cosigner(Ed25519SigningKey key, VerifierKey verifier_key);

    Ed25519SigningKey key_;
    VerifierKey verifier_key_;
};

/// The note of `text` with the one signature of `signer`.
[[nodiscard]] std::string sign_note(std::string_view text, const NoteSigner& signer);

/// The note of a checkpoint; the origin is to be the signer's name.
///
/// Errors: Errc::bad_checkpoint if it is not.
[[nodiscard]] Result<std::string> sign_checkpoint(const Checkpoint& checkpoint,
                                                  const NoteSigner& signer);

}  // namespace tongbao::crypto
