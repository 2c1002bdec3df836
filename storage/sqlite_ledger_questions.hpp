#pragma once

#include "storage/ledger_rows.hpp"
#include "storage/sqlite_db.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace tongbao::storage {

// What LedgerDatabase answers, on one connection. Errors: those of SqliteDb, and what is named
// there.

[[nodiscard]] Result<std::vector<ListedCase>> list_cases(SqliteDb& database,
                                                         const CaseFilter& filter);
[[nodiscard]] Result<LedgerFigures> ledger_figures(SqliteDb& database,
                                                   const MoneyQuestion& question);
[[nodiscard]] Result<LedgerCounts> ledger_counts(SqliteDb& database);

/// Compares the two row by row, reading both in the order of their keys.
[[nodiscard]] Result<std::optional<LedgerDifference>> compare_ledgers(SqliteDb& left,
                                                                      SqliteDb& right);

}  // namespace tongbao::storage
