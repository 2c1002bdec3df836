#pragma once

#include "domain/limit_clock.hpp"

#include <span>
#include <vector>

namespace tongbao {

/// What a decision on an extension grants, as its notice says.
struct ExtensionGrant {
    /// The new limit: the last moment in time.
    UtcTime new_due{};
    /// It quotes a legal basis.
    bool quotes_basis{false};
};

/// The latest that the limit of `clock` may be moved to: its deadline's `extendable`, counted from
/// the first limit by the deadline's own rule of free days and the calendar of the day the clock
/// started, however often it was moved since.
///
/// Errors: Errc::extension_not_allowed for a limit that is not to be moved: a named one, or one
/// whose deadline has no `extendable`; also for a clock without a limit. Those of running_limit.
///
/// Source: lifecycle, "extension_request → extension_decision".
[[nodiscard]] Checked<DueTime> latest_extension(const LimitClock& clock, const ClockTerms& terms,
                                                const LimitCalendar& by);

/// Whether a decision logged at `now` may move the limit of `clock`, whose terms are `terms`.
///
/// Errors: Errc::extension_not_allowed as latest_extension, and for a clock that does not run at
/// `now`; Errc::basis_required for a statutory limit without a quoted basis; Errc::bad_value for a
/// moment that is not later than the limit in force; Errc::extension_too_long for one beyond
/// latest_extension. In this order, at `new_due` or `legal_basis`.
[[nodiscard]] Checked<ClockId> check_extension(const LimitClock& clock, const ClockTerms& terms,
                                               const ExtensionGrant& grant, UtcTime now,
                                               const LimitCalendar& by);

/// The clocks that a decision logged at `now` moves: of the unit that asked, every owed one of an
/// answer that runs and whose limit may be moved so far. `clocks` are those of `terms`, in the same
/// order.
///
/// Errors: if it moves none, what stands against the first that runs, as check_extension;
/// Errc::extension_not_allowed if none runs.
[[nodiscard]] Checked<std::vector<ClockId>> clocks_moved_by(std::span<const LimitClock> clocks,
                                                            std::span<const ClockTerms> terms,
                                                            const ExtensionGrant& grant,
                                                            UtcTime now, const LimitCalendar& by);

}  // namespace tongbao
