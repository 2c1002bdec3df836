#pragma once

#include "crypto/certificate.hpp"
#include "crypto/certificate_authority.hpp"

#include <string>
#include <vector>

namespace tongbao::testing {

/// A certificate as CertificateAuthority would never issue it, put together by OpenSSL alone. As it
/// stands it is a good `sign` certificate of the unit `hsa` under test.example; a test changes one
/// thing.
struct OddCertificate {
    long version = 2;  ///< as it is encoded: 2 is version 3
    /// In decimal, perhaps with a sign.
    std::string serial = "4660";
    std::string curve = "P-256";  ///< or "RSA"
    /// Extensions by OpenSSL's configuration syntax; an empty one is left out.
    std::string names = "URI:spiffe://test.example/unit/hsa/sign";
    std::string basic_constraints = "critical,CA:FALSE";
    std::string key_usage = "critical,digitalSignature,nonRepudiation";
    std::string extended_key_usage = "1.3.6.1.5.5.7.3.36,emailProtection";
    /// Of the signature.
    std::string digest = "SHA256";
    bool compressed_point = false;
    bool self_issued = false;

    /// Valid as long as `issuer`'s own. Throws std::runtime_error if OpenSSL can't make it.
    [[nodiscard]] crypto::Certificate issue(const crypto::CertificateAuthority& issuer) const;
};

}  // namespace tongbao::testing
