#pragma once

#include "crypto/certificate.hpp"
#include "domain/result.hpp"

#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// Checks that a certificate has exactly the form that its use demands. OpenSSL 3.0's own path
/// validation lets most of this pass: a leaf without extended key usage or with
/// anyExtendedKeyUsage, a certification authority as a leaf, version 1, no name, a serial number
/// that is zero, negative or too long.
///
/// Demanded of all: version 3; a P-256 key in the one usual encoding (named curve, uncompressed
/// point); signed by ecdsa-with-SHA256; a positive serial number of at most 20 octets; not a
/// certification authority (basicConstraints absent or CA:FALSE); not issued to itself; exactly one
/// URI among its names, a SPIFFE id; no names beside it but the hub's DNS and IP names, of which
/// the hub has at least one. And exactly these usages:
///
///     use                   key usage                            extended key usage
///     hub                   digitalSignature                     serverAuth
///     daemon, log_auditor   digitalSignature                     clientAuth
///     sign, post            digitalSignature, nonRepudiation     documentSigning, emailProtection
///     encrypt               keyAgreement                         emailProtection
///
/// Errors: Errc::certificate_wrong_name for the names, Errc::certificate_wrong_use for the usages
/// and for a certification authority, Errc::bad_certificate for the rest.
///
/// Source: RFC 5280 sections 4.1.2.2 and 4.2.1; RFC 9336 for documentSigning, beside which
/// emailProtection stands because `openssl cms -verify` asks for it.
[[nodiscard]] Result<void> check_profile(const Certificate& certificate);

/// One thing in which a certificate does not have the form of its use.
struct ProfileFault {
    Errc code{};
    /// For a person: what is demanded.
    std::string_view words;
};

/// All of them, the one that check_profile names first. Without a readable name its use is not
/// known, and its usages are not looked at.
[[nodiscard]] std::vector<ProfileFault> profile_faults(const Certificate& certificate);

}  // namespace tongbao::crypto
