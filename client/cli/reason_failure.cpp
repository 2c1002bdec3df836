#include "client/cli/reason_failure.hpp"

#include "client/cli/explanations.hpp"
#include "client/cli/terminal_text.hpp"

#include <iostream>

namespace tongbao::client {

using program::ExitCode;

Failure local_failure(const Reason& reason) {
    std::string words = reason.place.empty() ? "" : printable(reason.place) + ": ";
    // The code's own sentence is about what a hub keeps.
    words += reason.code == Errc::not_found ? "This was not found." : sentence(reason.code);
    words += " (" + std::string(code(reason.code)) + ')';
    if (!reason.explanation.empty()) words += "\n" + printable_lines(reason.explanation, "");
    words += '\n' + explain_hint({reason.code});
    if (reason.code == Errc::process_failed) return Failure{ExitCode::failed, words, ""};
    const ExitCode exit_code = exit_code_of(reason.code);
    return Failure{exit_code == ExitCode::refused ? ExitCode::usage : exit_code, words, ""};
}

void run_locally(Invocation& invocation, const std::function<Attempt<void>()>& work) {
    const Attempt<void> done = work();
    invocation.exit_code = done ? ExitCode::good : done.error().exit_code;
    if (!done && !done.error().words.empty()) std::cerr << done.error().words << '\n';
}

}  // namespace tongbao::client
