#pragma once

#include "domain/act.hpp"
#include "domain/charter.hpp"
#include "domain/due_time.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/notice.hpp"
#include "domain/period_days.hpp"
#include "domain/reason.hpp"
#include "domain/running_limit.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

// 按时报送. Who has to hand in what for which period of the charter's reporting cycles, until when,
// and who did. All of it is pure; threads may share what it takes.

/// A period of a cycle, as the field `period` names it: `2024`, `2024-H1`, `2024-Q3`, `2024-07`.
struct ReportingPeriod {
    std::string text;
    PeriodDays days;

    friend bool operator==(const ReportingPeriod&, const ReportingPeriod&) = default;
};

/// The period of that length that `day`, of the years 0000 to 9999, lies in.
[[nodiscard]] ReportingPeriod period_with(Period every, LocalDay day);

/// The days between which periods count, in the charter's zone.
struct ReportingSpan {
    /// When the log's first charter was adopted: no period that began before it is owed.
    LocalDay adopted{};
    LocalDay today{};
};

/// The periods of the cycle to be looked at, ascending. With `asked` that one, if it is of the
/// cycle's length and has begun. Without it the last one that has ended, and behind it the one that
/// runs where the limit counts from the year's start, so that it runs already. None that began
/// before the charter was adopted. `due` is the cycle's deadline.
[[nodiscard]] std::vector<ReportingPeriod> periods_of(const ReportingCycle& cycle,
                                                      const Deadline& due,
                                                      const ReportingSpan& span,
                                                      const std::optional<std::string>& asked);

/// Until when the period is to be handed in, by the calendar as it was known when the limit
/// started. Errors: those of running_limit.
[[nodiscard]] Checked<DueTime> due_of_period(const Deadline& due, const PeriodDays& period,
                                             const LimitCalendar& by);

/// A notice that hands a period in.
struct HandIn {
    NoticeRef notice;
    NoticeId id;
    UnitId from;
    /// The cycle's name in the charter.
    std::string cycle;
    std::string period;
    /// The entry's time.
    UtcTime logged{};
    std::vector<UnitId> to;

    friend bool operator==(const HandIn&, const HandIn&) = default;
};

/// What `notice` hands in, by its kind's `cycle` and its field of the type period; none for any
/// other notice, and for a period that is of another length than the cycle's.
[[nodiscard]] std::optional<HandIn> hand_in_of(const Charter& charter, const Notice& notice,
                                               const NoticeRef& ref, UtcTime logged);

/// The notice of the same sender that `notice` takes out of force, corrected or withdrawn; none if
/// it does not.
[[nodiscard]] std::optional<NoticeId> taken_back_by(const Charter& charter, const Notice& notice);

/// That a notice took back an earlier one of the same sender.
struct TakenBack {
    /// The place in the log of the one that did.
    LogIndex index;
    NoticeId id;
    /// What it took back.
    NoticeId taken;

    friend bool operator==(const TakenBack&, const TakenBack&) = default;
};

/// Whether the notice `id`, logged at `index`, counts: nothing that counts itself took it back. So
/// it counts again when the correction is taken back. `takings` are of its sender, in any order.
[[nodiscard]] bool is_in_force(const NoticeId& id, LogIndex index,
                               const std::vector<TakenBack>& takings);

enum class HandInState : std::uint8_t {
    handed_in,  ///< in time, or nobody can say until when it was due
    late,       ///< handed in behind the limit
    missing,    ///< not handed in, and the limit is not over
    overdue,    ///< not handed in, and the limit is over
};

/// `handed_in`, `late`, …
[[nodiscard]] std::string_view word(HandInState state) noexcept;
[[nodiscard]] std::optional<HandInState> hand_in_state_from_word(std::string_view text) noexcept;

/// What a unit owes of a period, and whether it came.
struct PeriodDuty {
    std::string cycle;
    KindId kind;
    std::string period;
    UnitId unit;
    /// None where it can't be counted: `fault` says why.
    std::optional<DueTime> due;
    std::optional<Reason> fault;
    HandInState state{};
    /// With which it was handed in: of several the one with which it had reached everybody.
    std::optional<HandIn> handed_in;
};

/// What is owed of the period, by each unit that `viewer` may ask about, in the charter's order: of
/// itself, and of who owes it to `viewer`. Of itself it counts that all who are owed it were
/// addressed, with one notice or several; of others that `viewer` was. Only units that are
/// connected owe. `hand_ins` are those of the period that are in force, ascending by their place.
[[nodiscard]] std::vector<PeriodDuty> duties_of_period(
    const Charter& charter, const ReportingCycle& cycle, const ReportingPeriod& period,
    const UnitId& viewer, std::span<const HandIn> hand_ins, const LimitCalendar& by, UtcTime now);

}  // namespace tongbao
