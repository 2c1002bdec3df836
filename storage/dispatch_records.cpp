#include "storage/dispatch_records.hpp"

#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kDispatchVersion = 1;
/// Room for nearly every key.
constexpr std::size_t kDispatchKeyBytes = 96;

bool do_ascend(std::span<const LogIndex> entries) {
    return std::adjacent_find(entries.begin(), entries.end(), [](LogIndex one, LogIndex next) {
               return one >= next;
           }) == entries.end();
}

}  // namespace

Bytes dispatch_key(const DispatchPlace& place) {
    return RecordWriter(kDispatchKeyBytes)
        .byte(static_cast<std::uint8_t>(place.stage))
        .raw(name_prefix(place.from.value()))
        .index(place.notice)
        .raw(as_bytes(place.unit.value()))
        .bytes();
}

Result<DispatchPlace> decode_dispatch_key(BytesView key) {
    RecordReader reader(key);
    DispatchPlace place;
    const std::uint8_t stage = reader.byte();
    if (stage > static_cast<std::uint8_t>(DispatchStage::withdrawn)) reader.refuse();
    place.stage = static_cast<DispatchStage>(stage);
    place.from = UnitId(std::string(as_text(reader.raw(reader.byte()))));
    place.notice = reader.index();
    place.unit = UnitId(std::string(as_text(reader.rest())));
    if (reader.failed() || place.from.value().empty() || place.unit.value().empty()) {
        return Errc::storage_corrupt;
    }
    return place;
}

Bytes dispatch_prefix(const DispatchQuery& query) {
    RecordWriter writer(kDispatchKeyBytes);
    writer.byte(static_cast<std::uint8_t>(query.stage));
    if (query.from) writer.raw(name_prefix(query.from->value()));
    return std::move(writer).bytes();
}

Bytes encode_dispatch(std::span<const LogIndex> entries) {
    RecordWriter writer;
    writer.byte(kDispatchVersion).varint(entries.size());
    for (const LogIndex entry : entries) writer.index(entry);
    return std::move(writer).bytes();
}

Result<std::vector<LogIndex>> decode_dispatch(BytesView value) {
    RecordReader reader(value);
    reader.version(kDispatchVersion);
    const std::size_t count = reader.count(sizeof(std::uint64_t));
    std::vector<LogIndex> entries;
    entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) entries.push_back(reader.index());
    if (!do_ascend(entries)) reader.refuse();
    if (const Result<void> whole = reader.finish(); !whole) return whole.error();
    return entries;
}

bool is_sound(const DispatchRow& row) {
    return is_key_name(row.place.from.value()) && is_key_name(row.place.unit.value()) &&
           do_ascend(row.entries);
}

}  // namespace tongbao::storage
