#pragma once

#include "domain/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tongbao::protocol {

/// Writes compact JSON, member by member, in the order of the calls. The caller pairs begin and end
/// calls; inside an object every value follows a key.
class JsonWriter {
public:
    JsonWriter() = default;
    /// Makes room for `size` characters at once; more may come.
    explicit JsonWriter(std::size_t size) { json_.reserve(size); }

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    /// `value` is well-formed UTF-8; control characters are escaped, nothing else but `"` and `\`.
    JsonWriter& text(std::string_view value);
    /// A text: the bytes in lower-case hexadecimal.
    JsonWriter& hex(BytesView bytes);
    JsonWriter& number(std::int64_t value);
    JsonWriter& number(std::uint64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    /// A value that is JSON already.
    JsonWriter& raw(std::string_view json);

    JsonWriter& member(std::string_view name, std::string_view value) {
        return key(name).text(value);
    }
    JsonWriter& member(std::string_view name, const Digest& value) {
        return key(name).hex(value.bytes());
    }

    [[nodiscard]] std::string take() { return std::move(json_); }

private:
    void separate();

    std::string json_;
    bool needs_comma_{false};
};

}  // namespace tongbao::protocol
