#include "storage/crc32c.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace tongbao::storage {
namespace {

/// 0x1EDC6F41, its bits reversed.
constexpr std::uint32_t kPolynomial = 0x82f63b78;

/// Bytes that one step takes in.
constexpr std::size_t kSlice = 8;

using SliceTable = std::array<std::uint32_t, 256>;

/// SliceTable n gives what a byte does to the checksum when n more bytes follow it: with eight of
/// them eight bytes are looked up side by side ("slicing-by-8", Kounavis and Berry, 2005).
constexpr std::array<SliceTable, kSlice> make_slice_tables() {
    std::array<SliceTable, kSlice> tables{};
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

constexpr std::array<SliceTable, kSlice> kSliceTables = make_slice_tables();

#if defined(__x86_64__)
/// By the instruction of SSE 4.2, which is made for this polynomial. Only where there is one.
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(BytesView bytes) noexcept {
    std::uint64_t value = 0xffffffff;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= kSlice; left -= kSlice, at += kSlice) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, kSlice);
        value = __builtin_ia32_crc32di(value, word);
    }
    auto rest = static_cast<std::uint32_t>(value);
    for (; left > 0; --left, ++at) rest = __builtin_ia32_crc32qi(rest, *at);
    return ~rest;
}
#endif

}  // namespace

std::uint32_t crc32c(BytesView bytes) noexcept {
#if defined(__x86_64__)
    static const bool kHasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (kHasInstruction) return crc32c_by_instruction(bytes);
#endif
    return crc32c_in_software(bytes);
}

std::uint32_t crc32c_in_software(BytesView bytes) noexcept {
    std::uint32_t value = 0xffffffff;
    while (bytes.size() >= kSlice) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < kSlice; ++i) {
            const std::uint32_t mixed = i < 4 ? value >> (8 * i) & 0xffu : 0;
            next ^= kSliceTables[kSlice - 1 - i][(bytes[i] ^ mixed) & 0xffu];
        }
        value = next;
        bytes = bytes.subspan(kSlice);
    }
    for (const std::uint8_t byte : bytes)
        value = value >> 8 ^ kSliceTables[0][(value ^ byte) & 0xffu];
    return ~value;
}

}  // namespace tongbao::storage
