#include "crypto/note_signer.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kPrivateKeyPrefix = "PRIVATE+KEY+";

struct NamedKey {
    std::string name;
    Ed25519SigningKey key;
};

Result<NamedKey> parse_key(std::string_view text, NoteKeyType type) {
    if (!text.starts_with(kPrivateKeyPrefix)) return Errc::bad_key;
    text.remove_prefix(kPrivateKeyPrefix.size());
    const std::size_t name_end = text.find('+');
    if (name_end == std::string_view::npos) return Errc::bad_key;
    const std::string_view name = text.substr(0, name_end);
    const std::string_view rest = text.substr(name_end + 1);
    if (rest.size() <= kNoteKeyIdDigits || rest[kNoteKeyIdDigits] != '+') return Errc::bad_key;
    Result<Bytes> decoded = from_base64(rest.substr(kNoteKeyIdDigits + 1));
    if (!decoded) return Errc::bad_key;
    const SecretBytes secret = SecretBytes::adopt(std::move(*decoded));
    if (secret.size() == 0 || secret.bytes()[0] != static_cast<std::uint8_t>(type)) {
        return Errc::bad_key;
    }
    Result<Ed25519SigningKey> key = Ed25519SigningKey::from_seed(secret.bytes().subspan(1));
    if (!key) return key.error();
    const NoteKeyId id = note_key_id(name, type, key->verifying_key().bytes());
    if (format_note_key_id(id) != rest.substr(0, kNoteKeyIdDigits)) return Errc::bad_key;
    return NamedKey{std::string(name), std::move(*key)};
}

SecretBytes format_key(const VerifierKey& verifier_key, const Ed25519SigningKey& key) {
    SecretBytes typed(1 + Ed25519SigningKey::kSeedSize);
    typed.writable()[0] = static_cast<std::uint8_t>(verifier_key.type());
    const SecretBytes seed = key.seed();
    std::copy(seed.bytes().begin(), seed.bytes().end(), typed.writable().begin() + 1);
    std::string encoded = to_base64(typed.bytes());
    std::string text(kPrivateKeyPrefix);
    text += verifier_key.name() + '+' + format_note_key_id(verifier_key.id()) + '+';
    // Room first: a string that grows leaves a copy of the secret behind.
    text.reserve(text.size() + encoded.size());
    text += encoded;
    SecretBytes secret(as_bytes(text));
    wipe_memory(std::span<char>(encoded));
    wipe_memory(std::span<char>(text));
    return secret;
}

}  // namespace

std::string format_signature_line(std::string_view name, NoteKeyId id, BytesView signature) {
    Bytes bytes;
    for (const unsigned shift : {24u, 16u, 8u, 0u}) {
        bytes.push_back(static_cast<std::uint8_t>(id.value() >> shift));
    }
    bytes.insert(bytes.end(), signature.begin(), signature.end());
    std::string line = "— ";
    line += name;
    return line + ' ' + to_base64(bytes) + '\n';
}

NoteSigner::NoteSigner(Ed25519SigningKey key, VerifierKey verifier_key)
    : key_(std::move(key)), verifier_key_(std::move(verifier_key)) {}

Result<NoteSigner> NoteSigner::make(std::string name, Ed25519SigningKey key) {
    Result<VerifierKey> verifier =
        VerifierKey::make(std::move(name), NoteKeyType::ed25519, key.verifying_key());
    if (!verifier) return verifier.error();
    return NoteSigner(std::move(key), std::move(*verifier));
}

Result<NoteSigner> NoteSigner::parse_private_key(std::string_view text) {
    Result<NamedKey> parsed = parse_key(text, NoteKeyType::ed25519);
    if (!parsed) return parsed.error();
    return make(std::move(parsed->name), std::move(parsed->key));
}

SecretBytes NoteSigner::private_key_text() const {
    return format_key(verifier_key_, key_);
}

std::string NoteSigner::sign(std::string_view text) const {
    return format_signature_line(verifier_key_.name(), verifier_key_.id(),
                                 key_.sign(as_bytes(text)));
}

Cosigner::Cosigner(Ed25519SigningKey key, VerifierKey verifier_key)
    : key_(std::move(key)), verifier_key_(std::move(verifier_key)) {}

Result<Cosigner> Cosigner::make(std::string name, Ed25519SigningKey key) {
    Result<VerifierKey> verifier =
        VerifierKey::make(std::move(name), NoteKeyType::cosignature_v1, key.verifying_key());
    if (!verifier) return verifier.error();
    return Cosigner(std::move(key), std::move(*verifier));
}

Result<Cosigner> Cosigner::parse_private_key(std::string_view text) {
    Result<NamedKey> parsed = parse_key(text, NoteKeyType::cosignature_v1);
    if (!parsed) return parsed.error();
    return make(std::move(parsed->name), std::move(parsed->key));
}

SecretBytes Cosigner::private_key_text() const {
    return format_key(verifier_key_, key_);
}

std::string Cosigner::cosign(std::string_view text, std::chrono::sys_seconds time) const {
    const auto seconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    Bytes timed;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        timed.push_back(static_cast<std::uint8_t>(seconds >> (shift - 8)));
    }
    const Ed25519Signature signature = key_.sign(as_bytes(cosigned_message(text, time)));
    timed.insert(timed.end(), signature.begin(), signature.end());
    return format_signature_line(verifier_key_.name(), verifier_key_.id(), timed);
}

std::string sign_note(std::string_view text, const NoteSigner& signer) {
    return std::string(text) + '\n' + signer.sign(text);
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
    if (checkpoint.origin.value() != signer.verifier_key().name()) return Errc::bad_checkpoint;
    return sign_note(format_checkpoint(checkpoint), signer);
}

}  // namespace tongbao::crypto
