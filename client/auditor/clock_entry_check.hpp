#pragma once

#include "client/auditor/audit_report.hpp"
#include "domain/log_entry.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace tongbao::client {

/// Checks the order of what the hub logs by itself of a notice's clocks at a recipient,
/// `escalated`, `overdue` and `closed` entries, as they come, and of what other notices do to them.
/// Of which limits and steps there are only the charter tells; what no charter allows is found.
///
/// Keeps some 100 bytes of each clock that was escalated and each recipient that was closed.
class ClockEntryCheck {
public:
    explicit ClockEntryCheck(AuditReport& report) : report_(report) {}

    /// `to` are the recipients of the notice that the entry names, copies not among them; none if
    /// no earlier entry logged it.
    ///
    /// Findings: Errc::no_such_notice; Errc::act_not_allowed for a unit that is none of `to`;
    /// Errc::act_out_of_order for a step before it was due, one that was done before, one that was
    /// due before the last one of its clock and limit, one of what was closed, and one of a limit
    /// that no decision made.
    void check(LogIndex index, UtcTime time, const EscalatedEvent& event,
               std::optional<std::span<const UnitId>> to);

    /// Findings: Errc::no_such_notice, Errc::act_not_allowed; Errc::act_out_of_order for what was
    /// closed before.
    void check(LogIndex index, const ClosedEvent& event, std::optional<std::span<const UnitId>> to);

    /// The notice's sender did something at one of its recipients: what is asked about is closing.
    ///
    /// Findings: Errc::no_such_notice, Errc::act_not_allowed; Errc::act_out_of_order for what was
    /// closed before.
    void check(LogIndex index, const ActEvent& event, std::optional<std::span<const UnitId>> to);

    /// A limit was moved, or a recipient urged or supervised.
    ///
    /// Findings: Errc::no_such_notice, Errc::act_not_allowed; Errc::act_out_of_order for what was
    /// closed.
    void check(LogIndex index, const AnsweredActEvent& event,
               std::optional<std::span<const UnitId>> to);

    /// What was taken back had stopped clocks or moved limits there: what was closed may be open
    /// again, and each limit may have become another one.
    ///
    /// Findings: Errc::no_such_notice, Errc::act_not_allowed.
    void check_restored(LogIndex index, const NoticeAt& place,
                        std::optional<std::span<const UnitId>> to);

private:
    /// The steps that were done for one limit of a clock.
    struct Steps {
        UtcTime last_due{UtcTime::min()};
        std::set<std::uint16_t> done;
    };
    /// One recipient of one notice.
    struct Followed {
        bool closed{false};
        /// For good. Steps that were due before still follow.
        bool closed_by_sender{false};
        /// How often limits were moved: of a clock, and by what was taken back, of any.
        std::map<std::uint16_t, std::size_t> moved;
        std::size_t restored{0};
        /// By clock and limit.
        std::map<std::pair<std::uint16_t, std::uint16_t>, Steps> steps;
    };

    [[nodiscard]] Followed* follow(LogIndex index, const NoticeRef& notice, const UnitId& unit,
                                   std::optional<std::span<const UnitId>> to);

    AuditReport& report_;
    std::map<std::pair<LogIndex, UnitId>, Followed> followed_;
};

}  // namespace tongbao::client
