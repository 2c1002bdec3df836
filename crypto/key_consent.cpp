#include "crypto/key_consent.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/public_key.hpp"
#include "crypto/sha256.hpp"
#include "crypto/text_lines.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kConsentSuite = "tongbao/key-consent/v1 p256-sha256";
constexpr std::string_view kKeyName = "key ";

/// A P-256 signature in DER: two integers of at most 33 bytes, each with its head, in a sequence.
constexpr std::size_t kMaxSignature = 72;

std::string key_line(const ConsentedKey& key) {
    return format_spiffe_id(key.id) + ' ' + key.public_key.hex();
}

std::optional<ConsentedKey> parse_key_line(std::string_view text, const UnitId& unit) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const Result<SpiffeId> id = parse_spiffe_id(text.substr(0, space));
    const Result<Digest> public_key = Digest::from_hex(text.substr(space + 1));
    if (!id || !public_key || id->unit != unit) return std::nullopt;
    return ConsentedKey{*id, *public_key};
}

bool verifies(EVP_PKEY* key, const SignedConsent& consent) {
    const MdCtxHandle context(EVP_MD_CTX_new());
    const BytesView text = as_bytes(consent.text);
    // EVP_DigestVerify answers 1 for a good signature, 0 for a bad one and less than 0 for its own
    // trouble; only 1 may pass.
    const bool good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), consent.signature.data(), consent.signature.size(),
                         text.data(), text.size()) == 1;
    clear_openssl_errors();
    return good;
}

}  // namespace

std::string format_key_consent(const KeyConsent& consent) {
    std::vector<std::string> lines;
    lines.reserve(consent.keys.size());
    for (const ConsentedKey& key : consent.keys) lines.push_back(key_line(key));
    std::sort(lines.begin(), lines.end());
    std::string text(kConsentSuite);
    text += "\nlog " + consent.origin.value() + "\nunit " + consent.unit.value() + "\nby " +
            consent.by.hex() + "\ntime " + format_utc(consent.time) + '\n';
    for (const std::string& line : lines) text += std::string(kKeyName) + line + '\n';
    return text;
}

Result<KeyConsent> parse_key_consent(std::string_view text) {
    if (text.size() > kMaxConsentBytes) return Errc::consent_invalid;
    const auto nothing = take_line(text, kConsentSuite);
    const auto origin = take_line(text, "log ");
    const auto unit_text = take_line(text, "unit ");
    const auto by_text = take_line(text, "by ");
    const auto time_text = take_line(text, "time ");
    if (!nothing || !nothing->empty() || !origin || !is_log_origin(*origin) || !unit_text ||
        !by_text || !time_text) {
        return Errc::consent_invalid;
    }
    const Result<UnitId> unit = parse_unit_id(*unit_text);
    const Result<Digest> by = Digest::from_hex(*by_text);
    const Result<UtcTime> time = parse_utc(*time_text);
    if (!unit || !by || !time) return Errc::consent_invalid;
    KeyConsent consent{LogOrigin(std::string(*origin)), *unit, *by, *time, {}};
    std::string_view previous;
    while (!text.empty()) {
        const auto line = take_line(text, kKeyName);
        if (!line || *line <= previous) return Errc::consent_invalid;
        std::optional<ConsentedKey> key = parse_key_line(*line, *unit);
        if (!key) return Errc::consent_invalid;
        consent.keys.push_back(*std::move(key));
        previous = *line;
    }
    if (consent.keys.empty() || consent.keys.size() > kMaxConsentedKeys) {
        return Errc::consent_invalid;
    }
    return consent;
}

Result<SignedConsent> sign_key_consent(const KeyConsent& consent, const SigningKey& key) {
    if (consent.by != key.public_digest()) return Errc::wrong_signer;
    SignedConsent made{format_key_consent(consent), Bytes(kMaxSignature)};
    if (!parse_key_consent(made.text)) return Errc::consent_invalid;
    const MdCtxHandle context(EVP_MD_CTX_new());
    const BytesView text = as_bytes(made.text);
    std::size_t size = made.signature.size();
    const bool good =
        context &&
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.native()) == 1 &&
        EVP_DigestSign(context.get(), made.signature.data(), &size, text.data(), text.size()) == 1;
    clear_openssl_errors();
    if (!good) return Errc::crypto_failure;
    made.signature.resize(size);
    return made;
}

Result<KeyConsent> open_key_consent(const SignedConsent& consent, BytesView public_key) {
    Result<KeyConsent> said = parse_key_consent(consent.text);
    if (!said) return said.error();
    const PkeyHandle key = read_p256_public_key(public_key);
    if (!key || sha256(public_key) != said->by || !verifies(key.get(), consent)) {
        return Errc::consent_invalid;
    }
    return said;
}

std::string format_consent_file(const SignedConsent& consent) {
    return consent.text + '\n' + to_base64(consent.signature) + '\n';
}

Result<SignedConsent> parse_consent_file(std::string_view text) {
    const std::size_t empty_line = text.find("\n\n");
    if (empty_line == std::string_view::npos || !text.ends_with('\n')) return Errc::consent_invalid;
    const std::string_view said = text.substr(0, empty_line + 1);
    std::string_view rest = text.substr(empty_line + 2);
    const auto encoded = take_line(rest, "");
    if (!encoded || !rest.empty()) return Errc::consent_invalid;
    Result<Bytes> signature = from_base64(*encoded);
    if (!signature || signature->empty() || signature->size() > kMaxSignature ||
        !parse_key_consent(said)) {
        return Errc::consent_invalid;
    }
    return SignedConsent{std::string(said), *std::move(signature)};
}

}  // namespace tongbao::crypto
