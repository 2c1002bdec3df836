#include "client/cli/command.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

void print_words(const char* what, const char* where, const char* todo,
                 const ExplanationWords& words) {
    std::cout << what << words.what << '\n'
              << where << words.where << '\n'
              << todo << words.todo << '\n';
}

void write_words(protocol::JsonWriter& json, std::string_view language,
                 const ExplanationWords& words) {
    json.key(language)
        .begin_object()
        .member("what", words.what)
        .member("where", words.where)
        .member("do", words.todo)
        .end_object();
}

void write_explanation(protocol::JsonWriter& json, Errc errc, const Explanation& words) {
    json.begin_object().member("code", code(errc));
    write_words(json, "en", words.en);
    write_words(json, "zh", words.zh);
    json.end_object();
}

Failure unexplained(Errc errc) {
    return Failure{program::ExitCode::failed,
                   "this program has no explanation of " + std::string(code(errc)), ""};
}

Attempt<void> list(const Invocation& invocation) {
    protocol::JsonWriter json;
    TextTable table({"code", "what happened", "发生了什么"});
    json.begin_array();
    for (const Errc errc : all_errcs()) {
        const std::optional<Explanation> words = explanation_of(errc);
        if (!words) return unexplained(errc);
        write_explanation(json, errc, *words);
        table.add({std::string(code(errc)), words->en.what, words->zh.what});
    }
    json.end_array();
    if (invocation.json) {
        std::cout << json.take() << '\n';
    } else {
        table.print(std::cout);
    }
    return {};
}

Attempt<void> explain(const std::string& name, const Invocation& invocation) {
    if (name.empty()) return list(invocation);
    const std::optional<Errc> errc = errc_from_code(name);
    if (!errc) {
        return usage_failure("there is no code `" + printable(name) +
                             "`; `tongbao explain` lists all of them");
    }
    const std::optional<Explanation> words = explanation_of(*errc);
    if (!words) return unexplained(*errc);
    if (invocation.json) {
        protocol::JsonWriter json;
        write_explanation(json, *errc, *words);
        std::cout << json.take() << '\n';
        return {};
    }
    std::cout << code(*errc) << "\n\n";
    print_words("What happened:  ", "Where to look:  ", "What to do:     ", words->en);
    std::cout << '\n';
    print_words("发生了什么：", "到哪里看：  ", "怎么办：    ", words->zh);
    return {};
}

}  // namespace

void add_explain_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "explain", "what a stable code means, where to look and what to do (English, 中文)");
    const auto name = std::make_shared<std::string>();
    command->add_option("code", *name,
                        "the code, such as missing_field; without one all are listed");
    command->footer(
        "Example: tongbao explain log_forked\n"
        "Exit codes: 0 good, 2 no such code.");
    command->callback([name, &invocation] {
        run_locally(invocation, [&] { return explain(*name, invocation); });
    });
}

}  // namespace tongbao::client
