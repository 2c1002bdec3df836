#include "domain/digest.hpp"

#include "domain/hex.hpp"

#include <algorithm>

namespace tongbao {

Result<Digest> Digest::from_bytes(BytesView bytes) {
    if (bytes.size() != kSize) return Errc::bad_encoding;
    Array array{};
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return Digest(array);
}

Result<Digest> Digest::from_hex(std::string_view text) {
    Array array{};
    if (!decode_hex(text, array)) return Errc::bad_encoding;
    return Digest(array);
}

Result<Digest> Digest::from_base64(std::string_view text) {
    const Result<Bytes> bytes = tongbao::from_base64(text);
    if (!bytes) return bytes.error();
    return from_bytes(*bytes);
}

}  // namespace tongbao
