#pragma once

#include "domain/errc.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// What a person needs to know of a stable code, in one language.
struct ExplanationWords {
    std::string what;   ///< what happened
    std::string where;  ///< where to look
    std::string todo;   ///< what to do
};

struct Explanation {
    ExplanationWords en;
    ExplanationWords zh;
};

/// The data: an object with a member for each code, client/cli/explanations.json.
[[nodiscard]] std::string_view explanations_json() noexcept;

/// The explanation of a code; none if the data lacks any of its words, which a test rules out.
[[nodiscard]] std::optional<Explanation> explanation_of(Errc errc);

/// A line that names the command which explains these codes: "See `tongbao explain …`."; empty if
/// there are none. Each is named once, at most three.
[[nodiscard]] std::string explain_hint(const std::vector<Errc>& codes);

}  // namespace tongbao::client
