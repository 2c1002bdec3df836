#include "storage/rocks_sent_items.hpp"

#include "storage/daemon_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace tongbao::storage {

Result<std::uint64_t> RocksSentItems::next_sequence(const View& view) const {
    Cursor cursor = view.cursor(families_.sent);
    cursor.seek_last();
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return std::uint64_t{1};
    }
    const Result<std::uint64_t> last = decode_number_key(cursor.key());
    if (!last) return last.error();
    return *last + 1;
}

Result<std::uint64_t> RocksSentItems::count_outbox(const View& view) const {
    std::uint64_t count = 0;
    Cursor cursor = view.cursor(families_.outbox);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) ++count;
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return count;
}

Result<void> RocksSentItems::check_absent(const View& view, const Uuid& id) const {
    const Result<std::uint64_t> known = find_sequence(view, id);
    if (known) return Errc::already_exists;
    if (known.error() != Errc::not_found) return known.error();
    return {};
}

Result<void> RocksSentItems::put(Writes& writes, const View& view,
                                 const std::vector<SentItem>& items, std::uint64_t sequence) const {
    std::set<Uuid> ids;
    for (const SentItem& item : items) {
        if (!is_storable(item.id)) return Errc::bad_argument;
        if (!ids.insert(item.id).second) return Errc::already_exists;
        if (const auto fresh = check_absent(view, item.id); !fresh) return fresh.error();

        const Bytes key = number_key(sequence);
        writes.put(families_.sent, key, encode_sent(item));
        writes.put(families_.sent_ids, uuid_key(item.id), key);
        writes.put(families_.outbox, key, encode_mark());
        if (!item.is_act) writes.put(families_.sent_notices, key, encode_mark());
        ++sequence;
    }
    return {};
}

Result<std::uint64_t> RocksSentItems::find_sequence(const View& view, const Uuid& id) const {
    const Result<Bytes> value = view.get(families_.sent_ids, uuid_key(id));
    if (!value) return value.error();
    const Result<std::uint64_t> sequence = decode_number_key(*value);
    if (!sequence) return database_.corrupt(families_.sent_ids, "bad record " + id.text());
    return sequence;
}

Result<SentItem> RocksSentItems::read(const View& view, std::uint64_t sequence) const {
    const Bytes key = number_key(sequence);
    const Result<Bytes> value = view.get(families_.sent, key);
    if (!value && value.error() == Errc::not_found) return corrupt(families_.sent, sequence);
    if (!value) return value.error();
    Result<SentItem> item = decode_sent(sequence, *value);
    if (!item) return corrupt(families_.sent, sequence);

    const Result<Bytes> outcome = view.get(families_.outcomes, key);
    if (!outcome && outcome.error() == Errc::not_found) return item;
    if (!outcome) return outcome.error();
    if (!decode_outcome(*outcome, *item)) return corrupt(families_.outcomes, sequence);
    return item;
}

Result<std::uint64_t> RocksSentItems::settle(Writes& writes, const View& view,
                                             const std::vector<SentItem>& items,
                                             std::uint64_t outbox_size) const {
    // By sequence, whether it is queued after this; the last word on an item holds.
    std::map<std::uint64_t, bool> queued;
    for (const SentItem& item : items) {
        const Result<std::uint64_t> sequence = item.sequence != 0
                                                   ? Result<std::uint64_t>(item.sequence)
                                                   : find_sequence(view, item.id);
        if (!sequence) return sequence.error();
        writes.put(families_.outcomes, number_key(*sequence), encode_outcome(item));
        queued[*sequence] = item.state == SentState::queued;
        if (item.state != SentState::accepted || !item.index) continue;
        // What came out of the outbox says itself what it is.
        bool notice = !item.is_act;
        if (item.sequence == 0) {
            const Result<Bytes> mark = view.get(families_.sent_notices, number_key(*sequence));
            if (!mark && mark.error() != Errc::not_found) return mark.error();
            notice = mark.has_value();
        }
        if (notice) {
            writes.put(families_.sent_places, number_key(item.index->value()),
                       number_key(*sequence));
        }
    }
    // Both are in order: one pass of the cursor tells of each whether it waits.
    Cursor cursor = view.cursor(families_.outbox);
    for (const auto& [sequence, stays] : queued) {
        const Bytes key = number_key(sequence);
        const auto waits = [&] { return cursor.valid() && std::ranges::equal(cursor.key(), key); };
        if (!waits()) cursor.seek(key);
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        const bool waiting = waits();
        if (waiting) cursor.next();
        if (waiting && !stays) {
            writes.remove(families_.outbox, key);
            --outbox_size;
        } else if (!waiting && stays) {
            writes.put(families_.outbox, key, encode_mark());
            ++outbox_size;
        }
    }
    return outbox_size;
}

