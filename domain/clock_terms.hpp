#pragma once

#include "domain/charter.hpp"
#include "domain/due_time.hpp"
#include "domain/ids.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tongbao {

/// Which clock of a notice at one recipient.
struct ClockId {
    /// receipt: until it is signed for; reply: until the answer that is asked for.
    enum class Purpose : std::uint8_t { receipt, reply };
    Purpose purpose{};
    /// The place among the kind's replies; 0 for the receipt.
    std::uint16_t reply{0};
    /// The row's key, where each row of a table has a clock; else empty.
    std::string row;

    friend auto operator<=>(const ClockId&, const ClockId&) = default;
};

/// What sets a clock going.
enum class ClockStart : std::uint8_t {
    logged,
    delivered,   ///< at the latest when the receipt was due
    signed_for,  ///< at the latest when the receipt was due
    fixed,       ///< at `start`, which the notice names
    never,       ///< the field that would name it is absent: no limit, however long it takes
};

/// What the charter and the notice say of one clock, before anything happens. Fixed when the
/// notice is logged: a later version of the charter does not touch it.
struct ClockTerms {
    ClockId id;
    /// false for an optional answer: nothing is owed, but late is late.
    bool owed{true};
    ClockStart from{};
    /// For ClockStart::fixed.
    std::optional<MomentOrDay> start;
    /// The limit that the notice names itself; else `deadline` says how long.
    std::optional<MomentOrDay> named;
    /// Points into the charter; nullptr where the limit is named.
    const Deadline* deadline{nullptr};
};

/// The clocks that `notice` starts at `unit`, the receipt's first, then in the order of the kind's
/// replies and of the table's rows. None for a copy, for who is no recipient and for an external
/// unit. The receipt counts from logged, also where its deadline says delivered. `charter` is the
/// version that the notice was sent under and outlives them. Reads only fields that the hub may
/// read. Linear in the fields, rows and replies.
///
/// Errors: Errc::unknown_kind at `kind`; Errc::unresolved_reference for a deadline that the charter
/// lacks or that starts at what no recipient's clock has, which its checker refuses; Errc::bad_time
/// and Errc::wrong_form at `fields.x` for a date, a period or rows that check_notice refuses.
///
/// Source: lifecycle, "Clocks" 1 and 5; charter model, "A reply".
[[nodiscard]] Checked<std::vector<ClockTerms>> clock_terms(const Charter& charter,
                                                           const Notice& notice,
                                                           const UnitId& unit);

/// The clocks among `terms`, the answering unit's on `asked`, that `answer` stops: of each reply
/// that it satisfies, the row with the same key where there are rows. Empty for an interim answer.
/// More than one where a kind is asked for and satisfies another reply too.
///
/// Source: charter model, "A reply"; lifecycle, "answer".
[[nodiscard]] std::vector<ClockId> clocks_stopped_by(const Charter& charter, const Notice& asked,
                                                     const Notice& answer,
                                                     const std::vector<ClockTerms>& terms);

/// A date or time that a field or column of a notice holds: a date is the day.
///
/// Errors: Errc::bad_time.
[[nodiscard]] Result<MomentOrDay> moment_or_day(std::string_view text);

/// When a deadline of `notice` starts that starts at one of its own fields; none if that is absent
/// or the deadline starts at an event.
///
/// Errors: Errc::bad_time and Errc::wrong_form at `fields.x` as clock_terms.
[[nodiscard]] Checked<std::optional<MomentOrDay>> start_in_fields(const Notice& notice,
                                                                  const DeadlineStart& from);

}  // namespace tongbao
