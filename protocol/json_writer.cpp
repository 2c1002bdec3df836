#include "protocol/json_writer.hpp"

#include <algorithm>

namespace tongbao::protocol {
namespace {

bool is_escaped(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7f || character == '"' || character == '\\';
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
    json_ += '"';
    // Nearly all of a text stands as it is: what lies between two escapes is copied at once.
    while (true) {
        const auto escape = std::find_if(value.begin(), value.end(), is_escaped);
        const auto plain = static_cast<std::size_t>(escape - value.begin());
        json_ += value.substr(0, plain);
        if (plain == value.size()) break;
        write_escaped(json_, value[plain]);
        value.remove_prefix(plain + 1);
    }
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