Result<std::vector<SentItem>> RocksSentItems::read_outbox(const View& view, std::uint64_t after,
                                                          std::size_t max_items,
                                                          std::size_t max_bytes) const {
    std::vector<SentItem> items;
    if (after == std::numeric_limits<std::uint64_t>::max()) return items;
    std::size_t bytes = 0;
    Cursor cursor = view.cursor(families_.outbox);
    // What waits mostly stands together: moving a cursor costs less than looking each one up.
    Cursor sent = view.cursor(families_.sent);
    for (cursor.seek(number_key(after + 1)); cursor.valid() && items.size() < max_items;
         cursor.next()) {
        const Result<std::uint64_t> sequence = decode_number_key(cursor.key());
        if (!sequence || !decode_mark(cursor.value())) return corrupt(families_.outbox, after);
        if (!sent.valid() || !std::ranges::equal(sent.key(), cursor.key())) sent.seek(cursor.key());
        if (!sent.valid() || !std::ranges::equal(sent.key(), cursor.key())) {
            if (const auto ended = sent.finish(); !ended) return ended.error();
            return corrupt(families_.sent, *sequence);
        }
        // What became of it before does not matter: it waits.
        Result<SentItem> item = decode_sent(*sequence, sent.value());
        if (!item) return corrupt(families_.sent, *sequence);
        sent.next();
        bytes += item->bytes.size();
        for (const Bytes& each : item->endorsements) bytes += each.size();
        if (!items.empty() && bytes > max_bytes) break;
        items.push_back(std::move(*item));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return items;
}

Result<SentItem> RocksSentItems::find(const View& view, const Uuid& id) const {
    const Result<std::uint64_t> sequence = find_sequence(view, id);
    if (!sequence) return sequence.error();
    return read(view, *sequence);
}

Result<SentItem> RocksSentItems::find_at(const View& view, LogIndex index) const {
    const Result<Bytes> value = view.get(families_.sent_places, number_key(index.value()));
    if (!value) return value.error();
    const Result<std::uint64_t> sequence = decode_number_key(*value);
    if (!sequence) return corrupt(families_.sent_places, index.value());
    return read(view, *sequence);
}

Result<std::vector<SentItem>> RocksSentItems::list(const View& view, std::size_t limit) const {
    std::vector<SentItem> items;
    Cursor cursor = view.cursor(families_.sent_notices);
    for (cursor.seek_last(); cursor.valid() && items.size() < limit; cursor.previous()) {
        const Result<std::uint64_t> sequence = decode_number_key(cursor.key());
        if (!sequence || !decode_mark(cursor.value())) {
            return database_.corrupt(families_.sent_notices, "bad record");
        }
        Result<SentItem> item = read(view, *sequence);
        if (!item) return item.error();
        items.push_back(std::move(*item));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return items;
}

Result<std::vector<SentItem>> RocksSentItems::read_settled(const View& view, std::uint64_t after,
                                                           std::size_t limit) const {
    std::vector<SentItem> items;
    if (after == std::numeric_limits<std::uint64_t>::max()) return items;
    const Result<std::uint64_t> through = settled_through(view);
    if (!through) return through.error();
    Cursor cursor = view.cursor(families_.sent);
    for (cursor.seek(number_key(after + 1)); cursor.valid() && items.size() < limit;
         cursor.next()) {
        const Result<std::uint64_t> sequence = decode_number_key(cursor.key());
        if (!sequence) return corrupt(families_.sent, after);
        if (*sequence > *through) break;
        Result<SentItem> item = read(view, *sequence);
        if (!item) return item.error();
        items.push_back(std::move(*item));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return items;
}

Result<std::uint64_t> RocksSentItems::settled_through(const View& view) const {
    Cursor cursor = view.cursor(families_.outbox);
    cursor.seek_first();
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        const Result<std::uint64_t> next = next_sequence(view);
        if (!next) return next.error();
        return *next - 1;
    }
    const Result<std::uint64_t> first = decode_number_key(cursor.key());
    if (!first || *first == 0) return database_.corrupt(families_.outbox, "bad key");
    return *first - 1;
}

}  // namespace tongbao::storage
