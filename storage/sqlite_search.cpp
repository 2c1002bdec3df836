#include "domain/search_text.hpp"
#include "storage/record_codec.hpp"
#include "storage/search_grams.hpp"
#include "storage/search_index.hpp"
#include "storage/sqlite_db.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <system_error>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::int64_t kSearchVersion = 1;

/// The grams are given and not kept (`content=''`), and only in which notices they stand is
/// (`detail=none`): the texts themselves are looked through at last.
constexpr const char* kSearchTables =
    "CREATE TABLE maker(version INTEGER NOT NULL, unit TEXT NOT NULL, charter BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE position(batch INTEGER, settled INTEGER NOT NULL) STRICT;"
    "INSERT INTO position VALUES(NULL, 0);"
    "CREATE TABLE notice(number INTEGER PRIMARY KEY, id BLOB NOT NULL, kind TEXT NOT NULL,"
    " sender TEXT NOT NULL, title TEXT NOT NULL, case_number TEXT NOT NULL,"
    " box INTEGER NOT NULL, at INTEGER NOT NULL, texts BLOB NOT NULL) STRICT;"
    "CREATE INDEX notice_by_time ON notice(at, number);"
    "CREATE VIRTUAL TABLE gram USING fts5(words, content='', columnsize=0, detail=none,"
    " tokenize='ascii');"
    // So many bytes are gathered before a level of the index is written.
    "INSERT INTO gram(gram, rank) VALUES('hashsize', 16777216)";

std::int64_t milliseconds_of(UtcTime time) {
    return time.time_since_epoch().count();
}

Bytes write_search_texts(const std::vector<SearchText>& texts) {
    RecordWriter writer;
    writer.varint(texts.size());
    for (const SearchText& each : texts) writer.sized(each.name).sized(each.text);
    return std::move(writer).bytes();
}

Result<std::vector<SearchText>> read_search_texts(BytesView record) {
    RecordReader reader(record);
    std::vector<SearchText> texts(reader.count(2));
    for (SearchText& each : texts) {
        each.name = reader.sized_text();
        each.text = reader.sized_text();
    }
    const Result<void> finished = reader.finish();
    if (!finished) return finished.error();
    return texts;
}

/// Leaves the texts that have one of the words; whether each word is in one of them.
enum class WordsFound : std::uint8_t { all, some };

WordsFound keep_matching(const std::vector<std::string>& words, std::vector<SearchText>& texts) {
    std::vector<bool> found(words.size(), false);
    std::vector<SearchText> matching;
    for (SearchText& each : texts) {
        const std::string form = search_form(each.text);
        bool matches = false;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (form.find(words[i]) == std::string::npos) continue;
            found[i] = true;
            matches = true;
        }
        if (matches) matching.push_back(std::move(each));
    }
    texts = std::move(matching);
    const bool all = std::find(found.begin(), found.end(), false) == found.end();
    return all ? WordsFound::all : WordsFound::some;
}

/// Places of the log that a question is about: from `first` up to before `end`.
struct SearchRange {
    std::int64_t first{0};
    std::int64_t end{0};
};

/// What the tables of a file say of their making.
Result<SearchFileFound> found_in(SqliteDb& database, const SearchMaker& maker) {
    const Result<std::int64_t> tables =
        database.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'maker'");
    if (!tables) return tables.error();
    if (*tables == 0) {
        const Result<std::int64_t> all = database.ask("SELECT count(*) FROM sqlite_schema");
        if (!all) return all.error();
        return *all == 0 ? SearchFileFound::nothing : SearchFileFound::unreadable;
    }
    const Result<std::int64_t> version = database.ask("SELECT version FROM maker");
    if (!version) return version.error();
    if (*version != kSearchVersion) return SearchFileFound::other_version;
    Result<Query> query = database.query("SELECT unit, charter FROM maker");
    if (!query) return query.error();
    const Result<RowStep> stepped = query->step();
    if (!stepped) return stepped.error();
    if (*stepped == RowStep::end) return SearchFileFound::unreadable;
    const bool same = query->text(0) == maker.unit.value() &&
                      query->bytes(1) == to_bytes(as_text(maker.charter.bytes()));
    return same ? SearchFileFound::kept : SearchFileFound::other_maker;
}

Result<void> make_search_tables(SqliteDb& database, const SearchMaker& maker) {
    Result<Transaction> transaction = Transaction::open(database, "BEGIN IMMEDIATE");
    if (!transaction) return transaction.error();
    const Result<void> made = database.execute(kSearchTables);
    if (!made) return made.error();
    {
        Result<Query> query = database.query("INSERT INTO maker VALUES(?, ?, ?)");
        if (!query) return query.error();
        const Result<void> named = query->bind(kSearchVersion)
                                       .bind(maker.unit.value())
                                       .bind(BytesView(maker.charter.bytes()))
                                       .run();
        if (!named) return named.error();
    }
    return transaction->commit();
}

