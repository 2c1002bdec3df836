// What becomes of the items that a daemon sent: how the rows that stand for runs of them change.

#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/rocks_sent_items.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::storage {
namespace {

/// The end of the run of consecutive numbers that begins at `begin`, all of which `joins` the one
/// before.
template <typename Iterator, typename Joins>
Iterator run_end(Iterator begin, Iterator end, const Joins& joins) {
    Iterator last = begin;
    Iterator next = std::next(begin);
    while (next != end && next->first == last->first + 1 && joins(*last, *next)) last = next++;
    return next;
}

constexpr auto kAlways = [](const auto& /*last*/, const auto& /*next*/) { return true; };

}  // namespace

Result<std::uint64_t> RocksSentItems::settle(Writes& writes, const View& view,
                                             const std::vector<SentItem>& items,
                                             std::uint64_t outbox_size) const {
    const Result<AllSettled> settled = sort_out(view, items);
    if (!settled) return settled.error();
    if (const auto put = put_outcomes(writes, view, *settled); !put) return put.error();
    if (const auto put = put_places(writes, view, *settled); !put) return put.error();
    return put_queued(writes, view, *settled, outbox_size);
}

Result<RocksSentItems::AllSettled> RocksSentItems::sort_out(
    const View& view, const std::vector<SentItem>& items) const {
    AllSettled settled;
    for (const SentItem& item : items) {
        std::uint64_t sequence = item.sequence;
        // What came out of the outbox says itself what it is.
        bool notice = !item.is_act;
        if (sequence == 0) {
            const Result<SentItem> queued = find(view, item.id);
            if (!queued) return queued.error();
            sequence = queued->sequence;
            notice = !queued->is_act;
        }
        // The last word on an item holds. They mostly come in their order.
        settled.insert_or_assign(settled.end(), sequence,
                                 Settled{{item.state, item.index, item.outcome}, notice});
    }
    return settled;
}

Result<void> RocksSentItems::put_outcomes(Writes& writes, const View& view,
                                          const AllSettled& settled) const {
    std::map<std::uint64_t, SentOutcome> outcomes;
    for (const auto& [sequence, each] : settled) outcomes.emplace(sequence, each.outcome);
    // A row that says something of the same items gives way to one that says all of it. Mostly
    // there is none.
    Cursor cursor = view.cursor(families_.outcomes);
    for (auto begin = settled.begin(); begin != settled.end();) {
        const auto end = run_end(begin, settled.end(), kAlways);
        const std::uint64_t first = begin->first;
        const auto take = [&](std::uint64_t there) -> Result<Then> {
            Result<std::vector<SentOutcome>> before = decode_outcome_run(cursor.value());
            if (!before) return corrupt(families_.outcomes, there);
            if (there + before->size() <= first) return Then::next;
            writes.remove(families_.outcomes, cursor.key());
            for (std::size_t i = 0; i < before->size(); ++i) {
                outcomes.emplace(there + i, std::move((*before)[i]));
            }
            return Then::next;
        };
        const auto taken = each_row(cursor, families_.outcomes, first, std::prev(end)->first, take);
        if (!taken) return taken.error();
        begin = end;
    }
    for (auto begin = outcomes.begin(); begin != outcomes.end();) {
        const auto end = run_end(begin, outcomes.end(), kAlways);
        const std::uint64_t first = begin->first;
        std::vector<SentOutcome> run;
        for (; begin != end; ++begin) run.push_back(std::move(begin->second));
        writes.put(families_.outcomes, number_key(first), encode_outcome_run(run));
    }
    return {};
}

Result<void> RocksSentItems::put_places(Writes& writes, const View& view,
                                        const AllSettled& settled) const {
    std::map<std::uint64_t, std::uint64_t> places;
    for (const auto& [sequence, each] : settled) {
        const bool logged = each.outcome.state == SentState::accepted && each.outcome.index;
        if (logged && each.notice) places.insert_or_assign(each.outcome.index->value(), sequence);
    }
    const auto joins = [](const auto& last, const auto& next) {
        return next.second == last.second + 1;
    };
    // As with outcomes: rows do not overlap.
    const std::map<std::uint64_t, std::uint64_t> fresh = places;
    Cursor cursor = view.cursor(families_.sent_places);
    for (auto begin = fresh.begin(); begin != fresh.end();) {
        const auto end = run_end(begin, fresh.end(), joins);
        const std::uint64_t first = begin->first;
        const auto take = [&](std::uint64_t there) -> Result<Then> {
            const Result<SentPlaces> before = decode_sent_places(cursor.value());
            if (!before) return corrupt(families_.sent_places, there);
            if (there + before->count <= first) return Then::next;
            writes.remove(families_.sent_places, cursor.key());
            for (std::uint64_t i = 0; i < before->count; ++i) {
                places.emplace(there + i, before->sequence + i);
            }
            return Then::next;
        };
        const auto taken =
            each_row(cursor, families_.sent_places, first, std::prev(end)->first, take);
        if (!taken) return taken.error();
        begin = end;
    }
    for (auto begin = places.begin(); begin != places.end();) {
        const auto end = run_end(begin, places.end(), joins);
        const auto count = static_cast<std::uint64_t>(std::distance(begin, end));
        writes.put(families_.sent_places, number_key(begin->first),
                   encode_sent_places({begin->second, count}));
        begin = end;
    }
    return {};
}

