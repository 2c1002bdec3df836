#include "crypto/verifier_key.hpp"

#include "crypto/sha256.hpp"
#include "domain/bytes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao::crypto {
namespace {

/// Unicode's White_Space characters above the control characters, in UTF-8.
constexpr std::array<std::string_view, 20> kSpaces{" ",
                                                   "\xc2\x85",
                                                   "\xc2\xa0",
                                                   "\xe1\x9a\x80",
                                                   "\xe2\x80\x80",
                                                   "\xe2\x80\x81",
                                                   "\xe2\x80\x82",
                                                   "\xe2\x80\x83",
                                                   "\xe2\x80\x84",
                                                   "\xe2\x80\x85",
                                                   "\xe2\x80\x86",
                                                   "\xe2\x80\x87",
                                                   "\xe2\x80\x88",
                                                   "\xe2\x80\x89",
                                                   "\xe2\x80\x8a",
                                                   "\xe2\x80\xa8",
                                                   "\xe2\x80\xa9",
                                                   "\xe2\x80\xaf",
                                                   "\xe2\x81\x9f",
                                                   "\xe3\x80\x80"};

}  // namespace

bool is_note_key_name(std::string_view name) noexcept {
    if (name.empty() || !is_utf8(name)) return false;
    const bool allowed = std::all_of(name.begin(), name.end(), [](char character) {
        return character != '+' && static_cast<std::uint8_t>(character) >= 0x20;
    });
    return allowed && std::none_of(kSpaces.begin(), kSpaces.end(), [name](std::string_view space) {
               return name.find(space) != std::string_view::npos;
           });
}

NoteKeyId note_key_id(std::string_view name, NoteKeyType type, const Ed25519PublicKey& key) {
    const std::array<std::uint8_t, 2> between{'\n', static_cast<std::uint8_t>(type)};
    const Digest digest = sha256_of_parts({as_bytes(name), between, key});
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < sizeof id; ++i) id = id << 8 | digest.array()[i];
    return NoteKeyId(id);
}

std::string format_note_key_id(NoteKeyId id) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(id.value() >> (8 * (3 - i)));
    }
    return to_hex(bytes);
}

VerifierKey::VerifierKey(std::string name, NoteKeyType type, Ed25519VerifyingKey key)
    : name_(std::move(name)),
      type_(type),
      key_(std::move(key)),
      id_(note_key_id(name_, type_, key_.bytes())) {}

Result<VerifierKey> VerifierKey::make(std::string name, NoteKeyType type, Ed25519VerifyingKey key) {
    if (!is_note_key_name(name)) return Errc::bad_key;
    return VerifierKey(std::move(name), type, std::move(key));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
    // The base64 may hold plus signs itself: the first two separate.
    const std::size_t name_end = text.find('+');
    if (name_end == std::string_view::npos) return Errc::bad_key;
    const std::string_view rest = text.substr(name_end + 1);
    if (rest.size() <= kNoteKeyIdDigits || rest[kNoteKeyIdDigits] != '+') return Errc::bad_key;
    const Result<Bytes> bytes = from_base64(rest.substr(kNoteKeyIdDigits + 1));
    if (!bytes || bytes->empty()) return Errc::bad_key;
    const auto type = static_cast<NoteKeyType>(bytes->front());
    if (type != NoteKeyType::ed25519 && type != NoteKeyType::cosignature_v1) return Errc::bad_key;
    Result<Ed25519VerifyingKey> key = Ed25519VerifyingKey::from_bytes(BytesView(*bytes).subspan(1));
    if (!key) return key.error();
    Result<VerifierKey> made = make(std::string(text.substr(0, name_end)), type, std::move(*key));
    if (!made) return made.error();
    if (format_note_key_id(made->id()) != rest.substr(0, kNoteKeyIdDigits)) return Errc::bad_key;
    return made;
}

std::string VerifierKey::text() const {
    Bytes bytes{static_cast<std::uint8_t>(type_)};
    bytes.insert(bytes.end(), key_.bytes().begin(), key_.bytes().end());
    return name_ + '+' + format_note_key_id(id_) + '+' + to_base64(bytes);
}

std::string cosigned_message(std::string_view note_text, std::chrono::sys_seconds time) {
    std::string message = "cosignature/v1\ntime ";
    message += std::to_string(time.time_since_epoch().count());
    message += '\n';
    message += note_text;
    return message;
}

}  // namespace tongbao::crypto
