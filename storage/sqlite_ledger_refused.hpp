#pragma once

#include "domain/case_ledger.hpp"
#include "domain/result.hpp"
#include "storage/sqlite_db.hpp"

#include <cstddef>
#include <vector>

namespace tongbao::storage {

/// What the keeper refused, with what settled it since, as LedgerDatabase::refused gives it. Reads
/// the history of each case that something was refused of.
///
/// Errors: Errc::storage_corrupt; those of SqliteDb.
[[nodiscard]] Result<std::vector<RefusedEffects>> refused_effects(SqliteDb& database,
                                                                  std::size_t limit);

}  // namespace tongbao::storage
