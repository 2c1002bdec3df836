#include "tests/client/cli/client_command.hpp"

#include "client/cli/command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <sstream>

namespace tongbao::client {
namespace {

/// Sends a stream elsewhere for a while.
class Diversion {
public:
    explicit Diversion(std::ostream& stream)
        : stream_(stream), before_(stream.rdbuf(into_.rdbuf())) {}
    Diversion(const Diversion&) = delete;
    Diversion& operator=(const Diversion&) = delete;
    Diversion(Diversion&&) = delete;
    Diversion& operator=(Diversion&&) = delete;
    ~Diversion() { stream_.rdbuf(before_); }

    [[nodiscard]] std::string text() const { return into_.str(); }

private:
    std::ostringstream into_;
    std::ostream& stream_;
    std::streambuf* before_;
};

}  // namespace

CommandOutcome run_tongbao(const std::vector<std::string>& arguments) {
    const Diversion output(std::cout);
    const Diversion messages(std::cerr);
    CLI::App app("tongbao");
    Invocation invocation;
    app.add_flag("--json", invocation.json, "");
    app.fallthrough();
    add_charter_commands(app, invocation);
    add_validate_command(app, invocation);
    add_ca_commands(app, invocation);
    add_sandbox_commands(app, invocation);
    // CLI11 takes the arguments last first.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    int exit_code = 0;
    try {
        app.parse(reversed);
        exit_code = program::to_int(invocation.exit_code);
    } catch (const CLI::ParseError& error) {
        exit_code = app.exit(error) == 0 ? 0 : program::to_int(program::ExitCode::usage);
    }
    return {exit_code, output.text(), messages.text()};
}

}  // namespace tongbao::client
