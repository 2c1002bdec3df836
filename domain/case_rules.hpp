#pragma once

#include "domain/ledger_effects.hpp"
#include "domain/reason.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace tongbao {

/// Everything that speaks against writing `plan` into the case `history`, nullptr for one that is
/// not there: the plan's own reasons, then those below, in the order of the effects. Empty means
/// that it may be written. Asked before a notice or act is logged by whoever keeps the case, and
/// by the ledger's keeper once more, who sees the money that the hub can't.
///
/// The case is judged as it would be afterwards: a notice that finishes the last track may close
/// the case too, and one that takes back what the closing rested on opens it again. Pure, so
/// threads may share what it takes. n log n in the case's facts, where the plan closes, moves a
/// track, states money or takes back; else it does not look at them.
///
/// Reasons: Errc::no_such_case and Errc::already_exists at `case` for a case that is to be there or
/// not; Errc::tracks_open at `tracks.x` for each that holds the case open when it is to be closed;
/// Errc::reason_required at `fields.closing_reason` for closing without one while money is open,
/// where the money is seen; Errc::case_concluded at `case` if a concluded case would not be
/// concluded any more and who acts may not close cases; Errc::bad_amount at `case` if a total would
/// not fit 64 bits.
///
/// Source: lifecycle-ledger, "Effects" and "Case states".
[[nodiscard]] Reasons check_plan(const CaseHistory* history, const LedgerPlan& plan);

/// Whether check_plan, from the hub's viewpoint, looks at what was written so: at tracks, closings
/// and reversals. Of a history without the other changes it says the same, so that who judges often
/// can leave out links and flags, which are most of a long case.
[[nodiscard]] bool is_judged_by(const LedgerChange& written) noexcept;

/// Whether `written`, facts of a case or refused effects in the log's order, has something of the
/// event that `source` tells of. Looks only at what was written from that event's entry on.
template <typename Written>
[[nodiscard]] bool is_written(const std::vector<Written>& written, const LedgerSource& source) {
    const auto before = std::find_if(written.rbegin(), written.rend(), [&](const Written& each) {
        return each.source.entry < source.entry;
    });
    return std::any_of(written.rbegin(), before,
                       [&](const Written& each) { return each.source == source; });
}

/// What is written all the same where the keeper refuses `plan` and the case is not there: that it
/// was opened, if the plan opens it. The hub has given the number, and what comes later belongs to
/// it. None else.
[[nodiscard]] std::optional<LedgerPlan> opening_of(const CaseHistory* history,
                                                   const LedgerPlan& plan);

/// Writes the plan's changes behind the history, without judging them: whoever only follows a log
/// holds but a part of the case, and the log has decided. The history must be of the plan's case.
///
/// Errors: Errc::bad_argument if the plan's entry lies before the last one written;
/// Errc::already_exists if this event was written before. Then nothing changes.
[[nodiscard]] Result<void> write_plan(CaseHistory& history, const LedgerPlan& plan);

}  // namespace tongbao
