#include "storage/rocks_sent_items.hpp"

#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::uint64_t kNoSequence = std::numeric_limits<std::uint64_t>::max();
/// Whoever wants one item reads at most so many, and about so many bytes.
constexpr std::size_t kMaxRunItems = 256;
constexpr std::size_t kMaxRunBytes = 512 * 1024;

std::size_t bytes_of(const SentItem& item) {
    std::size_t bytes = item.bytes.size();
    for (const Bytes& each : item.endorsements) bytes += each.size();
    return bytes;
}

/// How many of the items, from the first on, one run takes.
std::size_t run_length(std::span<const SentItem> items) {
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < std::min(items.size(), kMaxRunItems)) {
        bytes += bytes_of(items[count]);
        if (count > 0 && bytes > kMaxRunBytes) break;
        ++count;
    }
    return count;
}

bool has_notice(std::span<const SentItem> items) {
    return std::any_of(items.begin(), items.end(), [](const auto& each) { return !each.is_act; });
}

}  // namespace

Result<std::uint64_t> RocksSentItems::next_sequence(const View& view) const {
    Cursor cursor = view.cursor(families_.sent);
    cursor.seek_last();
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return std::uint64_t{1};
    }
    const Result<std::uint64_t> first = decode_number_key(cursor.key());
    if (!first) return first.error();
    const Result<std::uint64_t> count = count_sent_run(cursor.value());
    if (!count) return corrupt(families_.sent, *first);
    return *first + *count;
}

Result<Cursor> RocksSentItems::outbox(const View& view) const {
    Result<Bytes> begin = view.get(families_.meta, as_bytes(kOutboxKey));
    if (!begin && begin.error() == Errc::not_found) return view.cursor(families_.outbox);
    if (!begin) return begin.error();
    if (!decode_number_key(*begin)) return database_.corrupt(families_.meta, "bad place of outbox");
    return view.cursor(families_.outbox, *std::move(begin));
}

Result<std::uint64_t> RocksSentItems::count_outbox(const View& view) const {
    std::uint64_t total = 0;
    Result<Cursor> cursor = outbox(view);
    if (!cursor) return cursor.error();
    for (cursor->seek_first(); cursor->valid(); cursor->next()) {
        const Result<std::uint64_t> count = decode_count(cursor->value());
        if (!count) return database_.corrupt(families_.outbox, "bad record");
        total += *count;
    }
    if (const auto ended = cursor->finish(); !ended) return ended.error();
    return total;
}

Result<void> RocksSentItems::check_absent(const View& view, std::span<const Uuid> ids) const {
    const Result<std::vector<IdUse>> known = ids_.find(view, ids);
    if (!known) return known.error();
    if (!known->empty()) return Errc::already_exists;
    return {};
}

Result<void> RocksSentItems::put(Writes& writes, const View& view,
                                 const std::vector<SentItem>& items, std::uint64_t sequence) const {
    if (items.empty()) return {};
    std::vector<Uuid> ids;
    std::vector<IdUse> uses;
    ids.reserve(items.size());
    uses.reserve(items.size());
    for (const SentItem& item : items) {
        if (!is_storable(item.id)) return Errc::bad_argument;
        ids.push_back(item.id);
        uses.push_back({item.id, {}, sequence + uses.size(), {}});
    }
    std::sort(ids.begin(), ids.end());
    if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) return Errc::already_exists;
    if (const auto fresh = check_absent(view, ids); !fresh) return fresh.error();

    // What comes together waits together.
    writes.put(families_.outbox, number_key(sequence), encode_count(items.size()));
    for (std::span<const SentItem> rest(items); !rest.empty();) {
        const std::span<const SentItem> run = rest.first(run_length(rest));
        const Bytes key = number_key(sequence);
        writes.put(families_.sent, key, encode_sent_run(run));
        if (has_notice(run)) writes.put(families_.sent_notices, key, encode_mark());
        sequence += run.size();
        rest = rest.subspan(run.size());
    }
    return ids_.put(writes, view, uses);
}

