#include "storage/crc32c.hpp"

#include <array>
#include <cstddef>

namespace tongbao::storage {
namespace {

/// 0x1EDC6F41, its bits reversed.
constexpr std::uint32_t kPolynomial = 0x82f63b78;

/// Bytes that one step takes in.
constexpr std::size_t kSlice = 8;

using Table = std::array<std::uint32_t, 256>;

/// Table n gives what a byte does to the checksum when n more bytes follow it: with eight of them
/// eight bytes are looked up side by side ("slicing-by-8", Kounavis and Berry, 2005).
constexpr std::array<Table, kSlice> make_tables() {
    std::array<Table, kSlice> tables{};
    for (std::uint32_t i = 0; i < tables[0].size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1u) != 0 ? value >> 1 ^ kPolynomial : value >> 1;
        }
        tables[0][i] = value;
    }
    for (std::size_t n = 1; n < kSlice; ++n) {
        for (std::size_t i = 0; i < tables[n].size(); ++i) {
            const std::uint32_t before = tables[n - 1][i];
            tables[n][i] = before >> 8 ^ tables[0][before & 0xffu];
        }
    }
    return tables;
}

constexpr std::array<Table, kSlice> kTables = make_tables();

}  // namespace

std::uint32_t crc32c(BytesView bytes) noexcept {
    std::uint32_t value = 0xffffffff;
    while (bytes.size() >= kSlice) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < kSlice; ++i) {
            const std::uint32_t mixed = i < 4 ? value >> (8 * i) & 0xffu : 0;
            next ^= kTables[kSlice - 1 - i][(bytes[i] ^ mixed) & 0xffu];
        }
        value = next;
        bytes = bytes.subspan(kSlice);
    }
    for (const std::uint8_t byte : bytes) value = value >> 8 ^ kTables[0][(value ^ byte) & 0xffu];
    return ~value;
}

}  // namespace tongbao::storage
