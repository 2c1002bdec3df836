#include "storage/sqlite_db.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <system_error>
#include <utility>

namespace tongbao::storage {
namespace {

/// How long a writer waits for a reader who checkpoints the log of writes, and the other way round.
constexpr int kBusyMilliseconds = 10'000;
/// Who only reads waits for nobody but who has locked the file as a whole.
constexpr int kReadBusyMilliseconds = 250;

/// The file with its mode, before SQLite makes it with another; its journals take after it.
Result<void> make_private_file(const std::filesystem::path& file) {
    const int handle = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (handle < 0) return Errc::storage_failure;
    ::close(handle);
    return {};
}

Errc errc_of(int code, const char* words) {
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::storage_corrupt;
        case SQLITE_FULL:
            return Errc::storage_full;
        default:
            break;
    }
    // What sum() says; SQLite has no code of its own for it.
    return std::string_view(words) == "integer overflow" ? Errc::too_large : Errc::storage_failure;
}

/// What SQLite keeps beside a database that is open, or was when its process died.
constexpr std::array kBeside{"-wal", "-shm", "-journal"};

}  // namespace

Result<void> remove_sqlite_files(const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::remove(file, error);
    for (const char* const suffix : kBeside) {
        if (!error) std::filesystem::remove(file.string() + suffix, error);
    }
    if (error) return Errc::storage_failure;
    return {};
}

Query::Query(SqliteDb& database, sqlite3_stmt* statement)
    : database_(&database), statement_(statement) {}

Query::Query(Query&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      bad_binding_(other.bad_binding_) {}

Query::~Query() {
    if (statement_ == nullptr) return;
    // What reset answers is the last step's fault, told there.
    static_cast<void>(sqlite3_reset(statement_));
    static_cast<void>(sqlite3_clear_bindings(statement_));
}

Query& Query::bind(std::int64_t value) {
    if (sqlite3_bind_int64(statement_, ++bound_, value) != SQLITE_OK) bad_binding_ = true;
    return *this;
}

Query& Query::bind(std::string_view text) {
    // An empty view may point nowhere, which would be bound as none.
    const char* const begin = text.data() != nullptr ? text.data() : "";
    const int code = sqlite3_bind_text64(statement_, ++bound_, begin, text.size(), SQLITE_TRANSIENT,
                                         SQLITE_UTF8);
    if (code != SQLITE_OK) bad_binding_ = true;
    return *this;
}

Query& Query::bind(BytesView bytes) {
    const std::uint8_t nothing = 0;
    const void* const begin = bytes.data() != nullptr ? bytes.data() : &nothing;
    const int code =
        sqlite3_bind_blob64(statement_, ++bound_, begin, bytes.size(), SQLITE_TRANSIENT);
    if (code != SQLITE_OK) bad_binding_ = true;
    return *this;
}

Query& Query::bind_none() {
    if (sqlite3_bind_null(statement_, ++bound_) != SQLITE_OK) bad_binding_ = true;
    return *this;
}

Result<RowStep> Query::step() {
    if (bad_binding_) return Errc::storage_failure;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return RowStep::row;
    if (code == SQLITE_DONE) return RowStep::end;
    return database_->failed(code);
}

Result<void> Query::run() {
    for (;;) {
        const Result<RowStep> stepped = step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return {};
    }
}

bool Query::is_none(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::uint64_t Query::number(int column) const {
    return static_cast<std::uint64_t>(integer(column));
}

std::string Query::text(int column) const {
    return std::string(as_text(bytes(column)));
}

std::optional<std::string> Query::optional_text(int column) const {
    if (is_none(column)) return std::nullopt;
    return text(column);
}

Bytes Query::bytes(int column) const {
    const auto* const begin =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    if (begin == nullptr || size <= 0) return {};
    return Bytes(begin, begin + size);
}

SqliteDb::SqliteDb(sqlite3* connection, std::string name, FaultReport report)
    : connection_(connection), name_(std::move(name)), report_(std::move(report)) {}

Result<std::unique_ptr<SqliteDb>> SqliteDb::open(const std::filesystem::path& file, Mode mode,
                                                 FaultReport report) {
    if (mode == Mode::write) {
        const Result<void> made = make_private_file(file);
        if (!made) return made.error();
    }
    sqlite3* connection = nullptr;
    // Readers too: to read a log of writes its index must be written.
    const int code = sqlite3_open_v2(file.c_str(), &connection,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<SqliteDb> database(
        new SqliteDb(connection, file.filename().string(), std::move(report)));
    if (code != SQLITE_OK) return database->failed(code);
    static_cast<void>(sqlite3_extended_result_codes(connection, 1));
    if (sqlite3_busy_timeout(connection,
                             mode == Mode::write ? kBusyMilliseconds : kReadBusyMilliseconds) !=
        SQLITE_OK) {
        return Errc::storage_failure;
    }
    const Result<void> set = database->execute(
        mode == Mode::write
            ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
              "PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF"
            : "PRAGMA query_only=ON; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;"
              "PRAGMA trusted_schema=OFF");
    if (!set) return set.error();
    return database;
}

SqliteDb::~SqliteDb() {
    for (const auto& [sql, statement] : prepared_) {
        static_cast<void>(sqlite3_finalize(statement));
    }
    static_cast<void>(sqlite3_close(connection_));
}

Errc SqliteDb::failed(int code) const {
    const char* const words =
        connection_ != nullptr ? sqlite3_errmsg(connection_) : sqlite3_errstr(code);
    if (report_) report_(name_ + ": " + words);
    return errc_of(code, words);
}

Result<void> SqliteDb::execute(const std::string& sql) {
    const int code = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failed(code);
    return {};
}

Result<Query> SqliteDb::query(std::string_view sql) {
    const auto found = prepared_.find(sql);
    if (found != prepared_.end()) return Query(*this, found->second);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return failed(code);
    prepared_.emplace(sql, statement);
    return Query(*this, statement);
}

Result<std::int64_t> SqliteDb::ask(std::string_view sql) {
    Result<Query> asked = query(sql);
    if (!asked) return asked.error();
    const Result<RowStep> stepped = asked->step();
    if (!stepped) return stepped.error();
    if (*stepped == RowStep::end) return Errc::storage_corrupt;
    return asked->integer(0);
}

Result<Transaction> Transaction::open(SqliteDb& database, const char* begin) {
    const Result<void> begun = database.execute(begin);
    if (!begun) return begun.error();
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
    // When the disk fails, SQLite rolls back by itself.
    if (database_ == nullptr || sqlite3_get_autocommit(database_->connection_) != 0) return;
    static_cast<void>(database_->execute("ROLLBACK"));
}

Result<void> Transaction::commit() {
    const Result<void> done = database_->execute("COMMIT");
    if (!done) return done.error();
    database_ = nullptr;
    return {};
}

}  // namespace tongbao::storage
