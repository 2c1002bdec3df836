#include "crypto/tlog_proof.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/signed_note.hpp"

#include <charconv>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kFormat = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

/// Takes the text before the next newline; none if there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool leading_zero = text.size() > 1 && text.front() == '0';
    if (error != std::errc() || stop != end || leading_zero) return std::nullopt;
    return number;
}

}  // namespace

std::string format_tlog_proof(const TlogProof& proof) {
    std::string text(kFormat);
    text += '\n';
    if (proof.extra) text += std::string(kExtra) + to_base64(*proof.extra) + '\n';
    text += std::string(kIndex) + std::to_string(proof.index.value()) + '\n';
    for (const Digest& hash : proof.path) text += hash.base64() + '\n';
    text += '\n';
    text += proof.checkpoint_note;
    return text;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
    const auto format = take_line(text);
    if (!format || *format != kFormat) return Errc::bad_proof;
    TlogProof proof;
    auto line = take_line(text);
    if (line && line->starts_with(kExtra)) {
        Result<Bytes> extra = from_base64(line->substr(kExtra.size()));
        if (!extra) return Errc::bad_proof;
        proof.extra = std::move(*extra);
        line = take_line(text);
    }
    if (!line || !line->starts_with(kIndex)) return Errc::bad_proof;
    const auto index = parse_decimal(line->substr(kIndex.size()));
    if (!index) return Errc::bad_proof;
    proof.index = LogIndex(*index);
    for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
        const Result<Digest> hash = Digest::from_base64(*line);
        if (!hash || proof.path.size() == kMaxProofHashes) return Errc::bad_proof;
        proof.path.push_back(*hash);
    }
    if (!line || text.empty()) return Errc::bad_proof;
    proof.checkpoint_note = text;
    return proof;
}

Result<Checkpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf,
                                     const VerifierKey& log_key) {
    Result<Checkpoint> checkpoint = verify_checkpoint(proof.checkpoint_note, log_key);
    if (!checkpoint) return checkpoint.error();
    const Result<void> included =
        verify_inclusion(leaf, proof.index, checkpoint->size, proof.path, checkpoint->root);
    if (!included) return included.error();
    return checkpoint;
}

}  // namespace tongbao::crypto
