#pragma once

#include "crypto/certificate_authority.hpp"
#include "domain/digest.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A certificate that a certification authority's folder knows of.
struct IssuedCertificate {
    struct Revoked {
        UtcTime time;
        crypto::RevocationReason reason{};
        std::optional<UtcTime> compromised_since{};
    };

    std::string serial;  ///< as crypto::Certificate::serial gives it
    std::string spiffe;
    Digest sha256;      ///< of the certificate in DER
    Digest public_key;  ///< SHA-256 of the SubjectPublicKeyInfo
    UtcTime not_before;
    UtcTime not_after;
    std::optional<Revoked> revoked;
};

/// `index.json`: what an authority has issued and revoked, oldest first.
struct CaIndex {
    TrustDomain trust_domain;
    /// Of the newest revocation lists; the next one has one more.
    std::uint64_t root_list{0};
    std::uint64_t issuing_list{0};
    std::vector<IssuedCertificate> issued;
};

/// `unspecified`, `key_compromise`, `affiliation_changed`, `superseded` or
/// `cessation_of_operation`.
[[nodiscard]] std::string_view word(crypto::RevocationReason reason) noexcept;

/// None if `text` is no word that word() gives.
[[nodiscard]] std::optional<crypto::RevocationReason> revocation_reason_from_word(
    std::string_view text) noexcept;

[[nodiscard]] std::string format_ca_index(const CaIndex& index);

/// Reads what format_ca_index writes.
///
/// Errors: those of protocol::read_json and protocol::ObjectReader, with the place in the text.
[[nodiscard]] Checked<CaIndex> parse_ca_index(std::string_view text);

/// The certificates alone, as a JSON array.
[[nodiscard]] std::string format_issued(const std::vector<IssuedCertificate>& issued);

}  // namespace tongbao::client
