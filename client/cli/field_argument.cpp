#include "client/cli/field_argument.hpp"

#include "client/cli/terminal_text.hpp"
#include "program/files.hpp"

#include <charconv>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

/// Larger than any notice may be, so that its refusal names what is too large.
constexpr std::size_t kMaxFieldsBytes = std::size_t{1024} * 1024;
/// Integers beyond it are no JSON numbers here.
constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1;

JsonValue as_text_value(const std::string& text) {
    return JsonValue{text};
}

JsonValue integer_or_text(const std::string& text) {
    std::int64_t number = 0;
    const char* const last = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), last, number);
    const bool whole = error == std::errc() && stopped == last;
    if (!whole || number > kMaxInteger || number < -kMaxInteger) return as_text_value(text);
    return JsonValue{number};
}

Attempt<JsonValue> json_value(const std::string& text, const std::string& place) {
    Checked<JsonValue> value = protocol::read_json(as_bytes(text), kMaxFieldsBytes);
    if (value) return *std::move(value);
    Reason fault = value.error();
    fault.place = fault.place.empty() ? place : place + ": " + fault.place;
    return usage_failure(reason_lines({fault}));
}

Attempt<std::string> file_text(const std::string& path) {
    const Result<std::string> text = program::read_file(path, kMaxFieldsBytes);
    if (text) return *text;
    if (text.error() == Errc::not_found) return usage_failure(path + ": there is no such file");
    if (text.error() == Errc::too_large) {
        return usage_failure(path + ": is larger than " + std::to_string(kMaxFieldsBytes) +
                             " bytes");
    }
    return usage_failure(path + ": can't be read: is it a file that this user may read?");
}

Attempt<JsonValue> table_value(const NamedArgument& argument) {
    const std::string place = "fields." + argument.name;
    if (!argument.value.starts_with('@')) return json_value(argument.value, place);
    const Attempt<std::string> text = file_text(argument.value.substr(1));
    if (!text) return text.error();
    return json_value(*text, place);
}

}  // namespace

Attempt<NamedArgument> split_argument(std::string_view option, const std::string& argument) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos || equals == 0) {
        return usage_failure(std::string(option) + ' ' + printable(argument) +
                             ": give it as name=value");
    }
    return NamedArgument{argument.substr(0, equals), argument.substr(equals + 1)};
}

Attempt<JsonValue> typed_value(const Kind* kind, const NamedArgument& argument) {
    const FieldRule* const rule =
        kind == nullptr ? nullptr : find_field(kind->fields, argument.name);
    if (rule == nullptr) return as_text_value(argument.value);
    switch (rule->type) {
        case FieldType::boolean:
            if (argument.value == "true") return JsonValue{true};
            if (argument.value == "false") return JsonValue{false};
            return as_text_value(argument.value);
        case FieldType::count:
        case FieldType::fen:
            return integer_or_text(argument.value);
        case FieldType::table:
            return table_value(argument);
        default:
            return as_text_value(argument.value);
    }
}

Attempt<JsonValue::Object> read_fields_file(const std::string& path) {
    const Attempt<std::string> text = file_text(path);
    if (!text) return text.error();
    Attempt<JsonValue> value = json_value(*text, path);
    if (!value) return value.error();
    auto* const members = std::get_if<JsonValue::Object>(&value->value);
    if (members != nullptr) return std::move(*members);
    return usage_failure(path + ": must hold one JSON object, a member for each field");
}

}  // namespace tongbao::client
