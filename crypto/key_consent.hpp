#pragma once

#include "crypto/signing_key.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// A key that a unit consents to: for which identity, and SHA-256 of its SubjectPublicKeyInfo.
struct ConsentedKey {
    SpiffeId id;
    Digest public_key;

    friend bool operator==(const ConsentedKey&, const ConsentedKey&) = default;
};

/// What a unit's sign key says of other keys of its unit: these are ours, they may be enrolled.
struct KeyConsent {
    LogOrigin origin;
    UnitId unit;
    /// SHA-256 of the SubjectPublicKeyInfo of the sign key that consents.
    Digest by;
    /// When, as the unit claims.
    UtcTime time;
    /// From 1 to kMaxConsentedKeys, each of this unit.
    std::vector<ConsentedKey> keys;

    friend bool operator==(const KeyConsent&, const KeyConsent&) = default;
};

inline constexpr std::size_t kMaxConsentedKeys = 32;

/// Room for kMaxConsentedKeys of the longest names.
inline constexpr std::size_t kMaxConsentBytes = 24 * 1024;

/// The lines, each ending in a newline. The first one fixes every algorithm:
///
///     tongbao/key-consent/v1 p256-sha256
///     log <origin>
///     unit <unit>
///     by <64 hexadecimal digits>
///     time <UTC, three decimals>
///     key <SPIFFE URI> <64 hexadecimal digits>
///
/// with one `key` line for each key, in byte order whatever the order of `keys`.
[[nodiscard]] std::string format_key_consent(const KeyConsent& consent);

/// Reads exactly what format_key_consent writes.
///
/// Errors: Errc::consent_invalid for anything else: another suite, an origin that is no log's, a
/// key that is not of the unit (the hub's, a log auditor's, another unit's), key lines out of order
/// or twice, none, or more than kMaxConsentedKeys.
[[nodiscard]] Result<KeyConsent> parse_key_consent(std::string_view text);

/// Signs with ECDSA and SHA-256 over exactly the text; the signature is in DER.
///
/// Errors: Errc::wrong_signer if `consent.by` is not `key`; Errc::consent_invalid if
/// parse_key_consent would refuse the text; Errc::crypto_failure.
[[nodiscard]] Result<SignedConsent> sign_key_consent(const KeyConsent& consent,
                                                     const SigningKey& key);

/// Reads the text and checks the signature with `public_key`, a SubjectPublicKeyInfo in DER, which
/// must be the key that the text's `by` names. A stranger does the same with
/// `openssl dgst -sha256 -verify public.pem -signature signature text`.
///
/// That the key is a sign key of the unit, in force, is for the caller: KeyRegister::apply.
///
/// Errors: Errc::consent_invalid. Costs about 50 µs.
[[nodiscard]] Result<KeyConsent> open_key_consent(const SignedConsent& consent,
                                                  BytesView public_key);

/// A consent in a file: the text, an empty line, the signature in base64, a newline.
[[nodiscard]] std::string format_consent_file(const SignedConsent& consent);

/// Reads what format_consent_file writes; the signature is not checked.
///
/// Errors: Errc::consent_invalid.
[[nodiscard]] Result<SignedConsent> parse_consent_file(std::string_view text);

}  // namespace tongbao::crypto