Result<std::uint64_t> RocksSentItems::find_sequence(const View& view, const Uuid& id) const {
    const Result<std::vector<IdUse>> uses = ids_.find(view, std::span(&id, 1));
    if (!uses) return uses.error();
    if (uses->empty()) return Errc::not_found;
    return uses->front().place;
}

Result<void> RocksSentItems::each_row(Cursor& rows, Family family, std::uint64_t from,
                                      std::uint64_t through, const TakeRow& take) const {
    rows.seek_back(number_key(from));
    if (!rows.valid()) rows.seek(number_key(from));
    for (; rows.valid(); rows.next()) {
        const Result<std::uint64_t> first = decode_number_key(rows.key());
        if (!first) return corrupt(family, from);
        if (*first > through) break;
        const Result<Then> then = take(*first);
        if (!then) return then.error();
        if (*then == Then::stop) break;
    }
    return rows.finish();
}

Result<void> RocksSentItems::add_outcomes(Cursor& outcomes, std::vector<SentItem>& items) const {
    if (items.empty()) return {};
    const auto take = [&](std::uint64_t first) -> Result<Then> {
        Result<std::vector<SentOutcome>> run = decode_outcome_run(outcomes.value());
        if (!run) return corrupt(families_.outcomes, first);
        for (SentItem& item : items) {
            if (item.sequence < first || item.sequence - first >= run->size()) continue;
            SentOutcome& outcome = (*run)[item.sequence - first];
            item.state = outcome.state;
            item.index = outcome.index;
            item.outcome = std::move(outcome.outcome);
        }
        return Then::next;
    };
    return each_row(outcomes, families_.outcomes, items.front().sequence, items.back().sequence,
                    take);
}

Result<std::vector<SentItem>> RocksSentItems::read_run(const Cursor& sent, Cursor& outcomes,
                                                       std::uint64_t from,
                                                       std::uint64_t through) const {
    const Result<std::uint64_t> first = decode_number_key(sent.key());
    if (!first) return database_.corrupt(families_.sent, "bad key");
    const std::uint64_t begin = std::max(*first, from);
    const std::uint64_t count = through < begin ? 0 : through - begin + 1;
    Result<std::vector<SentItem>> items = decode_sent_run(*first, sent.value(), begin, count);
    if (!items) return corrupt(families_.sent, *first);
    if (const auto added = add_outcomes(outcomes, *items); !added) return added.error();
    return items;
}

Result<SentItem> RocksSentItems::read(const View& view, std::uint64_t sequence) const {
    Cursor cursor = view.cursor(families_.sent);
    cursor.seek_back(number_key(sequence));
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return corrupt(families_.sent, sequence);
    }
    Cursor outcomes = view.cursor(families_.outcomes);
    Result<std::vector<SentItem>> items = read_run(cursor, outcomes, sequence, sequence);
    if (!items) return items.error();
    if (items->empty()) return corrupt(families_.sent, sequence);
    return std::move(items->front());
}

Result<std::vector<SentItem>> RocksSentItems::read_outbox(const View& view, std::uint64_t after,
                                                          std::size_t max_items,
                                                          std::size_t max_bytes) const {
    std::vector<SentItem> items;
    if (after == kNoSequence) return items;
    std::size_t bytes = 0;
    Ranges ranges;
    Result<Cursor> waiting = outbox(view);
    if (!waiting) return waiting.error();
    Cursor sent = view.cursor(families_.sent);
    // At least one waits in each range.
    const auto read = read_ranges(*waiting, after + 1, kNoSequence, max_items, ranges);
    if (!read) return read.error();
    for (const auto& [first, count] : ranges) {
        std::uint64_t next = std::max(first, after + 1);
        while (next < first + count && items.size() < max_items) {
            sent.seek_back(number_key(next));
            if (!sent.valid()) {
                if (const auto ended = sent.finish(); !ended) return ended.error();
                return corrupt(families_.sent, next);
            }
            const Result<std::uint64_t> run = decode_number_key(sent.key());
            if (!run) return corrupt(families_.sent, next);
            const std::uint64_t wanted =
                std::min<std::uint64_t>(first + count - next, max_items - items.size());
            // What became of them before does not matter: they wait.
            Result<std::vector<SentItem>> some = decode_sent_run(*run, sent.value(), next, wanted);
            if (!some || some->empty()) return corrupt(families_.sent, next);
            for (SentItem& item : *some) {
                bytes += bytes_of(item);
                if (!items.empty() && bytes > max_bytes) return items;
                items.push_back(std::move(item));
            }
            next += some->size();
        }
    }
    return items;
}

