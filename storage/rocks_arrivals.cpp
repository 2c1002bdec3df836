#include "storage/rocks_arrivals.hpp"

#include "storage/daemon_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace tongbao::storage {
namespace {

/// Notices on which one record of an act may be: it is found by looking back so far from each.
constexpr std::uint64_t kActSpan = 256;

bool is_same_act(const ActRow& left, const ActRow& right) {
    return left.act == right.act && left.kind == right.kind && left.unit == right.unit &&
           left.time == right.time && left.reason == right.reason;
}

}  // namespace

Result<void> RocksArrivals::check_empty(const View& view) const {
    Cursor deliveries = view.cursor(families_.deliveries);
    deliveries.seek_first();
    if (deliveries.valid()) return Errc::already_exists;
    return deliveries.finish();
}

Result<void> RocksArrivals::put(Writes& writes, const View& view, const Received& received) const {
    const Bytes key = index_key(received.batch);
    const Result<Bytes> known = view.get(families_.deliveries, key);
    if (known) return Errc::already_exists;
    if (known.error() != Errc::not_found) return known.error();
    if (const auto put = put_rows(writes, view, received); !put) return put.error();
    writes.put(families_.deliveries, key, encode_opaque({}), received.delivery);
    put_acts(writes, received.acts);
    for (const AddedState& each : received.states) {
        if (const auto put = put_state(writes, view, each); !put) return put.error();
    }
    return {};
}

Result<void> RocksArrivals::put_rows(Writes& writes, const View& view,
                                     const Received& received) const {
    if (received.notices.empty()) return {};
    std::vector<InboxRow> rows = received.notices;
    const auto is_before = [](const InboxRow& left, const InboxRow& right) {
        return left.index < right.index;
    };
    std::sort(rows.begin(), rows.end(), is_before);
    const auto twice = std::adjacent_find(
        rows.begin(), rows.end(),
        [](const auto& left, const auto& right) { return left.index == right.index; });
    if (twice != rows.end()) return Errc::bad_argument;
    // Rows of two deliveries never mix: what a delivery brings stands behind what came before.
    Cursor inbox = view.cursor(families_.inbox);
    inbox.seek_last();
    if (inbox.valid()) {
        const Result<LogIndex> first = decode_index_key(inbox.key());
        if (!first) return database_.corrupt(families_.inbox, "bad key");
        const auto last = decode_inbox_rows(*first, inbox.value());
        if (!last) return corrupt(families_.inbox, first->value());
        if (rows.front().index <= last->back().index) return Errc::bad_argument;
    }
    if (const auto ended = inbox.finish(); !ended) return ended.error();
    writes.put(families_.inbox, index_key(rows.front().index), encode_inbox_rows(rows));
    std::vector<IdUse> uses;
    uses.reserve(rows.size());
    for (const InboxRow& row : rows) uses.push_back({row.id, row.from, row.index.value(), {}});
    return ids_.put(writes, view, uses);
}

void RocksArrivals::put_acts(Writes& writes, const std::vector<ActRow>& acts) const {
    std::vector<ActRow> rows = acts;
    const auto is_before = [](const ActRow& left, const ActRow& right) {
        return std::pair(left.act, left.notice) < std::pair(right.act, right.notice);
    };
    std::stable_sort(rows.begin(), rows.end(), is_before);
    for (auto begin = rows.begin(); begin != rows.end();) {
        const auto end = std::find_if(std::next(begin), rows.end(), [&begin](const ActRow& row) {
            return !is_same_act(row, *begin) ||
                   row.notice.value() - begin->notice.value() >= kActSpan;
        });
        writes.put(families_.acts, index_pair_key(begin->notice, begin->act),
                   encode_act_rows(std::span(begin, end)));
        begin = end;
    }
}

Result<void> RocksArrivals::put_state(Writes& writes, const View& view,
                                      const AddedState& added) const {
    const Result<InboxRow> row = read_row(view, added.notice);
    if (!row) return row.error();
    const auto state = static_cast<std::uint8_t>(row->state | added.state);
    writes.put(families_.inbox_states, index_key(added.notice), encode_state(state));
    return {};
}

