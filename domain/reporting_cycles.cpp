#include "domain/reporting_cycles.hpp"

#include "domain/answered_act_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <variant>

namespace tongbao {
namespace {

constexpr std::array<std::string_view, 4> kHandInWords{"handed_in", "late", "missing", "overdue"};

std::string digits_of(unsigned number, std::size_t count) {
    std::string text = std::to_string(number);
    return std::string(count - std::min(count, text.size()), '0') + text;
}

std::string part_of_year(Period every, unsigned month) {
    switch (every) {
        case Period::month:
            return '-' + digits_of(month, 2);
        case Period::quarter:
            return "-Q" + std::to_string((month - 1) / 3 + 1);
        case Period::half_year:
            return "-H" + std::to_string((month - 1) / 6 + 1);
        case Period::year:
            return {};
    }
    return {};
}

/// The units of the parties, each once, in their order.
std::vector<UnitId> units_among(const Charter& charter, const std::vector<std::string>& parties) {
    std::vector<UnitId> units;
    for (const std::string& party : parties) {
        for (UnitId& unit : charter.units_of(party)) {
            if (!contains(units, unit)) units.push_back(std::move(unit));
        }
    }
    return units;
}

/// The first hand-in of the unit with which all of `owed` had been addressed.
std::optional<HandIn> completing(std::span<const HandIn> hand_ins, const UnitId& unit,
                                 std::vector<UnitId> owed) {
    for (const HandIn& each : hand_ins) {
        if (each.from != unit) continue;
        std::erase_if(owed, [&each](const UnitId& to) { return contains(each.to, to); });
        if (owed.empty()) return each;
    }
    return std::nullopt;
}

HandInState state_of(const PeriodDuty& duty, UtcTime now) {
    const UtcTime when = duty.handed_in ? duty.handed_in->logged : now;
    const bool over = duty.due && when > duty.due->at;
    if (duty.handed_in) return over ? HandInState::late : HandInState::handed_in;
    return over ? HandInState::overdue : HandInState::missing;
}

const ReportingCycle* find_cycle(const Charter& charter, const std::string& id) {
    const std::vector<ReportingCycle>& cycles = charter.parts().reporting_cycles;
    const auto found = std::find_if(cycles.begin(), cycles.end(),
                                    [&id](const ReportingCycle& each) { return each.id == id; });
    return found == cycles.end() ? nullptr : &*found;
}

}  // namespace

ReportingPeriod period_with(Period every, LocalDay day) {
    const std::chrono::year_month_day date(day);
    std::string text = digits_of(static_cast<unsigned>(static_cast<int>(date.year())), 4) +
                       part_of_year(every, static_cast<unsigned>(date.month()));
    const Result<PeriodDays> days = days_of_period(text);
    return {std::move(text), days ? *days : PeriodDays{day, day}};
}

std::vector<ReportingPeriod> periods_of(const ReportingCycle& cycle, const Deadline& due,
                                        const ReportingSpan& span,
                                        const std::optional<std::string>& asked) {
    std::vector<ReportingPeriod> periods;
    if (asked) {
        const Result<PeriodDays> days = days_of_period(*asked);
        if (days) periods.push_back(period_with(cycle.every, days->first));
        // A quarter's first day lies in a year too, but nobody asked for the year.
        std::erase_if(periods, [&](const ReportingPeriod& each) {
            return each.text != *asked || each.days.first > span.today;
        });
    } else {
        ReportingPeriod running = period_with(cycle.every, span.today);
        periods.push_back(period_with(cycle.every, running.days.first - std::chrono::days(1)));
        if (due.from.event == DeadlineStart::Event::year_start) {
            periods.push_back(std::move(running));
        }
    }
    std::erase_if(periods,
                  [&span](const ReportingPeriod& each) { return each.days.first < span.adopted; });
    return periods;
}

Checked<DueTime> due_of_period(const Deadline& due, const PeriodDays& period,
                               const LimitCalendar& by) {
    const LocalDay start =
        due.from.event == DeadlineStart::Event::year_start ? year_start_of(period) : period.last;
    const Checked<RunningLimit> limit =
        running_limit(start, due.length, due.if_ends_on_non_working_day, start, by);
    if (!limit) return limit.error();
    return limit->due;
}

std::optional<HandIn> hand_in_of(const Charter& charter, const Notice& notice, const NoticeRef& ref,
                                 UtcTime logged) {
    const Kind* const kind = charter.find_kind(notice.kind);
    if (kind == nullptr || !kind->cycle) return std::nullopt;
    const ReportingCycle* const cycle = find_cycle(charter, *kind->cycle);
    const auto field =
        std::find_if(kind->fields.begin(), kind->fields.end(),
                     [](const FieldRule& each) { return each.type == FieldType::period; });
    if (cycle == nullptr || field == kind->fields.end()) return std::nullopt;
    const auto* const text = std::get_if<std::string>(notice.find(field->name));
    if (text == nullptr) return std::nullopt;
    const Result<PeriodDays> days = days_of_period(*text);
    if (!days || period_with(cycle->every, days->first).text != *text) return std::nullopt;
    return HandIn{ref, notice.id, notice.from, cycle->id, *text, logged, notice.to};
}

std::optional<NoticeId> taken_back_by(const Charter& charter, const Notice& notice) {
    const Kind* const kind = charter.find_kind(notice.kind);
    if (kind == nullptr || !notice.in_reply_to) return std::nullopt;
    const AnsweredRule* const rule = answered_act_of(*kind, notice);
    if (rule == nullptr || !reverses(rule->act)) return std::nullopt;
    return notice.in_reply_to;
}

bool is_in_force(const NoticeId& id, LogIndex index, const std::vector<TakenBack>& takings) {
    std::vector<const TakenBack*> latest_first;
    latest_first.reserve(takings.size());
    for (const TakenBack& each : takings) latest_first.push_back(&each);
    std::sort(latest_first.begin(), latest_first.end(),
              [](const TakenBack* a, const TakenBack* b) { return a->index > b->index; });
    // What stands behind a taking was judged before it: by then it is known whether it counts.
    std::map<NoticeId, LogIndex> taken;
    const auto counts = [&taken](const NoticeId& each, LogIndex at) {
        const auto found = taken.find(each);
        return found == taken.end() || found->second <= at;
    };
    for (const TakenBack* const each : latest_first) {
        // Of several that count the last one stays: each of them stands behind what it takes.
        if (counts(each->id, each->index)) taken.try_emplace(each->taken, each->index);
    }
    return counts(id, index);
}

std::string_view word(HandInState state) noexcept {
    return kHandInWords[static_cast<std::size_t>(state)];
}

std::optional<HandInState> hand_in_state_from_word(std::string_view text) noexcept {
    for (std::size_t at = 0; at < kHandInWords.size(); ++at) {
        if (kHandInWords[at] == text) return static_cast<HandInState>(at);
    }
    return std::nullopt;
}

std::vector<PeriodDuty> duties_of_period(const Charter& charter, const ReportingCycle& cycle,
                                         const ReportingPeriod& period, const UnitId& viewer,
                                         std::span<const HandIn> hand_ins, const LimitCalendar& by,
                                         UtcTime now) {
    const Deadline* const deadline = charter.find_deadline(cycle.due);
    const Checked<DueTime> due =
        deadline == nullptr
            ? Checked<DueTime>(Reason{Errc::unresolved_reference, "due", "no such deadline"})
            : due_of_period(*deadline, period.days, by);
    const std::vector<UnitId> recipients = units_among(charter, cycle.to);
    std::vector<PeriodDuty> duties;
    for (const UnitId& unit : units_among(charter, cycle.from)) {
        std::vector<UnitId> owed = recipients;
        std::erase(owed, unit);
        if (unit != viewer) std::erase_if(owed, [&](const UnitId& to) { return to != viewer; });
        // Who is alone among the recipients owes nobody anything.
        if (owed.empty() || !charter.online(unit)) continue;
        PeriodDuty duty;
        duty.cycle = cycle.id;
        duty.kind = cycle.kind;
        duty.period = period.text;
        duty.unit = unit;
        if (due) {
            duty.due = *due;
        } else {
            duty.fault = due.error();
        }
        duty.handed_in = completing(hand_ins, unit, std::move(owed));
        duty.state = state_of(duty, now);
        duties.push_back(std::move(duty));
    }
    return duties;
}

}  // namespace tongbao
