#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tongbao {

/// A SHA-256 value: of a notice, an attachment, a certificate, or a node of a Merkle tree.
class Digest {
public:
    static constexpr std::size_t kSize = 32;
    using Array = std::array<std::uint8_t, kSize>;

    /// All zeros: a place to be filled, never the digest of anything.
    constexpr Digest() = default;
    constexpr explicit Digest(const Array& bytes) : bytes_(bytes) {}

    /// Errors: Errc::bad_encoding unless `bytes` are exactly 32.
    [[nodiscard]] static Result<Digest> from_bytes(BytesView bytes);
    /// Errors: Errc::bad_encoding unless `text` is 64 lower-case hexadecimal digits.
    [[nodiscard]] static Result<Digest> from_hex(std::string_view text);
    /// Errors: Errc::bad_encoding unless `text` is padded base64 of 32 bytes.
    [[nodiscard]] static Result<Digest> from_base64(std::string_view text);

    [[nodiscard]] BytesView bytes() const noexcept { return bytes_; }
    [[nodiscard]] constexpr const Array& array() const noexcept { return bytes_; }
    [[nodiscard]] std::string hex() const { return to_hex(bytes_); }
    [[nodiscard]] std::string base64() const { return to_base64(bytes_); }

    friend constexpr auto operator<=>(const Digest&, const Digest&) = default;

private:
    Array bytes_{};
};

}  // namespace tongbao

template <>
struct std::hash<tongbao::Digest> {
    /// A SHA-256 value is evenly spread: its first bytes are hash enough.
    std::size_t operator()(const tongbao::Digest& digest) const noexcept {
        std::size_t value = 0;
        for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | digest.array()[i];
        return value;
    }
};
