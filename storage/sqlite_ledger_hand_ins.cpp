#include "storage/sqlite_ledger_hand_ins.hpp"

#include "storage/sqlite_ledger_values.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace tongbao::storage {
namespace {

std::string list_of(const std::vector<UnitId>& units) {
    std::string text;
    for (const UnitId& unit : units) text += (text.empty() ? "" : ",") + unit.value();
    return text;
}

std::vector<UnitId> units_of_list(std::string_view text) {
    std::vector<UnitId> units;
    while (!text.empty()) {
        const std::string_view unit = text.substr(0, text.find(','));
        units.emplace_back(std::string(unit));
        text.remove_prefix(std::min(text.size(), unit.size() + 1));
    }
    return units;
}

Result<HandIn> hand_in_of_row(const Query& row) {
    HandIn hand_in;
    hand_in.notice.index = LogIndex(row.number(0));
    const Result<Digest> sha256 = digest_in(row.bytes(1));
    if (!sha256) return sha256.error();
    hand_in.notice.sha256 = *sha256;
    const Result<NoticeId> id = id_in(row.bytes(2));
    if (!id) return id.error();
    hand_in.id = *id;
    hand_in.from = UnitId(row.text(3));
    hand_in.logged = time_of(row.integer(4));
    hand_in.to = units_of_list(row.text(5));
    return hand_in;
}

/// What took `id` of the unit back, behind what `known` has.
Result<void> add_takings(SqliteDb& database, const UnitId& unit, const NoticeId& id,
                         std::vector<TakenBack>& known) {
    Result<Query> query =
        database.query("SELECT idx, id FROM taken_back WHERE unit = ? AND taken = ?");
    if (!query) return query.error();
    query->bind(std::string_view(unit.value())).bind(BytesView(id.value().array()));
    for (;;) {
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return {};
        const Result<NoticeId> taking = id_in(query->bytes(1));
        if (!taking) return taking.error();
        known.push_back({LogIndex(query->number(0)), *taking, id});
    }
}

/// All that bears on whether the notice counts: what took it back, what took that back, and so on.
Result<std::vector<TakenBack>> takings_of(SqliteDb& database, const HandIn& hand_in) {
    std::vector<TakenBack> takings;
    const Result<void> first = add_takings(database, hand_in.from, hand_in.id, takings);
    if (!first) return first.error();
    std::set<NoticeId> asked{hand_in.id};
    for (std::size_t at = 0; at < takings.size(); ++at) {
        const NoticeId id = takings[at].id;
        if (!asked.insert(id).second) continue;
        const Result<void> more = add_takings(database, hand_in.from, id, takings);
        if (!more) return more.error();
    }
    return takings;
}

}  // namespace

Result<void> write_hand_in(SqliteDb& database, const HandIn& hand_in) {
    Result<Query> query = database.query(
        "INSERT OR IGNORE INTO hand_ins(idx, sha256, id, unit, cycle, period, at, recipients) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!query) return query.error();
    return query->bind(hand_in.notice.index.value())
        .bind(BytesView(hand_in.notice.sha256.bytes()))
        .bind(BytesView(hand_in.id.value().array()))
        .bind(std::string_view(hand_in.from.value()))
        .bind(std::string_view(hand_in.cycle))
        .bind(std::string_view(hand_in.period))
        .bind(count_of(hand_in.logged))
        .bind(std::string_view(list_of(hand_in.to)))
        .run();
}

Result<void> write_taking(SqliteDb& database, const LedgerTaking& taking) {
    Result<Query> query =
        database.query("INSERT OR IGNORE INTO taken_back(idx, unit, id, taken) VALUES(?, ?, ?, ?)");
    if (!query) return query.error();
    return query->bind(taking.what.index.value())
        .bind(std::string_view(taking.from.value()))
        .bind(BytesView(taking.what.id.value().array()))
        .bind(BytesView(taking.what.taken.value().array()))
        .run();
}

Result<std::vector<HandIn>> hand_ins_in_force(SqliteDb& database, const std::string& cycle,
                                              const std::string& period) {
    std::vector<HandIn> all;
    {
        Result<Query> query = database.query(
            "SELECT idx, sha256, id, unit, at, recipients FROM hand_ins WHERE cycle = ? AND "
            "period = ? ORDER BY idx");
        if (!query) return query.error();
        query->bind(std::string_view(cycle)).bind(std::string_view(period));
        for (;;) {
            const Result<RowStep> stepped = query->step();
            if (!stepped) return stepped.error();
            if (*stepped == RowStep::end) break;
            Result<HandIn> hand_in = hand_in_of_row(*query);
            if (!hand_in) return hand_in.error();
            hand_in->cycle = cycle;
            hand_in->period = period;
            all.push_back(*std::move(hand_in));
        }
    }
    std::vector<HandIn> in_force;
    for (HandIn& each : all) {
        const Result<std::vector<TakenBack>> takings = takings_of(database, each);
        if (!takings) return takings.error();
        if (is_in_force(each.id, each.notice.index, *takings)) in_force.push_back(std::move(each));
    }
    return in_force;
}

}  // namespace tongbao::storage
