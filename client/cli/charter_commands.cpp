#include "client/cli/charter_view.hpp"
#include "client/cli/command.hpp"
#include "client/cli/daemon_client.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/files.hpp"
#include "program/shipped_files.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/problem.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct CharterArguments {
    std::string file;
    std::string kind;
};

struct CharterFile {
    std::filesystem::path path;
    protocol::LoadedCharter loaded;
};

/// Reads a charter's file, or the shipped one of that name.
Attempt<CharterFile> read_charter(const std::string& name_or_file) {
    const Checked<std::filesystem::path> path =
        program::ShippedFiles::beside_this_program().charter(name_or_file);
    if (!path) return local_failure(path.error());
    const Result<std::string> text = program::read_file(*path, protocol::kMaxCharterBytes);
    if (!text) {
        return local_failure(
            {to_errc(text.error()), path->string(), "name a charter's file of at most 4 MiB"});
    }
    return CharterFile{*path, protocol::load_charter(*text)};
}

std::string fault_count(const Reasons& reasons) {
    return std::to_string(reasons.size()) + (reasons.size() == 1 ? " fault" : " faults");
}

Attempt<void> show(const Charter& charter, const CharterArguments& arguments,
                   const Invocation& invocation) {
    if (arguments.kind.empty()) {
        if (invocation.json) std::cout << charter_json(charter) << '\n';
        if (!invocation.json) print_charter(std::cout, charter);
        return {};
    }
    const Kind* const kind = charter.find_kind(KindId(arguments.kind));
    if (kind == nullptr) {
        return usage_failure("the charter " + charter.id().value() + " has no kind `" +
                             printable(arguments.kind) +
                             "`; `tongbao charter show` lists its kinds");
    }
    if (invocation.json) std::cout << kind_json(charter, *kind) << '\n';
    if (!invocation.json) print_kind(std::cout, charter, *kind);
    return {};
}

Attempt<void> show_file(const CharterArguments& arguments, const Invocation& invocation) {
    const Attempt<CharterFile> file = read_charter(arguments.file);
    if (!file) return file.error();
    if (const auto* const reasons = std::get_if<Reasons>(&file->loaded)) {
        return Failure{ExitCode::refused,
                       file->path.string() + ": " + fault_count(*reasons) +
                           "; `tongbao charter check` lists them",
                       ""};
    }
    return show(std::get<Charter>(file->loaded), arguments, invocation);
}

Attempt<void> check(const CharterArguments& arguments, const Invocation& invocation) {
    const Attempt<CharterFile> file = read_charter(arguments.file);
    if (!file) return file.error();
    const auto* const found = std::get_if<Reasons>(&file->loaded);
    const Reasons reasons = found == nullptr ? Reasons{} : *found;
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object().member("file", as_utf8(file->path.string())).key("valid");
        json.boolean(reasons.empty()).key("reasons").raw(protocol::write_reasons(reasons));
        std::cout << json.end_object().take() << '\n';
    } else if (reasons.empty()) {
        const Charter& charter = std::get<Charter>(file->loaded);
        std::cout << charter.id().value() << " version " << charter.version().value()
                  << ": valid\n";
    } else {
        std::cout << reason_lines(reasons) << '\n';
    }
    if (reasons.empty()) return {};
    return Failure{ExitCode::refused, file->path.string() + ": " + fault_count(reasons), ""};
}

}  // namespace

void add_charter_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const parent = app.add_subcommand("charter", "the rules of a joint meeting (制度)");
    parent->require_subcommand(1);
    parent->footer("Example: tongbao charter show --file charter.json");

    const auto show_arguments = std::make_shared<CharterArguments>();
    CLI::App* const show_command = parent->add_subcommand(
        "show", "units, kinds, who sends what to whom; of the unit's daemon, or of a file");
    show_command->add_option("--file", show_arguments->file,
                             "a charter's file, or the name of a shipped one");
    show_command->add_option("--kind", show_arguments->kind,
                             "one kind: its fields, attachments, checks, answers");
    show_command->footer(
        "Example: tongbao charter show --sandbox ./sandbox --as UNIT\n"
        "         tongbao charter show --file charter.json --kind KIND\n"
        "Exit codes: 0 shown, 1 the file is no valid charter, 2 no such file or kind,\n"
        "3 the daemon does not answer.");
    show_command->callback([show_arguments, &invocation] {
        if (!show_arguments->file.empty()) {
            run_locally(invocation, [&] { return show_file(*show_arguments, invocation); });
            return;
        }
        run_with_daemon(invocation, [&](DaemonClient& daemon) -> Attempt<void> {
            const Attempt<Charter> charter = fetch_charter(daemon);
            if (!charter) return charter.error();
            return show(*charter, *show_arguments, invocation);
        });
    });

    const auto check_arguments = std::make_shared<CharterArguments>();
    CLI::App* const check_command =
        parent->add_subcommand("check", "whether a file is a charter; every fault with its place");
    check_command
        ->add_option("file", check_arguments->file, "the file, or the name of a shipped charter")
        ->required();
    check_command->footer(
        "Example: tongbao charter check my-charter.json\n"
        "Prints one line for each fault: code, place, explanation.\n"
        "Exit codes: 0 valid, 1 not valid, 2 no such file.");
    check_command->callback([check_arguments, &invocation] {
        run_locally(invocation, [&] { return check(*check_arguments, invocation); });
    });
}

}  // namespace tongbao::client
