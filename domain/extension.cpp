#include "domain/extension.hpp"

#include <algorithm>

namespace tongbao {
namespace {

constexpr const char* kNewDue = "new_due";

Reason not_extendable(const char* explanation) {
    return Reason{Errc::extension_not_allowed, kNewDue, explanation};
}

}  // namespace

Checked<DueTime> latest_extension(const LimitClock& clock, const ClockTerms& terms,
                                  const LimitCalendar& by) {
    if (terms.named || terms.deadline == nullptr || !terms.deadline->extendable) {
        return not_extendable("the charter does not let this limit be moved");
    }
    if (clock.limits.empty()) return not_extendable("there is no limit that could be moved");
    const RunningLimit& first = clock.limits.front().limit;
    const Duration& most = *terms.deadline->extendable;
    // The limit ends at 24:00 of its day, so days are counted from that day.
    const MomentOrDay from =
        most.unit == TimeUnit::hour ? MomentOrDay(first.due.at) : MomentOrDay(first.due.day);
    const Checked<RunningLimit> latest =
        running_limit(from, most, terms.deadline->if_ends_on_non_working_day, first.known_on, by);
    if (!latest) return latest.error();
    return latest->due;
}

Checked<ClockId> check_extension(const LimitClock& clock, const ClockTerms& terms,
                                 const ExtensionGrant& grant, UtcTime now,
                                 const LimitCalendar& by) {
    if (status_at(clock, now) != ClockStatus::running) {
        return not_extendable("its clock does not run");
    }
    const Checked<DueTime> latest = latest_extension(clock, terms, by);
    if (!latest) return latest.error();
    if (terms.deadline->strength == Strength::statutory && !grant.quotes_basis) {
        return Reason{Errc::basis_required, "legal_basis",
                      "a statutory limit is moved only with a quoted basis"};
    }
    if (grant.new_due <= limit_at(clock, now)->limit.due.at) {
        return Reason{Errc::bad_value, kNewDue, "is not later than the limit in force"};
    }
    if (grant.new_due > latest->at) {
        return Reason{Errc::extension_too_long, kNewDue,
                      "the limit may be moved to the end of " + format_day(latest->day)};
    }
    return clock.id;
}

Checked<std::vector<ClockId>> clocks_moved_by(std::span<const LimitClock> clocks,
                                              std::span<const ClockTerms> terms,
                                              const ExtensionGrant& grant, UtcTime now,
                                              const LimitCalendar& by) {
    std::vector<ClockId> moved;
    std::optional<Reason> against;
    for (std::size_t at = 0; at < std::min(clocks.size(), terms.size()); ++at) {
        const LimitClock& clock = clocks[at];
        const bool asked = clock.id.purpose == ClockId::Purpose::reply && clock.owed &&
                           status_at(clock, now) == ClockStatus::running;
        if (!asked) continue;
        const Checked<ClockId> may = check_extension(clock, terms[at], grant, now, by);
        if (may) moved.push_back(*may);
        if (!may && !against) against = may.error();
    }
    if (!moved.empty()) return moved;
    return against ? *against : not_extendable("no clock runs for an answer that is owed");
}

}  // namespace tongbao
