#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao {

/// The number that `digits` say: 1 to 9 of them, nothing but 0-9.
[[nodiscard]] std::uint32_t number_of_digits(std::string_view digits) noexcept;

/// Adds `number`, which is not negative, to `text`: with zeros before it to at least `width`
/// digits.
void append_number(std::string& text, int number, std::size_t width);

}  // namespace tongbao
