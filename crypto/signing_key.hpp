#pragma once

#include "crypto/secret_bytes.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace tongbao::crypto {

/// The longest passphrase, in bytes.
inline constexpr std::size_t kMaxPassphrase = 1000;

/// Whether the text holds a private key that SigningKey::from_pem opens with a passphrase only.
[[nodiscard]] bool is_encrypted_key(std::string_view pem) noexcept;

/// A P-256 private key: of a unit, an officer, a certification authority or one end of a
/// connection. Moved, never copied. Threads may share it to sign.
class SigningKey {
public:
    /// A new key of the system's randomness.
    ///
    /// Errors: Errc::crypto_failure.
    [[nodiscard]] static Result<SigningKey> generate();

    /// Reads one private key: PKCS#8, encrypted or not, or the older SEC 1 form unencrypted. An
    /// encrypted one costs what its key derivation costs, some tenths of a second.
    ///
    /// Errors: Errc::wrong_passphrase if it is encrypted and `passphrase` is none or does not open
    /// it (nobody is asked); Errc::bad_key if there is no key, it is encrypted in the older way
    /// whose key derivation is weak, or it is not a consistent P-256 key.
    [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem,
                                                     const SecretBytes* passphrase = nullptr);

    /// The key in PKCS#8, unencrypted: the file it goes to must be its owner's alone.
    ///
    /// Errors: Errc::crypto_failure.
    [[nodiscard]] Result<SecretBytes> private_pem() const;

    /// The key in PKCS#8, encrypted: PBES2 with AES-256-CBC and scrypt (N = 2^14, r = 8, p = 8, 16
    /// MiB and some tenths of a second a guess).
    ///
    /// Errors: Errc::bad_value for a passphrase that is empty or longer than kMaxPassphrase;
    /// Errc::crypto_failure. Source: RFC 8018 section 6.2; RFC 7914.
    [[nodiscard]] Result<SecretBytes> encrypted_pem(const SecretBytes& passphrase) const;

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
