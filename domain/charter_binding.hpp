#pragma once

#include "domain/charter.hpp"
#include "domain/reason.hpp"

namespace tongbao {

/// Parses every condition of `parts` and binds it to the types of the fields it names. A condition
/// that can't be bound stays unbound.
///
/// Reasons: Errc::bad_expression for each fault, at the place of its condition, such as
/// `kinds.filing.fields.reason.required_if`; the explanation names the byte.
///
/// Source: charter-expressions, "Where, over what, by whom" and "Types".
[[nodiscard]] Reasons bind_conditions(CharterParts& parts);

}  // namespace tongbao
