#pragma once

#include "domain/result.hpp"
#include "storage/ledger_rows.hpp"
#include "storage/sqlite_db.hpp"

#include <optional>
#include <string_view>

namespace tongbao::storage {

/// Keys of the table `meta`; docs/STORAGE_FORMAT.md has all tables.
namespace meta_key {
inline constexpr std::string_view kUnit = "unit";
inline constexpr std::string_view kRole = "role";
inline constexpr std::string_view kCharter = "charter";
inline constexpr std::string_view kBatch = "batch";
inline constexpr std::string_view kSettled = "settled";
inline constexpr std::string_view kSkipped = "skipped";
}  // namespace meta_key

/// What a file that SQLite could open holds.
enum class LedgerContent : std::uint8_t { nothing, ours, foreign };

/// Errors: those of SqliteDb.
[[nodiscard]] Result<LedgerContent> content_of(SqliteDb& database);

/// Makes the tables of an empty ledger. Errors: those of SqliteDb.
[[nodiscard]] Result<void> make_tables(SqliteDb& database, const LedgerMaker& maker);

/// By whom the ledger is made. Errors: Errc::storage_corrupt; those of SqliteDb.
[[nodiscard]] Result<LedgerMaker> read_maker(SqliteDb& database);

/// Errors: those of SqliteDb.
[[nodiscard]] Result<std::optional<std::int64_t>> read_meta(SqliteDb& database,
                                                            std::string_view key);
[[nodiscard]] Result<void> write_meta(SqliteDb& database, std::string_view key, std::int64_t value);

}  // namespace tongbao::storage
