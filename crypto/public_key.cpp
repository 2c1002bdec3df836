#include "crypto/public_key.hpp"

#include "crypto/openssl_error.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tongbao::crypto {
namespace {

/// All before the 64 bytes of the point's coordinates.
constexpr std::array<std::uint8_t, 27> kP256Prefix{
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr std::size_t kP256Size = kP256Prefix.size() + 64;

}  // namespace

bool is_usual_p256(BytesView der) noexcept {
    return der.size() == kP256Size &&
           std::equal(kP256Prefix.begin(), kP256Prefix.end(), der.begin());
}

PkeyHandle read_p256_public_key(BytesView der) {
    if (!is_usual_p256(der)) return nullptr;
    const unsigned char* position = der.data();
    PkeyHandle key(d2i_PUBKEY(nullptr, &position, static_cast<long>(der.size())));
    clear_openssl_errors();
    return key;
}

}  // namespace tongbao::crypto
