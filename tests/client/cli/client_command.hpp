#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// What `tongbao` with these arguments ended with and printed.
struct CommandOutcome {
    int exit_code{-1};
    std::string output;
    std::string messages;  ///< standard error
};

/// Runs one command of `tongbao` in this process; `arguments` are without the program's name. Not
/// for two threads: it diverts the streams.
[[nodiscard]] CommandOutcome run_tongbao(std::vector<std::string> arguments);

/// Whether `part` stands in what was printed.
[[nodiscard]] inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace tongbao::client
