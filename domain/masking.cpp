#include "domain/masking.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"

#include <cstddef>

namespace tongbao {

std::string mask_value(std::string_view text) {
    constexpr std::size_t kFirst = 6;
    constexpr std::size_t kLast = 4;
    const std::size_t count = count_code_points(text);
    const bool short_text = count <= kFirst + kLast;
    std::string masked;
    for (std::size_t at = 0; at < count; ++at) {
        std::string_view rest = text;
        static_cast<void>(take_code_point(rest));
        const bool shown = !short_text && (at < kFirst || at + kLast >= count);
        masked += shown ? text.substr(0, text.size() - rest.size()) : std::string_view("*");
        text = rest;
    }
    return masked;
}

}  // namespace tongbao
