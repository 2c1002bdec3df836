#include "crypto/random.hpp"

#include "crypto/openssl_error.hpp"

#include <openssl/rand.h>

#include <array>

namespace tongbao::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
    // The _ex form takes a size_t: no length is cut to an int. 0 asks for the default strength.
    if (RAND_bytes_ex(nullptr, bytes.data(), bytes.size(), 0) != 1) {
        abort_with_openssl_errors("make random bytes");
    }
}

SecretBytes random_secret(std::size_t size) {
    SecretBytes secret(size);
    if (RAND_priv_bytes_ex(nullptr, secret.writable().data(), size, 0) != 1) {
        abort_with_openssl_errors("make secret random bytes");
    }
    return secret;
}

Uuid make_uuid(UtcTime now) {
    std::array<std::uint8_t, 10> random{};
    fill_random(random);
    return Uuid::make(now, random);
}

}  // namespace tongbao::crypto
