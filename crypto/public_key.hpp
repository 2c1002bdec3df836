#pragma once

#include "crypto/openssl_handle.hpp"
#include "domain/bytes.hpp"

namespace tongbao::crypto {

/// Whether `der` is the SubjectPublicKeyInfo of a P-256 key in its one usual encoding: named curve,
/// uncompressed point, 91 bytes. Whatever else decodes to the same key (a compressed point,
/// parameters written out) would give one key a second digest. Does not say that the point is on
/// the curve. Source: RFC 5480 section 2.
[[nodiscard]] bool is_usual_p256(BytesView der) noexcept;

/// The key of which is_usual_p256 holds; null if it does not, or the point is not on the curve.
/// Internal to crypto/.
[[nodiscard]] PkeyHandle read_p256_public_key(BytesView der);

}  // namespace tongbao::crypto
