#pragma once

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao::crypto {

/// From `not_before` up to `not_after`, in whole seconds: milliseconds are dropped.
struct Validity {
    UtcTime not_before;
    UtcTime not_after;
};

/// What a certificate is to say.
struct CertificateRequest {
    SpiffeId id;
    Validity validity;
    /// The SubjectPublicKeyInfo in DER of a P-256 key, such as SigningKey::public_der.
    Bytes public_key;
    /// The hub's names, at least one of either; none for any other use.
    std::vector<std::string> dns_names{};
    /// IPv4 or IPv6 addresses as text.
    std::vector<std::string> ip_addresses{};
};

/// Why a certificate no longer counts. Source: RFC 5280 section 5.3.1.
enum class RevocationReason : std::uint8_t {
    unspecified = 0,
    key_compromise = 1,
    affiliation_changed = 3,
    superseded = 4,
    cessation_of_operation = 5,
};

/// One line of a revocation list.
struct Revocation {
    std::string serial;  ///< as Certificate::serial gives it
    UtcTime time;
    RevocationReason reason{};
    /// From when on others may have had the key, in whole seconds: the list's invalidityDate.
    /// Source: RFC 5280 section 5.3.2.
    std::optional<UtcTime> compromised_since{};
};

/// A certification authority in memory: its certificate and its key. It reads and writes no file.
/// Threads may share it.
class CertificateAuthority {
public:
    /// A new root for the trust domain, signed by itself, over which one level of issuing
    /// authorities may stand.
    ///
    /// Errors: Errc::bad_time if the validity is empty; Errc::crypto_failure.
    [[nodiscard]] static Result<CertificateAuthority> make_root(const TrustDomain& trust_domain,
                                                                const Validity& validity);

    /// An authority that was made before.
    ///
    /// Errors: Errc::bad_key if the key is not the certificate's; Errc::certificate_wrong_use if
    /// the certificate is not a certification authority's.
    [[nodiscard]] static Result<CertificateAuthority> load(Certificate certificate, SigningKey key);

    /// A new issuing authority under this root. It issues to holders only, not to authorities.
    ///
    /// Errors: Errc::certificate_wrong_use if this is not a root; Errc::bad_time;
    /// Errc::crypto_failure.
    [[nodiscard]] Result<CertificateAuthority> make_issuing(const TrustDomain& trust_domain,
                                                            const Validity& validity) const;

    /// A certificate of the form that check_profile demands, with a new random serial number of 16
    /// octets.
    ///
    /// Errors: Errc::bad_key if `public_key` is not a P-256 key; Errc::certificate_wrong_name if a
    /// host name or address is malformed, the hub has none, or another use has one; Errc::bad_time
    /// if the validity is empty; Errc::crypto_failure.
    [[nodiscard]] Result<Certificate> issue(const CertificateRequest& request) const;

    /// The list of all that this authority has revoked, in PEM, in force from `this_update` up to
    /// `next_update`. `number` rises with each list of this authority.
    ///
    /// Errors: Errc::bad_encoding for a serial that is not hexadecimal; Errc::bad_time if the list
    /// would never be in force; Errc::crypto_failure.
    [[nodiscard]] Result<std::string> revocation_list(std::span<const Revocation> revoked,
                                                      std::uint64_t number, UtcTime this_update,
                                                      UtcTime next_update) const;

    [[nodiscard]] const Certificate& certificate() const noexcept { return certificate_; }
    [[nodiscard]] const SigningKey& key() const noexcept { return key_; }

private:
    CertificateAuthority(Certificate certificate, SigningKey key)
        : certificate_(std::move(certificate)), key_(std::move(key)) {}

    Certificate certificate_;
    SigningKey key_;
};

}  // namespace tongbao::crypto
