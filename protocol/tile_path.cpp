#include "protocol/tile_path.hpp"

#include "domain/code_points.hpp"

#include <algorithm>
#include <charconv>

namespace tongbao::protocol {
namespace {

constexpr std::string_view kPrefix = "tile/";
constexpr std::string_view kEntries = "entries/";
constexpr std::uint8_t kMaxLevel = 63;

/// A plain decimal number without leading zeros.
std::optional<std::uint64_t> plain_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return value;
}

/// `x001/x234/067`: groups of three digits, all but the last marked with an x.
std::optional<std::uint64_t> grouped_number(std::string_view text) {
    std::string digits;
    while (text.starts_with('x')) {
        if (text.size() < 5 || text[4] != '/') return std::nullopt;
        digits += text.substr(1, 3);
        text.remove_prefix(5);
    }
    if (text.size() != 3) return std::nullopt;
    digits += text;
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    if (digits.size() > 3 && digits.starts_with("000")) return std::nullopt;  // a second spelling
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::string format_grouped(std::uint64_t number) {
    std::string text;
    do {
        std::string group = std::to_string(number % 1000);
        group.insert(0, 3 - group.size(), '0');
        if (text.empty()) {
            text = group;
        } else {
            text.insert(0, 'x' + group + '/');
        }
        number /= 1000;
    } while (number > 0);
    return text;
}

}  // namespace

std::string format_tile_path(const TilePath& path) {
    std::string text(kPrefix);
    text += path.entries ? std::string(kEntries) : std::to_string(path.level) + '/';
    text += format_grouped(path.number);
    if (path.width < kTileWidth) text += ".p/" + std::to_string(path.width);
    return text;
}

std::optional<TilePath> parse_tile_path(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    text.remove_prefix(kPrefix.size());
    TilePath path;
    if (text.starts_with(kEntries)) {
        path.entries = true;
        text.remove_prefix(kEntries.size());
    } else {
        const std::size_t slash = text.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        const auto level = plain_number(text.substr(0, slash));
        if (!level || *level > kMaxLevel) return std::nullopt;
        path.level = static_cast<std::uint8_t>(*level);
        text.remove_prefix(slash + 1);
    }
    const std::size_t partial = text.find(".p/");
    if (partial != std::string_view::npos) {
        const auto width = plain_number(text.substr(partial + 3));
        if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
        path.width = static_cast<std::uint16_t>(*width);
        text = text.substr(0, partial);
    }
    const auto number = grouped_number(text);
    if (!number) return std::nullopt;
    path.number = *number;
    return path;
}

std::uint64_t tile_width(std::uint8_t level, std::uint64_t number, TreeSize size) noexcept {
    constexpr unsigned kBitsPerLevel = 8;
    const unsigned shift = kBitsPerLevel * level;
    const std::uint64_t hashes = shift < 64 ? size.value() >> shift : 0;
    if (number > hashes / kTileWidth) return 0;
    return std::min(kTileWidth, hashes - number * kTileWidth);
}

}  // namespace tongbao::protocol
