#include "crypto/random.hpp"

#include "crypto/openssl_error.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace tongbao::crypto {
namespace {

void generate(std::span<std::uint8_t> bytes) {
    // The _ex form takes a size_t: no length is cut to an int. 0 asks for the default strength.
    if (RAND_bytes_ex(nullptr, bytes.data(), bytes.size(), 0) != 1) {
        abort_with_openssl_errors("make random bytes");
    }
}

/// Random bytes in store for one thread: asking OpenSSL costs as much for sixteen of them as for a
/// thousand, and every notice and every log entry takes some. What was handed out is wiped.
class RandomStore {
public:
    void take(std::span<std::uint8_t> bytes) {
        if (bytes.size() > bytes_.size()) return generate(bytes);
        if (bytes.size() > left_) {
            generate(bytes_);
            left_ = bytes_.size();
        }
        const std::span<std::uint8_t> taken =
            std::span(bytes_).subspan(bytes_.size() - left_, bytes.size());
        std::copy(taken.begin(), taken.end(), bytes.begin());
        OPENSSL_cleanse(taken.data(), taken.size());
        left_ -= bytes.size();
    }

private:
    std::array<std::uint8_t, 1024> bytes_{};
    std::size_t left_{0};
};

}  // namespace

void fill_random(std::span<std::uint8_t> bytes) {
    thread_local RandomStore store;
    store.take(bytes);
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