class SqliteSearch final : public SearchIndex {
public:
    SqliteSearch(std::filesystem::path file, FaultReport report)
        : file_(std::move(file)), report_(std::move(report)) {}

    ~SqliteSearch() override { close(); }

    /// For the one who opens it, before anybody else has it: makes the tables where there are none.
    Result<SearchFileFound> connect(const SearchMaker& maker) {
        Result<std::unique_ptr<SqliteDb>> writer =
            SqliteDb::open(file_, SqliteDb::Mode::write, report_);
        if (!writer) return writer.error();
        const Result<SearchFileFound> found = found_in(**writer, maker);
        if (!found) return found.error();
        if (*found == SearchFileFound::nothing) {
            const Result<void> made = make_search_tables(**writer, maker);
            if (!made) return made.error();
        }
        Result<std::unique_ptr<SqliteDb>> reader =
            SqliteDb::open(file_, SqliteDb::Mode::read, report_);
        if (!reader) return reader.error();
        writer_ = *std::move(writer);
        reader_ = *std::move(reader);
        return found;
    }

    Result<SearchPositions> positions() const override {
        const std::lock_guard lock(writing_);
        if (!writer_) return Errc::storage_failure;
        Result<Query> query = writer_->query("SELECT batch, settled FROM position");
        if (!query) return query.error();
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return Errc::storage_corrupt;
        SearchPositions positions;
        if (!query->is_none(0)) positions.batch = LogIndex(query->number(0));
        positions.settled = query->number(1);
        return positions;
    }

    Result<void> add(const std::vector<SearchRow>& rows,
                     const SearchPositions& positions) override {
        const std::lock_guard lock(writing_);
        if (!writer_) return Errc::storage_failure;
        Result<Transaction> transaction = Transaction::open(*writer_, "BEGIN IMMEDIATE");
        if (!transaction) return transaction.error();
        for (const SearchRow& row : rows) {
            const Result<void> added = add_row(row);
            if (!added) return added.error();
        }
        const Result<void> moved = move_positions(positions);
        if (!moved) return moved.error();
        return transaction->commit();
    }

    Result<SearchPage> find(const SearchQuestion& question) const override {
        const bool worded = !question.words.empty() &&
                            std::none_of(question.words.begin(), question.words.end(),
                                         [](const std::string& word) { return word.empty(); });
        if (!worded || question.limit > kMostSearchCandidates) return Errc::bad_argument;
        const std::lock_guard lock(reading_);
        if (!reader_) return Errc::storage_failure;
        // One state of the tables for all that is asked.
        const Result<Transaction> transaction = Transaction::open(*reader_, "BEGIN");
        if (!transaction) return transaction.error();
        const Result<SearchRange> range = range_of(question);
        if (!range) return range.error();
        return look_through(question, *range);
    }

    Result<std::uint64_t> size() const override {
        const std::lock_guard lock(reading_);
        if (!reader_) return Errc::storage_failure;
        const Result<std::int64_t> count = reader_->ask("SELECT count(*) FROM notice");
        if (!count) return count.error();
        return static_cast<std::uint64_t>(*count);
    }

    Result<void> begin_anew(const SearchMaker& maker) override {
        const std::scoped_lock lock(writing_, reading_);
        // Whoever has it open takes what lies beside it along when he closes it, so not before.
        close();
        const Result<void> removed = remove_sqlite_files(file_);
        if (!removed) return removed.error();
        const Result<SearchFileFound> connected = connect(maker);
        if (!connected) return connected.error();
        return {};
    }

private:
    void close() noexcept {
        reader_.reset();
        writer_.reset();
    }

    Result<void> move_positions(const SearchPositions& positions) {
        Result<Query> moved = writer_->query("UPDATE position SET batch = ?, settled = ?");
        if (!moved) return moved.error();
        if (positions.batch) {
            moved->bind(positions.batch->value());
        } else {
            moved->bind_none();
        }
        return moved->bind(positions.settled).run();
    }

