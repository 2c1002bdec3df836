#include "domain/case_number.hpp"
#include "storage/ledger_database.hpp"
#include "storage/sqlite_db.hpp"
#include "storage/sqlite_ledger_hand_ins.hpp"
#include "storage/sqlite_ledger_piece.hpp"
#include "storage/sqlite_ledger_questions.hpp"
#include "storage/sqlite_ledger_refused.hpp"
#include "storage/sqlite_ledger_schema.hpp"

#include <array>
#include <mutex>
#include <system_error>
#include <utility>

namespace tongbao::storage {
namespace {

namespace fs = std::filesystem;

/// One that was set aside before gives way.
Result<void> set_aside(const fs::path& file) {
    std::error_code error;
    fs::rename(file, file.string() + ".unreadable", error);
    if (error) return Errc::storage_failure;
    return remove_ledger(file);
}

class SqliteLedger final : public LedgerDatabase {
public:
    SqliteLedger(fs::path file, FaultReport report)
        : file_(std::move(file)), report_(std::move(report)) {}

    ~SqliteLedger() override { close(); }

    Result<void> connect() {
        Result<std::unique_ptr<SqliteDb>> writer =
            SqliteDb::open(file_, SqliteDb::Mode::write, report_);
        if (!writer) return writer.error();
        Result<std::unique_ptr<SqliteDb>> reader =
            SqliteDb::open(file_, SqliteDb::Mode::read, report_);
        if (!reader) return reader.error();
        writer_ = *std::move(writer);
        reader_ = *std::move(reader);
        kept_.clear();
        return {};
    }

    /// For the one who opens it, before anybody else has it.
    [[nodiscard]] SqliteDb& writer() { return *writer_; }

    void close() noexcept {
        reader_.reset();
        writer_.reset();
    }

    Result<LedgerPositions> positions() const override {
        return reading<LedgerPositions>([](SqliteDb& database) -> Result<LedgerPositions> {
            const Result<std::optional<std::int64_t>> batch = read_meta(database, meta_key::kBatch);
            if (!batch) return batch.error();
            const Result<std::optional<std::int64_t>> settled =
                read_meta(database, meta_key::kSettled);
            if (!settled) return settled.error();
            LedgerPositions positions;
            if (*batch) positions.batch = LogIndex(static_cast<std::uint64_t>(**batch));
            positions.settled = static_cast<std::uint64_t>(settled->value_or(0));
            return positions;
        });
    }

    Result<std::unique_ptr<LedgerPiece>> begin() override {
        std::unique_lock lock(writing_);
        if (!writer_) return Errc::storage_failure;
        return begin_piece(*writer_, kept_, std::move(lock));
    }

    Result<CaseHistory> read_case(const CaseNumber& number) const override {
        return reading<CaseHistory>([&number](SqliteDb& database) -> Result<CaseHistory> {
            Result<std::optional<CaseHistory>> history = read_history(database, number);
            if (!history) return history.error();
            if (!*history) return Errc::no_such_case;
            return **std::move(history);
        });
    }

    Result<std::vector<ListedCase>> list_cases(const CaseFilter& filter) const override {
        return reading<std::vector<ListedCase>>(
            [&filter](SqliteDb& database) { return storage::list_cases(database, filter); });
    }

    Result<LedgerFigures> figures(const MoneyQuestion& question) const override {
        return reading<LedgerFigures>(
            [&question](SqliteDb& database) { return ledger_figures(database, question); });
    }

    Result<LedgerCounts> counts() const override {
        return reading<LedgerCounts>([](SqliteDb& database) { return ledger_counts(database); });
    }

    Result<std::vector<RefusedEffects>> refused(std::size_t limit) const override {
        return reading<std::vector<RefusedEffects>>(
            [limit](SqliteDb& database) { return refused_effects(database, limit); });
    }

    Result<std::vector<HandIn>> hand_ins(const std::string& cycle,
                                         const std::string& period) const override {
        return reading<std::vector<HandIn>>([&cycle, &period](SqliteDb& database) {
            return hand_ins_in_force(database, cycle, period);
        });
    }

    /// On connections of its own, so that nobody waits for it.
    Result<std::optional<LedgerDifference>> first_difference(const fs::path& other) const override {
        std::array<std::unique_ptr<SqliteDb>, 2> both;
        for (std::size_t at = 0; at < both.size(); ++at) {
            Result<std::unique_ptr<SqliteDb>> opened =
                SqliteDb::open(at == 0 ? file_ : other, SqliteDb::Mode::read, report_);
            if (!opened) return opened.error();
            both.at(at) = *std::move(opened);
        }
        const Result<Transaction> ours = Transaction::open(*both[0], "BEGIN");
        if (!ours) return ours.error();
        const Result<Transaction> theirs = Transaction::open(*both[1], "BEGIN");
        if (!theirs) return theirs.error();
        return compare_ledgers(*both[0], *both[1]);
    }

