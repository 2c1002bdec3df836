#include "client/cli/command.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/bytes.hpp"
#include "domain/field_type.hpp"
#include "protocol/json_writer.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct ValidateArguments {
    std::string type;
    std::string value;
};

std::string type_words() {
    std::string words;
    for (const FieldType type : all_field_types()) {
        if (type == FieldType::table) continue;
        words += (words.empty() ? "" : ", ") + std::string(word(type));
    }
    return words;
}

void print_json(const ValidateArguments& arguments, const Result<void>& verdict,
                const std::string& explanation) {
    protocol::JsonWriter json;
    json.begin_object().member("type", arguments.type);
    // What is not UTF-8 can't stand in JSON.
    if (is_utf8(arguments.value)) json.member("value", arguments.value);
    json.key("valid").boolean(verdict.has_value());
    if (!verdict) {
        json.member("code", code(to_errc(verdict.error())));
        json.member("explanation", explanation);
    }
    json.end_object();
    std::cout << json.take() << '\n';
}

Attempt<void> validate(const ValidateArguments& arguments, const Invocation& invocation) {
    const std::optional<FieldType> type = field_type_from_word(arguments.type);
    if (!type || *type == FieldType::table) {
        return usage_failure("there is no type `" + printable(arguments.type) +
                             "` for single values; there are: " + type_words());
    }
    const Result<void> verdict = check_form(*type, scalar_from_text(*type, arguments.value));
    const std::string explanation = explain_form(*type);
    if (invocation.json) {
        print_json(arguments, verdict, explanation);
    } else if (verdict) {
        std::cout << "valid\n";
    }
    if (verdict) return {};
    const Errc errc = to_errc(verdict.error());
    return Failure{
        ExitCode::refused,
        std::string(code(errc)) + ": " + std::string(sentence(errc)) + '\n' + explanation, ""};
}

}  // namespace

void add_validate_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command =
        app.add_subcommand("validate", "whether a value has the form of a charter's field type");
    const auto arguments = std::make_shared<ValidateArguments>();
    command->add_option("type", arguments->type, "one of: " + type_words())->required();
    command->add_option("value", arguments->value, "the value; after -- if it begins with a hyphen")
        ->required();
    command->footer(
        "Example: tongbao validate doc_no 测试发〔2020〕26号\n"
        "Exit codes: 0 valid, 1 not valid (the reason is on standard error), 2 no such type.\n"
        "Whether an enum's value, a post or a unit exists is for a charter to say: here only its\n"
        "form is looked at.");
    command->callback([arguments, &invocation] {
        run_locally(invocation, [&] { return validate(*arguments, invocation); });
    });
}

}  // namespace tongbao::client
