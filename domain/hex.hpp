#pragma once

#include "domain/bytes.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tongbao {

/// Reads lower-case hexadecimal of exactly twice as many digits as `into` has bytes, without
/// allocating. False for any other text; `into` then holds anything.
[[nodiscard]] bool decode_hex(std::string_view text, std::span<std::uint8_t> into) noexcept;

/// Adds the bytes in lower-case hexadecimal.
void append_hex(std::string& text, BytesView bytes);

}  // namespace tongbao