    Result<void> add_row(const SearchRow& row) {
        Result<Query> known = writer_->query("SELECT 1 FROM notice WHERE number = ?");
        if (!known) return known.error();
        const Result<RowStep> there = known->bind(row.index.value()).step();
        if (!there) return there.error();
        if (*there == RowStep::row) return Errc::already_exists;
        Result<Query> notice =
            writer_->query("INSERT INTO notice VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
        if (!notice) return notice.error();
        const Result<void> kept = notice->bind(row.index.value())
                                      .bind(BytesView(row.id.array()))
                                      .bind(row.kind.value())
                                      .bind(row.from.value())
                                      .bind(row.title)
                                      .bind(row.case_number)
                                      .bind(static_cast<std::int64_t>(row.box))
                                      .bind(milliseconds_of(row.at))
                                      .bind(BytesView(write_search_texts(row.texts)))
                                      .run();
        if (!kept) return kept.error();
        Result<Query> grams = writer_->query("INSERT INTO gram(rowid, words) VALUES(?, ?)");
        if (!grams) return grams.error();
        return grams->bind(row.index.value()).bind(grams_of(row)).run();
    }

    /// What times say of places: notices of a time stand between the lowest and the highest.
    Result<SearchRange> range_of(const SearchQuestion& question) const {
        constexpr std::uint64_t kLast = std::numeric_limits<std::int64_t>::max();
        SearchRange range;
        const std::uint64_t end = question.before ? question.before->value() : kLast;
        range.end = static_cast<std::int64_t>(std::min(end, kLast));
        if (!question.since && !question.until) return range;
        Result<Query> query =
            reader_->query("SELECT min(number), max(number) FROM notice WHERE at BETWEEN ? AND ?");
        if (!query) return query.error();
        const Result<RowStep> stepped =
            query->bind(milliseconds_of(question.since.value_or(UtcTime::min())))
                .bind(milliseconds_of(question.until.value_or(UtcTime::max())))
                .step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end || query->is_none(0)) return SearchRange{};
        range.first = query->integer(0);
        range.end = std::min(range.end, query->integer(1) + 1);
        return range;
    }

    Result<SearchPage> look_through(const SearchQuestion& question,
                                    const SearchRange& range) const {
        SearchPage page;
        Result<Query> candidates = reader_->query(
            "SELECT rowid FROM gram WHERE gram MATCH ? AND rowid >= ? AND rowid < ?"
            " ORDER BY rowid DESC");
        if (!candidates) return candidates.error();
        candidates->bind(grams_wanted(question)).bind(range.first).bind(range.end);
        std::optional<LogIndex> last;
        for (std::size_t seen = 0;; ++seen) {
            const Result<RowStep> stepped = candidates->step();
            if (!stepped) return stepped.error();
            if (*stepped == RowStep::end) return page;
            // There is at least one more behind the last.
            if (page.rows.size() == question.limit || seen == kMostSearchCandidates) {
                page.next = last;
                return page;
            }
            last = LogIndex(candidates->number(0));
            Result<SearchRow> row = read_row(*last);
            if (!row) return row.error();
            const bool in_time = (!question.since || row->at >= *question.since) &&
                                 (!question.until || row->at <= *question.until);
            if (!in_time || keep_matching(question.words, row->texts) == WordsFound::some) continue;
            page.rows.push_back(*std::move(row));
        }
    }

    Result<SearchRow> read_row(LogIndex index) const {
        Result<Query> query = reader_->query(
            "SELECT id, kind, sender, title, case_number, box, at, texts FROM notice"
            " WHERE number = ?");
        if (!query) return query.error();
        const Result<RowStep> stepped = query->bind(index.value()).step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return Errc::storage_corrupt;
        SearchRow row;
        row.index = index;
        const Bytes id = query->bytes(0);
        RecordReader reader(id);
        row.id = reader.uuid();
        const Result<void> read = reader.finish();
        if (!read) return read.error();
        row.kind = KindId(query->text(1));
        row.from = UnitId(query->text(2));
        row.title = query->text(3);
        row.case_number = query->text(4);
        const std::int64_t box = query->integer(5);
        if (box < 0 || box > static_cast<std::int64_t>(SearchBox::kept)) {
            return Errc::storage_corrupt;
        }
        row.box = static_cast<SearchBox>(box);
        row.at = UtcTime(UtcTime::duration(query->integer(6)));
        const Bytes record = query->bytes(7);
        Result<std::vector<SearchText>> texts = read_search_texts(record);
        if (!texts) return texts.error();
        row.texts = *std::move(texts);
        return row;
    }

    const std::filesystem::path file_;
    const FaultReport report_;
    mutable std::mutex writing_;
    mutable std::mutex reading_;
    std::unique_ptr<SqliteDb> writer_;
    std::unique_ptr<SqliteDb> reader_;
};

}  // namespace

Result<OpenedSearch> open_search_index(const std::filesystem::path& file, const SearchMaker& maker,
                                       FaultReport report) {
    auto index = std::make_unique<SqliteSearch>(file, std::move(report));
    OpenedSearch opened;
    const Result<SearchFileFound> found = index->connect(maker);
    if (!found && found.error() != Errc::storage_corrupt) return found.error();
    opened.found = found ? *found : SearchFileFound::unreadable;
    if (opened.found != SearchFileFound::kept && opened.found != SearchFileFound::nothing) {
        const Result<void> begun = index->begin_anew(maker);
        if (!begun) return begun.error();
    }
    opened.index = std::move(index);
    return opened;
}

}  // namespace tongbao::storage
