#include "client/cli/json_view.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

using protocol::JsonMember;
using protocol::JsonValue;

const JsonValue kNull;
const JsonValue::Array kNoItems;

const JsonValue* find(const JsonValue& value, std::string_view name) {
    const auto* const members = std::get_if<JsonValue::Object>(&value.value);
    if (members == nullptr) return nullptr;
    const auto found =
        std::find_if(members->begin(), members->end(),
                     [name](const JsonMember& member) { return member.name == name; });
    return found == members->end() ? nullptr : &found->value;
}

}  // namespace

const JsonValue& JsonView::member(std::string_view name) const {
    const JsonValue* const found = find(*value_, name);
    return found == nullptr ? kNull : *found;
}

bool JsonView::has(std::string_view name) const {
    return find(*value_, name) != nullptr;
}

std::string JsonView::text(std::string_view name) const {
    const auto* const text = std::get_if<std::string_view>(&member(name).value);
    return text == nullptr ? std::string() : std::string(*text);
}

std::optional<std::int64_t> JsonView::integer(std::string_view name) const {
    const auto* const number = std::get_if<std::int64_t>(&member(name).value);
    if (number == nullptr) return std::nullopt;
    return *number;
}

std::string JsonView::integer_text(std::string_view name) const {
    const std::optional<std::int64_t> number = integer(name);
    return number ? std::to_string(*number) : std::string();
}

bool JsonView::boolean(std::string_view name) const {
    const auto* const flag = std::get_if<bool>(&member(name).value);
    return flag != nullptr && *flag;
}

const JsonValue::Array& JsonView::array(std::string_view name) const {
    const auto* const items = std::get_if<JsonValue::Array>(&member(name).value);
    return items == nullptr ? kNoItems : *items;
}

std::string JsonView::texts(std::string_view name) const {
    std::string joined;
    for (const JsonValue& item : array(name)) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        if (text != nullptr) (joined += joined.empty() ? "" : ", ") += *text;
    }
    return joined;
}

std::vector<std::string> JsonView::names() const {
    std::vector<std::string> names;
    const auto* const members = std::get_if<JsonValue::Object>(&value_->value);
    if (members == nullptr) return names;
    for (const JsonMember& member : *members) names.emplace_back(member.name);
    return names;
}

void write_json(protocol::JsonWriter& writer, const JsonValue& value) {
    if (std::holds_alternative<JsonValue::Null>(value.value)) {
        writer.null();
    } else if (const auto* const flag = std::get_if<bool>(&value.value)) {
        writer.boolean(*flag);
    } else if (const auto* const number = std::get_if<std::int64_t>(&value.value)) {
        writer.number(*number);
    } else if (const auto* const text = std::get_if<std::string_view>(&value.value)) {
        writer.text(*text);
    } else if (const auto* const items = std::get_if<JsonValue::Array>(&value.value)) {
        writer.begin_array();
        for (const JsonValue& item : *items) write_json(writer, item);
        writer.end_array();
    } else {
        writer.begin_object();
        for (const JsonMember& each : std::get<JsonValue::Object>(value.value)) {
            writer.key(each.name);
            write_json(writer, each.value);
        }
        writer.end_object();
    }
}

}  // namespace tongbao::client
