#pragma once

#include "crypto/certificate.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A key for which a unit asks.
struct RequestedKey {
    SpiffeId id;
    /// The SubjectPublicKeyInfo in DER, and its SHA-256.
    Bytes public_key;
    Digest public_key_digest;
    /// The PKCS#10 request in PEM; empty if there is a certificate.
    std::string request;
    /// Of another certification authority, which is passed on as it is.
    std::optional<crypto::Certificate> certificate;
};

/// What a unit asks of the office that runs certification authority and hub: `request.json`.
/// Whatever can be checked without the authority and the register was checked when it was read.
struct EnrolmentRequest {
    TrustDomain trust_domain;
    UnitId unit;
    /// From 1 to 32, no public key and no name twice, all of the unit.
    std::vector<RequestedKey> keys;
    /// To every key but the one that consents. None only in a request for the first sign key alone.
    std::optional<SignedConsent> consent;

    /// The sign key among `keys` that nobody can consent to: people compare its fingerprint. None
    /// if a sign key that was enrolled before consents.
    [[nodiscard]] const RequestedKey* first_key() const;
    /// Who consents; none without consent.
    [[nodiscard]] std::optional<Digest> consenting_key() const;
};

inline constexpr std::size_t kMaxRequestBytes = 256 * 1024;

/// A JSON object of `format` (`tongbao/enrolment-request/v1`), `trust_domain`, `unit`, `keys`
/// (array of objects of `spiffe` and either `request`, PKCS#10 in PEM, or `certificate`, PEM) and,
/// unless it is left out, `consent` (object of `text` and `signature`, base64).
[[nodiscard]] std::string format_enrolment_request(const EnrolmentRequest& request);

/// Reads what format_enrolment_request writes, and checks: each PKCS#10 request is signed by its
/// own key and asks for the name beside it; all names are of this unit and trust domain; the
/// consent is for this trust domain's log and unit and to just these keys; and if one of these keys
/// gives it, that it is a sign key and that its signature fits.
///
/// Errors, with the place in the text: those of protocol::read_json and protocol::ObjectReader;
/// those of read_certification_request and Certificate::from_pem; Errc::certificate_wrong_name;
/// Errc::already_exists for a key twice; Errc::consent_invalid; Errc::consent_missing.
[[nodiscard]] Checked<EnrolmentRequest> parse_enrolment_request(std::string_view text);

}  // namespace tongbao::client
