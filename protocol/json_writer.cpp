#include "protocol/json_writer.hpp"

#include "domain/hex.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tongbao::protocol {
namespace {

constexpr std::array<bool, 256> make_escaped() {
    std::array<bool, 256> escaped{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) escaped[byte] = true;
    escaped[0x7f] = escaped['"'] = escaped['\\'] = true;
    return escaped;
}

constexpr std::array<bool, 256> kEscaped = make_escaped();

/// How many of the first characters stand in JSON as they are: nearly all of a text does, and is
/// looked at eight characters at a time.
std::size_t count_plain(std::string_view text) {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighBits = 0x80 * kOnes;
    // The high bit of each byte less than `limit`, which is at most 0x80; of bytes behind such a
    // one perhaps as well.
    const auto less = [](std::uint64_t word, std::uint64_t limit) {
        return (word - limit * kOnes) & ~word & kHighBits;
    };
    std::size_t count = 0;
    for (; text.size() - count >= kWord; count += kWord) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + count, kWord);
        const std::uint64_t escaped = less(word, 0x20) | less(word ^ ('"' * kOnes), 1) |
                                      less(word ^ ('\\' * kOnes), 1) |
                                      less(word ^ (0x7f * kOnes), 1);
        if (escaped != 0) break;
    }
    while (count < text.size() && !kEscaped[static_cast<unsigned char>(text[count])]) ++count;
    return count;
}

void write_escaped(std::string& json, char character) {
    constexpr std::string_view kHex = "0123456789abcdef";
    if (character == '"' || character == '\\') {
        json += '\\';
        json += character;
    } else if (character == '\n') {
        json += "\\n";
    } else {
        const auto byte = static_cast<unsigned char>(character);
        json += "\\u00";
        json += kHex[byte >> 4];
        json += kHex[byte & 0x0f];
    }
}

}  // namespace

void JsonWriter::separate() {
    if (needs_comma_) json_ += ',';
    needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
    separate();
    json_ += '{';
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    json_ += '}';
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    separate();
    json_ += '[';
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    json_ += ']';
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    text(name);
    json_ += ':';
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    std::size_t plain = count_plain(value);
    if (plain == value.size()) {
        // Names and nearly all texts: room is made once.
        const std::size_t at = json_.size();
        json_.resize(at + plain + 2);
        char* const out = json_.data() + at;
        out[0] = '"';
        std::copy(value.begin(), value.end(), out + 1);
        out[plain + 1] = '"';
        return *this;
    }
    json_ += '"';
    // What lies between two escapes is copied at once.
    for (;; plain = count_plain(value)) {
        json_ += value.substr(0, plain);
        if (plain == value.size()) break;
        write_escaped(json_, value[plain]);
        value.remove_prefix(plain + 1);
    }
    json_ += '"';
    return *this;
}

JsonWriter& JsonWriter::hex(BytesView bytes) {
    separate();
    json_ += '"';
    append_hex(json_, bytes);
    json_ += '"';
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    return raw(std::to_string(value));
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
    return raw(std::to_string(value));
}

JsonWriter& JsonWriter::boolean(bool value) {
    return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    json_ += json;
    return *this;
}

}  // namespace tongbao::protocol
