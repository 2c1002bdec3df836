#include "storage/rocks_arrivals.hpp"

#include "storage/daemon_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <utility>

namespace tongbao::storage {

Result<Bytes> RocksArrivals::read_delivery(const View& view, LogIndex batch) const {
    const Result<Bytes> value = view.get(families_.deliveries, index_key(batch));
    if (!value) return value.error();
    Result<Bytes> delivery = decode_opaque(*value);
    if (!delivery) return corrupt(families_.deliveries, batch.value());
    return delivery;
}

Result<std::vector<LogIndex>> RocksArrivals::list_deliveries(const View& view, LogIndex index,
                                                             std::size_t limit) const {
    std::vector<LogIndex> batches;
    Cursor cursor = view.cursor(families_.deliveries);
    cursor.seek_back(index_key(index));
    if (!cursor.valid()) cursor.seek_first();
    for (; cursor.valid() && batches.size() < limit; cursor.next()) {
        const Result<LogIndex> batch = decode_index_key(cursor.key());
        if (!batch) return database_.corrupt(families_.deliveries, "bad key");
        batches.push_back(*batch);
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return batches;
}

Result<std::vector<InboxRow>> RocksArrivals::list_inbox(const View& view,
                                                        std::optional<LogIndex> before,
                                                        std::size_t limit) const {
    std::vector<InboxRow> rows;
    Cursor cursor = view.cursor(families_.inbox);
    if (before) {
        cursor.seek_back(index_key(*before));
    } else {
        cursor.seek_last();
    }
    for (; cursor.valid() && rows.size() < limit; cursor.previous()) {
        const Result<LogIndex> index = decode_index_key(cursor.key());
        if (!index) return database_.corrupt(families_.inbox, "bad key");
        if (before && *index >= *before) continue;
        Result<InboxRow> row = decode_inbox_row(*index, cursor.value());
        if (!row) return corrupt(families_.inbox, index->value());
        rows.push_back(std::move(*row));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

Result<InboxRow> RocksArrivals::read_row(const View& view, LogIndex index) const {
    const Result<Bytes> value = view.get(families_.inbox, index_key(index));
    if (!value) return value.error();
    Result<InboxRow> row = decode_inbox_row(index, *value);
    if (!row) return corrupt(families_.inbox, index.value());
    return row;
}

Result<std::vector<InboxRow>> RocksArrivals::find_received(const View& view, const Uuid& id) const {
    std::vector<InboxRow> rows;
    const Bytes prefix = uuid_key(id);
    Cursor cursor = view.cursor(families_.inbox_ids);
    for (cursor.seek(prefix); cursor.valid() && has_prefix(cursor.key(), prefix); cursor.next()) {
        const Result<std::pair<Uuid, LogIndex>> key = decode_uuid_index_key(cursor.key());
        if (!key || !decode_mark(cursor.value())) {
            return database_.corrupt(families_.inbox_ids, "bad record of " + id.text());
        }
        Result<InboxRow> row = read_row(view, key->second);
        if (!row && row.error() == Errc::not_found)
            return corrupt(families_.inbox, key->second.value());
        if (!row) return row.error();
        rows.push_back(std::move(*row));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

Result<std::optional<Uuid>> RocksArrivals::first_received(const View& view,
                                                          std::span<const Uuid> ids) const {
    // Opening a cursor costs more than moving it.
    Cursor cursor = view.cursor(families_.inbox_ids);
    for (const Uuid& id : ids) {
        const Bytes prefix = uuid_key(id);
        cursor.seek(prefix);
        if (cursor.valid() && has_prefix(cursor.key(), prefix)) return std::optional(id);
        if (const auto ended = cursor.finish(); !ended) return ended.error();
    }
    return std::optional<Uuid>();
}

Result<std::vector<ActRow>> RocksArrivals::read_acts(const View& view, LogIndex notice) const {
    std::vector<ActRow> rows;
    const Bytes prefix = index_key(notice);
    Cursor cursor = view.cursor(families_.acts);
    for (cursor.seek(prefix); cursor.valid() && has_prefix(cursor.key(), prefix); cursor.next()) {
        const Result<std::pair<LogIndex, LogIndex>> key = decode_index_pair_key(cursor.key());
        if (!key) return corrupt(families_.acts, notice.value());
        Result<ActRow> row = decode_act_row(notice, key->second, cursor.value());
        if (!row) return corrupt(families_.acts, notice.value());
        rows.push_back(std::move(*row));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

}  // namespace tongbao::storage
