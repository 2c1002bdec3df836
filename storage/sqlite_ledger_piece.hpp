#pragma once

#include "storage/ledger_database.hpp"
#include "storage/sqlite_db.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

namespace tongbao::storage {

/// So many facts of all cases together are kept in memory, so that a case which grows link by link
/// is not read anew each time.
inline constexpr std::size_t kMaxKeptFacts = 200'000;

/// Histories of cases as they are written, between one piece and the next. For the writer.
class KeptHistories {
public:
    /// nullptr if it is not kept.
    [[nodiscard]] const CaseHistory* find(const CaseNumber& number) const;
    /// As it is kept now; others may be given up for it.
    const CaseHistory* keep(CaseHistory history);
    /// Behind the history of the plan's case if that is kept; one that lies before its end is given
    /// up instead.
    void write(const LedgerPlan& plan);
    void clear() noexcept;

private:
    std::map<CaseNumber, CaseHistory> histories_;
    std::size_t facts_{0};
};

/// Begins a piece on the connection. `lock` is held for the piece's life. Errors: those of
/// SqliteDb.
[[nodiscard]] Result<std::unique_ptr<LedgerPiece>> begin_piece(SqliteDb& database,
                                                               KeptHistories& kept,
                                                               std::unique_lock<std::mutex> lock);

/// The case's events in the log's order, those that are written folded into a history; none if
/// nothing is. Errors: Errc::storage_corrupt; those of SqliteDb.
[[nodiscard]] Result<std::optional<CaseHistory>> read_history(SqliteDb& database,
                                                              const CaseNumber& number);

}  // namespace tongbao::storage
