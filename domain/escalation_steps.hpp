#pragma once

#include "domain/charter_deadline.hpp"
#include "domain/limit_clock.hpp"
#include "domain/recipient_state.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace tongbao {

/// One step of an escalation for one limit of one clock of one recipient: done once. A limit that a
/// decision moved has its steps anew.
struct StepId {
    ClockId clock;
    /// The place among the clock's limits.
    std::uint16_t limit{0};
    /// The place among the escalation's steps.
    std::uint16_t step{0};

    friend auto operator<=>(const StepId&, const StepId&) = default;
};

/// A step that the clocks call for.
struct ScheduledStep {
    StepId id;
    /// When the charter has it taken: what an entry says that it was due.
    UtcTime at{};
    /// The first moment from `at` on at which its clock ran under its limit. It is due at every
    /// later one: what is logged at that very moment comes first.
    UtcTime falls_due{};
    EscalationDeed deed{};
    /// It stands before the limit.
    bool before_limit{false};

    friend bool operator==(const ScheduledStep&, const ScheduledStep&) = default;
};

struct Schedule {
    /// In the order in which they fall due: by falls_due, at, then id.
    std::vector<ScheduledStep> steps;
    /// Steps whose day nobody knows yet: Errc::calendar_missing, Errc::too_large; the place is the
    /// step's, `steps[2]`. They are due when their year is published.
    Reasons faults;
};

/// The steps of `escalation` for the clocks of one recipient: of those that are owed and have a
/// limit, the ones before which the clock did not stop. A step stays in the schedule when its
/// clock stops later. Pure: the same at every look, and what is logged later takes no step away
/// that was due before it.
///
/// Source: lifecycle, "Clocks" 6; charter model, `escalations`.
[[nodiscard]] Schedule schedule(std::span<const LimitClock> clocks, const Escalation& escalation,
                                const LimitCalendar& by);

/// The steps of `schedule` that are due at `now` and not among `done`, in order. Whoever was away
/// does each once, in order, whenever it looks; `at` says when each was due.
[[nodiscard]] std::vector<ScheduledStep> due_steps(const Schedule& schedule,
                                                   const std::set<StepId>& done, UtcTime now);

/// When to look next: the first falls_due that is not done; steps are due after that moment. None
/// if nothing is scheduled.
[[nodiscard]] std::optional<UtcTime> next_step_at(const Schedule& schedule,
                                                  const std::set<StepId>& done);

/// The marks that the clocks of one recipient give at `now`: due_soon while one that is owed runs
/// between a step before its limit and that limit; overdue once one was; answered_late once an
/// answer was, also if it was taken back. That a limit was moved, the act says that moved it.
///
/// Source: lifecycle, "Flags".
[[nodiscard]] Marks clock_marks(std::span<const LimitClock> clocks, const Schedule& schedule,
                                UtcTime now);

}  // namespace tongbao
