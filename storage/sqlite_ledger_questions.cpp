#include "storage/sqlite_ledger_questions.hpp"

#include "storage/sqlite_ledger_refused.hpp"
#include "storage/sqlite_ledger_schema.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::storage {
namespace {

/// Conditions and what they are compared with, in the order of the question marks.
class Conditions {
public:
    void add(const char* condition) {
        text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(condition);
    }
    template <typename... Values>
    void add(const char* condition, Values... values) {
        add(condition);
        (values_.emplace_back(std::move(values)), ...);
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    void bind(Query& query) const {
        for (const auto& value : values_) {
            if (const auto* const number = std::get_if<std::int64_t>(&value)) {
                query.bind(*number);
            } else {
                query.bind(std::string_view(std::get<std::string>(value)));
            }
        }
    }

private:
    std::string text_;
    std::vector<std::variant<std::int64_t, std::string>> values_;
};

std::int64_t milliseconds(UtcTime time) {
    return time.time_since_epoch().count();
}

std::optional<UtcTime> time_in(const Query& row, int column) {
    if (row.is_none(column)) return std::nullopt;
    return UtcTime(std::chrono::milliseconds(row.integer(column)));
}

std::optional<UnitId> unit_in(const Query& row, int column) {
    if (row.is_none(column)) return std::nullopt;
    return UnitId(row.text(column));
}

/// Numbers of a division are those between it and the next six digits.
void add_division(Conditions& where, const char* from, const char* below,
                  const std::string& division) {
    where.add(from, division);
    where.add(below, division + ":");  // the character behind 9
}

/// As a member of the lists `moved_tracks` and `moved_units`. No id has a comma: what has one is
/// looked for as what no list contains.
std::string listed(const std::string& name) {
    return name.find(',') == std::string::npos ? "," + name + "," : ",,";
}

constexpr const char* kNeverMoved = "instr(c.moved_tracks, ?) = 0";

void add_question(Conditions& where, const CaseFilter& filter) {
    switch (filter.question) {
        case CaseQuestion::any:
            return;
        case CaseQuestion::one_track:
            where.add("c.state = 1 AND c.moved = 1");
            return;
        case CaseQuestion::fine_without_transfer:
            where.add("(c.fined = 1 OR c.any_decided = 1)");
            where.add("c.involved >= ?", filter.threshold.value());
            where.add(
                "(c.fined = 1 OR c.decided = 1 OR EXISTS (SELECT 1 FROM tracks t WHERE t.case_no = "
                "c.case_no AND t.decided = 1 AND t.id <> ?))",
                filter.question_track);
            where.add(kNeverMoved, listed(filter.question_track));
            return;
        case CaseQuestion::repeat:
            // A case has an identifier once, so two rows of one are two cases.
            where.add(
                "c.case_no IN (SELECT case_no FROM subjects WHERE identifier IN (SELECT identifier "
                "FROM subjects GROUP BY identifier HAVING COUNT(*) > 1))");
            return;
        case CaseQuestion::exposure_ready:
            where.add("c.state = 2 AND c.any_decided = 1");
            where.add(kNeverMoved, listed(filter.question_track));
            return;
    }
}
static_assert(static_cast<int>(CaseState::handling) == 1);
static_assert(static_cast<int>(CaseState::concluded) == 2);

Conditions conditions_of(const CaseFilter& filter) {
    Conditions where;
    if (filter.after) where.add("c.case_no > ?", filter.after->value());
    if (filter.division) {
        add_division(where, "c.case_no >= ?", "c.case_no < ?", *filter.division);
    }
    if (filter.state) where.add("c.state = ?", static_cast<std::int64_t>(*filter.state));
    if (filter.opened_by) where.add("c.opened_by = ?", filter.opened_by->value());
    if (filter.major) where.add("c.major = 1");
    if (filter.supervised) where.add("c.supervised = 1");
    if (filter.track) where.add("instr(c.moved_tracks, ?) > 0", listed(*filter.track));
    if (filter.unit) where.add("instr(c.moved_units, ?) > 0", listed(filter.unit->value()));
    add_question(where, filter);
    return where;
}

/// Without it SQLite takes the index by state, whose every row it then looks up.
const char* index_for(const CaseFilter& filter) {
    return filter.question == CaseQuestion::one_track ? " INDEXED BY cases_one_track" : "";
}

CaseColumns columns_in(const Query& row) {
    CaseColumns columns;
    columns.number = CaseNumber(row.text(0));
    columns.state = static_cast<CaseState>(row.integer(1));
    columns.title = row.optional_text(2);
    columns.opened_at = time_in(row, 3);
    columns.opened_by = unit_in(row, 4);
    columns.major = row.integer(5) != 0;
    columns.supervised = row.integer(6) != 0;
    columns.concluded_at = time_in(row, 7);
    columns.concluded_by = unit_in(row, 8);
    columns.updated_at = UtcTime(std::chrono::milliseconds(row.integer(9)));
    columns.decided = row.integer(10) != 0;
    return columns;
}

/// Calls `take` with each row of `sql`, asked of the case.
template <typename Take>
Result<void> each_row_of(SqliteDb& database, const char* sql, const CaseNumber& number, Take take) {
    Result<Query> query = database.query(sql);
    if (!query) return query.error();
    query->bind(std::string_view(number.value()));
    for (;;) {
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return {};
        take(*query);
    }
}

Result<void> add_parts(SqliteDb& database, CaseQuestion question, ListedCase& listed) {
    CaseColumns& columns = listed.columns;
    const Result<void> tracks = each_row_of(
        database,
        "SELECT id, unit, state, since, open, decided FROM tracks WHERE case_no = ? ORDER BY place",
        columns.number, [&columns](const Query& row) {
            columns.tracks.push_back({row.text(0), UnitId(row.text(1)), row.optional_text(2),
                                      time_in(row, 3), row.integer(4) != 0, row.integer(5) != 0});
        });
    if (!tracks) return tracks.error();
    const Result<void> totals = each_row_of(
        database, "SELECT kind, SUM(fen) FROM money WHERE case_no = ? GROUP BY kind",
        columns.number,
        [&listed](const Query& row) { listed.totals.emplace(row.text(0), Fen(row.integer(1))); });
    if (!totals || question != CaseQuestion::repeat) return totals;
    return each_row_of(
        database,
        "SELECT s.identifier FROM subjects s WHERE s.case_no = ? AND EXISTS (SELECT 1 FROM "
        "subjects o WHERE o.identifier = s.identifier AND o.case_no <> s.case_no) ORDER BY 1",
        columns.number, [&columns](const Query& row) { columns.subjects.push_back(row.text(0)); });
}

Result<std::int64_t> ask_where(SqliteDb& database, const std::string& select,
                               const Conditions& where) {
    Result<Query> query = database.query(select + where.text());
    if (!query) return query.error();
    where.bind(*query);
    const Result<RowStep> stepped = query->step();
    if (!stepped) return stepped.error();
    if (*stepped == RowStep::end) return Errc::storage_corrupt;
    return query->integer(0);
}

/// Entries of `table` whose `time` (a moment or a day) lies in [from, until), by the halves `high`
/// and `low`.
struct MoneyRows {
    const char* table;
    const char* halves;
    const char* time;
    const char* from_division;
    const char* below_division;
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> until;
};

constexpr std::int64_t kDay = std::chrono::milliseconds(std::chrono::days(1)).count();
constexpr MoneyRows kWholeDays{"money_days",   "high, low",  "day",       "division >= ?",
                               "division < ?", std::nullopt, std::nullopt};
constexpr MoneyRows kMoments{"money",       "fen >> 32 AS high, fen & 4294967295 AS low",
                             "at",          "case_no >= ?",
                             "case_no < ?", std::nullopt,
                             std::nullopt};

MoneyRows between(MoneyRows rows, std::optional<std::int64_t> from,
                  std::optional<std::int64_t> until) {
    rows.from = from;
    rows.until = until;
    return rows;
}

/// A period as whole days, and what of the days at its ends lies in it.
std::vector<MoneyRows> rows_of(const MoneyQuestion& question) {
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> until;
    if (question.from) from = milliseconds(*question.from);
    if (question.until) until = milliseconds(*question.until);
    std::optional<std::int64_t> first_day;
    std::optional<std::int64_t> end_day;
    if (from) first_day = (*from + kDay - 1) / kDay;
    if (until) end_day = *until / kDay;
    if (first_day && end_day && *first_day >= *end_day) return {between(kMoments, from, until)};
    std::vector<MoneyRows> rows{between(kWholeDays, first_day, end_day)};
    if (from) rows.push_back(between(kMoments, from, *first_day * kDay));
    if (until) rows.push_back(between(kMoments, *end_day * kDay, until));
    return rows;
}

/// Errors: Errc::too_large if it does not fit 64 bits.
Result<Fen> joined(std::int64_t high, std::int64_t low) {
    high += low >> 32;
    if (high > std::numeric_limits<std::int32_t>::max() ||
        high < std::numeric_limits<std::int32_t>::min()) {
        return Errc::too_large;
    }
    return Fen(high * (std::int64_t{1} << 32) + (low & 0xFFFF'FFFF));
}

Result<MoneyTotals> money_totals(SqliteDb& database, const MoneyQuestion& question) {
    std::string sql;
    std::vector<Conditions> all;
    for (const MoneyRows& rows : rows_of(question)) {
        Conditions& where = all.emplace_back();
        if (rows.from) where.add((std::string(rows.time) + " >= ?").c_str(), *rows.from);
        if (rows.until) where.add((std::string(rows.time) + " < ?").c_str(), *rows.until);
        if (question.sender) where.add("unit = ?", question.sender->value());
        if (question.division) {
            add_division(where, rows.from_division, rows.below_division, *question.division);
        }
        sql += (sql.empty() ? "SELECT kind, " : " UNION ALL SELECT kind, ") +
               std::string(rows.halves) + " FROM " + rows.table + where.text();
    }
    Result<Query> query = database.query("SELECT kind, SUM(high), SUM(low) FROM (" + sql +
                                         ") GROUP BY kind ORDER BY kind");
    if (!query) return query.error();
    for (const Conditions& where : all) where.bind(*query);
    MoneyTotals totals;
    for (;;) {
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return totals;
        const Result<Fen> sum = joined(query->integer(1), query->integer(2));
        if (!sum) return sum.error();
        totals.emplace(query->text(0), *sum);
    }
}

/// Cases whose time in `column` lies in the period, by the unit in `by`.
Result<std::int64_t> count_between(SqliteDb& database, const std::string& column,
                                   const std::string& by, const MoneyQuestion& question) {
    Conditions where;
    where.add((column + " IS NOT NULL").c_str());
    if (question.from) where.add((column + " >= ?").c_str(), milliseconds(*question.from));
    if (question.until) where.add((column + " < ?").c_str(), milliseconds(*question.until));
    if (question.sender) where.add((by + " = ?").c_str(), question.sender->value());
    if (question.division) {
        add_division(where, "case_no >= ?", "case_no < ?", *question.division);
    }
    return ask_where(database, "SELECT COUNT(*) FROM cases", where);
}

Result<std::int64_t> count_under_way(SqliteDb& database, const MoneyQuestion& question) {
    Conditions where;
    if (question.until) {
        where.add("(opened_at IS NULL OR opened_at < ?)", milliseconds(*question.until));
    }
    if (question.from) {
        where.add("(concluded_at IS NULL OR concluded_at >= ?)", milliseconds(*question.from));
    }
    if (question.sender) {
        where.add("(opened_by = ? OR instr(moved_units, ?) > 0)", question.sender->value(),
                  listed(question.sender->value()));
    }
    if (question.division) {
        add_division(where, "case_no >= ?", "case_no < ?", *question.division);
    }
    return ask_where(database, "SELECT COUNT(*) FROM cases", where);
}

}  // namespace

Result<std::vector<ListedCase>> list_cases(SqliteDb& database, const CaseFilter& filter) {
    const Conditions where = conditions_of(filter);
    std::vector<ListedCase> cases;
    {
        Result<Query> query = database.query(
            "SELECT case_no, state, title, opened_at, opened_by, major, supervised, concluded_at, "
            "concluded_by, updated_at, decided FROM cases c" +
            std::string(index_for(filter)) + where.text() + " ORDER BY c.case_no LIMIT ?");
        if (!query) return query.error();
        where.bind(*query);
        query->bind(std::uint64_t{filter.limit});
        for (;;) {
            const Result<RowStep> stepped = query->step();
            if (!stepped) return stepped.error();
            if (*stepped == RowStep::end) break;
            cases.push_back({columns_in(*query), {}});
        }
    }
    for (ListedCase& listed : cases) {
        const Result<void> added = add_parts(database, filter.question, listed);
        if (!added) return added.error();
    }
    return cases;
}

Result<LedgerFigures> ledger_figures(SqliteDb& database, const MoneyQuestion& question) {
    LedgerFigures figures;
    Result<MoneyTotals> money = money_totals(database, question);
    if (!money) return money.error();
    figures.money = *std::move(money);
    const Result<std::int64_t> cases = count_under_way(database, question);
    if (!cases) return cases.error();
    const Result<std::int64_t> opened = count_between(database, "opened_at", "opened_by", question);
    if (!opened) return opened.error();
    const Result<std::int64_t> concluded =
        count_between(database, "concluded_at", "concluded_by", question);
    if (!concluded) return concluded.error();
    figures.cases = static_cast<std::uint64_t>(*cases);
    figures.opened = static_cast<std::uint64_t>(*opened);
    figures.concluded = static_cast<std::uint64_t>(*concluded);
    return figures;
}

Result<LedgerCounts> ledger_counts(SqliteDb& database) {
    LedgerCounts counts;
    const std::pair<const char*, std::uint64_t*> questions[] = {
        {"SELECT COUNT(*) FROM notices WHERE case_no IS NOT NULL", &counts.notices},
        {"SELECT COUNT(*) FROM cases", &counts.cases},
        {"SELECT COUNT(*) FROM events", &counts.events},
        {"SELECT COUNT(*) FROM deeds WHERE waits = 1", &counts.waiting},
        {"SELECT COUNT(*) FROM events WHERE refused IS NOT NULL", &counts.refused}};
    for (const auto& [sql, count] : questions) {
        const Result<std::int64_t> answer = database.ask(sql);
        if (!answer) return answer.error();
        *count = static_cast<std::uint64_t>(*answer);
    }
    // What was refused is rare, and what settles it is computed, never kept.
    const Result<std::vector<RefusedEffects>> refused =
        refused_effects(database, std::numeric_limits<std::size_t>::max());
    if (!refused) return refused.error();
    counts.settled = static_cast<std::uint64_t>(
        std::count_if(refused->begin(), refused->end(),
                      [](const RefusedEffects& each) { return each.settled.has_value(); }));
    const Result<std::optional<std::int64_t>> skipped = read_meta(database, meta_key::kSkipped);
    if (!skipped) return skipped.error();
    counts.skipped = static_cast<std::uint64_t>(skipped->value_or(0));
    return counts;
}

}  // namespace tongbao::storage
