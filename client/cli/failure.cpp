#include "client/cli/failure.hpp"

#include "client/cli/explanations.hpp"
#include "client/cli/terminal_text.hpp"

#include <vector>

namespace tongbao::client {

using program::ExitCode;

ExitCode exit_code_of(Errc code) noexcept {
    switch (code) {
        case Errc::connection_failed:
        case Errc::connection_closed:
        case Errc::timed_out:
        case Errc::tls_refused:
        case Errc::too_many_requests:
        case Errc::hub_unavailable:
        case Errc::shutting_down:
        case Errc::not_running:
            return ExitCode::unavailable;
        case Errc::storage_failure:
        case Errc::storage_corrupt:
        case Errc::crypto_failure:
        case Errc::bad_request:
        case Errc::unsupported_method:
        case Errc::unsupported_version:
        case Errc::protocol_violation:
            return ExitCode::failed;
        default:
            return ExitCode::refused;
    }
}

std::string reason_lines(const Reasons& reasons) {
    std::string lines;
    for (const Reason& reason : reasons) {
        lines += lines.empty() ? "" : "\n";
        lines += code(reason.code);
        lines += "  " + (reason.place.empty() ? "-" : printable(reason.place)) + "  ";
        lines += reason.explanation.empty() ? std::string(sentence(reason.code))
                                            : printable(reason.explanation);
    }
    return lines;
}

Failure failure_of(const protocol::Problem& problem) {
    const Reasons reasons =
        problem.reasons.empty() ? Reasons{Reason{problem.code, "", ""}} : problem.reasons;
    std::vector<Errc> codes;
    for (const Reason& reason : reasons) codes.push_back(reason.code);
    return Failure{exit_code_of(problem.code), reason_lines(reasons) + '\n' + explain_hint(codes),
                   ""};
}

Failure usage_failure(std::string words) {
    return Failure{ExitCode::usage, std::move(words), ""};
}

}  // namespace tongbao::client
