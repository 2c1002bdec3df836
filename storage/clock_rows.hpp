#pragma once

#include "domain/charter_deadline.hpp"
#include "domain/clock_history.hpp"
#include "domain/clock_terms.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::storage {

/// What counts of the deadline that a limit is counted by, as the charter had it when the notice
/// was logged: a later version does not touch a clock that runs.
struct KeptLimit {
    Duration length;
    FreeDayRule free_days{};
    Strength strength{};
    std::optional<Duration> extendable;
};

/// The terms of one clock, whole: they point at nothing. Exactly one of `named` and `limit` is
/// there; `start` if and only if it starts at a fixed time.
struct KeptClock {
    ClockId id;
    /// The kind of the answer that is asked for; empty for the receipt.
    KindId asked;
    bool owed{true};
    ClockStart from{};
    std::optional<MomentOrDay> start;
    std::optional<MomentOrDay> named;
    std::optional<KeptLimit> limit;
};

/// A step of the escalation that runs for the clocks.
struct KeptStep {
    EscalationTime at;
    EscalationDeed deed{};
};

/// A step that was done, and the entry that says so. Clock, limit and step are places.
struct DoneStep {
    std::uint16_t clock{0};
    std::uint16_t limit{0};
    std::uint16_t step{0};
    UtcTime due{};
    UtcTime done{};
    LogIndex entry;

    friend bool operator==(const DoneStep&, const DoneStep&) = default;
};

/// A clock that is still waited for, and when its limit ends; none if it has none.
struct OpenClockDue {
    std::uint16_t clock{0};
    std::optional<UtcTime> due;

    friend bool operator==(const OpenClockDue&, const OpenClockDue&) = default;
};

/// What is found of a record without reading it.
struct ClockIndexes {
    /// When it is to be looked at again; none: nothing is scheduled.
    std::optional<UtcTime> look;
    /// Ascending by clock.
    std::vector<OpenClockDue> open;

    friend bool operator==(const ClockIndexes&, const ClockIndexes&) = default;
};

/// The clocks of one notice at one recipient, with all that they depend on but the standing, which
/// stands beside it (StateRow), and the calendar.
struct ClockRecord {
    LogIndex notice;
    UnitId unit;

    Digest sha256;
    Uuid id;
    KindId kind;
    UnitId from;
    /// Whether the kind wants it taken up.
    bool taking_up{false};
    /// At least one; the receipt's, if there is one, is the first.
    std::vector<KeptClock> clocks;
    std::vector<KeptStep> steps;
    ClockHistory history;
    /// In the order in which they were done.
    std::vector<DoneStep> done;
    ClockIndexes indexes;
};

/// Writes a record in the place of the one before.
struct ClockUpdate {
    ClockRecord record;
    /// The `indexes` of the record that is replaced; nothing for a new one.
    ClockIndexes before;
};

/// That the clocks of a notice at a recipient are to be looked at, and when.
struct LookRow {
    UtcTime at{};
    LogIndex notice;
    UnitId unit;

    friend bool operator==(const LookRow&, const LookRow&) = default;
};

/// A place in the list of open clocks: ordered by due, none last, then as the members stand.
struct OpenClockPlace {
    std::optional<UtcTime> due;
    LogIndex notice;
    UnitId unit;
    std::uint16_t clock{0};

    friend bool operator==(const OpenClockPlace&, const OpenClockPlace&) = default;
};

struct OpenClockQuery {
    /// Whose: as recipient or as sender; none: everybody's.
    std::optional<UnitId> party;
    /// Only those behind it.
    std::optional<OpenClockPlace> after;
    /// Only those that have a due time, and one not later than this.
    std::optional<UtcTime> until;
    std::size_t limit{0};
};

/// An open clock with its record and the standing beside it, of one state of the store.
struct OpenClock {
    OpenClockPlace place;
    std::shared_ptr<const ClockRecord> record;
    /// Bits as bits_of (domain/recipient_state.hpp).
    std::uint32_t standing{0};
};

}  // namespace tongbao::storage