Result<std::vector<InboxRow>> RocksArrivals::read_rows(const Cursor& inbox, Cursor& states) const {
    const Result<LogIndex> first = decode_index_key(inbox.key());
    if (!first) return database_.corrupt(families_.inbox, "bad key");
    Result<std::vector<InboxRow>> rows = decode_inbox_rows(*first, inbox.value());
    if (!rows) return corrupt(families_.inbox, first->value());
    auto row = rows->begin();
    for (states.seek(inbox.key()); states.valid(); states.next()) {
        const Result<LogIndex> index = decode_index_key(states.key());
        // Marks are the hub's to keep.
        const Result<std::uint32_t> state = decode_state(states.value());
        if (!index || !state || *state > std::numeric_limits<std::uint8_t>::max()) {
            return corrupt(families_.inbox_states, first->value());
        }
        while (row != rows->end() && row->index < *index) ++row;
        if (row == rows->end()) break;
        if (row->index == *index) row->state = static_cast<std::uint8_t>(*state);
    }
    if (const auto ended = states.finish(); !ended) return ended.error();
    return rows;
}

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
    std::vector<InboxRow> found;
    Cursor cursor = view.cursor(families_.inbox);
    Cursor states = view.cursor(families_.inbox_states);
    if (before) {
        cursor.seek_back(index_key(*before));
    } else {
        cursor.seek_last();
    }
    for (; cursor.valid() && found.size() < limit; cursor.previous()) {
        Result<std::vector<InboxRow>> rows = read_rows(cursor, states);
        if (!rows) return rows.error();
        for (auto row = rows->rbegin(); row != rows->rend() && found.size() < limit; ++row) {
            if (!before || row->index < *before) found.push_back(std::move(*row));
        }
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return found;
}

Result<InboxRow> RocksArrivals::read_row(const View& view, LogIndex index) const {
    Cursor cursor = view.cursor(families_.inbox);
    cursor.seek_back(index_key(index));
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return Errc::not_found;
    }
    Cursor states = view.cursor(families_.inbox_states);
    Result<std::vector<InboxRow>> rows = read_rows(cursor, states);
    if (!rows) return rows.error();
    const auto row =
        std::lower_bound(rows->begin(), rows->end(), index,
                         [](const InboxRow& each, LogIndex wanted) { return each.index < wanted; });
    if (row == rows->end() || row->index != index) return Errc::not_found;
    return std::move(*row);
}

Result<std::vector<InboxRow>> RocksArrivals::find_received(const View& view, const Uuid& id) const {
    Result<std::vector<IdUse>> uses = ids_.find(view, std::span(&id, 1));
    if (!uses) return uses.error();
    std::sort(uses->begin(), uses->end(),
              [](const IdUse& left, const IdUse& right) { return left.place < right.place; });
    std::vector<InboxRow> rows;
    for (const IdUse& use : *uses) {
        Result<InboxRow> row = read_row(view, LogIndex(use.place));
        if (!row && row.error() == Errc::not_found) return corrupt(families_.inbox, use.place);
        if (!row) return row.error();
        rows.push_back(std::move(*row));
    }
    return rows;
}

Result<std::optional<Uuid>> RocksArrivals::first_received(const View& view,
                                                          std::span<const Uuid> ids) const {
    const Result<std::vector<IdUse>> uses = ids_.find(view, ids);
    if (!uses) return uses.error();
    const auto arrived = [&uses](const Uuid& id) {
        return std::any_of(uses->begin(), uses->end(),
                           [&id](const IdUse& use) { return use.id == id; });
    };
    const auto first = uses->empty() ? ids.end() : std::find_if(ids.begin(), ids.end(), arrived);
    return first == ids.end() ? std::optional<Uuid>() : std::optional(*first);
}

Result<std::vector<ActRow>> RocksArrivals::read_acts(const View& view, LogIndex notice) const {
    std::vector<ActRow> found;
    const std::uint64_t back = std::min(notice.value(), kActSpan - 1);
    Cursor cursor = view.cursor(families_.acts);
    for (cursor.seek(index_key(LogIndex(notice.value() - back))); cursor.valid(); cursor.next()) {
        const Result<std::pair<LogIndex, LogIndex>> key = decode_index_pair_key(cursor.key());
        if (!key) return corrupt(families_.acts, notice.value());
        if (key->first > notice) break;
        Result<std::vector<ActRow>> rows = decode_act_rows(key->first, key->second, cursor.value());
        if (!rows) return corrupt(families_.acts, notice.value());
        for (ActRow& row : *rows) {
            if (row.notice == notice) found.push_back(std::move(row));
        }
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    std::stable_sort(found.begin(), found.end(),
                     [](const ActRow& left, const ActRow& right) { return left.act < right.act; });
    return found;
}

}  // namespace tongbao::storage
