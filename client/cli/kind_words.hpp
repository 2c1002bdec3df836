#pragma once

#include "domain/charter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

// The parts of a charter in its own words, as its file has them.

[[nodiscard]] std::string_view word(UnitKind kind) noexcept;
[[nodiscard]] std::string_view word(Obligation mode) noexcept;
[[nodiscard]] std::string_view word(ReplyUse use) noexcept;
[[nodiscard]] std::string_view word(CaseUse use) noexcept;
[[nodiscard]] std::string_view word(SecurityClass security_class) noexcept;
[[nodiscard]] std::string_view word(ReplyRole role) noexcept;

/// `hsa, local:police`; a dash if there is none.
[[nodiscard]] std::string addresses(const std::vector<UnitAddress>& from);

/// `reply_10wd`, `field:due_date`, `row:due_date`.
[[nodiscard]] std::string within_text(const Within& within);

/// `yes`, `no`, or `if <condition>`.
[[nodiscard]] std::string need_text(bool required, const std::optional<Condition>& required_if);

/// The values that a field may hold beyond what its type says: the enum's ids, the posts; none if
/// there is nothing more to say.
[[nodiscard]] std::vector<std::string> values_of(const Charter& charter, const FieldRule& field);
/// The same for a person, or `table <type>`.
[[nodiscard]] std::string values_text(const Charter& charter, const FieldRule& field);

/// A check of a kind: its condition, or `<from> is not after <to>`.
[[nodiscard]] std::string check_text(const Check& check);
/// What it means in words, where the charter says so.
[[nodiscard]] std::string check_title(const Check& check);

}  // namespace tongbao::client
