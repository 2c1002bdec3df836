#pragma once

#include "domain/result.hpp"
#include "domain/strong.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

/// A unit of a charter: a member, the office, an external body, or `local.<division>.<system>`.
using UnitId = Strong<std::string, struct UnitIdTag>;
/// A notice kind of a charter.
using KindId = Strong<std::string, struct KindIdTag>;
/// A post of a charter, such as the convener.
using PostId = Strong<std::string, struct PostIdTag>;
/// A charter, without its version.
using CharterId = Strong<std::string, struct CharterIdTag>;
/// A version of a charter; the first is 1.
using CharterVersion = Strong<std::uint32_t, struct CharterVersionTag>;
/// `<division><yyyy><5 digits>`.
using CaseNumber = Strong<std::string, struct CaseNumberTag>;
/// The log's name, the first line of its checkpoints: `hub.<trust domain>/log`.
using LogOrigin = Strong<std::string, struct LogOriginTag>;

/// Whether `unit` is one of `units`. Linear.
[[nodiscard]] bool contains(const std::vector<UnitId>& units, const UnitId& unit) noexcept;

/// Reads the id of a unit as it stands in a notice: `[a-z][a-z0-9_]*` of at most 63 characters, or
/// `local.<6 digits>.<system>`. That the unit exists is for the charter to say.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<UnitId> parse_unit_id(std::string_view text);

/// Reads a charter's identifier: `[a-z][a-z0-9_]*`, at most 63 characters.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<std::string> parse_identifier(std::string_view text);

/// Reads the id of an enum's value: an identifier, or 1 to 8 Chinese characters (U+4E00 to U+9FFF),
/// such as a secrecy mark.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<std::string> parse_enum_value(std::string_view text);

}  // namespace tongbao
