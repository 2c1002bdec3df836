#include "domain/escalation_steps.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace tongbao {
namespace {

bool falls_due_before(const ScheduledStep& a, const ScheduledStep& b) {
    return std::tie(a.falls_due, a.at, a.id) < std::tie(b.falls_due, b.at, b.id);
}

void add_steps(Schedule& out, const LimitClock& clock, std::size_t limit,
               const Escalation& escalation, const LimitCalendar& by) {
    for (std::size_t step = 0; step < escalation.steps.size(); ++step) {
        const EscalationStep& rule = escalation.steps[step];
        const Checked<UtcTime> at = running_step(clock.limits[limit].limit, rule.at, by);
        if (!at) {
            out.faults.push_back(
                {at.error().code, "steps[" + std::to_string(step) + ']', at.error().explanation});
            continue;
        }
        const std::optional<UtcTime> falls_due = running_from(clock, limit, *at);
        if (!falls_due) continue;
        out.steps.push_back(
            {{clock.id, static_cast<std::uint16_t>(limit), static_cast<std::uint16_t>(step)},
             *at,
             *falls_due,
             rule.deed,
             rule.at.n < 0});
    }
}

bool is_near(const LimitClock& clock, const Schedule& schedule, UtcTime now) {
    if (!clock.owed || status_at(clock, now) != ClockStatus::running) return false;
    const ClockLimit* const limit = limit_at(clock, now);
    if (limit == nullptr || now > limit->limit.due.at) return false;
    return std::any_of(schedule.steps.begin(), schedule.steps.end(),
                       [&](const ScheduledStep& step) {
                           return step.before_limit && step.id.clock == clock.id &&
                                  &clock.limits[step.id.limit] == limit && step.falls_due < now;
                       });
}

}  // namespace

Schedule schedule(std::span<const LimitClock> clocks, const Escalation& escalation,
                  const LimitCalendar& by) {
    Schedule out;
    for (const LimitClock& clock : clocks) {
        if (!clock.owed) continue;
        for (std::size_t limit = 0; limit < clock.limits.size(); ++limit) {
            add_steps(out, clock, limit, escalation, by);
        }
    }
    std::sort(out.steps.begin(), out.steps.end(), falls_due_before);
    return out;
}

std::vector<ScheduledStep> due_steps(const Schedule& schedule, const std::set<StepId>& done,
                                     UtcTime now) {
    std::vector<ScheduledStep> due;
    for (const ScheduledStep& step : schedule.steps) {
        if (step.falls_due < now && !done.contains(step.id)) due.push_back(step);
    }
    return due;
}

std::optional<UtcTime> next_step_at(const Schedule& schedule, const std::set<StepId>& done) {
    for (const ScheduledStep& step : schedule.steps) {
        if (!done.contains(step.id)) return step.falls_due;
    }
    return std::nullopt;
}

Marks clock_marks(std::span<const LimitClock> clocks, const Schedule& schedule, UtcTime now) {
    Marks marks;
    for (const LimitClock& clock : clocks) {
        const std::optional<UtcTime> overdue = overdue_since(clock);
        if (overdue && *overdue < now) marks = marks | Mark::overdue;
        const bool late = clock.id.purpose == ClockId::Purpose::reply &&
                          std::any_of(clock.stops.begin(), clock.stops.end(),
                                      [](const ClockStop& stop) { return stop.late; });
        if (late) marks = marks | Mark::answered_late;
        if (is_near(clock, schedule, now)) marks = marks | Mark::due_soon;
    }
    return marks;
}

}  // namespace tongbao
