#pragma once

#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "transport/http_message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// The longest cursor, in either direction.
inline constexpr std::size_t kMaxDueCursorBytes = 1024;

/// Whether `text` can be a cursor: visible ASCII of that length, not empty.
[[nodiscard]] bool is_due_cursor(std::string_view text) noexcept;

/// Which clocks are asked for.
struct DueQuestion {
    /// A part in it: it owes or it is owed; none: all that the asker may know of.
    std::optional<UnitId> unit;
    /// Limits that end not later; none: all.
    std::optional<UtcTime> until;
    /// Where the page before ended, as the hub wrote it.
    std::optional<std::string> after;
};

/// Reads the query of `GET /v1/due`: `unit`, `until` and `after`, each at most once.
///
/// Errors: Errc::bad_value for a unit that the charter does not know, what is no UTC time as
/// format_utc writes it, or no cursor; Errc::unknown_member, Errc::duplicate_member.
[[nodiscard]] Checked<DueQuestion> due_question(const transport::Fields& query,
                                                const Charter& charter);

/// The question as the hub is asked it: path and query.
[[nodiscard]] std::string due_target(const DueQuestion& question);

}  // namespace tongbao::client
