#pragma once

#include "crypto/secret_bytes.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"

#include <openssl/types.h>

#include <memory>
#include <string_view>

namespace tongbao::crypto {

/// A P-256 private key: of a unit, an officer, a certification authority or one end of a
/// connection. Moved, never copied. Threads may share it to sign.
class SigningKey {
public:
    /// A new key of the system's randomness.
    ///
    /// Errors: Errc::crypto_failure.
    [[nodiscard]] static Result<SigningKey> generate();

    /// Reads one unencrypted private key, PKCS#8 or the older SEC 1 form.
    ///
    /// Errors: Errc::bad_key if there is none, it is encrypted (nobody is asked for a password), or
    /// it is not a consistent P-256 key.
    [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem);

    /// The key in PKCS#8, unencrypted: the file it goes to must be its owner's alone.
    ///
    /// Errors: Errc::crypto_failure.
    [[nodiscard]] Result<SecretBytes> private_pem() const;

    /// The SubjectPublicKeyInfo in DER, with the uncompressed point: 91 bytes.
    [[nodiscard]] const Bytes& public_der() const noexcept { return public_der_; }
    /// SHA-256 of public_der(), equal to Certificate::public_key_digest of its certificates.
    [[nodiscard]] const Digest& public_digest() const noexcept { return public_digest_; }

    /// For crypto/ and tests alone.
    [[nodiscard]] EVP_PKEY* native() const noexcept { return key_.get(); }

private:
    struct FreeKey {
        void operator()(EVP_PKEY* key) const noexcept;
    };
    using KeyPointer = std::unique_ptr<EVP_PKEY, FreeKey>;

    SigningKey(KeyPointer key, Bytes public_der, const Digest& public_digest);
    [[nodiscard]] static Result<SigningKey> adopt(KeyPointer key);

    KeyPointer key_;
    Bytes public_der_;
    Digest public_digest_;
};

}  // namespace tongbao::crypto
