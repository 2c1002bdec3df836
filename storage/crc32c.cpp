#include "storage/crc32c.hpp"

#include <array>

namespace tongbao::storage {
namespace {

/// 0x1EDC6F41, its bits reversed.
constexpr std::uint32_t kPolynomial = 0x82f63b78;

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1u) != 0 ? value >> 1 ^ kPolynomial : value >> 1;
        }
        table[i] = value;
    }
    return table;
}

constexpr std::array<std::uint32_t, 256> kTable = make_table();

}  // namespace

std::uint32_t crc32c(BytesView bytes) noexcept {
    std::uint32_t value = 0xffffffff;
    for (const std::uint8_t byte : bytes) value = value >> 8 ^ kTable[(value ^ byte) & 0xffu];
    return ~value;
}

}  // namespace tongbao::storage
