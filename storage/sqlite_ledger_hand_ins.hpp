#pragma once

#include "domain/reporting_cycles.hpp"
#include "storage/ledger_rows.hpp"
#include "storage/sqlite_db.hpp"

#include <string>
#include <vector>

namespace tongbao::storage {

// What was handed in for the periods of reporting cycles, and what took notices back.
// Errors of all three: those of SqliteDb.

/// One that is there already changes nothing.
[[nodiscard]] Result<void> write_hand_in(SqliteDb& database, const HandIn& hand_in);
/// As write_hand_in.
[[nodiscard]] Result<void> write_taking(SqliteDb& database, const LedgerTaking& taking);

/// Those of the period that are in force, by their place in the log. Errors: Errc::storage_corrupt
/// for what is no row of these tables.
[[nodiscard]] Result<std::vector<HandIn>> hand_ins_in_force(SqliteDb& database,
                                                            const std::string& cycle,
                                                            const std::string& period);

}  // namespace tongbao::storage
