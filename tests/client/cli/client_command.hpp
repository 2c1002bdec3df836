#pragma once

#include <string>
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

}  // namespace tongbao::client
