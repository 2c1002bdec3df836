#pragma once

#include "domain/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tongbao::protocol {

/// Where a JSON text stopped being acceptable.
struct JsonFault {
    Errc code{};
    /// The path to the value, such as `kinds[3].fields`; empty at the top.
    std::string place;
    /// For Errc::malformed_json, the byte behind which reading stopped; else 0.
    std::size_t offset{0};
};

/// Reads one JSON value from `text`, which is all of it, refusing what nlohmann/json alone would
/// let pass. For charters and small bodies; notices have a reader of their own.
///
/// Errors, each with its place in `*fault` if that is given: Errc::not_utf8, also for a byte order
/// mark; Errc::malformed_json for anything that is not one JSON value, and NUL as a byte or \u0000;
/// Errc::duplicate_member, compared after unescaping; Errc::too_deep beyond 64 levels;
/// Errc::bad_number for a fraction, an exponent, -0 and integers beyond ±(2^53−1).
///
/// Source: RFC 8259; RFC 7493 (I-JSON) section 2.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text,
                                                       JsonFault* fault = nullptr);

}  // namespace tongbao::protocol
