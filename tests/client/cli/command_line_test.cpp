#include "client/cli/command_line.hpp"

#include "tests/client/cli/client_command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

struct Command {
    std::string name;    ///< such as `audit verify`
    std::string footer;  ///< the end of its help
};

/// The commands that do something, not those that only hold others.
void collect(const CLI::App& app, const std::string& before, std::vector<Command>& into) {
    for (const CLI::App* const each : app.get_subcommands(nullptr)) {
        const std::string name = before + each->get_name();
        if (each->get_subcommands(nullptr).empty()) into.push_back({name, each->get_footer()});
        collect(*each, name + ' ', into);
    }
}

std::vector<Command> all_commands() {
    CLI::App app;
    Invocation invocation;
    add_command_line(app, invocation);
    std::vector<Command> commands;
    collect(app, "", commands);
    return commands;
}

/// A disk that is full.
class Full final : public std::streambuf {};

}  // namespace

TEST_SUITE("command line") {
    TEST_CASE("every command has help with an example") {
        const std::vector<Command> commands = all_commands();
        CHECK(commands.size() >= 26);
        for (const Command& command : commands) {
            CAPTURE(command.name);
            CHECK(command.footer.find("Example: tongbao " + command.name) != std::string::npos);
        }
    }

    TEST_CASE("every command stands in the document of the commands") {
        std::ifstream file(testing::source_dir() + "/docs/COMMANDS.md");
        std::stringstream text;
        text << file.rdbuf();
        for (const Command& command : all_commands()) {
            CAPTURE(command.name);
            CHECK(text.str().find("tongbao " + command.name) != std::string::npos);
        }
    }

    TEST_CASE("the help of a command is good and arguments that nobody knows are exit code 2") {
        const CommandOutcome help = run_tongbao({"inbox", "--help"});
        CHECK(help.exit_code == 0);
        CHECK(help.output.find("Example: tongbao inbox") != std::string::npos);
        CHECK(run_tongbao({}).exit_code == 2);
        CHECK(run_tongbao({"inbix"}).exit_code == 2);
        CHECK(run_tongbao({"inbox", "--limt", "1"}).exit_code == 2);
    }

    TEST_CASE("shared options stand before or after the command") {
        const CommandOutcome before = run_tongbao({"--json", "validate", "division", "440000"});
        const CommandOutcome after = run_tongbao({"validate", "division", "440000", "--json"});
        CHECK(before.exit_code == 0);
        CHECK(before.output == after.output);
        CHECK(before.output.starts_with("{"));
    }

    TEST_CASE("output that can't be written is exit code 4 and not half an answer with 0") {
        Full full;
        std::streambuf* const before = std::cout.rdbuf(&full);
        std::ostringstream messages;
        std::streambuf* const errors = std::cerr.rdbuf(messages.rdbuf());
        const program::ExitCode exit_code =
            run_command_line({"--json", "validate", "division", "440000"});
        std::cerr.rdbuf(errors);
        std::cout.rdbuf(before);
        std::cout.clear();
        CHECK(exit_code == program::ExitCode::failed);
        CHECK(messages.str().find("could be written") != std::string::npos);
    }
}
