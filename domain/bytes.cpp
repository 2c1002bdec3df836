#include "domain/bytes.hpp"

#include "domain/hex.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace tongbao {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotBase64 = 0xff;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNotBase64);
    for (std::size_t i = 0; i < kBase64Alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(kBase64Alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> kBase64Values = make_base64_values();

constexpr std::array<char, 512> make_hex_pairs() {
    std::array<char, 512> pairs{};
    for (std::size_t i = 0; i < 256; ++i) {
        pairs[2 * i] = kHexDigits[i >> 4];
        pairs[2 * i + 1] = kHexDigits[i & 0x0f];
    }
    return pairs;
}

constexpr std::array<char, 512> kHexPairs = make_hex_pairs();

constexpr std::uint8_t kNotHex = 0xff;

constexpr std::array<std::uint8_t, 256> make_hex_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNotHex);
    for (std::size_t i = 0; i < kHexDigits.size(); ++i) {
        values[static_cast<std::uint8_t>(kHexDigits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> kHexValues = make_hex_values();

constexpr bool is_continuation(std::uint8_t byte) {
    return (byte & 0xc0u) == 0x80u;
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none.
/// The ranges of the second byte are those of RFC 3629 section 4.
std::size_t sequence_length(BytesView text) {
    const std::uint8_t first = text[0];
    if (first < 0x80) return 1;
    std::size_t length = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        if (first == 0xe0) low = 0xa0;
        if (first == 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        if (first == 0xf0) low = 0x90;
        if (first == 0xf4) high = 0x8f;
    } else {
        return 0;
    }
    if (text.size() < length || text[1] < low || text[1] > high) return 0;
    const BytesView rest = text.subspan(2, length - 2);
    return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

constexpr std::size_t kWord = sizeof(std::uint64_t);

/// Whether the next eight bytes are ASCII: most texts are, and so are read eight times as fast.
bool is_ascii_word(BytesView text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t word = 0;
    if (text.size() < kWord) return false;
    std::memcpy(&word, text.data(), kWord);
    return (word & kHighBits) == 0;
}

}  // namespace

BytesView as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(BytesView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes to_bytes(BytesView bytes) {
    return {bytes.begin(), bytes.end()};
}

Bytes to_bytes(std::string_view text) {
    return to_bytes(as_bytes(text));
}

void append_hex(std::string& text, BytesView bytes) {
    const std::size_t at = text.size();
    text.resize(at + 2 * bytes.size());
    // A pair of digits at once, past the checks of each access: entries are mostly digests.
    char* out = text.data() + at;
    for (const std::uint8_t byte : bytes) {
        std::memcpy(out, kHexPairs.data() + 2 * std::size_t{byte}, 2);
        out += 2;
    }
}

std::string to_hex(BytesView bytes) {
    std::string text;
    append_hex(text, bytes);
    return text;
}

bool decode_hex(std::string_view text, std::span<std::uint8_t> into) noexcept {
    if (text.size() != 2 * into.size()) return false;
    std::uint8_t wrong = 0;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const std::uint8_t high = kHexValues[static_cast<std::uint8_t>(text[2 * i])];
        const std::uint8_t low = kHexValues[static_cast<std::uint8_t>(text[2 * i + 1])];
        // Only what is no digit has any of the upper four bits.
        wrong |= static_cast<std::uint8_t>(high | low);
        into[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return (wrong & 0xf0u) == 0;
}

Result<Bytes> from_hex(std::string_view text) {
    Bytes bytes(text.size() / 2);
    if (!decode_hex(text, bytes)) return Errc::bad_encoding;
    return bytes;
}

std::string to_base64(BytesView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
        if (left > 1) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
        if (left > 2) group |= bytes[i + 2];
        text += kBase64Alphabet[group >> 18];
        text += kBase64Alphabet[(group >> 12) & 0x3f];
        text += left > 1 ? kBase64Alphabet[(group >> 6) & 0x3f] : '=';
        text += left > 2 ? kBase64Alphabet[group & 0x3f] : '=';
    }
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return Errc::bad_encoding;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    std::size_t digits = 0;
    for (const char character : text.substr(0, text.size() - padding)) {
        const std::uint8_t value = kBase64Values[static_cast<std::uint8_t>(character)];
        if (value == kNotBase64) return Errc::bad_encoding;
        group = (group << 6) | value;
        if (++digits < 4) continue;
        bytes.push_back(static_cast<std::uint8_t>(group >> 16));
        bytes.push_back(static_cast<std::uint8_t>(group >> 8));
        bytes.push_back(static_cast<std::uint8_t>(group));
        group = 0;
        digits = 0;
    }
    if (padding == 1) {
        if ((group & 0x3u) != 0) return Errc::bad_encoding;
        bytes.push_back(static_cast<std::uint8_t>(group >> 10));
        bytes.push_back(static_cast<std::uint8_t>(group >> 2));
    } else if (padding == 2) {
        if ((group & 0xfu) != 0) return Errc::bad_encoding;
        bytes.push_back(static_cast<std::uint8_t>(group >> 4));
    }
    return bytes;
}

bool is_utf8(std::string_view text) noexcept {
    BytesView rest = as_bytes(text);
    while (!rest.empty()) {
        if (is_ascii_word(rest)) {
            rest = rest.subspan(kWord);
            continue;
        }
        const std::size_t length = sequence_length(rest);
        if (length == 0) return false;
        rest = rest.subspan(length);
    }
    return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
    const BytesView bytes = as_bytes(text);
    return static_cast<std::size_t>(std::count_if(
        bytes.begin(), bytes.end(), [](auto byte) { return !is_continuation(byte); }));
}

}  // namespace tongbao
