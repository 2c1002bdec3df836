#pragma once

#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "storage/clock_rows.hpp"

#include <optional>
#include <string>

namespace tongbao::hub {

/// What is asked of the list of open clocks.
struct DueQuery {
    std::optional<UnitId> unit;
    std::optional<UtcTime> until;
    std::optional<storage::OpenClockPlace> after;
};

/// Reads the query of a request's target. Parameters that it does not know are passed over.
///
/// Errors: Errc::bad_value at `unit`, `until` (a time as answers have it, or with an offset) or
/// `after`; Errc::bad_request for a query of no such form.
[[nodiscard]] Checked<DueQuery> read_due_query(const std::string& target);

/// A place as a text that a query can hold: `<milliseconds since 1970, or none>.<index of the
/// notice>.<clock>.<recipient>`.
[[nodiscard]] std::string cursor_text(const storage::OpenClockPlace& place);

}  // namespace tongbao::hub
