#include "storage/record_codec.hpp"

#include <algorithm>
#include <limits>

namespace tongbao::storage {
namespace {

constexpr std::uint64_t kVarintBits = 7;
constexpr std::uint8_t kVarintMore = 0x80;
constexpr std::size_t kNumberBytes = 8;

}  // namespace

RecordWriter& RecordWriter::byte(std::uint8_t value) {
    bytes_.push_back(value);
    return *this;
}

RecordWriter& RecordWriter::flag(bool value) {
    return byte(value ? 1 : 0);
}

RecordWriter& RecordWriter::number(std::uint64_t value) {
    for (std::size_t i = 0; i < kNumberBytes; ++i) {
        bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * (kNumberBytes - 1 - i))));
    }
    return *this;
}

RecordWriter& RecordWriter::time(UtcTime value) {
    return number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
}

RecordWriter& RecordWriter::varint(std::uint64_t value) {
    while (value >= kVarintMore) {
        bytes_.push_back(static_cast<std::uint8_t>(value | kVarintMore));
        value >>= kVarintBits;
    }
    return byte(static_cast<std::uint8_t>(value));
}

RecordWriter& RecordWriter::raw(BytesView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

RecordWriter& RecordWriter::sized(BytesView bytes) {
    return varint(bytes.size()).raw(bytes);
}

RecordWriter& RecordWriter::sized_list(std::span<const Bytes> list) {
    varint(list.size());
    for (const Bytes& each : list) sized(each);
    return *this;
}

std::uint8_t RecordReader::byte() {
    const BytesView one = raw(1);
    return one.empty() ? std::uint8_t{0} : one[0];
}

bool RecordReader::flag() {
    const std::uint8_t value = byte();
    if (value > 1) refuse();
    return value == 1;
}

std::uint64_t RecordReader::number() {
    std::uint64_t value = 0;
    for (const std::uint8_t each : raw(kNumberBytes)) value = value << 8 | each;
    return value;
}

UtcTime RecordReader::time() {
    return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(number())));
}

std::uint64_t RecordReader::varint() {
    std::uint64_t value = 0;
    for (std::uint64_t shift = 0; shift < 64; shift += kVarintBits) {
        const std::uint8_t each = byte();
        const std::uint64_t bits = each & (kVarintMore - 1u);
        // The tenth byte has room for one bit only; a last byte of zero is a longer spelling.
        if ((shift == 63 && bits > 1) || (shift > 0 && each == 0)) break;
        value |= bits << shift;
        if ((each & kVarintMore) == 0) return failed_ ? 0 : value;
    }
    refuse();
    return 0;
}

std::uint64_t RecordReader::varint(std::uint64_t limit) {
    const std::uint64_t value = varint();
    if (value <= limit) return value;
    refuse();
    return 0;
}

std::size_t RecordReader::count(std::size_t bytes_each) {
    return static_cast<std::size_t>(varint(left_.size() / bytes_each));
}

BytesView RecordReader::raw(std::size_t size) {
    if (failed_ || size > left_.size()) {
        refuse();
        return {};
    }
    const BytesView taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
}

Digest RecordReader::digest() {
    const Result<Digest> digest = Digest::from_bytes(raw(Digest::kSize));
    return digest ? *digest : Digest();
}

Uuid RecordReader::uuid() {
    Uuid::Array array{};
    const BytesView bytes = raw(array.size());
    std::copy(bytes.begin(), bytes.end(), array.begin());
    const Result<Uuid> uuid = Uuid::from_array(array);
    if (uuid) return *uuid;
    refuse();
    return {};
}

BytesView RecordReader::sized() {
    return raw(static_cast<std::size_t>(varint(std::numeric_limits<std::size_t>::max())));
}

std::vector<Bytes> RecordReader::sized_list() {
    std::vector<Bytes> list(count(1));
    for (Bytes& each : list) each = to_bytes(sized());
    return list;
}

BytesView RecordReader::rest() {
    return raw(left_.size());
}

void RecordReader::version(std::uint8_t version) {
    if (byte() != version) refuse();
}

void RecordReader::refuse() noexcept {
    failed_ = true;
    left_ = {};
}

Result<void> RecordReader::finish() const {
    if (failed_ || !left_.empty()) return Errc::storage_corrupt;
    return {};
}

}  // namespace tongbao::storage
