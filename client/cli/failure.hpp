#pragma once

#include "domain/reason.hpp"
#include "program/exit_code.hpp"
#include "protocol/problem.hpp"

#include <boost/system/result.hpp>

#include <iosfwd>
#include <string>

namespace tongbao::client {

/// Why a command did not do what was asked: what its program ends with and what it says.
struct Failure {
    program::ExitCode exit_code{program::ExitCode::failed};
    /// Lines for standard error, the last one without its line feed.
    std::string words;
    /// The daemon's problem details, if it answered with such.
    std::string problem;
};

/// A value, or the Failure that ends the command.
template <typename T>
class [[nodiscard]] Attempt : public boost::system::result<T, Failure> {
public:
    using boost::system::result<T, Failure>::result;
};

/// What a command ends with that met `code`: unavailable where hub or daemon could not answer,
/// failed where this machine or an answer was at fault, otherwise refused.
[[nodiscard]] program::ExitCode exit_code_of(Errc code) noexcept;

/// `code  place  explanation`, one line for each reason; a dash for an empty place, the code's
/// sentence for an empty explanation. Made printable.
[[nodiscard]] std::string reason_lines(const Reasons& reasons);

/// What `problem` says: its reasons, or its code alone, and which command explains them.
[[nodiscard]] Failure failure_of(const protocol::Problem& problem);

/// Wrong arguments: ExitCode::usage.
[[nodiscard]] Failure usage_failure(std::string words);

}  // namespace tongbao::client
