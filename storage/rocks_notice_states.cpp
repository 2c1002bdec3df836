#include "storage/rocks_notice_states.hpp"

#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace tongbao::storage {
namespace {

/// Notices that one row takes: whoever looks for one looks back so far.
constexpr std::uint64_t kMaxTrailRun = 256;

/// The most that the bits of a standing without marks come to.
constexpr std::uint32_t kUnmarked = 0xff;

constexpr LogIndex kLastIndex(std::numeric_limits<std::uint64_t>::max());

/// The rows that share one with the first: all fresh, of one unit and state without marks, each of
/// the notice after the one before. At least one.
std::size_t state_run_length(std::span<const StateRow> rows) {
    std::size_t length = 1;
    const StateRow& first = rows.front();
    if (!first.fresh || first.state > kUnmarked) return length;
    while (length < rows.size() && rows[length].fresh && rows[length].unit == first.unit &&
           rows[length].state == first.state &&
           rows[length].notice.value() == first.notice.value() + length) {
        ++length;
    }
    return length;
}

std::size_t trail_run_length(std::span<const TrailRow> rows) {
    std::size_t length = 1;
    const TrailRow& first = rows.front();
    while (length < rows.size() && length < kMaxTrailRun && rows[length].event == first.event &&
           rows[length].notice.value() == first.notice.value() + length) {
        ++length;
    }
    return length;
}

}  // namespace

Result<std::uint64_t> RocksNoticeStates::end_of(const View& view, const UnitId& unit) const {
    {
        const std::lock_guard lock(mutex_);
        const auto known = ends_.find(unit);
        if (known != ends_.end()) return known->second;
    }
    std::uint64_t end = 0;
    const Bytes prefix = name_prefix(unit.value());
    Cursor states = view.cursor(families_.states);
    states.seek_back(name_index_key(unit.value(), kLastIndex));
    if (states.valid() && has_prefix(states.key(), prefix)) {
        const Result<LogIndex> last = decode_name_index_key(unit.value(), states.key());
        if (!last) return database_.corrupt(families_.states, "bad key of " + unit.value());
        end = last->value() + 1;
    }
    if (const auto ended = states.finish(); !ended) return ended.error();
    Cursor runs = view.cursor(families_.state_runs);
    runs.seek_back(name_index_key(unit.value(), kLastIndex));
    if (runs.valid() && has_prefix(runs.key(), prefix)) {
        const Result<LogIndex> first = decode_name_index_key(unit.value(), runs.key());
        const Result<StateRun> run = decode_state_run(runs.value());
        if (!first || !run) {
            return database_.corrupt(families_.state_runs, "bad record of " + unit.value());
        }
        end = std::max(end, first->value() + run->count);
    }
    if (const auto ended = runs.finish(); !ended) return ended.error();
    const std::lock_guard lock(mutex_);
    std::uint64_t& kept = ends_[unit];
    kept = std::max(kept, end);
    return kept;
}

Result<void> RocksNoticeStates::put(Writes& writes, const View& view,
                                    const std::vector<StateRow>& states,
                                    const std::vector<TrailRow>& trails) {
    for (std::span<const StateRow> rest(states); !rest.empty();) {
        const std::size_t length = state_run_length(rest);
        const StateRow& first = rest.front();
        const Bytes key = name_index_key(first.unit.value(), first.notice);
        if (length > 1) {
            writes.put(families_.state_runs, key,
                       encode_state_run({length, static_cast<std::uint8_t>(first.state)}));
        } else {
            writes.put(families_.states, key, encode_state(first.state));
        }
        // Before anybody can see the write: an end that is too late costs a look at the disk, one
        // that is too early would hide a state.
        if (const auto known = end_of(view, first.unit); !known) return known.error();
        const std::lock_guard lock(mutex_);
        std::uint64_t& end = ends_[first.unit];
        end = std::max(end, first.notice.value() + length);
        rest = rest.subspan(length);
    }
    for (std::span<const TrailRow> rest(trails); !rest.empty();) {
        const std::size_t length = trail_run_length(rest);
        const TrailRow& first = rest.front();
        const Bytes key = index_pair_key(first.notice, first.event);
        if (length > 1) {
            writes.put(families_.trail_runs, key, encode_count(length));
        } else {
            writes.put(families_.trails, key, encode_mark());
        }
        rest = rest.subspan(length);
    }
    return {};
}

Result<std::uint32_t> RocksNoticeStates::read_state(const View& view, LogIndex notice,
                                                    const UnitId& unit) const {
    const Result<std::uint64_t> end = end_of(view, unit);
    if (!end) return end.error();
    if (notice.value() >= *end) return std::uint32_t{0};
    const Bytes key = name_index_key(unit.value(), notice);
    const Result<Bytes> value = view.get(families_.states, key);
    if (value) {
        const Result<std::uint32_t> state = decode_state(*value);
        if (!state) return corrupt(families_.states, notice);
        return state;
    }
    if (value.error() != Errc::not_found) return value.error();
    Cursor runs = view.cursor(families_.state_runs);
    runs.seek_back(key);
    if (!runs.valid() || !has_prefix(runs.key(), name_prefix(unit.value()))) {
        if (const auto ended = runs.finish(); !ended) return ended.error();
        return std::uint32_t{0};
    }
    const Result<LogIndex> first = decode_name_index_key(unit.value(), runs.key());
    const Result<StateRun> run = decode_state_run(runs.value());
    if (!first || !run) return corrupt(families_.state_runs, notice);
    return notice.value() - first->value() < run->count ? std::uint32_t{run->state}
                                                        : std::uint32_t{0};
}

Result<std::vector<LogIndex>> RocksNoticeStates::read_trail(const View& view,
                                                            LogIndex notice) const {
    std::vector<LogIndex> events;
    const Bytes prefix = index_key(notice);
    Cursor singles = view.cursor(families_.trails);
    for (singles.seek(prefix); singles.valid() && has_prefix(singles.key(), prefix);
         singles.next()) {
        const Result<std::pair<LogIndex, LogIndex>> key = decode_index_pair_key(singles.key());
        if (!key || !decode_mark(singles.value())) return corrupt(families_.trails, notice);
        events.push_back(key->second);
    }
    if (const auto ended = singles.finish(); !ended) return ended.error();
    // Only acts make runs, each at most once for a notice and unit: there are few to pass over.
    const std::uint64_t back = std::min(notice.value(), kMaxTrailRun - 1);
    Cursor runs = view.cursor(families_.trail_runs);
    for (runs.seek(index_key(LogIndex(notice.value() - back))); runs.valid(); runs.next()) {
        const Result<std::pair<LogIndex, LogIndex>> key = decode_index_pair_key(runs.key());
        if (!key) return corrupt(families_.trail_runs, notice);
        if (key->first > notice) break;
        const Result<std::uint64_t> count = decode_count(runs.value());
        if (!count || *count < 2 || *count > kMaxTrailRun) {
            return corrupt(families_.trail_runs, notice);
        }
        if (notice.value() - key->first.value() < *count) events.push_back(key->second);
    }
    if (const auto ended = runs.finish(); !ended) return ended.error();
    std::sort(events.begin(), events.end());
    return events;
}

}  // namespace tongbao::storage
