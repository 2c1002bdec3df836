#include "crypto/text_lines.hpp"

#include <algorithm>
#include <cstddef>

namespace tongbao::crypto {
namespace {

constexpr std::size_t kMaxOrigin = 255;

}  // namespace

std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(name) || end < name.size()) {
        return std::nullopt;
    }
    const std::string_view value = text.substr(name.size(), end - name.size());
    text.remove_prefix(end + 1);
    return value;
}

bool is_log_origin(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxOrigin &&
           std::all_of(text.begin(), text.end(),
                       [](char character) { return character > ' ' && character <= '~'; });
}

}  // namespace tongbao::crypto
