#pragma once

#include <string_view>

namespace tongbao {

/// U+FEFF in UTF-8, where it marks nothing.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Takes the first code point off `text`, which must be well-formed UTF-8 (see is_utf8) and not
/// empty.
[[nodiscard]] char32_t take_code_point(std::string_view& text) noexcept;

/// Whether `code_point` is a control character: C0, DEL or C1.
[[nodiscard]] constexpr bool is_control(char32_t code_point) noexcept {
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

/// Whether `character` is one of 0-9.
[[nodiscard]] constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

/// Whether `character` is one of a-z.
[[nodiscard]] constexpr bool is_lower(char character) noexcept {
    return character >= 'a' && character <= 'z';
}

}  // namespace tongbao
