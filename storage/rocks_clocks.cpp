#include "storage/rocks_clocks.hpp"

#include "storage/clock_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tongbao::storage {
namespace {

/// A walk over the keys with one prefix.
struct Walk {
    Bytes prefix;
    Cursor cursor;

    [[nodiscard]] bool valid() const { return cursor.valid() && has_prefix(cursor.key(), prefix); }
    [[nodiscard]] BytesView suffix() const { return cursor.key().subspan(prefix.size()); }
};

bool is_less(BytesView a, BytesView b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

Bytes joined(const Bytes& prefix, const Bytes& suffix) {
    return RecordWriter(prefix.size() + suffix.size()).raw(prefix).raw(suffix).bytes();
}

bool is_among(const std::vector<OpenClockDue>& all, const OpenClockDue& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_beyond(const OpenClockPlace& place, const OpenClockQuery& query) {
    return query.until && (!place.due || *place.due > *query.until);
}

}  // namespace

void RocksClocks::put_open(Writes& writes, const ClockRecord& record, const OpenClockDue& open,
                           bool present) const {
    const Bytes suffix = open_clock_suffix(place_of(record, open));
    const auto change = [&](ClockSide side, const UnitId& unit) {
        const Bytes key = joined(open_clock_prefix(side, unit), suffix);
        if (present) {
            writes.put(families_.open, key, encode_mark());
        } else {
            writes.remove(families_.open, key);
        }
    };
    change(ClockSide::recipient, record.unit);
    // Its own answers come once.
    if (record.from != record.unit) change(ClockSide::sender, record.from);
}

void RocksClocks::put(Writes& writes, const ClockUpdate& update) const {
    const ClockRecord& record = update.record;
    const ClockIndexes& now = record.indexes;
    const ClockIndexes& before = update.before;
    writes.put(families_.records, index_unit_key(record.notice, record.unit),
               encode_clock_record(record));
    if (before.look != now.look) {
        const auto key = [&record](UtcTime at) {
            return look_key({at, record.notice, record.unit});
        };
        if (before.look) writes.remove(families_.looks, key(*before.look));
        if (now.look) writes.put(families_.looks, key(*now.look), encode_mark());
    }
    for (const OpenClockDue& each : before.open) {
        if (!is_among(now.open, each)) put_open(writes, record, each, false);
    }
    for (const OpenClockDue& each : now.open) {
        if (!is_among(before.open, each)) put_open(writes, record, each, true);
    }
}

Result<std::optional<ClockRecord>> RocksClocks::read(const View& view, LogIndex notice,
                                                     const UnitId& unit) const {
    using Found = std::optional<ClockRecord>;
    const Result<Bytes> value = view.get(families_.records, index_unit_key(notice, unit));
    if (!value && value.error() == Errc::not_found) return Found();
    if (!value) return value.error();
    Result<ClockRecord> record = decode_clock_record(notice, unit, *value);
    if (!record) {
        return database_.corrupt(
            families_.records,
            "bad record of " + std::to_string(notice.value()) + " at " + unit.value());
    }
    return Found(*std::move(record));
}

Result<std::vector<LookRow>> RocksClocks::read_looks(const View& view, std::size_t limit) const {
    std::vector<LookRow> rows;
    Cursor cursor = view.cursor(families_.looks);
    for (cursor.seek_first(); cursor.valid() && rows.size() < limit; cursor.next()) {
        Result<LookRow> row = decode_look_key(cursor.key());
        if (!row || !decode_mark(cursor.value())) {
            return database_.corrupt(families_.looks,
                                     "bad record after " + std::to_string(rows.size()) + " others");
        }
        rows.push_back(*std::move(row));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

Result<std::vector<Bytes>> RocksClocks::prefixes(const View& view,
                                                 const OpenClockQuery& query) const {
    if (query.party) {
        if (!is_key_name(query.party->value())) return std::vector<Bytes>();
        return std::vector{open_clock_prefix(ClockSide::recipient, *query.party),
                           open_clock_prefix(ClockSide::sender, *query.party)};
    }
    // Each clock stands once among those of recipients.
    std::vector<Bytes> found;
    const auto side = static_cast<std::uint8_t>(ClockSide::recipient);
    Cursor cursor = view.cursor(families_.open);
    cursor.seek(Bytes{side});
    while (cursor.valid() && cursor.key()[0] == side) {
        const BytesView key = cursor.key();
        constexpr std::size_t kHead = 2;
        if (key.size() < kHead || key[1] == 0 || key.size() < kHead + key[1]) {
            return database_.corrupt(families_.open, "bad key");
        }
        const BytesView prefix = key.first(kHead + key[1]);
        found.push_back(to_bytes(prefix));
        Bytes next = found.back();
        ++next.back();  // no name ends in 0xff
        cursor.seek(next);
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return found;
}

Result<std::vector<OpenClockPlace>> RocksClocks::places(const View& view,
                                                        const OpenClockQuery& query) const {
    Result<std::vector<Bytes>> all = prefixes(view, query);
    if (!all) return all.error();
    const Bytes after = query.after ? open_clock_suffix(*query.after) : Bytes();
    std::vector<Walk> walks;
    for (Bytes& prefix : *all) {
        walks.push_back({std::move(prefix), view.cursor(families_.open)});
        Walk& walk = walks.back();
        walk.cursor.seek(joined(walk.prefix, after));
        if (query.after && walk.valid() && std::ranges::equal(walk.suffix(), after)) {
            walk.cursor.next();
        }
    }
    std::vector<OpenClockPlace> found;
    while (found.size() < query.limit) {
        Walk* first = nullptr;
        for (Walk& walk : walks) {
            if (!walk.valid()) continue;
            if (first == nullptr || is_less(walk.suffix(), first->suffix())) first = &walk;
        }
        if (first == nullptr) break;
        Result<OpenClockPlace> place = decode_open_clock_suffix(first->suffix());
        if (!place || !decode_mark(first->cursor.value())) {
            return database_.corrupt(families_.open, "bad record");
        }
        if (is_beyond(*place, query)) break;
        found.push_back(*std::move(place));
        first->cursor.next();
    }
    for (const Walk& walk : walks) {
        if (const auto ended = walk.cursor.finish(); !ended) return ended.error();
    }
    return found;
}

Result<std::vector<OpenClock>> RocksClocks::read_open(
    const View& view, const OpenClockQuery& query,
    const std::function<Result<std::uint32_t>(LogIndex, const UnitId&)>& standing_of) const {
    Result<std::vector<OpenClockPlace>> found = places(view, query);
    if (!found) return found.error();
    std::map<std::pair<LogIndex, UnitId>, OpenClock> records;
    std::vector<OpenClock> open;
    for (OpenClockPlace& place : *found) {
        auto& known = records[{place.notice, place.unit}];
        if (known.record == nullptr) {
            Result<std::optional<ClockRecord>> record = read(view, place.notice, place.unit);
            if (!record) return record.error();
            const Result<std::uint32_t> standing = standing_of(place.notice, place.unit);
            if (!standing) return standing.error();
            if (!*record || place.clock >= (*record)->clocks.size()) {
                return database_.corrupt(families_.open,
                                         "no record of " + std::to_string(place.notice.value()));
            }
            known = {{}, std::make_shared<const ClockRecord>(**std::move(record)), *standing};
        }
        open.push_back({std::move(place), known.record, known.standing});
    }
    return open;
}

}  // namespace tongbao::storage
