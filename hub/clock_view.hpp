#pragma once

#include "domain/escalation_steps.hpp"
#include "domain/extension.hpp"
#include "domain/limit_clock.hpp"
#include "domain/recipient_state.hpp"
#include "storage/clock_rows.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace tongbao::hub {

/// The clocks of a record as they run, and what its escalation has done and when. Computed, never
/// kept; as large as the record.
struct ClockView {
    /// In the order of the record's.
    std::vector<LimitClock> clocks;
    Schedule schedule;
    std::set<StepId> done;

    /// The steps that are to be done now, in order.
    [[nodiscard]] std::vector<ScheduledStep> due(UtcTime now) const {
        return due_steps(schedule, done, now);
    }
    /// The place of a step's clock.
    [[nodiscard]] std::uint16_t place_of(const ClockId& clock) const;
};

/// The terms of a record's clocks, in their order. The terms point into the deadlines, so it is
/// moved, not copied.
struct RecordTerms {
    RecordTerms(std::vector<Deadline> all, std::vector<ClockTerms> clocks)
        : deadlines(std::move(all)), terms(std::move(clocks)) {}
    RecordTerms(RecordTerms&&) = default;
    RecordTerms& operator=(RecordTerms&&) = default;
    RecordTerms(const RecordTerms&) = delete;
    RecordTerms& operator=(const RecordTerms&) = delete;
    ~RecordTerms() = default;

    std::vector<Deadline> deadlines;
    std::vector<ClockTerms> terms;
};
[[nodiscard]] RecordTerms terms_in(const storage::ClockRecord& record);

/// Costs a few counts of days for each clock and step.
[[nodiscard]] ClockView view_of(const storage::ClockRecord& record, const LimitCalendar& by);

/// The terms of a record that asked_kind, the kind as the charter in force has it, orders: each
/// reply by its place there, so that answers are held against them. A reply that it has no more
/// keeps its place beyond them all.
[[nodiscard]] std::vector<ClockTerms> terms_by(const storage::ClockRecord& record,
                                               const Kind& asked_kind);

/// The record's names of those clocks that `terms_by` names so.
[[nodiscard]] std::vector<ClockId> kept_ids(const storage::ClockRecord& record,
                                            const std::vector<ClockTerms>& terms,
                                            const std::vector<ClockId>& ids);

/// The clocks of the record that a decision logged at `now` moves.
///
/// Errors: those of clocks_moved_by (domain/extension.hpp).
[[nodiscard]] Checked<std::vector<ClockId>> clocks_moved_by(const storage::ClockRecord& record,
                                                            const ExtensionGrant& grant,
                                                            UtcTime now, const LimitCalendar& by);

/// When the limit of a clock ends that is in force last; none if it has none.
[[nodiscard]] std::optional<UtcTime> due_of(const LimitClock& clock);

/// Whether a clock is waited for at `now`: it runs, or has not started.
[[nodiscard]] bool is_open(const LimitClock& clock, UtcTime now);

/// The standing with the marks that its clocks give at `now`.
[[nodiscard]] Standing marked(const Standing& standing, const ClockView& view, UtcTime now);

/// Whether the hub closes the notice at this recipient at `now`: something was owed, and nothing
/// is any more.
[[nodiscard]] bool is_to_close(const storage::ClockRecord& record, const ClockView& view,
                               const Standing& standing, UtcTime now);

/// What finds the record from `now` on; nothing of what is closed.
[[nodiscard]] storage::ClockIndexes indexes_of(const ClockView& view, const Standing& standing,
                                               UtcTime now);

/// A standing as it is stored. Bits that no version writes read as a standing without marks.
[[nodiscard]] Standing standing_from(std::uint32_t bits);

}  // namespace tongbao::hub
