#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tongbao::protocol {

/// Writes compact JSON, member by member, in the order of the calls. The caller pairs begin and end
/// calls; inside an object every value follows a key.
class JsonWriter {
public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    /// `value` is well-formed UTF-8; control characters are escaped, nothing else but `"` and `\`.
    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& number(std::uint64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    /// A value that is JSON already.
    JsonWriter& raw(std::string_view json);

    JsonWriter& member(std::string_view name, std::string_view value) {
        return key(name).text(value);
    }

    [[nodiscard]] std::string take() { return std::move(json_); }

private:
    void separate();

    std::string json_;
    bool needs_comma_{false};
};

}  // namespace tongbao::protocol
