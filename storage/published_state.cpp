#include "storage/published_state.hpp"

#include "domain/checkpoint.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace tongbao::storage {
namespace {

/// How many entries there are by the entries themselves: the end of the last run.
Result<std::uint64_t> end_of_entries(const View& view, Family entries) {
    Cursor cursor = view.cursor(entries);
    cursor.seek_last();
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return std::uint64_t{0};
    }
    const Result<LogIndex> first = decode_index_key(cursor.key());
    if (!first) return first.error();
    const Result<std::uint64_t> count = count_entries(cursor.value());
    if (!count) return count.error();
    return first->value() + *count;
}

}  // namespace

Result<std::shared_ptr<const Published>> last_published(const RocksDb& database, Family entries,
                                                        std::string& words) {
    View view = database.view();
    TreeSize size;
    std::string text;
    const Result<Bytes> stored = view.get(kMeta, as_bytes(kCheckpointKey));
    if (stored) {
        text = std::string(as_text(*stored));
        const Result<Checkpoint> checkpoint = parse_checkpoint(text);
        if (!checkpoint) {
            words = "meta: the checkpoint can't be read";
            return Errc::storage_corrupt;
        }
        size = checkpoint->size;
    } else if (stored.error() != Errc::not_found) {
        words = "meta: the checkpoint can't be read";
        return stored.error();
    }
    const Result<std::uint64_t> end = end_of_entries(view, entries);
    if (!end) {
        words = "entries: the last record can't be read";
        return end.error();
    }
    if (*end != size.value()) {
        words = "the log holds " + std::to_string(*end) +
                " entries, but its last checkpoint is of " + std::to_string(size.value());
        return Errc::storage_corrupt;
    }
    return std::make_shared<const Published>(Published{size, std::move(text), std::move(view)});
}

}  // namespace tongbao::storage
