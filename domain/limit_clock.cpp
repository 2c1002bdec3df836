#include "domain/limit_clock.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

/// When the receipt is due by the first limit, which nothing moves; none without a receipt.
using ReceiptDue = std::optional<Checked<DueTime>>;

struct ClockStartAt {
    MomentOrDay at;
    bool presumed{false};
};
using MaybeStart = std::optional<ClockStartAt>;

bool is_receipt(const ClockTerms& terms) {
    return terms.id.purpose == ClockId::Purpose::receipt;
}

/// Where a limit of `length` starts if the receipt's end starts it. That end is 24:00 of its day,
/// so days are counted from that day, and hours from that moment.
MomentOrDay start_at_due(const DueTime& due, const Duration& length) {
    if (length.unit == TimeUnit::hour) return due.at;
    return due.day;
}

/// A start by an act of the recipient, at the latest when the receipt was due.
Checked<MaybeStart> start_by_act(std::optional<UtcTime> acted, const ReceiptDue& receipt,
                                 const Duration& length) {
    if (!receipt) return acted ? MaybeStart({*acted, false}) : MaybeStart();
    if (!*receipt) return receipt->error();
    // At the very moment it was due both are one, and midnight is the end of the receipt's day.
    if (acted && *acted < (*receipt)->at) return MaybeStart({*acted, false});
    return MaybeStart({start_at_due(**receipt, length), true});
}

Checked<MaybeStart> start_of(const ClockTerms& terms, const ClockHistory& history,
                             const ReceiptDue& receipt) {
    const Duration length = terms.deadline != nullptr ? terms.deadline->length : Duration();
    switch (terms.from) {
        case ClockStart::logged:
            return MaybeStart({history.logged_at, false});
        case ClockStart::delivered:
            return start_by_act(history.delivered_at, receipt, length);
        case ClockStart::signed_for:
            return start_by_act(history.signed_for_at, receipt, length);
        case ClockStart::fixed:
            return terms.start ? MaybeStart({*terms.start, false}) : MaybeStart();
        case ClockStart::never:
            break;
    }
    return MaybeStart();
}

/// The moment from which a clock with this start runs; not before the notice was logged.
UtcTime runs_from(const ClockStartAt& start, const ReceiptDue& receipt, const ClockHistory& history,
                  const TimeZone& zone) {
    if (start.presumed) return std::max((*receipt)->at, history.logged_at);
    const auto* const moment = std::get_if<UtcTime>(&start.at);
    const UtcTime from = moment != nullptr ? *moment : zone.start_of(std::get<LocalDay>(start.at));
    return std::max(from, history.logged_at);
}

Checked<RunningLimit> first_limit(const ClockTerms& terms, const MomentOrDay& start,
                                  const LimitCalendar& by) {
    const LocalDay started = start_day(start, by.zone);
    if (terms.named) return named_limit(*terms.named, started, by);
    return running_limit(start, terms.deadline->length, terms.deadline->if_ends_on_non_working_day,
                         started, by);
}

/// A moment at which a decision came into force or was taken back.
struct LimitChange {
    UtcTime at{};
    const ExtensionFact* fact{nullptr};
    bool reversed{false};
};

std::vector<LimitChange> changes_of(const ClockId& id, const ClockHistory& history) {
    std::vector<LimitChange> changes;
    for (const ExtensionFact& fact : history.extensions) {
        if (std::find(fact.moves.begin(), fact.moves.end(), id) == fact.moves.end()) continue;
        changes.push_back({fact.at, &fact, false});
        if (fact.reversed_at) changes.push_back({*fact.reversed_at, &fact, true});
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [](const LimitChange& a, const LimitChange& b) { return a.at < b.at; });
    return changes;
}

/// Adds a limit for each change: that of the newest decision in force, else the first one again.
std::optional<Reason> add_moved_limits(LimitClock& clock, const ClockHistory& history,
                                       const LimitCalendar& by) {
    std::vector<const ExtensionFact*> in_force;
    const RunningLimit first = clock.limits.front().limit;
    for (const LimitChange& change : changes_of(clock.id, history)) {
        if (change.reversed) {
            std::erase(in_force, change.fact);
        } else {
            in_force.push_back(change.fact);
        }
        Checked<RunningLimit> limit =
            in_force.empty() ? Checked<RunningLimit>(first)
                             : named_limit(in_force.back()->new_due, first.known_on, by);
        if (!limit) return limit.error();
        if (*limit == clock.limits.back().limit) continue;
        clock.limits.push_back({change.at, *limit});
    }
    return std::nullopt;
}

/// Whether the clock is stopped at some time by nothing but what stands until `reversed_at` and
/// comes after all of clock.stops: each of those was reversed before.
bool is_stopped_by_next(const LimitClock& clock, std::optional<UtcTime> reversed_at) {
    return std::all_of(clock.stops.begin(), clock.stops.end(), [&](const ClockStop& before) {
        return before.reversed_at && (!reversed_at || *before.reversed_at < *reversed_at);
    });
}

/// What comes after all of clock.stops, as it stops the clock; none if that has ended.
std::optional<ClockStop> next_stop(const LimitClock& clock, UtcTime at,
                                   std::optional<LogIndex> answer,
                                   std::optional<UtcTime> reversed_at) {
    if (clock.ended_at && at > *clock.ended_at) return std::nullopt;
    const ClockLimit* const limit = limit_at(clock, at);
    const bool over = limit != nullptr && at > limit->limit.due.at;
    return ClockStop{at, answer, over && is_stopped_by_next(clock, reversed_at), reversed_at};
}

