#include "protocol/json_writer.hpp"

namespace tongbao::protocol {

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
    constexpr std::string_view kHex = "0123456789abcdef";
    separate();
    json_ += '"';
    for (const char character : value) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            json_ += '\\';
            json_ += character;
        } else if (character == '\n') {
            json_ += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            json_ += "\\u00";
            json_ += kHex[byte >> 4];
            json_ += kHex[byte & 0x0f];
        } else {
            json_ += character;
        }
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
