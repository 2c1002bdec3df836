#include "storage/sqlite_ledger_columns.hpp"

#include <limits>
#include <string>
#include <string_view>

namespace tongbao::storage {
namespace {

std::int64_t column_of(UtcTime time) {
    return time.time_since_epoch().count();
}

std::optional<std::int64_t> column_of(const std::optional<UtcTime>& time) {
    return time ? std::optional(column_of(*time)) : std::nullopt;
}

std::optional<std::string_view> column_of(const std::optional<UnitId>& unit) {
    return unit ? std::optional<std::string_view>(unit->value()) : std::nullopt;
}

std::optional<std::string_view> column_of(const std::optional<std::string>& text) {
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

/// The rows that hang on it go with the one before.
Result<void> put_case(SqliteDb& database, const CaseColumns& columns) {
    const Result<void> dropped = remove_columns(database, columns.number);
    if (!dropped) return dropped.error();
    Result<Query> query = database.query(
        "INSERT INTO cases(case_no, state, title, opened_at, opened_by, major, supervised, "
        "concluded_at, concluded_by, updated_at, decided, any_decided, moved, fined, involved, "
        "moved_tracks, moved_units) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!query) return query.error();
    std::int64_t moved = 0;
    bool any_decided = columns.decided;
    // A list that a question can look into: `,criminal,administrative,`.
    std::string moved_tracks = ",";
    std::string moved_units = ",";
    for (const TrackColumns& track : columns.tracks) {
        any_decided = any_decided || track.decided;
        if (!track.state) continue;
        ++moved;
        moved_tracks += track.id + ",";
        moved_units += track.unit.value() + ",";
    }
    bool fined = false;
    Fen involved;
    for (const MoneyColumns& money : columns.money) {
        if (money.kind == kFineMoney) fined = fined || money.fen.value() > 0;
        if (money.kind != kInvolvedMoney) continue;
        // What does not fit is more than any threshold.
        const Result<Fen> sum = add(involved, money.fen);
        involved = sum ? *sum : Fen(std::numeric_limits<std::int64_t>::max());
    }
    query->bind(std::string_view(columns.number.value()))
        .bind(static_cast<std::int64_t>(columns.state));
    return query->bind(column_of(columns.title))
        .bind(column_of(columns.opened_at))
        .bind(column_of(columns.opened_by))
        .bind_flag(columns.major)
        .bind_flag(columns.supervised)
        .bind(column_of(columns.concluded_at))
        .bind(column_of(columns.concluded_by))
        .bind(column_of(columns.updated_at))
        .bind_flag(columns.decided)
        .bind_flag(any_decided)
        .bind(moved)
        .bind_flag(fined)
        .bind(involved.value())
        .bind(std::string_view(moved_tracks))
        .bind(std::string_view(moved_units))
        .run();
}

Result<void> put_tracks(SqliteDb& database, const CaseColumns& columns) {
    std::int64_t place = 0;
    for (const TrackColumns& track : columns.tracks) {
        Result<Query> query = database.query(
            "INSERT INTO tracks(case_no, place, id, unit, state, since, open, decided) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
        if (!query) return query.error();
        query->bind(std::string_view(columns.number.value()))
            .bind(place++)
            .bind(std::string_view(track.id))
            .bind(std::string_view(track.unit.value()));
        const Result<void> done = query->bind(column_of(track.state))
                                      .bind(column_of(track.since))
                                      .bind_flag(track.open)
                                      .bind_flag(track.decided)
                                      .run();
        if (!done) return done.error();
    }
    return {};
}

Result<void> put_money(SqliteDb& database, const CaseColumns& columns) {
    std::int64_t place = 0;
    for (const MoneyColumns& money : columns.money) {
        Result<Query> query = database.query(
            "INSERT INTO money(case_no, place, kind, fen, unit, at) VALUES(?, ?, ?, ?, ?, ?)");
        if (!query) return query.error();
        const Result<void> done = query->bind(std::string_view(columns.number.value()))
                                      .bind(place++)
                                      .bind(std::string_view(money.kind))
                                      .bind(money.fen.value())
                                      .bind(std::string_view(money.unit.value()))
                                      .bind(column_of(money.at))
                                      .run();
        if (!done) return done.error();
    }
    return {};
}

Result<void> put_subjects(SqliteDb& database, const CaseColumns& columns) {
    for (const std::string& subject : columns.subjects) {
        Result<Query> query =
            database.query("INSERT INTO subjects(case_no, identifier) VALUES(?, ?)");
        if (!query) return query.error();
        const Result<void> done = query->bind(std::string_view(columns.number.value()))
                                      .bind(std::string_view(subject))
                                      .run();
        if (!done) return done.error();
    }
    return {};
}

}  // namespace

Result<void> write_columns(SqliteDb& database, const CaseColumns& columns) {
    for (const auto put : {put_case, put_tracks, put_money, put_subjects}) {
        const Result<void> done = put(database, columns);
        if (!done) return done.error();
    }
    return {};
}

Result<void> remove_columns(SqliteDb& database, const CaseNumber& number) {
    Result<Query> query = database.query("DELETE FROM cases WHERE case_no = ?");
    if (!query) return query.error();
    return query->bind(std::string_view(number.value())).run();
}

}  // namespace tongbao::storage