Result<void> RocksSentItems::read_ranges(Cursor& outbox, std::uint64_t from, std::uint64_t through,
                                         std::size_t most, Ranges& ranges) const {
    const auto take = [&](std::uint64_t first) -> Result<Then> {
        const Result<std::uint64_t> count = decode_count(outbox.value());
        if (!count) return corrupt(families_.outbox, first);
        if (first + *count > from) ranges.emplace(first, *count);
        return ranges.size() < most ? Then::next : Then::stop;
    };
    return each_row(outbox, families_.outbox, from, through, take);
}

Result<std::uint64_t> RocksSentItems::put_queued(Writes& writes, const View& view,
                                                 const AllSettled& settled,
                                                 std::uint64_t outbox_size) const {
    if (settled.empty()) return outbox_size;
    Ranges before;
    Result<Cursor> waiting = outbox(view);
    if (!waiting) return waiting.error();
    for (auto begin = settled.begin(); begin != settled.end();) {
        const auto end = run_end(begin, settled.end(), kAlways);
        // No range is counted twice, and each has one of these.
        const auto read =
            read_ranges(*waiting, begin->first, std::prev(end)->first, settled.size(), before);
        if (!read) return read.error();
        begin = end;
    }
    Ranges after = before;
    /// Where the range stands that has the number; the end if none has.
    const auto range_of = [&after](std::uint64_t number) {
        auto range = after.upper_bound(number);
        if (range == after.begin()) return after.end();
        --range;
        return number - range->first < range->second ? range : after.end();
    };
    for (auto begin = settled.begin(); begin != settled.end();) {
        const auto alike = [](const auto& last, const auto& next) {
            return (last.second.outcome.state == SentState::queued) ==
                   (next.second.outcome.state == SentState::queued);
        };
        const auto end = run_end(begin, settled.end(), alike);
        const bool stays = begin->second.outcome.state == SentState::queued;
        std::uint64_t number = begin->first;
        const std::uint64_t stop = std::prev(end)->first + 1;
        while (number < stop) {
            const auto range = range_of(number);
            const bool waits = range != after.end();
            std::uint64_t next = number + 1;
            if (waits) next = std::min(stop, range->first + range->second);
            if (waits && !stays) {
                const auto [first, count] = *range;
                after.erase(range);
                if (first < number) after.emplace(first, number - first);
                if (next < first + count) after.emplace(next, first + count - next);
                outbox_size -= next - number;
            } else if (!waits && stays) {
                after.emplace(number, 1);
                ++outbox_size;
            }
            number = next;
        }
        begin = end;
    }
    for (const auto& [first, count] : before) {
        if (!after.contains(first)) writes.remove(families_.outbox, number_key(first));
    }
    for (const auto& [first, count] : after) {
        const auto there = before.find(first);
        if (there != before.end() && there->second == count) continue;
        writes.put(families_.outbox, number_key(first), encode_count(count));
    }
    const std::uint64_t last = settled.rbegin()->first;
    if (const auto put = put_begin(writes, *waiting, before, after, last); !put) return put.error();
    return outbox_size;
}

Result<void> RocksSentItems::put_begin(Writes& writes, Cursor& waiting, const Ranges& before,
                                       const Ranges& after, std::uint64_t settled) const {
    // Whatever comes later has a higher number than what was settled.
    std::uint64_t begin = settled + 1;
    for (waiting.seek_first(); waiting.valid(); waiting.next()) {
        const Result<std::uint64_t> first = decode_number_key(waiting.key());
        if (!first) return database_.corrupt(families_.outbox, "bad key");
        if (before.contains(*first) && !after.contains(*first)) continue;
        begin = *first;
        break;
    }
    if (const auto ended = waiting.finish(); !ended) return ended.error();
    if (!after.empty()) begin = std::min(begin, after.begin()->first);
    writes.put(families_.meta, as_bytes(kOutboxKey), number_key(begin));
    return {};
}

}  // namespace tongbao::storage
