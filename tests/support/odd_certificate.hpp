#pragma once

#include "crypto/certificate.hpp"
#include "crypto/certificate_authority.hpp"
#include "crypto/openssl_handle.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>

namespace tongbao::testing {

/// A certificate with the key that it certifies, of whatever algorithm.
struct OddHolder {
    crypto::PkeyHandle key;
    crypto::Certificate certificate;
};

/// A certificate as CertificateAuthority would never issue it, put together by OpenSSL alone. As it
/// stands it is a good `sign` certificate of the unit `hsa` under test.example; a test changes one
/// thing.
struct OddCertificate {
    long version = 2;  ///< as it is encoded: 2 is version 3
    /// In decimal, perhaps with a sign.
    std::string serial = "4660";
    std::string subject = "odd";  ///< the common name
    std::string curve = "P-256";  ///< or "RSA" of 2048 bits, or "RSA-1024"
    /// Extensions by OpenSSL's configuration syntax; an empty one is left out.
    std::string names = "URI:spiffe://test.example/unit/hsa/sign";
    std::string basic_constraints = "critical,CA:FALSE";
    std::string key_usage = "critical,digitalSignature,nonRepudiation";
    std::string extended_key_usage = "1.3.6.1.5.5.7.3.36,emailProtection";
    /// Of the signature.
    std::string digest = "SHA256";
    bool compressed_point = false;
    bool self_issued = false;
    /// The issuer's own where nothing else is said.
    std::optional<UtcTime> not_before;
    std::optional<UtcTime> not_after;

    /// Throws std::runtime_error if OpenSSL can't make it.
    [[nodiscard]] crypto::Certificate issue(const crypto::CertificateAuthority& issuer) const;
    /// The same with its key.
    [[nodiscard]] OddHolder make(const crypto::CertificateAuthority& issuer) const;
    /// Issued by one who is no certification authority.
    [[nodiscard]] OddHolder make(const OddHolder& issuer) const;

private:
    [[nodiscard]] OddHolder make(X509* issuer, EVP_PKEY* issuer_key) const;
};

}  // namespace tongbao::testing
