#include "crypto/secret_bytes.hpp"

#include <openssl/crypto.h>

#include <ostream>
#include <utility>

namespace tongbao::crypto {

SecretBytes SecretBytes::adopt(Bytes&& bytes) {
    SecretBytes secret;
    secret.bytes_.swap(bytes);
    return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept {
    bytes_.swap(other.bytes_);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_.clear();
    bytes_.swap(other.bytes_);
    return *this;
}

SecretBytes::~SecretBytes() {
    wipe();
}

bool SecretBytes::equals(BytesView other) const noexcept {
    if (other.size() != bytes_.size()) return false;
    return bytes_.empty() || CRYPTO_memcmp(bytes_.data(), other.data(), bytes_.size()) == 0;
}

void SecretBytes::wipe() noexcept {
    wipe_memory(std::span<std::uint8_t>(bytes_));
}

std::ostream& operator<<(std::ostream& stream, const SecretBytes&) {
    return stream << "[secret]";
}

void wipe_memory(std::span<std::uint8_t> memory) noexcept {
    if (!memory.empty()) OPENSSL_cleanse(memory.data(), memory.size());
}

void wipe_memory(std::span<char> memory) noexcept {
    if (!memory.empty()) OPENSSL_cleanse(memory.data(), memory.size());
}

}  // namespace tongbao::crypto
