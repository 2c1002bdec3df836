#include "storage/sqlite_ledger_questions.hpp"

#include <array>
#include <string>

namespace tongbao::storage {
namespace {

struct ComparedTable {
    const char* name;
    /// Every row once, in the order of its key; the first column is the case, if it has one.
    const char* sql;
    int columns;
    bool of_case;
};

// The truth first, so that what is told is the cause. Positions are not compared: what was read
// since changes them alone.
constexpr std::array kCompared{
    ComparedTable{"events",
                  "SELECT case_no, entry, place, notice, body, refused FROM events ORDER BY "
                  "case_no, entry, place",
                  6, true},
    ComparedTable{"cases",
                  "SELECT case_no, state, title, opened_at, opened_by, major, supervised, "
                  "concluded_at, concluded_by, updated_at, decided, any_decided, moved, fined, "
                  "involved, moved_tracks, moved_units FROM cases ORDER BY case_no",
                  17, true},
    ComparedTable{"tracks",
                  "SELECT case_no, place, id, unit, state, since, open, decided FROM tracks ORDER "
                  "BY case_no, place",
                  8, true},
    ComparedTable{"money",
                  "SELECT case_no, place, kind, fen, unit, at FROM money ORDER BY case_no, place",
                  6, true},
    ComparedTable{"money_days",
                  "SELECT day, kind, unit, division, high, low, entries FROM money_days ORDER BY "
                  "day, kind, unit, division",
                  7, false},
    ComparedTable{"subjects",
                  "SELECT case_no, identifier FROM subjects ORDER BY case_no, identifier", 2, true},
    ComparedTable{"notices",
                  "SELECT case_no, idx, sha256, id, at, in_reply_to, takes_deeds, bytes FROM "
                  "notices ORDER BY idx",
                  8, true},
    ComparedTable{"deeds",
                  "SELECT notice, entry, sha256, unit, cause, at, place, act, has_reason, waits "
                  "FROM deeds ORDER BY notice, entry",
                  10, false},
    ComparedTable{"hand_ins",
                  "SELECT idx, sha256, id, unit, cycle, period, at, recipients FROM hand_ins ORDER "
                  "BY idx",
                  8, false},
    ComparedTable{"taken_back", "SELECT idx, unit, id, taken FROM taken_back ORDER BY idx", 4,
                  false},
    ComparedTable{"meta",
                  "SELECT key, value FROM meta WHERE key NOT IN ('batch', 'settled') ORDER BY key",
                  2, false},
};

bool same_row(const Query& left, const Query& right, int columns) {
    for (int column = 0; column < columns; ++column) {
        if (left.is_none(column) != right.is_none(column)) return false;
        if (left.bytes(column) != right.bytes(column)) return false;
    }
    return true;
}

/// Of two rows that differ, or of which one is not there, the case that comes first.
std::string first_case(const Query* left, const Query* right) {
    if (left == nullptr) return right->text(0);
    if (right == nullptr) return left->text(0);
    return std::min(left->text(0), right->text(0));
}

Result<std::optional<LedgerDifference>> compare_table(SqliteDb& left, SqliteDb& right,
                                                      const ComparedTable& table) {
    Result<Query> ours = left.query(table.sql);
    if (!ours) return ours.error();
    Result<Query> theirs = right.query(table.sql);
    if (!theirs) return theirs.error();
    for (;;) {
        const Result<RowStep> one = ours->step();
        if (!one) return one.error();
        const Result<RowStep> other = theirs->step();
        if (!other) return other.error();
        const bool have = *one == RowStep::row;
        const bool has = *other == RowStep::row;
        if (!have && !has) return std::optional<LedgerDifference>();
        if (have && has && same_row(*ours, *theirs, table.columns)) continue;
        LedgerDifference difference{{}, table.name};
        if (table.of_case) {
            difference.case_number = first_case(have ? &*ours : nullptr, has ? &*theirs : nullptr);
        }
        return std::optional(std::move(difference));
    }
}

}  // namespace

Result<std::optional<LedgerDifference>> compare_ledgers(SqliteDb& left, SqliteDb& right) {
    for (const ComparedTable& table : kCompared) {
        Result<std::optional<LedgerDifference>> found = compare_table(left, right, table);
        if (!found || *found) return found;
    }
    return std::optional<LedgerDifference>();
}

}  // namespace tongbao::storage
