#include "domain/code_points.hpp"

#include <algorithm>
#include <cstddef>

namespace tongbao {

char32_t take_code_point(std::string_view& text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t wanted = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    const std::size_t length = std::min(wanted, text.size());
    // The first byte of n bytes gives 7 − n bits, each further one 6. Source: RFC 3629 section 3.
    char32_t code_point = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        code_point = (code_point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    text.remove_prefix(length);
    return code_point;
}

}  // namespace tongbao
