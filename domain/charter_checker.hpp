#pragma once

#include "domain/charter.hpp"
#include "domain/reason.hpp"

namespace tongbao {

/// Checks what the schema can't say of a charter, and names every fault at once:
///
/// - ids are unique, every reference resolves, every deadline, enum and table is used;
/// - every answer may be sent by those who owe it and received by those who ask, and a follow-up
///   does not come back;
/// - stamps, approvers, posts, register-only kinds, receipts and taking up fit each other;
/// - every deadline starts at something that the kind which uses it has;
/// - the hub may read exactly what it must evaluate (`clear`): neither less nor more;
/// - effects name fields, tracks, states and kinds of money that exist, read only what the keeper
/// of
///   the case ledger may read, and something moves every track;
/// - meetings, reporting cycles and changes of members fit the kinds they name.
///
/// Its conditions must have been bound by bind_conditions, which reports on them itself; whether
/// the quotations stand at their lines, only who has the source documents can say.
///
/// Reasons: Errc::unresolved_reference, whose explanation names the reference; Errc::bad_charter.
///
/// Source: charter-model, "Checker".
[[nodiscard]] Reasons check_charter(const Charter& charter);

}  // namespace tongbao
