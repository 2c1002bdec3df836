#pragma once

#include "domain/case_money.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"
#include "storage/ledger_rows.hpp"
#include "transport/http_message.hpp"

namespace tongbao::client {

// The queries of the ledger's routes. Each member stands there at most once.

/// `state`, `track`, `unit`, `opened_by`, `division`, `major`, `supervised`, `question`,
/// `transfer_track`, `threshold`, `limit` (at most 1,000), `after`. Of the question exposure_ready,
/// `track` is the track that it looks at.
///
/// Errors: Errc::bad_value for what is not of its form, a unit or track that the charter does not
/// have, or a state that no case can be in; Errc::missing_member for a question without its track;
/// Errc::unknown_member, Errc::duplicate_member.
[[nodiscard]] Checked<storage::CaseFilter> case_filter(const transport::Fields& query,
                                                       const Charter& charter);

/// `from`, `until`, `unit`, `division`. Errors: as above.
[[nodiscard]] Checked<MoneyQuestion> figures_question(const transport::Fields& query,
                                                      const Charter& charter);

}  // namespace tongbao::client
