#include "storage/sqlite_ledger_schema.hpp"

namespace tongbao::storage {
namespace {

/// `TBLG`; SQLite keeps it in the file's head, so that a file of another program is recognised.
constexpr std::int64_t kApplicationId = 0x54424C47;
/// Of these tables: another version is made anew, not migrated.
constexpr std::int64_t kTablesVersion = 3;

/// `money_days` are the sums of `money` by day since 1970, kept by the database itself, so that a
/// period costs its days. What a sum of 64 bits is made of stands in two halves: SQLite would turn
/// one that doesn't fit into a floating number, unasked.
constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

CREATE TABLE notices(
    idx INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL,
    case_no TEXT, in_reply_to BLOB, takes_deeds INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX notices_id ON notices(id);
CREATE INDEX notices_reply ON notices(in_reply_to) WHERE in_reply_to IS NOT NULL;
CREATE INDEX notices_case ON notices(case_no) WHERE case_no IS NOT NULL;

CREATE TABLE deeds(
    notice INTEGER NOT NULL, entry INTEGER NOT NULL, sha256 BLOB NOT NULL, unit TEXT NOT NULL,
    cause BLOB NOT NULL, at INTEGER NOT NULL, place INTEGER NOT NULL, act INTEGER,
    has_reason INTEGER NOT NULL, waits INTEGER NOT NULL,
    PRIMARY KEY(notice, entry)) WITHOUT ROWID;
CREATE INDEX deeds_waiting ON deeds(notice) WHERE waits = 1;

CREATE TABLE hand_ins(
    idx INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, id BLOB NOT NULL, unit TEXT NOT NULL,
    cycle TEXT NOT NULL, period TEXT NOT NULL, at INTEGER NOT NULL, recipients TEXT NOT NULL);
CREATE INDEX hand_ins_period ON hand_ins(cycle, period, idx);
CREATE TABLE taken_back(
    idx INTEGER PRIMARY KEY, unit TEXT NOT NULL, id BLOB NOT NULL, taken BLOB NOT NULL);
CREATE INDEX taken_back_taken ON taken_back(unit, taken);

CREATE TABLE events(
    case_no TEXT NOT NULL, entry INTEGER NOT NULL, place INTEGER NOT NULL,
    notice INTEGER NOT NULL, body BLOB NOT NULL, refused BLOB,
    PRIMARY KEY(case_no, entry, place));
CREATE INDEX events_notice ON events(notice);
CREATE INDEX events_refused ON events(entry, place) WHERE refused IS NOT NULL;

CREATE TABLE cases(
    case_no TEXT PRIMARY KEY, state INTEGER NOT NULL, title TEXT, opened_at INTEGER,
    opened_by TEXT, major INTEGER NOT NULL, supervised INTEGER NOT NULL, concluded_at INTEGER,
    concluded_by TEXT, updated_at INTEGER NOT NULL, decided INTEGER NOT NULL,
    any_decided INTEGER NOT NULL, moved INTEGER NOT NULL, fined INTEGER NOT NULL,
    involved INTEGER NOT NULL, moved_tracks TEXT NOT NULL, moved_units TEXT NOT NULL)
    WITHOUT ROWID;
CREATE INDEX cases_state ON cases(state, case_no);
CREATE INDEX cases_opened_by ON cases(opened_by, case_no);
CREATE INDEX cases_major ON cases(case_no) WHERE major = 1;
CREATE INDEX cases_supervised ON cases(case_no) WHERE supervised = 1;
CREATE INDEX cases_one_track ON cases(case_no) WHERE state = 1 AND moved = 1;
CREATE INDEX cases_penalised ON cases(case_no, involved) WHERE fined = 1 OR any_decided = 1;
CREATE INDEX cases_times ON cases(opened_at, concluded_at, opened_by);
CREATE INDEX cases_concluded ON cases(concluded_at, concluded_by) WHERE concluded_at IS NOT NULL;

CREATE TABLE tracks(
    case_no TEXT NOT NULL REFERENCES cases ON DELETE CASCADE, place INTEGER NOT NULL,
    id TEXT NOT NULL, unit TEXT NOT NULL, state TEXT, since INTEGER, open INTEGER NOT NULL,
    decided INTEGER NOT NULL, PRIMARY KEY(case_no, place)) WITHOUT ROWID;

CREATE TABLE money(
    case_no TEXT NOT NULL REFERENCES cases ON DELETE CASCADE, place INTEGER NOT NULL,
    kind TEXT NOT NULL, fen INTEGER NOT NULL, unit TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(case_no, place)) WITHOUT ROWID;
CREATE INDEX money_at ON money(at, kind, fen, unit);

CREATE TABLE money_days(
    day INTEGER NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, division TEXT NOT NULL,
    high INTEGER NOT NULL, low INTEGER NOT NULL, entries INTEGER NOT NULL,
    PRIMARY KEY(day, kind, unit, division)) WITHOUT ROWID;
CREATE TRIGGER money_comes AFTER INSERT ON money BEGIN
    INSERT INTO money_days VALUES(
        NEW.at / 86400000, NEW.kind, NEW.unit, substr(NEW.case_no, 1, 6),
        NEW.fen >> 32, NEW.fen & 4294967295, 1)
    ON CONFLICT DO UPDATE SET high = high + excluded.high, low = low + excluded.low,
        entries = entries + 1;
END;
CREATE TRIGGER money_goes AFTER DELETE ON money BEGIN
    UPDATE money_days SET high = high - (OLD.fen >> 32), low = low - (OLD.fen & 4294967295),
        entries = entries - 1
    WHERE day = OLD.at / 86400000 AND kind = OLD.kind AND unit = OLD.unit
        AND division = substr(OLD.case_no, 1, 6);
    DELETE FROM money_days
    WHERE day = OLD.at / 86400000 AND kind = OLD.kind AND unit = OLD.unit
        AND division = substr(OLD.case_no, 1, 6) AND entries = 0;
END;

CREATE TABLE subjects(
    case_no TEXT NOT NULL REFERENCES cases ON DELETE CASCADE, identifier TEXT NOT NULL,
    PRIMARY KEY(case_no, identifier)) WITHOUT ROWID;
CREATE INDEX subjects_identifier ON subjects(identifier, case_no);
)";

Result<std::optional<Bytes>> meta_bytes(SqliteDb& database, std::string_view key) {
    Result<Query> query = database.query("SELECT value FROM meta WHERE key = ?");
    if (!query) return query.error();
    const Result<RowStep> stepped = query->bind(key).step();
    if (!stepped) return stepped.error();
    if (*stepped == RowStep::end) return std::optional<Bytes>();
    return std::optional(query->bytes(0));
}

template <typename Value>
Result<void> put_meta(SqliteDb& database, std::string_view key, const Value& value) {
    Result<Query> query = database.query("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)");
    if (!query) return query.error();
    return query->bind(key).bind(value).run();
}

}  // namespace

Result<LedgerContent> content_of(SqliteDb& database) {
    const Result<std::int64_t> tables = database.ask("SELECT COUNT(*) FROM sqlite_master");
    if (!tables) return tables.error();
    if (*tables == 0) return LedgerContent::nothing;
    const Result<std::int64_t> application = database.ask("PRAGMA application_id");
    if (!application) return application.error();
    const Result<std::int64_t> version = database.ask("PRAGMA user_version");
    if (!version) return version.error();
    const bool ours = *application == kApplicationId && *version == kTablesVersion;
    return ours ? LedgerContent::ours : LedgerContent::foreign;
}

Result<void> make_tables(SqliteDb& database, const LedgerMaker& maker) {
    Result<Transaction> transaction = Transaction::open(database, "BEGIN IMMEDIATE");
    if (!transaction) return transaction.error();
    const Result<void> made = database.execute(
        std::string(kTables) + "PRAGMA application_id = " + std::to_string(kApplicationId) +
        "; PRAGMA user_version = " + std::to_string(kTablesVersion));
    if (!made) return made.error();
    const Result<void> unit =
        put_meta(database, meta_key::kUnit, std::string_view(maker.unit.value()));
    if (!unit) return unit.error();
    const Result<void> role =
        put_meta(database, meta_key::kRole, static_cast<std::int64_t>(maker.role));
    if (!role) return role.error();
    const Result<void> charter =
        put_meta(database, meta_key::kCharter, BytesView(maker.charter.bytes()));
    if (!charter) return charter.error();
    return transaction->commit();
}

Result<LedgerMaker> read_maker(SqliteDb& database) {
    const Result<std::optional<Bytes>> unit = meta_bytes(database, meta_key::kUnit);
    if (!unit) return unit.error();
    const Result<std::optional<std::int64_t>> role = read_meta(database, meta_key::kRole);
    if (!role) return role.error();
    const Result<std::optional<Bytes>> charter = meta_bytes(database, meta_key::kCharter);
    if (!charter) return charter.error();
    if (!*unit || !*role || !*charter) return Errc::storage_corrupt;
    const Result<Digest> digest = Digest::from_bytes(**charter);
    if (!digest || **role < 0 || **role > static_cast<std::int64_t>(LedgerRole::follower)) {
        return Errc::storage_corrupt;
    }
    return LedgerMaker{UnitId(std::string(as_text(**unit))), static_cast<LedgerRole>(**role),
                       *digest};
}

Result<std::optional<std::int64_t>> read_meta(SqliteDb& database, std::string_view key) {
    Result<Query> query = database.query("SELECT value FROM meta WHERE key = ?");
    if (!query) return query.error();
    const Result<RowStep> stepped = query->bind(key).step();
    if (!stepped) return stepped.error();
    if (*stepped == RowStep::end) return std::optional<std::int64_t>();
    return std::optional(query->integer(0));
}

Result<void> write_meta(SqliteDb& database, std::string_view key, std::int64_t value) {
    return put_meta(database, key, value);
}

}  // namespace tongbao::storage
