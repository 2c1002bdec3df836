#pragma once

#include "storage/ledger_rows.hpp"
#include "storage/sqlite_db.hpp"

namespace tongbao::storage {

/// Puts the columns in place of those that the case had. Errors: those of SqliteDb.
[[nodiscard]] Result<void> write_columns(SqliteDb& database, const CaseColumns& columns);

/// The case and all rows that hang on it. Errors: those of SqliteDb.
[[nodiscard]] Result<void> remove_columns(SqliteDb& database, const CaseNumber& number);

}  // namespace tongbao::storage
