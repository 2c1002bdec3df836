#include "storage/rocks_dispatches.hpp"

#include "storage/dispatch_records.hpp"
#include "storage/key_codec.hpp"

#include <string>
#include <utility>

namespace tongbao::storage {

void RocksDispatches::put(Writes& writes, const DispatchUpdate& update) const {
    const DispatchPlace& place = update.row.place;
    if (update.before && *update.before != place.stage) {
        DispatchPlace old = place;
        old.stage = *update.before;
        writes.remove(family_, dispatch_key(old));
    }
    writes.put(family_, dispatch_key(place), encode_dispatch(update.row.entries));
}

Result<std::optional<DispatchRow>> RocksDispatches::find(const View& view,
                                                         const DispatchPlace& place) const {
    if (!is_sound({place, {}})) return std::optional<DispatchRow>();
    const Result<Bytes> value = view.get(family_, dispatch_key(place));
    if (!value && value.error() == Errc::not_found) return std::optional<DispatchRow>();
    if (!value) return value.error();
    Result<std::vector<LogIndex>> entries = decode_dispatch(*value);
    if (!entries) {
        return database_.corrupt(family_, "bad record of " + std::to_string(place.notice.value()));
    }
    return std::optional(DispatchRow{place, *std::move(entries)});
}

Result<std::vector<DispatchRow>> RocksDispatches::read(const View& view,
                                                       const DispatchQuery& query) const {
    std::vector<DispatchRow> rows;
    if (query.from && !is_key_name(query.from->value())) return rows;
    const Bytes prefix = dispatch_prefix(query);
    if (query.after && !has_prefix(dispatch_key(*query.after), prefix)) return rows;
    Cursor cursor = view.cursor(family_);
    for (cursor.seek(query.after ? dispatch_key(*query.after) : prefix);
         cursor.valid() && has_prefix(cursor.key(), prefix) && rows.size() < query.limit;
         cursor.next()) {
        Result<DispatchPlace> place = decode_dispatch_key(cursor.key());
        Result<std::vector<LogIndex>> entries = decode_dispatch(cursor.value());
        if (!place || !entries) {
            return database_.corrupt(family_,
                                     "bad record after " + std::to_string(rows.size()) + " others");
        }
        if (query.after && *place == *query.after) continue;
        rows.push_back({*std::move(place), *std::move(entries)});
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

}  // namespace tongbao::storage
