#pragma once

#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A look at a JSON value that a trusted part of Tongbao wrote: what is missing or of another type
/// is empty, so that a newer daemon's answers can be shown too. Borrows the value.
class JsonView {
public:
    explicit JsonView(const protocol::JsonValue& value) : value_(&value) {}

    /// The member of that name; null if there is none.
    [[nodiscard]] const protocol::JsonValue& member(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    /// The text of a member; empty if it is none.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    /// The same as text; empty if there is none.
    [[nodiscard]] std::string integer_text(std::string_view name) const;
    [[nodiscard]] bool boolean(std::string_view name) const;
    /// The elements of a member that is an array.
    [[nodiscard]] const protocol::JsonValue::Array& array(std::string_view name) const;
    /// The texts among the elements of a member, with commas between them.
    [[nodiscard]] std::string texts(std::string_view name) const;
    /// The names of the members, in their order.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    const protocol::JsonValue* value_;
};

/// Writes a value as it was read.
void write_json(protocol::JsonWriter& writer, const protocol::JsonValue& value);

}  // namespace tongbao::client
