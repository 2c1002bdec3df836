#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "storage/fault_report.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tongbao::storage {

/// Whether a step of a query came to a row or to the end.
enum class RowStep : std::uint8_t { row, end };

/// A prepared statement while it is used; back in its connection's hands at the end of its life.
/// Values are bound one after the other; a failed binding shows at the next step.
class Query {
public:
    Query(Query&& other) noexcept;
    Query& operator=(Query&&) = delete;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    Query& bind(std::int64_t value);
    /// At most 2^63 − 1.
    Query& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Query& bind_flag(bool value) { return bind(std::int64_t{value ? 1 : 0}); }
    Query& bind(std::string_view text);
    Query& bind(BytesView bytes);
    Query& bind_none();
    template <typename T>
    Query& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind_none();
    }

    /// Errors: as SqliteDb::execute.
    [[nodiscard]] Result<RowStep> step();
    /// To the end, whatever rows come. Errors: as step.
    [[nodiscard]] Result<void> run();

    // The columns of the row, from 0. Texts and bytes are copied.
    [[nodiscard]] bool is_none(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t number(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::optional<std::string> optional_text(int column) const;
    [[nodiscard]] Bytes bytes(int column) const;

private:
    friend class SqliteDb;
    Query(class SqliteDb& database, sqlite3_stmt* statement);

    SqliteDb* database_;
    sqlite3_stmt* statement_;
    int bound_{0};
    bool bad_binding_{false};
};

/// One connection to an SQLite database, and its result codes as Errc. For one thread at a time.
/// Not a database of promises: WAL mode with synchronous=NORMAL, so a power cut may cost the last
/// transactions, never the file.
class SqliteDb {
public:
    enum class Mode : std::uint8_t { write, read };

    /// Opens `file`; writing creates it with mode 0600. `report` gets the library's words
    /// behind the file's name.
    ///
    /// Errors: Errc::storage_corrupt for what is no database; Errc::storage_failure.
    [[nodiscard]] static Result<std::unique_ptr<SqliteDb>> open(const std::filesystem::path& file,
                                                                Mode mode, FaultReport report);

    SqliteDb(const SqliteDb&) = delete;
    SqliteDb& operator=(const SqliteDb&) = delete;
    ~SqliteDb();

    /// One or more statements whose rows nobody asks for.
    ///
    /// Errors: Errc::storage_corrupt, Errc::storage_full, Errc::storage_failure; Errc::too_large
    /// where a sum does not fit 64 bits.
    [[nodiscard]] Result<void> execute(const std::string& sql);

    /// The statement, prepared once and kept; used by one caller at a time. Errors: as execute.
    [[nodiscard]] Result<Query> query(std::string_view sql);

    /// What the one row of `sql` holds, an integer. Errors: as execute; Errc::storage_corrupt if
    /// there is none.
    [[nodiscard]] Result<std::int64_t> ask(std::string_view sql);

private:
    friend class Query;
    friend class Transaction;
    SqliteDb(sqlite3* connection, std::string name, FaultReport report);
    [[nodiscard]] Errc failed(int code) const;

    sqlite3* connection_;
    std::string name_;
    FaultReport report_;
    std::map<std::string, sqlite3_stmt*, std::less<>> prepared_;
};

/// Removes a database that nobody has open, with what lies beside it; none is no error.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<void> remove_sqlite_files(const std::filesystem::path& file);

/// A transaction: undone at the end of its life unless it was committed.
class Transaction {
public:
    /// `begin`: `BEGIN` for reading, `BEGIN IMMEDIATE` for writing. Errors: as SqliteDb::execute.
    [[nodiscard]] static Result<Transaction> open(SqliteDb& database, const char* begin);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// Errors: as SqliteDb::execute; then nothing of it was written.
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(SqliteDb& database) : database_(&database) {}
    SqliteDb* database_;
};

}  // namespace tongbao::storage