Result<SentItem> RocksSentItems::find(const View& view, const Uuid& id) const {
    const Result<std::uint64_t> sequence = find_sequence(view, id);
    if (!sequence) return sequence.error();
    return read(view, *sequence);
}

Result<SentItem> RocksSentItems::find_at(const View& view, LogIndex index) const {
    Cursor cursor = view.cursor(families_.sent_places);
    cursor.seek_back(number_key(index.value()));
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return Errc::not_found;
    }
    const Result<std::uint64_t> first = decode_number_key(cursor.key());
    const Result<SentPlaces> places = decode_sent_places(cursor.value());
    if (!first || !places) return corrupt(families_.sent_places, index.value());
    const std::uint64_t offset = index.value() - *first;
    if (offset >= places->count) return Errc::not_found;
    return read(view, places->sequence + offset);
}

Result<std::vector<SentItem>> RocksSentItems::list(const View& view, std::size_t limit) const {
    std::vector<SentItem> items;
    Cursor runs = view.cursor(families_.sent_notices);
    Cursor sent = view.cursor(families_.sent);
    Cursor outcomes = view.cursor(families_.outcomes);
    for (runs.seek_last(); runs.valid() && items.size() < limit; runs.previous()) {
        sent.seek(runs.key());
        if (!decode_mark(runs.value()) || !sent.valid() ||
            !std::ranges::equal(sent.key(), runs.key())) {
            if (const auto ended = sent.finish(); !ended) return ended.error();
            return database_.corrupt(families_.sent_notices, "bad record");
        }
        Result<std::vector<SentItem>> run = read_run(sent, outcomes, 0, kNoSequence - 1);
        if (!run) return run.error();
        for (auto item = run->rbegin(); item != run->rend() && items.size() < limit; ++item) {
            if (!item->is_act) items.push_back(std::move(*item));
        }
    }
    if (const auto ended = runs.finish(); !ended) return ended.error();
    return items;
}

Result<std::vector<SentItem>> RocksSentItems::read_settled(const View& view, std::uint64_t after,
                                                           std::size_t limit) const {
    std::vector<SentItem> items;
    if (after == kNoSequence) return items;
    const Result<std::uint64_t> through = settled_through(view);
    if (!through) return through.error();
    std::uint64_t next = after + 1;
    Cursor cursor = view.cursor(families_.sent);
    Cursor outcomes = view.cursor(families_.outcomes);
    cursor.seek_back(number_key(next));
    for (; next <= *through && cursor.valid() && items.size() < limit; cursor.next()) {
        const std::uint64_t last =
            next + std::min<std::uint64_t>(*through - next, limit - items.size() - 1);
        Result<std::vector<SentItem>> run = read_run(cursor, outcomes, next, last);
        if (!run) return run.error();
        if (run->empty()) return corrupt(families_.sent, next);
        next = run->back().sequence + 1;
        std::move(run->begin(), run->end(), std::back_inserter(items));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return items;
}

Result<std::uint64_t> RocksSentItems::settled_through(const View& view) const {
    Result<Cursor> cursor = outbox(view);
    if (!cursor) return cursor.error();
    cursor->seek_first();
    if (!cursor->valid()) {
        if (const auto ended = cursor->finish(); !ended) return ended.error();
        const Result<std::uint64_t> next = next_sequence(view);
        if (!next) return next.error();
        return *next - 1;
    }
    const Result<std::uint64_t> first = decode_number_key(cursor->key());
    if (!first || *first == 0) return database_.corrupt(families_.outbox, "bad key");
    return *first - 1;
}

}  // namespace tongbao::storage
