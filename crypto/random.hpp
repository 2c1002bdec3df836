#pragma once

#include "crypto/secret_bytes.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tongbao::crypto {

/// Fills `bytes` from OpenSSL's random generator: for nonces, salts and identifiers. Any thread;
/// not in a process that was forked from one that used it and goes on without exec: each thread
/// keeps up to a thousand bytes in store. Aborts if the generator fails: nothing here can go on
/// with predictable numbers.
void fill_random(std::span<std::uint8_t> bytes);

/// `size` random bytes from the generator that OpenSSL keeps apart for values that stay secret.
/// Any thread; aborts like fill_random.
[[nodiscard]] SecretBytes random_secret(std::size_t size);

/// A new version 7 UUID of the moment `now`.
[[nodiscard]] Uuid make_uuid(UtcTime now);

}  // namespace tongbao::crypto
