#pragma once

#include "domain/act.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"

namespace tongbao {

/// What is wrong with the words of `act`; empty means nothing. When an act may be done, apply says.
///
/// Of `dispatched`, at `dispatch.method` and `dispatch.number`: Errc::malformed_field for what is
/// not one line of 1 to 100 characters; Errc::refused_mark.
///
/// Of others, at `reason`: Errc::malformed_field for more than 4,000 characters, control characters
/// other than line feeds, and characters that turn the direction of writing;
/// Errc::reason_required for nothing but blanks; Errc::refused_mark for a mark of state secrets,
/// which is never quoted.
[[nodiscard]] Reasons check_words(const Charter& charter, const Act& act);

}  // namespace tongbao
