#include "tests/client/cli/client_command.hpp"

#include "client/cli/command_line.hpp"

#include <iostream>
#include <sstream>
#include <utility>

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

CommandOutcome run_tongbao(std::vector<std::string> arguments) {
    const Diversion output(std::cout);
    const Diversion messages(std::cerr);
    const int exit_code = program::to_int(run_command_line(std::move(arguments)));
    return {exit_code, output.text(), messages.text()};
}

}  // namespace tongbao::client
