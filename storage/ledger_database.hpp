#pragma once

#include "domain/result.hpp"
#include "storage/fault_report.hpp"
#include "storage/ledger_rows.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::storage {

/// One piece of work on a ledger: all of it is there when commit() returns, or nothing. For one
/// thread; there is one at a time. What it reads is what it has written so far.
///
/// Every method may answer Errc::storage_failure, Errc::storage_full or Errc::storage_corrupt; then
/// the piece is to be given up.
class LedgerPiece {
public:
    virtual ~LedgerPiece() = default;

    /// None if it was not told of.
    [[nodiscard]] virtual Result<std::optional<LedgerNotice>> find_notice(LogIndex index) = 0;
    [[nodiscard]] virtual Result<NoticeUse> use_of(LogIndex index) = 0;
    /// All of this id: several senders may have chosen the same. By index.
    [[nodiscard]] virtual Result<std::vector<LedgerNotice>> notices_with_id(const NoticeId& id) = 0;
    /// Those of cases that say they answer `id`. By index.
    [[nodiscard]] virtual Result<std::vector<LedgerNotice>> answers_to(const NoticeId& id) = 0;
    [[nodiscard]] virtual Result<void> add_notice(const LedgerNotice& notice) = 0;
    [[nodiscard]] virtual Result<void> count_skipped() = 0;

    /// Those at the notice, in the log's order.
    [[nodiscard]] virtual Result<std::vector<LedgerDeed>> deeds_at(LogIndex notice) = 0;
    [[nodiscard]] virtual Result<void> add_deed(const LedgerDeed& deed) = 0;
    [[nodiscard]] virtual Result<void> drop_deed(LogIndex notice, LogIndex entry) = 0;
    /// Their notice has come.
    [[nodiscard]] virtual Result<void> end_waiting(LogIndex notice) = 0;
    [[nodiscard]] virtual Result<void> drop_deeds(LogIndex notice) = 0;

    /// One that is there already changes nothing, of either.
    [[nodiscard]] virtual Result<void> add_hand_in(const HandIn& hand_in) = 0;
    [[nodiscard]] virtual Result<void> add_taking(const LedgerTaking& taking) = 0;

    /// What is written of the case, in the log's order; nullptr if nothing is. Stands until the
    /// piece writes.
    [[nodiscard]] virtual Result<const CaseHistory*> history(const CaseNumber& number) = 0;
    [[nodiscard]] virtual Result<void> add_row(const LedgerRow& row) = 0;
    /// Drops the events that are effects of the notice.
    [[nodiscard]] virtual Result<void> drop_rows_of(LogIndex notice) = 0;

    /// Puts the columns in place of those that the case had.
    [[nodiscard]] virtual Result<void> put_columns(const CaseColumns& columns) = 0;
    /// The same for a case of which nothing is written any more.
    [[nodiscard]] virtual Result<void> drop_columns(const CaseNumber& number) = 0;
    /// That only a link was added to a case: it changes nothing else of its columns.
    [[nodiscard]] virtual Result<void> touch_columns(const CaseNumber& number, UtcTime at) = 0;

    [[nodiscard]] virtual Result<void> set_positions(const LedgerPositions& positions) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
};

/// The case ledger's read model: one file that follows from the daemon's database and is made anew
/// from it at any time. Nothing here is the only copy of anything.
///
/// Thread-safe: any threads may read while one writes; a reader sees whole pieces.
/// Every method may answer Errc::storage_failure, Errc::storage_full or Errc::storage_corrupt.
///
/// Source: lifecycle-ledger, "Case ledger 案件台账".
class LedgerDatabase {
public:
    virtual ~LedgerDatabase() = default;

    [[nodiscard]] virtual Result<LedgerPositions> positions() const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<LedgerPiece>> begin() = 0;

    /// Errors: Errc::no_such_case.
    [[nodiscard]] virtual Result<CaseHistory> read_case(const CaseNumber& number) const = 0;
    /// By number; at most `filter.limit`.
    [[nodiscard]] virtual Result<std::vector<ListedCase>> list_cases(
        const CaseFilter& filter) const = 0;
    /// Errors: Errc::too_large if a sum does not fit 64 bits.
    [[nodiscard]] virtual Result<LedgerFigures> figures(const MoneyQuestion& question) const = 0;
    [[nodiscard]] virtual Result<LedgerCounts> counts() const = 0;
    /// Those that nothing has settled first, then the others, of each in the log's order; at most
    /// `limit` in all.
    [[nodiscard]] virtual Result<std::vector<RefusedEffects>> refused(std::size_t limit) const = 0;

    /// What was handed in for the period of a reporting cycle and is in force, in the log's order.
    [[nodiscard]] virtual Result<std::vector<HandIn>> hand_ins(const std::string& cycle,
                                                               const std::string& period) const = 0;

    /// The first difference to the ledger in `other`, a file of the same program version: all rows
    /// but positions are compared, byte by byte. None: they are equal. Reads both whole.
    [[nodiscard]] virtual Result<std::optional<LedgerDifference>> first_difference(
        const std::filesystem::path& other) const = 0;

    /// Puts `fresh`, a ledger beside this one, in the place of this one's file. Nobody reads or
    /// writes meanwhile, which takes some milliseconds.
    [[nodiscard]] virtual Result<void> replace_by(std::unique_ptr<LedgerDatabase> fresh) = 0;
    /// Sets the file aside as `<file>.unreadable` and begins with an empty one of `maker`.
    [[nodiscard]] virtual Result<void> begin_anew(const LedgerMaker& maker) = 0;
    [[nodiscard]] virtual const std::filesystem::path& file() const = 0;
};

/// What was found where a ledger was to be opened.
enum class LedgerFound : std::uint8_t {
    kept,         ///< one by the same maker, which goes on
    nothing,      ///< an empty one was made
    other_maker,  ///< one of another charter, unit or role: an empty one took its place
    unreadable,   ///< damaged, of another version or of another program: it was set aside as
                  ///< `<file>.unreadable`, and an empty one made
};

struct OpenedLedger {
    std::unique_ptr<LedgerDatabase> database;
    LedgerFound found{};
};

/// Opens the ledger in `file`, or makes an empty one in place of what can't go on.
///
/// Errors: Errc::storage_failure, Errc::storage_full.
[[nodiscard]] Result<OpenedLedger> open_ledger(const std::filesystem::path& file,
                                               const LedgerMaker& maker, FaultReport report);

/// Makes an empty ledger in `file`; what was there is gone.
///
/// Errors: as open_ledger.
[[nodiscard]] Result<std::unique_ptr<LedgerDatabase>> create_ledger(
    const std::filesystem::path& file, const LedgerMaker& maker, FaultReport report);

/// Removes a ledger that nobody has open, with what lies beside it; none is no error.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<void> remove_ledger(const std::filesystem::path& file);

}  // namespace tongbao::storage
