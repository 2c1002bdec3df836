#include "storage/key_codec.hpp"

#include "storage/record_codec.hpp"

#include <algorithm>

namespace tongbao::storage {

bool is_key_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kMaxKeyName;
}

bool is_storable(const Uuid& id) {
    return Uuid::from_array(id.array()).has_value();
}

Bytes number_key(std::uint64_t number) {
    return RecordWriter().number(number).bytes();
}

Result<std::uint64_t> decode_number_key(BytesView key) {
    RecordReader reader(key);
    const std::uint64_t number = reader.number();
    if (const auto done = reader.finish(); !done) return done.error();
    return number;
}

Bytes index_key(LogIndex index) {
    return number_key(index.value());
}

Result<LogIndex> decode_index_key(BytesView key) {
    const Result<std::uint64_t> number = decode_number_key(key);
    if (!number) return number.error();
    return LogIndex(*number);
}

Bytes index_unit_key(LogIndex index, const UnitId& unit) {
    return RecordWriter().index(index).raw(as_bytes(unit.value())).bytes();
}

Bytes index_pair_key(LogIndex first, LogIndex second) {
    return RecordWriter().index(first).index(second).bytes();
}

Result<std::pair<LogIndex, LogIndex>> decode_index_pair_key(BytesView key) {
    RecordReader reader(key);
    const LogIndex first = reader.index();
    const LogIndex second = reader.index();
    if (const auto done = reader.finish(); !done) return done.error();
    return std::pair(first, second);
}

Bytes tile_key(std::uint8_t level, std::uint64_t number) {
    return RecordWriter().byte(level).number(number).bytes();
}

Bytes name_prefix(std::string_view name) {
    return RecordWriter().byte(static_cast<std::uint8_t>(name.size())).raw(as_bytes(name)).bytes();
}

Bytes name_index_key(std::string_view name, LogIndex index) {
    return RecordWriter().raw(name_prefix(name)).index(index).bytes();
}

Result<LogIndex> decode_name_index_key(std::string_view name, BytesView key) {
    const std::size_t prefix = name.size() + 1;
    if (key.size() < prefix) return Errc::storage_corrupt;
    return decode_index_key(key.subspan(prefix));
}

Bytes digest_unit_key(const Digest& digest, const UnitId& unit) {
    Bytes key = to_bytes(digest.bytes());
    const BytesView name = as_bytes(unit.value());
    key.insert(key.end(), name.begin(), name.end());
    return key;
}

Bytes uuid_key(const Uuid& id) {
    return RecordWriter().uuid(id).bytes();
}

Result<Uuid> decode_uuid_key(BytesView key) {
    RecordReader reader(key);
    const Uuid id = reader.uuid();
    if (const auto done = reader.finish(); !done) return done.error();
    return id;
}

bool has_prefix(BytesView key, BytesView prefix) noexcept {
    return key.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), key.begin());
}

}  // namespace tongbao::storage
