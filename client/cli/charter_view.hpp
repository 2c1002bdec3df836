#pragma once

#include "domain/charter.hpp"

#include <iosfwd>
#include <string>

namespace tongbao::client {

/// Prints what a charter is about: its title, its units, and its kinds with who sends them to whom
/// and what answers them. Made printable.
void print_charter(std::ostream& out, const Charter& charter);

/// Prints one kind: who, when, its fields, attachments, checks and answers. `kind` is the
/// charter's.
void print_kind(std::ostream& out, const Charter& charter, const Kind& kind);

/// The same as JSON.
[[nodiscard]] std::string charter_json(const Charter& charter);
[[nodiscard]] std::string kind_json(const Charter& charter, const Kind& kind);

}  // namespace tongbao::client
