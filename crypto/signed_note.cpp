#include "crypto/signed_note.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kLinePrefix = "— ";
constexpr std::size_t kNoteKeyIdSize = 4;
constexpr std::size_t kTimeSize = 8;

std::uint64_t read_big_endian(BytesView bytes) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8 | byte;
    return number;
}

/// Reads a signature line without its newline.
Result<NoteSignature> parse_line(std::string_view line) {
    if (!line.starts_with(kLinePrefix)) return Errc::bad_note;
    line.remove_prefix(kLinePrefix.size());
    const std::size_t name_end = line.find(' ');
    if (name_end == std::string_view::npos) return Errc::bad_note;
    const std::string_view name = line.substr(0, name_end);
    const Result<Bytes> bytes = from_base64(line.substr(name_end + 1));
    if (!is_note_key_name(name) || !bytes || bytes->size() <= kNoteKeyIdSize) return Errc::bad_note;
    const BytesView view(*bytes);
    const auto id = static_cast<std::uint32_t>(read_big_endian(view.first(kNoteKeyIdSize)));
    return NoteSignature{std::string(name), NoteKeyId(id), to_bytes(view.subspan(kNoteKeyIdSize))};
}

bool is_note_text(std::string_view text) {
    return is_utf8(text) && std::all_of(text.begin(), text.end(), [](char character) {
               return character == '\n' || static_cast<std::uint8_t>(character) >= 0x20;
           });
}

/// Checks one signature of `key`; gives the time of a cosignature.
Result<std::optional<std::chrono::sys_seconds>> verify_signature(std::string_view text,
                                                                 const VerifierKey& key,
                                                                 BytesView signature) {
    if (key.type() == NoteKeyType::ed25519) {
        if (!key.key().verify(as_bytes(text), signature)) return Errc::bad_note;
        return std::optional<std::chrono::sys_seconds>();
    }
    if (signature.size() < kTimeSize) return Errc::bad_note;
    const std::uint64_t seconds = read_big_endian(signature.first(kTimeSize));
    // "It MUST NOT exceed 2^63 - 1" (tlog-cosignature).
    if (seconds > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return Errc::bad_note;
    }
    const std::chrono::sys_seconds time(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
    const std::string message = cosigned_message(text, time);
    if (!key.key().verify(as_bytes(message), signature.subspan(kTimeSize))) return Errc::bad_note;
    return std::optional(time);
}

}  // namespace

Result<SignedNote> parse_note(std::string_view note) {
    if (note.size() > kMaxNoteBytes || !is_note_text(note)) return Errc::bad_note;
    const std::size_t separator = note.rfind("\n\n");
    if (separator == std::string_view::npos) return Errc::bad_note;
    std::string_view lines = note.substr(separator + 2);
    if (lines.empty()) return Errc::bad_note;
    SignedNote parsed{std::string(note.substr(0, separator + 1)), {}};
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        if (end == std::string_view::npos) return Errc::bad_note;
        if (parsed.signatures.size() == kMaxNoteSignatures) return Errc::bad_note;
        Result<NoteSignature> signature = parse_line(lines.substr(0, end));
        if (!signature) return signature.error();
        parsed.signatures.push_back(std::move(*signature));
        lines.remove_prefix(end + 1);
    }
    return parsed;
}

std::string format_note(const SignedNote& note) {
    std::string text = note.text + '\n';
    for (const NoteSignature& signature : note.signatures) {
        text += format_signature_line(signature.name, signature.key_id, signature.signature);
    }
    return text;
}

Result<VerifiedNote> verify_note(const SignedNote& note, std::span<const VerifierKey> keys) {
    VerifiedNote verified{note.text, {}};
    for (const NoteSignature& line : note.signatures) {
        const auto key = std::find_if(keys.begin(), keys.end(), [&line](const VerifierKey& known) {
            return known.id() == line.key_id && known.name() == line.name;
        });
        if (key == keys.end()) continue;
        const auto time = verify_signature(note.text, *key, line.signature);
        if (!time) return time.error();
        const auto place = static_cast<std::size_t>(key - keys.begin());
        const bool repeated = std::any_of(
            verified.signatures.begin(), verified.signatures.end(),
            [place](const VerifiedSignature& signature) { return signature.key == place; });
        if (!repeated) verified.signatures.push_back({place, *time});
    }
    if (verified.signatures.empty()) return Errc::unknown_log_key;
    return verified;
}

Result<VerifiedNote> verify_note(std::string_view note, std::span<const VerifierKey> keys) {
    const Result<SignedNote> parsed = parse_note(note);
    if (!parsed) return parsed.error();
    return verify_note(*parsed, keys);
}

Result<Checkpoint> verify_checkpoint(std::string_view note, const VerifierKey& log_key) {
    if (log_key.type() != NoteKeyType::ed25519) return Errc::unknown_log_key;
    const Result<VerifiedNote> verified = verify_note(note, std::span(&log_key, 1));
    if (!verified) return verified.error();
    Result<Checkpoint> checkpoint = parse_checkpoint(verified->text);
    if (!checkpoint) return checkpoint.error();
    if (checkpoint->origin.value() != log_key.name()) return Errc::bad_checkpoint;
    return checkpoint;
}

}  // namespace tongbao::crypto
