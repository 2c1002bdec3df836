#pragma once

#include "domain/act.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"

#include <variant>

namespace tongbao::protocol {

/// What one signature of a batch covers: each leaf names what it is by its `format`.
using Leaf = std::variant<Notice, Act>;

/// Reads a leaf of a batch. Errors: those of read_notice and read_act.
[[nodiscard]] Checked<Leaf> read_leaf(BytesView text);

/// Who says it: the leaf's `from`.
[[nodiscard]] const UnitId& sender(const Leaf& leaf) noexcept;

/// Its identifier.
[[nodiscard]] const Uuid& identifier(const Leaf& leaf) noexcept;

}  // namespace tongbao::protocol
