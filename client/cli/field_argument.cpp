#include "client/cli/field_argument.hpp"

#include "client/cli/json_view.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/files.hpp"

#include <charconv>

namespace tongbao::client {
namespace {

using protocol::JsonDocument;
using protocol::JsonValue;
using protocol::JsonWriter;

/// Larger than any notice may be, so that its refusal names what is too large.
constexpr std::size_t kMaxFieldsBytes = std::size_t{1024} * 1024;
/// Integers beyond it are no JSON numbers here.
constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1;

std::string as_text_value(const std::string& text) {
    return JsonWriter().text(text).take();
}

std::string integer_or_text(const std::string& text) {
    std::int64_t number = 0;
    const char* const last = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), last, number);
    const bool whole = error == std::errc() && stopped == last;
    if (!whole || number > kMaxInteger || number < -kMaxInteger) return as_text_value(text);
    return JsonWriter().number(number).take();
}

std::string written(const JsonValue& value) {
    JsonWriter writer;
    write_json(writer, value);
    return writer.take();
}

Attempt<JsonDocument> json_value(const std::string& text, const std::string& place) {
    Checked<JsonDocument> value = protocol::read_json(as_bytes(text), kMaxFieldsBytes);
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

Attempt<std::string> table_value(const NamedArgument& argument) {
    Attempt<std::string> text = argument.value.starts_with('@')
                                    ? file_text(argument.value.substr(1))
                                    : Attempt<std::string>(argument.value);
    if (!text) return text.error();
    const Attempt<JsonDocument> table = json_value(*text, "fields." + argument.name);
    if (!table) return table.error();
    return written(*table);
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

Attempt<std::string> typed_value(const Kind* kind, const NamedArgument& argument) {
    const FieldRule* const rule =
        kind == nullptr ? nullptr : find_field(kind->fields, argument.name);
    if (rule == nullptr) return as_text_value(argument.value);
    switch (rule->type) {
        case FieldType::boolean:
            if (argument.value == "true" || argument.value == "false") return argument.value;
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

Attempt<std::vector<WrittenField>> read_fields_file(const std::string& path) {
    const Attempt<std::string> text = file_text(path);
    if (!text) return text.error();
    const Attempt<JsonDocument> value = json_value(*text, path);
    if (!value) return value.error();
    const auto* const members = std::get_if<JsonValue::Object>(&value->root().value);
    if (members == nullptr) {
        return usage_failure(path + ": must hold one JSON object, a member for each field");
    }
    std::vector<WrittenField> fields;
    for (const protocol::JsonMember& member : *members) {
        fields.push_back({std::string(member.name), written(member.value)});
    }
    return fields;
}

}  // namespace tongbao::client
