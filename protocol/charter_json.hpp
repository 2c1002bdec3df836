#pragma once

#include "domain/charter.hpp"
#include "domain/reason.hpp"

#include <cstddef>
#include <string_view>
#include <variant>

namespace tongbao::protocol {

/// A charter that may be used, or everything that is wrong with its text.
using LoadedCharter = std::variant<Charter, Reasons>;

/// Reads a charter: as strict JSON, by the schema, its conditions, and by check_charter. A step is
/// taken only if the one before found nothing; of conditions and checker, everything that either
/// finds. So nobody holds a Charter whose references do not resolve.
///
/// Reasons, each with a place such as `kinds.case_transfer.fields.decision.required_if`:
/// those of parse_strict_json, and Errc::too_large beyond kMaxCharterBytes; from the schema
/// Errc::unknown_member, missing_member, wrong_type, bad_value; those of bind_conditions and of
/// check_charter. Costs some ten milliseconds.
///
/// Source: domain/charters/charter.schema.json.
[[nodiscard]] LoadedCharter load_charter(std::string_view json_text);

/// Twenty times what the shipped charters have.
inline constexpr std::size_t kMaxCharterBytes = 4 * 1024 * 1024;

}  // namespace tongbao::protocol
