#pragma once

#include "domain/bytes.hpp"
#include "domain/reason.hpp"

#include <string>
#include <string_view>

namespace tongbao::protocol {

inline constexpr std::string_view kProblemMediaType = "application/problem+json";

/// The HTTP status that goes with a code: 422 for what is wrong with a notice, a batch or a key,
/// 500 for one that no request should cause.
[[nodiscard]] unsigned http_status(Errc errc) noexcept;

/// A problem details object: `type` (urn:tongbao:problem:<code>), `title`, `status`, `code`, and
/// `reasons` (each with code, place, explanation) where there is more to say than the code.
/// Source: RFC 9457 section 3.
[[nodiscard]] std::string write_problem(Errc errc, const Reasons& reasons = {});
/// The same under another status: where the connection says more exactly what went wrong, such as
/// 431 for too large a head.
[[nodiscard]] std::string write_problem(unsigned status, Errc errc, const Reasons& reasons = {});

/// The reasons of a refusal as a JSON array, as they stand in problems and answers.
[[nodiscard]] std::string write_reasons(const Reasons& reasons);

/// What a problem details object says.
struct Problem {
    Errc code{};
    Reasons reasons;
};

/// Reads a problem details object that another part of Tongbao wrote. Members that are not known
/// here are passed over, as RFC 9457 section 3.2 asks.
///
/// Errors: those of read_json; missing_member, wrong_type, bad_value.
[[nodiscard]] Checked<Problem> read_problem(BytesView text);

}  // namespace tongbao::protocol
