#pragma once

#include "crypto/signing_key.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"

#include <string>
#include <string_view>

namespace tongbao::crypto {

/// What a PKCS#10 request asks for, after its signature was checked: whoever made it has the key.
struct CertificationRequest {
    SpiffeId id;
    /// The SubjectPublicKeyInfo in DER of a P-256 key, in its one usual encoding.
    Bytes public_key;
    /// SHA-256 of public_key.
    Digest public_key_digest;
};

/// A request for a certificate of `key` that speaks for `id`, in PEM: the subject that the
/// certificate will have, one URI among the requested names, signed with ECDSA and SHA-256.
///
/// Errors: Errc::crypto_failure. Source: RFC 2986; RFC 2985 section 5.4.2 (extensionRequest).
[[nodiscard]] Result<std::string> make_certification_request(const SigningKey& key,
                                                             const SpiffeId& id);

/// Reads one request, made here or by other software, and checks its signature. Of the extensions
/// that it asks for only the names count: what a certificate of this use has besides is not for the
/// one who asks to choose.
///
/// Errors: Errc::bad_request if it is not exactly one PKCS#10 request; Errc::bad_key unless its key
/// is a P-256 key in the usual encoding; Errc::bad_signature if it is not signed by that key with
/// ECDSA and SHA-256; Errc::certificate_wrong_name unless the one requested name is a SPIFFE id.
[[nodiscard]] Result<CertificationRequest> read_certification_request(std::string_view pem);

}  // namespace tongbao::crypto
