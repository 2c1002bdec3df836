#pragma once

#include "crypto/openssl_handle.hpp"
#include "crypto/secret_bytes.hpp"
#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tongbao::crypto {

using Ed25519Signature = std::array<std::uint8_t, 64>;
using Ed25519PublicKey = std::array<std::uint8_t, 32>;

/// Checks Ed25519 signatures. Copies share the decoded key; any thread may use it.
/// Source: RFC 8032 section 5.1.
class Ed25519VerifyingKey {
public:
    /// Errors: Errc::bad_key unless `bytes` are 32. Whether they name a point shows when verifying.
    [[nodiscard]] static Result<Ed25519VerifyingKey> from_bytes(BytesView bytes);

    Ed25519VerifyingKey(const Ed25519VerifyingKey& other);
    Ed25519VerifyingKey& operator=(const Ed25519VerifyingKey& other);
    Ed25519VerifyingKey(Ed25519VerifyingKey&&) noexcept = default;
    Ed25519VerifyingKey& operator=(Ed25519VerifyingKey&&) noexcept = default;
    ~Ed25519VerifyingKey() = default;

    /// Errors: Errc::bad_signature, also for a signature that is not 64 bytes.
    [[nodiscard]] Result<void> verify(BytesView message, BytesView signature) const;

    [[nodiscard]] const Ed25519PublicKey& bytes() const noexcept { return bytes_; }

private:
    Ed25519VerifyingKey(PkeyHandle key, const Ed25519PublicKey& bytes)
        : key_(std::move(key)), bytes_(bytes) {}

    PkeyHandle key_;
    Ed25519PublicKey bytes_;
};

/// Makes Ed25519 signatures, which are deterministic: the same message gets the same 64 bytes.
/// Any thread may sign. Source: RFC 8032 section 5.1.
class Ed25519SigningKey {
public:
    static constexpr std::size_t kSeedSize = 32;

    /// Errors: Errc::bad_key unless `seed` is 32 bytes.
    [[nodiscard]] static Result<Ed25519SigningKey> from_seed(BytesView seed);

    /// A new key.
    [[nodiscard]] static Ed25519SigningKey generate();

    /// About 30 microseconds. Aborts if OpenSSL is out of memory, its only reason to fail.
    [[nodiscard]] Ed25519Signature sign(BytesView message) const;

    [[nodiscard]] Ed25519VerifyingKey verifying_key() const;

    /// The 32 bytes that the key is made of, for writing it down.
    [[nodiscard]] SecretBytes seed() const;

private:
    explicit Ed25519SigningKey(PkeyHandle key) : key_(std::move(key)) {}

    PkeyHandle key_;
};

}  // namespace tongbao::crypto
