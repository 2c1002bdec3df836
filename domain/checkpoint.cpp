#include "domain/checkpoint.hpp"

#include <charconv>
#include <optional>

namespace tongbao {
namespace {

/// Takes the text before the next newline; none if there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace

std::string format_checkpoint(const Checkpoint& checkpoint) {
    return checkpoint.origin.value() + '\n' + std::to_string(checkpoint.size.value()) + '\n' +
           checkpoint.root.base64() + '\n';
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    const auto origin = take_line(text);
    const auto size_text = take_line(text);
    const auto root_text = take_line(text);
    if (!origin || origin->empty() || !size_text || !root_text || !text.empty()) {
        return Errc::bad_checkpoint;
    }
    const bool leading_zero = size_text->size() > 1 && size_text->front() == '0';
    std::uint64_t size = 0;
    const auto [end, error] =
        std::from_chars(size_text->data(), size_text->data() + size_text->size(), size);
    if (size_text->empty() || leading_zero || error != std::errc() ||
        end != size_text->data() + size_text->size()) {
        return Errc::bad_checkpoint;
    }
    const Result<Digest> root = Digest::from_base64(*root_text);
    if (!root) return Errc::bad_checkpoint;
    return Checkpoint{LogOrigin(std::string(*origin)), TreeSize(size), *root};
}

}  // namespace tongbao
