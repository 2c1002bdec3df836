#include "client/cli/terminal_text.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace tongbao::client {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// East_Asian_Width W or F, joined over code points that are not assigned; the ideographs' blocks
// whole, as UAX #11 section 5 asks.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
    Range{0x23E9, 0x23EC},   Range{0x23F0, 0x23F0},   Range{0x23F3, 0x23F3},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x267F, 0x267F},   Range{0x2693, 0x2693},   Range{0x26A1, 0x26A1},
    Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},   Range{0x26C4, 0x26C5},
    Range{0x26CE, 0x26CE},   Range{0x26D4, 0x26D4},   Range{0x26EA, 0x26EA},
    Range{0x26F2, 0x26F3},   Range{0x26F5, 0x26F5},   Range{0x26FA, 0x26FA},
    Range{0x26FD, 0x26FD},   Range{0x2705, 0x2705},   Range{0x270A, 0x270B},
    Range{0x2728, 0x2728},   Range{0x274C, 0x274C},   Range{0x274E, 0x274E},
    Range{0x2753, 0x2755},   Range{0x2757, 0x2757},   Range{0x2795, 0x2797},
    Range{0x27B0, 0x27B0},   Range{0x27BF, 0x27BF},   Range{0x2B1B, 0x2B1C},
    Range{0x2B50, 0x2B50},   Range{0x2B55, 0x2B55},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x3247},   Range{0x3250, 0x4DBF},   Range{0x4E00, 0xA4C6},
    Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6B},   Range{0xFF01, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x16FE0, 0x1B2FB}, Range{0x1F004, 0x1F004},
    Range{0x1F0CF, 0x1F0CF}, Range{0x1F18E, 0x1F18E}, Range{0x1F191, 0x1F19A},
    Range{0x1F200, 0x1F320}, Range{0x1F32D, 0x1F335}, Range{0x1F337, 0x1F37C},
    Range{0x1F37E, 0x1F393}, Range{0x1F3A0, 0x1F3CA}, Range{0x1F3CF, 0x1F3D3},
    Range{0x1F3E0, 0x1F3F0}, Range{0x1F3F4, 0x1F3F4}, Range{0x1F3F8, 0x1F43E},
    Range{0x1F440, 0x1F440}, Range{0x1F442, 0x1F4FC}, Range{0x1F4FF, 0x1F53D},
    Range{0x1F54B, 0x1F54E}, Range{0x1F550, 0x1F567}, Range{0x1F57A, 0x1F57A},
    Range{0x1F595, 0x1F596}, Range{0x1F5A4, 0x1F5A4}, Range{0x1F5FB, 0x1F64F},
    Range{0x1F680, 0x1F6C5}, Range{0x1F6CC, 0x1F6CC}, Range{0x1F6D0, 0x1F6D2},
    Range{0x1F6D5, 0x1F6DF}, Range{0x1F6EB, 0x1F6EC}, Range{0x1F6F4, 0x1F6FC},
    Range{0x1F7E0, 0x1F7F0}, Range{0x1F90C, 0x1F93A}, Range{0x1F93C, 0x1F945},
    Range{0x1F947, 0x1F9FF}, Range{0x1FA70, 0x1FAF6}, Range{0x20000, 0x2FFFD},
    Range{0x30000, 0x3FFFD}};

// Combining marks of Latin and kana, variation selectors, and what has no width at all.
constexpr std::array kWithoutWidth{
    Range{0x0300, 0x036F}, Range{0x200B, 0x200F},  Range{0x2060, 0x2064}, Range{0x20D0, 0x20F0},
    Range{0x302A, 0x302D}, Range{0x3099, 0x309A},  Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
    Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF}};

// Direction marks, separators of lines, invisible operators, byte order mark, language tags.
constexpr std::array kTreacherous{
    Range{0x061C, 0x061C}, Range{0x180E, 0x180E}, Range{0x200B, 0x200F}, Range{0x2028, 0x202E},
    Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code_point) noexcept {
    const auto at =
        std::upper_bound(ranges.begin(), ranges.end(), code_point,
                         [](char32_t wanted, const Range& range) { return wanted < range.first; });
    return at != ranges.begin() && code_point <= std::prev(at)->last;
}

void append_escaped(std::string& out, char32_t code_point) {
    if (code_point == U'\n' || code_point == U'\t' || code_point == U'\r') {
        out += code_point == U'\n' ? "\\n" : code_point == U'\t' ? "\\t" : "\\r";
        return;
    }
    std::array<char, 16> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "\\u{%X}", static_cast<unsigned>(code_point));
    out.append(text.data(), static_cast<std::size_t>(length));
}

void append_byte(std::string& out, char byte) {
    std::array<char, 8> text{};
    const int length = std::snprintf(text.data(), text.size(), "\\x%02X",
                                     static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out.append(text.data(), static_cast<std::size_t>(length));
}

/// printable, but `line_feed` in place of `\n`.
std::string escape(std::string_view text, std::string_view line_feed) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 0) {
            append_byte(out, text.front());
            text.remove_prefix(1);
            continue;
        }
        const std::string_view character = text.substr(0, length);
        const char32_t code_point = take_code_point(text);
        if (code_point == U'\n' && !line_feed.empty()) {
            out += line_feed;
        } else if (is_treacherous(code_point)) {
            append_escaped(out, code_point);
        } else {
            out += character;
        }
    }
    return out;
}

}  // namespace

int column_width(char32_t code_point) noexcept {
    if (within(kWithoutWidth, code_point)) return 0;
    return within(kWide, code_point) ? 2 : 1;
}

std::size_t display_width(std::string_view text) noexcept {
    std::size_t width = 0;
    while (!text.empty()) width += static_cast<std::size_t>(column_width(take_code_point(text)));
    return width;
}

std::string printable(std::string_view text) {
    return escape(text, {});
}

std::string printable_lines(std::string_view text, std::string_view indent) {
    return escape(text, '\n' + std::string(indent));
}

std::string shortened(std::string_view text) {
    constexpr std::size_t kShownLetters = 40;
    std::string_view rest = text;
    for (std::size_t letters = 0; !rest.empty(); ++letters) {
        if (letters == kShownLetters) {
            return std::string(text.substr(0, text.size() - rest.size())) + "…";
        }
        const std::size_t length = character_length(rest);
        rest.remove_prefix(length == 0 ? 1 : length);
    }
    return std::string(text);
}

std::string as_utf8(std::string_view text) {
    return is_utf8(text) ? std::string(text) : printable(text);
}

std::size_t character_length(std::string_view text) noexcept {
    constexpr std::size_t kLongest = 4;
    for (std::size_t length = 1; length <= std::min(kLongest, text.size()); ++length) {
        if (is_utf8(text.substr(0, length))) return length;
    }
    return 0;
}

bool is_treacherous(char32_t code_point) noexcept {
    return is_control(code_point) || within(kTreacherous, code_point);
}

}  // namespace tongbao::client