void add_stops(LimitClock& clock, const ClockHistory& history) {
    const auto add = [&clock](const std::optional<ClockStop>& stop) {
        if (stop) clock.stops.push_back(*stop);
    };
    if (clock.id.purpose == ClockId::Purpose::receipt) {
        if (history.signed_for_at) {
            add(next_stop(clock, *history.signed_for_at, std::nullopt, std::nullopt));
        }
        return;
    }
    for (const AnswerFact& fact : history.answers) add(stop_by(clock, fact));
}

/// The stretches after `from`, before the end, in which nothing stopped the clock.
std::vector<ClockRun> runs_of(const LimitClock& clock, UtcTime from) {
    std::vector<ClockRun> stopped;
    for (const ClockStop& stop : clock.stops) stopped.push_back({stop.at, stop.reversed_at});
    if (clock.ended_at) stopped.push_back({*clock.ended_at, std::nullopt});
    std::stable_sort(stopped.begin(), stopped.end(),
                     [](const ClockRun& a, const ClockRun& b) { return a.from < b.from; });
    std::vector<ClockRun> runs;
    UtcTime at = from;
    for (const ClockRun& each : stopped) {
        if (each.from > at) runs.push_back({at, each.from});
        if (!each.to) return runs;
        at = std::max(at, *each.to);
    }
    runs.push_back({at, std::nullopt});
    return runs;
}

LimitClock run_clock(const ClockTerms& terms, const ClockHistory& history,
                     const ReceiptDue& receipt, const LimitCalendar& by) {
    LimitClock clock;
    clock.id = terms.id;
    clock.owed = terms.owed;
    clock.ended_at = history.ended_at;
    const Checked<MaybeStart> start = start_of(terms, history, receipt);
    if (!start) clock.fault = start.error();
    if (start && *start) {
        clock.start = (*start)->at;
        clock.presumed = (*start)->presumed;
        const UtcTime from = runs_from(**start, receipt, history, by.zone);
        const Checked<RunningLimit> limit = first_limit(terms, *clock.start, by);
        if (!limit) {
            clock.fault = limit.error();
        } else {
            clock.limits.push_back({from, *limit});
            const std::optional<Reason> fault = add_moved_limits(clock, history, by);
            if (fault) clock.fault = fault;
        }
        add_stops(clock, history);
        clock.runs = runs_of(clock, from);
    } else {
        add_stops(clock, history);
    }
    return clock;
}

}  // namespace

std::vector<LimitClock> run_clocks(std::span<const ClockTerms> terms, const ClockHistory& history,
                                   const LimitCalendar& by) {
    ReceiptDue receipt;
    std::vector<LimitClock> clocks;
    for (const ClockTerms& each : terms) {
        clocks.push_back(run_clock(each, history, receipt, by));
        if (!is_receipt(each)) continue;
        // The first of the terms, and its start does not wait for itself.
        const LimitClock& own = clocks.back();
        if (own.fault) {
            receipt = Checked<DueTime>(*own.fault);
        } else if (!own.limits.empty()) {
            receipt = Checked<DueTime>(own.limits.front().limit.due);
        }
    }
    return clocks;
}

ClockStatus status_at(const LimitClock& clock, UtcTime now) {
    const ClockStop* const stop = satisfied_by(clock);
    if (stop != nullptr) return ClockStatus::satisfied;
    if (clock.ended_at) return ClockStatus::ended;
    if (clock.runs.empty() || now < clock.runs.front().from) return ClockStatus::not_started;
    return ClockStatus::running;
}

const ClockStop* satisfied_by(const LimitClock& clock) noexcept {
    const auto found = std::find_if(clock.stops.begin(), clock.stops.end(),
                                    [](const ClockStop& stop) { return !stop.reversed_at; });
    return found == clock.stops.end() ? nullptr : &*found;
}

std::optional<ClockStop> stop_by(const LimitClock& clock, const AnswerFact& fact) {
    if (!can_stop(fact, clock.id)) return std::nullopt;
    return next_stop(clock, fact.at, fact.answer, fact.reversed_at);
}

const ClockLimit* limit_at(const LimitClock& clock, UtcTime at) noexcept {
    const ClockLimit* found = clock.limits.empty() ? nullptr : &clock.limits.front();
    for (const ClockLimit& limit : clock.limits) {
        if (limit.since <= at) found = &limit;
    }
    return found;
}

std::optional<UtcTime> running_from(const LimitClock& clock, std::size_t limit, UtcTime at) {
    if (limit >= clock.limits.size()) return std::nullopt;
    const UtcTime earliest = std::max(at, clock.limits[limit].since);
    for (const ClockRun& run : clock.runs) {
        if (run.to && *run.to <= earliest) continue;
        const UtcTime moment = std::max(earliest, run.from);
        const bool replaced =
            limit + 1 < clock.limits.size() && clock.limits[limit + 1].since <= moment;
        return replaced ? std::nullopt : std::optional(moment);
    }
    return std::nullopt;
}

std::optional<UtcTime> overdue_since(const LimitClock& clock) {
    if (!clock.owed) return std::nullopt;
    std::optional<UtcTime> first;
    for (std::size_t limit = 0; limit < clock.limits.size(); ++limit) {
        const std::optional<UtcTime> since =
            running_from(clock, limit, clock.limits[limit].limit.due.at);
        if (since && (!first || *since < *first)) first = since;
    }
    return first;
}

bool any_owed(std::span<const LimitClock> clocks, UtcTime now) {
    return std::any_of(clocks.begin(), clocks.end(), [now](const LimitClock& clock) {
        if (!clock.owed) return false;
        const ClockStatus status = status_at(clock, now);
        return status == ClockStatus::running || status == ClockStatus::not_started;
    });
}

}  // namespace tongbao
