#pragma once

#include "domain/clock_terms.hpp"
#include "domain/limit_clock.hpp"
#include "domain/running_limit.hpp"
#include "tests/support/fixed_zone.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

inline LocalDay on(std::string_view text) {
    return *parse_day(text);
}

/// A moment in the charters' zone: `2020-09-30 10:00`.
inline UtcTime at(std::string_view text) {
    std::string full(text);
    full[10] = 'T';
    return *parse_date_time(full + "+08:00");
}

/// 24:00 of a day in the charters' zone.
inline UtcTime end_of(std::string_view day) {
    return at(std::string(day) + " 00:00") + std::chrono::hours(24);
}

inline std::vector<LocalDay> days(std::initializer_list<const char*> list) {
    std::vector<LocalDay> out;
    for (const char* each : list) out.push_back(on(each));
    return out;
}

/// 2020 as the State Council published it, both versions, as far as the tests go
/// (国办发明电〔2019〕 16号 and 国办发明电〔2020〕1号), between years without holidays. 2021 was
/// published late in 2020.
inline Calendar calendar_of_2020() {
    CalendarVersion first{1, on("2019-11-21"), {}, {}};
    first.off_days =
        days({"2020-01-01", "2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27", "2020-01-28",
              "2020-01-29", "2020-01-30", "2020-10-01", "2020-10-02", "2020-10-03", "2020-10-04",
              "2020-10-05", "2020-10-06", "2020-10-07", "2020-10-08"});
    first.work_days = days({"2020-01-19", "2020-02-01", "2020-09-27", "2020-10-10"});
    CalendarVersion second = first;
    second.version = 2;
    second.published = on("2020-01-27");
    second.off_days.insert(second.off_days.begin() + 8,
                           {on("2020-01-31"), on("2020-02-01"), on("2020-02-02")});
    second.work_days = days({"2020-01-19", "2020-09-27", "2020-10-10"});
    return Calendar("sample", {{std::chrono::year(2019), {{1, std::nullopt, {}, {}}}},
                               {std::chrono::year(2020), {first, second}},
                               {std::chrono::year(2021), {{1, on("2020-11-25"), {}, {}}}}});
}

inline Deadline deadline_of(std::uint32_t n, TimeUnit unit,
                            FreeDayRule free_days = FreeDayRule::none,
                            std::optional<Duration> extendable = std::nullopt,
                            Strength strength = Strength::office_default) {
    Deadline deadline;
    deadline.length = {n, unit};
    deadline.if_ends_on_non_working_day = free_days;
    deadline.extendable = extendable;
    deadline.strength = strength;
    return deadline;
}

constexpr auto kRolling = FreeDayRule::next_working_day;

/// One notice at one recipient: a receipt within a working day, and clocks for answers as a test
/// adds them.
class ClockWorld {
public:
    explicit ClockWorld(std::string_view logged) { history.logged_at = at(logged); }

    ClockWorld& receipt() {
        ClockTerms out;
        out.from = ClockStart::logged;
        out.deadline = &receipt_1wd_;
        terms.push_back(out);
        return *this;
    }

    /// The next reply's clock, by its place.
    ClockTerms& reply(const Deadline& deadline, ClockStart from = ClockStart::signed_for) {
        ClockTerms out;
        out.id = {ClockId::Purpose::reply, replies_++, {}};
        out.from = from;
        out.deadline = &deadline;
        terms.push_back(out);
        return terms.back();
    }

    ClockWorld& signed_for(std::string_view when) {
        note_act(history, LifecycleAct::signed_for, at(when));
        return *this;
    }

    ClockWorld& answered(std::uint64_t index, UtcTime when,
                         std::initializer_list<std::uint16_t> replies = {0}) {
        AnswerFact fact{LogIndex(index), when, {}};
        for (const std::uint16_t reply : replies) {
            fact.stops.push_back({ClockId::Purpose::reply, reply, {}});
        }
        note_answer(history, std::move(fact));
        return *this;
    }

    [[nodiscard]] std::vector<LimitClock> clocks() const {
        return run_clocks(terms, history, {calendar, zone});
    }
    [[nodiscard]] LimitClock receipt_clock() const { return clocks().front(); }
    [[nodiscard]] LimitClock reply_clock(std::uint16_t reply = 0) const {
        for (LimitClock& clock : clocks()) {
            if (clock.id == ClockId{ClockId::Purpose::reply, reply, {}}) return std::move(clock);
        }
        return {};
    }
    [[nodiscard]] LimitCalendar by() const { return {calendar, zone}; }

    Calendar calendar = calendar_of_2020();
    FixedZone zone;
    std::vector<ClockTerms> terms;
    ClockHistory history;

private:
    Deadline receipt_1wd_ = deadline_of(1, TimeUnit::working_day);
    std::uint16_t replies_{0};
};

/// The day on which the newest limit of `clock` ends, or the code of its fault, or `none`.
inline std::string due_day(const LimitClock& clock) {
    if (clock.fault) return std::string(code(clock.fault->code));
    if (clock.limits.empty()) return "none";
    return format_day(clock.limits.back().limit.due.day);
}

}  // namespace tongbao::testing
