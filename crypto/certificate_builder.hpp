#pragma once

#include "crypto/certificate.hpp"
#include "crypto/openssl_handle.hpp"
#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// Puts a certificate together, step by step; internal to crypto/, used by CertificateAuthority.
///
/// A step that fails is remembered and sign() answers for it, so that a certificate reads as a list
/// of what it contains.
class CertificateBuilder {
public:
    /// Version 3, with a new random serial number of 16 octets, its subject key identifier, and
    /// nothing else. `public_key` is a SubjectPublicKeyInfo in DER.
    explicit CertificateBuilder(BytesView public_key);

    /// Organisation and common name; for a person, so each is cut after 64 characters (RFC 5280
    /// appendix A.1, ub-common-name).
    void set_subject(std::string_view organisation, std::string_view common_name);
    /// Names the issuer and its key. A root has none: it names itself.
    void set_issuer(const X509* issuer);
    void set_own_issuer();
    void set_validity(UtcTime not_before, UtcTime not_after);
    /// A certification authority over at most `path_length` further ones.
    void add_authority_constraints(long path_length);
    void add_holder_constraints();
    /// `bits` are OpenSSL's KU_ values.
    void add_key_usage(std::uint32_t bits);
    void add_extended_key_usage(std::span<const std::string_view> object_ids);
    void add_names(std::string_view uri, std::span<const std::string> dns_names,
                   std::span<const std::string> ip_addresses);

    /// The first 8 hexadecimal digits of the subject key identifier.
    [[nodiscard]] std::string short_key_id() const;

    /// Signs with ECDSA and SHA-256.
    ///
    /// Errors: Errc::crypto_failure if this or an earlier step failed.
    [[nodiscard]] Result<Certificate> sign(EVP_PKEY* key);

private:
    void require(bool done) { good_ = good_ && done; }
    void add(int nid, void* value, bool critical);
    void add_key_ids(BytesView issuer_key_id);

    X509Handle x509_;
    Bytes key_id_;
    bool good_ = true;
};

/// What a certificate's subject says of whom it speaks for: `hsa sign`, `hub`, `hsa convener`,
/// `log-auditor auditor-1`.
[[nodiscard]] std::string readable_name(const SpiffeId& id);

/// Organisation and common name, each cut after 64 characters; null if memory is gone or a text is
/// not UTF-8.
[[nodiscard]] X509NameHandle make_subject(std::string_view organisation,
                                          std::string_view common_name);

/// One URI and the hub's hosts; null if an address is none or memory is gone.
[[nodiscard]] GeneralNamesHandle make_names(std::string_view uri,
                                            std::span<const std::string> dns_names,
                                            std::span<const std::string> ip_addresses);

/// The X.509 extension that names an issuer's key; null if memory is gone.
[[nodiscard]] AuthorityKeyIdHandle make_authority_key_id(BytesView issuer_key_id);

}  // namespace tongbao::crypto
