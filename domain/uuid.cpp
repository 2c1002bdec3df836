#include "domain/uuid.hpp"

#include "domain/bytes.hpp"
#include "domain/hex.hpp"

#include <algorithm>

namespace tongbao {

Result<Uuid> Uuid::from_array(const Array& bytes) {
    if ((bytes[6] & 0xf0u) != 0x70u || (bytes[8] & 0xc0u) != 0x80u) return Errc::bad_value;
    return Uuid(bytes);
}

Result<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return Errc::bad_value;
    std::array<char, 2 * std::tuple_size_v<Array>> digits{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen != (text[i] == '-')) return Errc::bad_value;
        if (!hyphen) digits[count++] = text[i];
    }
    Array array{};
    if (!decode_hex({digits.data(), digits.size()}, array)) return Errc::bad_value;
    return from_array(array);
}

Uuid Uuid::make(UtcTime time, const std::array<std::uint8_t, 10>& random) noexcept {
    const auto milliseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    Array bytes{};
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
    }
    std::copy(random.begin(), random.end(), bytes.begin() + 6);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fu) | 0x70u);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fu) | 0x80u);
    return Uuid(bytes);
}

std::string Uuid::text() const {
    std::string text = to_hex(bytes_);
    for (const std::size_t place : {8u, 13u, 18u, 23u}) text.insert(place, 1, '-');
    return text;
}

UtcTime Uuid::time() const noexcept {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes_[i];
    return UtcTime(std::chrono::milliseconds(milliseconds));
}

}  // namespace tongbao
