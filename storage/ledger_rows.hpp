#pragma once

#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/case_file.hpp"
#include "domain/case_ledger.hpp"
#include "domain/case_money.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/log_position.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "domain/reporting_cycles.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {

/// What a ledger is made by: made with another unit, role or charter it would be another one.
struct LedgerMaker {
    UnitId unit;
    LedgerRole role{};
    /// SHA-256 of the charter's file.
    Digest charter;

    friend bool operator==(const LedgerMaker&, const LedgerMaker&) = default;
};

/// Up to where a ledger has read the daemon's database.
struct LedgerPositions {
    /// The batch of the last delivery; none before the first.
    std::optional<LogIndex> batch;
    /// The place in the outbox of the last item of one's own.
    std::uint64_t settled{0};

    friend bool operator==(const LedgerPositions&, const LedgerPositions&) = default;
};

/// A notice that a ledger was told of. Of one without a case, or of a kind that the charter does
/// not have, only `ref` and `id` are kept.
struct LedgerNotice {
    NoticeRef ref;
    NoticeId id;
    /// The entry's.
    UtcTime at{};
    std::optional<CaseNumber> case_number;
    /// What it says it answers, if it has a case.
    std::optional<NoticeId> in_reply_to;
    /// Whether what recipients do to it can have effects, so that it is kept.
    bool takes_deeds{false};
    /// Exact; empty without a case.
    Bytes bytes;

    friend bool operator==(const LedgerNotice&, const LedgerNotice&) = default;
};

/// What a ledger has to do with a notice.
enum class NoticeUse : std::uint8_t {
    unknown,        ///< it was not told of, so it may still come
    without_deeds,  ///< what recipients do to it changes nothing
    with_deeds,
};

/// What a recipient did to a notice: an act, or an answer.
struct LedgerDeed {
    NoticeRef notice;
    UnitId unit;
    /// The act or the answer; its index is the deed's entry.
    NoticeRef cause;
    UtcTime at{};
    /// Where among the notices of the act it stands; 0 of an answer.
    std::uint32_t place{0};
    /// None: an answer.
    std::optional<ActKind> act;
    bool has_reason{false};
    /// Whether the notice itself is still to come.
    bool waits{false};

    friend bool operator==(const LedgerDeed&, const LedgerDeed&) = default;
};

/// One event that was fed, with what it writes and the verdict on it.
struct LedgerRow {
    LedgerPlan plan;
    /// Its place among the events of its entry.
    std::uint32_t place{0};
    /// Why nothing of it is written: the keeper's verdict. Empty: it is written.
    Reasons refused;

    friend bool operator==(const LedgerRow&, const LedgerRow&) = default;
};

/// That a notice took back an earlier one of its sender.
struct LedgerTaking {
    UnitId from;
    TakenBack what;

    friend bool operator==(const LedgerTaking&, const LedgerTaking&) = default;
};

struct TrackColumns {
    std::string id;
    UnitId unit;
    std::optional<std::string> state;
    std::optional<UtcTime> since;
    bool open{false};
    /// Whether a decision of it counts.
    bool decided{false};

    friend bool operator==(const TrackColumns&, const TrackColumns&) = default;
};

/// An entry of money that counts. `unit` said it.
struct MoneyColumns {
    std::string kind;
    Fen fen;
    UnitId unit;
    UtcTime at{};

    friend bool operator==(const MoneyColumns&, const MoneyColumns&) = default;
};

/// What questions ask of a case; all of it follows from the case's history.
struct CaseColumns {
    CaseNumber number;
    CaseState state{};
    std::optional<std::string> title;
    std::optional<UtcTime> opened_at;
    std::optional<UnitId> opened_by;
    bool major{false};
    bool supervised{false};
    /// Of the closing that counts, where the case is concluded.
    std::optional<UtcTime> concluded_at;
    std::optional<UnitId> concluded_by;
    /// Of the last entry that wrote something.
    UtcTime updated_at{};
    /// Whether a decision of the case as a whole counts.
    bool decided{false};
    std::vector<TrackColumns> tracks;
    std::vector<MoneyColumns> money;
    /// What tells subjects apart: codes, and digests of identity numbers. Ascending, each once.
    std::vector<std::string> subjects;

    friend bool operator==(const CaseColumns&, const CaseColumns&) = default;
};

/// A case in a list.
struct ListedCase {
    /// Without `money`; of `subjects` those that another case has too, if that was asked.
    CaseColumns columns;
    MoneyTotals totals;
};

/// The kinds of money that the question after penalties without a transfer weighs.
inline constexpr std::string_view kInvolvedMoney = "involved";
inline constexpr std::string_view kFineMoney = "fine_imposed";

/// What is asked for besides the filters.
enum class CaseQuestion : std::uint8_t {
    any,
    one_track,              ///< handling, and only one track moved
    fine_without_transfer,  ///< a fine or another track's decision, and `track` never moved
    repeat,                 ///< a subject that another case has too
    exposure_ready,         ///< concluded with a decision, and `question_track` never moved
};

/// Which cases: those that fit everything that is given, by number, behind `after`.
struct CaseFilter {
    std::optional<CaseState> state;
    /// Has moved this track.
    std::optional<std::string> track;
    /// Has moved a track of this unit.
    std::optional<UnitId> unit;
    std::optional<UnitId> opened_by;
    std::optional<std::string> division;
    bool major{false};
    bool supervised{false};
    CaseQuestion question{CaseQuestion::any};
    /// Of the questions that look at one.
    std::string question_track;
    /// The least sum of money of the kind `involved`, for fine_without_transfer.
    Fen threshold;
    std::optional<CaseNumber> after;
    std::size_t limit{100};
};

/// A period's figures. With a unit: the money that it said, the cases that it opened and closed,
/// and those under way that it opened or has a track in.
struct LedgerFigures {
    MoneyTotals money;
    std::uint64_t cases{0};  ///< opened before the end and not concluded before the beginning
    std::uint64_t opened{0};
    std::uint64_t concluded{0};
};

struct LedgerCounts {
    std::uint64_t notices{0};  ///< that have a case
    std::uint64_t cases{0};
    std::uint64_t events{0};   ///< with the refused ones
    std::uint64_t waiting{0};  ///< deeds whose notice is still to come
    std::uint64_t skipped{0};  ///< notices of kinds that the charter does not have
    std::uint64_t refused{0};
    std::uint64_t settled{0};  ///< of the refused ones, those that were taken back since

    friend bool operator==(const LedgerCounts&, const LedgerCounts&) = default;
};

/// Where two ledgers differ first, by case.
struct LedgerDifference {
    /// Empty where it is not of a case.
    std::string case_number;
    /// Which rows: `events`, `cases`, `tracks`, `money`, `money_days`, `subjects`, `notices`,
    /// `deeds`, `hand_ins`, `taken_back`, `meta`.
    std::string what;
};

}  // namespace tongbao::storage
