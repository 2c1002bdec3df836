#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tongbao {

/// Reads lower-case hexadecimal of exactly twice as many digits as `into` has bytes, without
/// allocating. False for any other text; `into` then holds anything.
[[nodiscard]] bool decode_hex(std::string_view text, std::span<std::uint8_t> into) noexcept;

}  // namespace tongbao
