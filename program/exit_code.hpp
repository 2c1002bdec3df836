#pragma once

namespace tongbao::program {

/// What a program of ours ends with; docs/COMMANDS.md says so to its users.
enum class ExitCode : int {
    good = 0,
    refused = 1,      ///< the answer is no: refused by a rule, not valid, not verified
    usage = 2,        ///< arguments or configuration are wrong
    unavailable = 3,  ///< hub or daemon can't be reached, or did not answer in time
    failed = 4,       ///< disk, database or another part of this machine failed
};

[[nodiscard]] constexpr int to_int(ExitCode exit_code) noexcept {
    return static_cast<int>(exit_code);
}

}  // namespace tongbao::program
