#pragma once

#include "crypto/ed25519_key.hpp"
#include "domain/result.hpp"
#include "domain/strong.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao::crypto {

/// What a key of a signed note signs: the text itself, or the text under a time (a witness).
/// The numbers are those of C2SP signed-note 1.0.0 and tlog-cosignature 1.0.1.
enum class NoteKeyType : std::uint8_t { ed25519 = 0x01, cosignature_v1 = 0x04 };

/// Tells the keys of one name apart; not a digest to rely on.
using NoteKeyId = Strong<std::uint32_t, struct NoteKeyIdTag>;

/// Whether `name` may name a key: not empty, UTF-8, without a plus sign, control characters and
/// any of Unicode's white space.
[[nodiscard]] bool is_note_key_name(std::string_view name) noexcept;

/// The first 4 bytes of SHA-256(name || 0x0A || type || public key), read as big-endian.
[[nodiscard]] NoteKeyId note_key_id(std::string_view name, NoteKeyType type,
                                    const Ed25519PublicKey& key);

inline constexpr std::size_t kNoteKeyIdDigits = 8;

/// The id as kNoteKeyIdDigits lower-case hexadecimal digits.
[[nodiscard]] std::string format_note_key_id(NoteKeyId id);

/// A key that notes are checked with: a log's or a witness's. Any thread may use it.
class VerifierKey {
public:
    /// Errors: Errc::bad_key unless is_note_key_name(name).
    [[nodiscard]] static Result<VerifierKey> make(std::string name, NoteKeyType type,
                                                  Ed25519VerifyingKey key);

    /// Reads `name+hex8(id)+base64(type || public key)`.
    ///
    /// Errors: Errc::bad_key, for a type that is not known here and an id that does not fit too.
    [[nodiscard]] static Result<VerifierKey> parse(std::string_view text);

    /// What parse reads.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] NoteKeyType type() const noexcept { return type_; }
    [[nodiscard]] NoteKeyId id() const noexcept { return id_; }
    [[nodiscard]] const Ed25519VerifyingKey& key() const noexcept { return key_; }

    /// Same name, type and public key.
    friend bool operator==(const VerifierKey& one, const VerifierKey& other) {
        return one.name_ == other.name_ && one.type_ == other.type_ &&
               one.key_.bytes() == other.key_.bytes();
    }

private:
    VerifierKey(std::string name, NoteKeyType type, Ed25519VerifyingKey key);

    std::string name_;
    NoteKeyType type_;
    Ed25519VerifyingKey key_;
    NoteKeyId id_;
};

/// What a cosignature of `time` signs: `cosignature/v1\ntime <T>\n` and the note's text.
[[nodiscard]] std::string cosigned_message(std::string_view note_text,
                                           std::chrono::sys_seconds time);

}  // namespace tongbao::crypto
