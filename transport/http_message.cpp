#include "transport/http_message.hpp"

#include "domain/code_points.hpp"

#include <algorithm>

namespace tongbao::transport {
namespace {

char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::optional<unsigned> hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    const char letter = lower(digit);
    if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a') + 10U;
    return std::nullopt;
}

bool is_control(char character) noexcept {
    const auto code = static_cast<unsigned char>(character);
    return code < 0x20 || code == 0x7F;
}

/// Errors: Errc::bad_request for a malformed percent sign, a control character, or bad UTF-8.
Result<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) return Errc::bad_request;
        const std::optional<unsigned> high = hex_value(text[i + 1]);
        const std::optional<unsigned> low = hex_value(text[i + 2]);
        if (!high || !low) return Errc::bad_request;
        decoded.push_back(static_cast<char>(*high * 16U + *low));
        i += 2;
    }
    if (std::any_of(decoded.begin(), decoded.end(), is_control)) return Errc::bad_request;
    if (!is_utf8(decoded)) return Errc::bad_request;
    return decoded;
}

Result<std::string> decode_segment(std::string_view text) {
    Result<std::string> segment = percent_decode(text);
    if (!segment) return segment.error();
    if (segment->empty() || *segment == "." || *segment == "..") return Errc::bad_request;
    // Only an encoded one can still be here; it would cut the path elsewhere if decoded again.
    if (segment->find_first_of("/\\") != std::string::npos) return Errc::bad_request;
    return segment;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::string_view> find_field(const Fields& fields, std::string_view name) noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const Field& field) {
        return equal_ignoring_case(field.name, name);
    });
    if (found == fields.end()) return std::nullopt;
    return found->value;
}

Result<std::vector<std::string>> path_segments(std::string_view target) {
    std::string_view path = target.substr(0, target.find('?'));
    if (path.empty() || path.front() != '/') return Errc::bad_request;
    std::vector<std::string> segments;
    if (path.size() == 1) return segments;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        Result<std::string> segment = decode_segment(path.substr(0, end));
        if (!segment) return segment.error();
        segments.push_back(*std::move(segment));
        path.remove_prefix(end);
    }
    return segments;
}

Result<Fields> query_fields(std::string_view target) {
    Fields fields;
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return fields;
    std::string_view rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        Result<std::string> name = percent_decode(pair.substr(0, equals));
        if (!name) return name.error();
        Result<std::string> value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!value) return value.error();
        fields.push_back({*std::move(name), *std::move(value)});
    }
    return fields;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kUnreservedMarks = "-._~";
    std::string encoded;
    for (const char character : text) {
        const char letter = lower(character);
        const bool plain = is_lower(letter) || is_digit(character) ||
                           kUnreservedMarks.find(character) != std::string_view::npos;
        if (plain) {
            encoded.push_back(character);
            continue;
        }
        const auto code = static_cast<unsigned char>(character);
        encoded.push_back('%');
        encoded.push_back(kHex[code >> 4U]);
        encoded.push_back(kHex[code & 0x0FU]);
    }
    return encoded;
}

}  // namespace tongbao::transport