    Result<void> replace_by(std::unique_ptr<LedgerDatabase> fresh) override {
        const fs::path from = fresh->file();
        // Closed, it is one file: its log of writes goes into it.
        fresh.reset();
        std::error_code error;
        // It is still beside the file if that could not be done, as on a full disk.
        if (fs::exists(from.string() + "-wal", error) || error) return Errc::storage_failure;
        const std::scoped_lock lock(writing_, reading_);
        close();
        // With what may lie beside it, which would be read into the new one.
        const Result<void> removed = remove_ledger(file_);
        if (!removed) return removed.error();
        fs::rename(from, file_, error);
        // If we stop here, the file is whole; what lay beside the old one went when it was closed.
        const Result<void> connected = connect();
        if (error) return Errc::storage_failure;
        return connected;
    }

    Result<void> begin_anew(const LedgerMaker& maker) override {
        const std::scoped_lock lock(writing_, reading_);
        close();
        const Result<void> aside = set_aside(file_);
        if (!aside) return aside.error();
        const Result<void> connected = connect();
        if (!connected) return connected.error();
        return make_tables(*writer_, maker);
    }

    const fs::path& file() const override { return file_; }

private:
    /// What `read` answers in one transaction, so that it sees one state.
    template <typename T, typename Read>
    Result<T> reading(const Read& read) const {
        const std::lock_guard lock(reading_);
        if (!reader_) return Errc::storage_failure;
        const Result<Transaction> transaction = Transaction::open(*reader_, "BEGIN");
        if (!transaction) return transaction.error();
        return read(*reader_);
    }

    const fs::path file_;
    const FaultReport report_;
    std::mutex writing_;
    mutable std::mutex reading_;
    std::unique_ptr<SqliteDb> writer_;
    std::unique_ptr<SqliteDb> reader_;
    KeptHistories kept_;
};

/// Whether the ledger in `file` goes on.
Result<LedgerFound> look_at(const fs::path& file, const LedgerMaker& maker,
                            const FaultReport& report) {
    std::error_code error;
    if (!fs::exists(file, error)) {
        if (error) return Errc::storage_failure;
        return LedgerFound::nothing;
    }
    const Result<std::unique_ptr<SqliteDb>> database =
        SqliteDb::open(file, SqliteDb::Mode::read, report);
    if (!database) {
        if (database.error() == Errc::storage_corrupt) return LedgerFound::unreadable;
        return database.error();
    }
    const Result<LedgerContent> content = content_of(**database);
    if (!content && content.error() != Errc::storage_corrupt) return content.error();
    if (!content || *content == LedgerContent::foreign) return LedgerFound::unreadable;
    if (*content == LedgerContent::nothing) return LedgerFound::nothing;
    const Result<LedgerMaker> by = read_maker(**database);
    if (!by && by.error() != Errc::storage_corrupt) return by.error();
    if (!by) return LedgerFound::unreadable;
    return *by == maker ? LedgerFound::kept : LedgerFound::other_maker;
}

}  // namespace

Result<OpenedLedger> open_ledger(const std::filesystem::path& file, const LedgerMaker& maker,
                                 FaultReport report) {
    const Result<LedgerFound> found = look_at(file, maker, report);
    if (!found) return found.error();
    OpenedLedger opened;
    opened.found = *found;
    if (*found == LedgerFound::unreadable) {
        const Result<void> aside = set_aside(file);
        if (!aside) return aside.error();
    }
    if (*found != LedgerFound::kept) {
        Result<std::unique_ptr<LedgerDatabase>> created =
            create_ledger(file, maker, std::move(report));
        if (!created) return created.error();
        opened.database = *std::move(created);
        return opened;
    }
    auto ledger = std::make_unique<SqliteLedger>(file, std::move(report));
    const Result<void> connected = ledger->connect();
    if (!connected) return connected.error();
    opened.database = std::move(ledger);
    return opened;
}

Result<void> remove_ledger(const fs::path& file) {
    return remove_sqlite_files(file);
}

Result<std::unique_ptr<LedgerDatabase>> create_ledger(const std::filesystem::path& file,
                                                      const LedgerMaker& maker,
                                                      FaultReport report) {
    const Result<void> removed = remove_ledger(file);
    if (!removed) return removed.error();
    auto ledger = std::make_unique<SqliteLedger>(file, std::move(report));
    const Result<void> connected = ledger->connect();
    if (!connected) return connected.error();
    const Result<void> made = make_tables(ledger->writer(), maker);
    if (!made) return made.error();
    return std::unique_ptr<LedgerDatabase>(std::move(ledger));
}

}  // namespace tongbao::storage
