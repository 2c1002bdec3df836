#include "domain/digits.hpp"

#include <charconv>

namespace tongbao {

std::uint32_t number_of_digits(std::string_view digits) noexcept {
    std::uint32_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

void append_number(std::string& text, int number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text += digits;
}

}  // namespace tongbao
