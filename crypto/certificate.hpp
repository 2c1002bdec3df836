#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// An X.509 certificate, decoded once and never changed.
///
/// Cheap to copy: all copies share one immutable object, because a certificate of the register is
/// held by many at once (sessions, statements being opened, a reloaded register beside the old one)
/// and OpenSSL is slow at decoding. Threads may share it.
///
/// That a Certificate exists says only that the bytes are one well-formed certificate: see
/// check_profile for its form and TrustStore::check for its chain.
class Certificate {
public:
    /// Reads exactly one certificate; text around the block is passed over, another block is not.
    ///
    /// Errors: Errc::bad_certificate.
    [[nodiscard]] static Result<Certificate> from_pem(std::string_view pem);
    /// Reads exactly one certificate in DER, nothing after it, at most 64 KiB.
    ///
    /// Errors: Errc::bad_certificate.
    [[nodiscard]] static Result<Certificate> from_der(BytesView der);

    [[nodiscard]] BytesView der() const noexcept;
    [[nodiscard]] std::string pem() const;

    /// SHA-256 of der(): the certificate's name in the register and in statements.
    [[nodiscard]] const Digest& digest() const noexcept;
    /// The SubjectPublicKeyInfo in DER.
    [[nodiscard]] BytesView public_key_der() const noexcept;
    /// SHA-256 of public_key_der(). Under check_profile a key has one encoding, so
    /// that equal digests are the only way in which two certificates can hold one key.
    [[nodiscard]] const Digest& public_key_digest() const noexcept;

    /// Who it speaks for. Errors: Errc::certificate_wrong_name unless exactly one of its names is a
    /// URI and parse_spiffe_id reads it.
    [[nodiscard]] const Result<SpiffeId>& spiffe() const noexcept;

    /// The first moment of its validity.
    [[nodiscard]] UtcTime not_before() const noexcept;
    /// The end of its validity; at this moment it is over, as OpenSSL has it.
    [[nodiscard]] UtcTime not_after() const noexcept;

    /// The serial number in lower-case hexadecimal, an even number of digits, `-` before a
    /// negative.
    [[nodiscard]] const std::string& serial() const noexcept;
    /// The subject in the form of RFC 2253, for a person; nothing is decided by it.
    [[nodiscard]] const std::string& subject() const noexcept;

    /// The issuer in the same form.
    [[nodiscard]] const std::string& issuer() const noexcept;

    /// The subject key identifier, empty if there is none.
    [[nodiscard]] BytesView subject_key_id() const noexcept;

    /// For crypto/ and tests alone: the object inside, which nobody may change.
    [[nodiscard]] X509* native() const noexcept;
    /// For crypto/ and tests alone: its public key.
    [[nodiscard]] EVP_PKEY* native_key() const noexcept;

    friend bool operator==(const Certificate& left, const Certificate& right) noexcept {
        return left.digest() == right.digest();
    }

private:
    struct Parts;
    explicit Certificate(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

    std::shared_ptr<const Parts> parts_;
};

/// Whether it is a certification authority's, by its basicConstraints and key usage.
[[nodiscard]] bool is_certification_authority(const Certificate& certificate);

/// The certificates of `pem` in order, at least one: a leaf with its issuers, or a trust file.
///
/// Errors: Errc::bad_certificate, for a block that is no certificate too.
[[nodiscard]] Result<std::vector<Certificate>> read_certificates(std::string_view pem);

}  // namespace tongbao::crypto
