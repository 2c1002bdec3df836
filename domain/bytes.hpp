#pragma once

#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

inline constexpr std::size_t kMebibyte = 1024 * 1024;

/// The bytes of `text`, without a copy.
[[nodiscard]] BytesView as_bytes(std::string_view text) noexcept;

/// `bytes` seen as text, without a copy and without a check of its encoding.
[[nodiscard]] std::string_view as_text(BytesView bytes) noexcept;

[[nodiscard]] Bytes to_bytes(BytesView bytes);
[[nodiscard]] Bytes to_bytes(std::string_view text);

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(BytesView bytes);

/// Reads lower-case hexadecimal of any even length.
///
/// Errors: Errc::bad_encoding for an odd length or any other character, upper case among them: one
/// value has one spelling.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

/// Base64 with padding and the standard alphabet. Source: RFC 4648 section 4.
[[nodiscard]] std::string to_base64(BytesView bytes);

/// Reads padded base64, strictly: no white space, no missing padding, unused bits are zero.
///
/// Errors: Errc::bad_encoding. Source: RFC 4648 sections 3.3 and 3.5.
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
/// Source: RFC 3629.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The number of code points of well-formed UTF-8 (see is_utf8).
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

}  // namespace tongbao
