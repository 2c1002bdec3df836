#include "storage/packed_value.hpp"

#include "storage/record_codec.hpp"

#include <lz4.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kAsItIs = 0;
constexpr std::uint8_t kLz4 = 1;
/// Shorter values gain too little.
constexpr std::size_t kLeastPacked = 512;
/// No block of LZ4 stands for more than so many times its own length.
constexpr std::size_t kMostGrowth = 255;
constexpr std::size_t kPackedHeadBytes = 11;

const char* chars_of(BytesView bytes) {
    return as_text(bytes).data();
}

Bytes as_it_is(BytesView value) {
    return RecordWriter(1 + value.size()).byte(kAsItIs).raw(value).bytes();
}

}  // namespace

Bytes pack(BytesView value) {
    if (value.size() < kLeastPacked || value.size() > LZ4_MAX_INPUT_SIZE) return as_it_is(value);
    Bytes packed =
        RecordWriter(kPackedHeadBytes + value.size()).byte(kLz4).varint(value.size()).bytes();
    const std::size_t head = packed.size();
    // A block that is not shorter than the value does not fit, and is not made.
    packed.resize(value.size());
    char* const block = static_cast<char*>(static_cast<void*>(packed.data() + head));
    const int size = LZ4_compress_default(chars_of(value), block, static_cast<int>(value.size()),
                                          static_cast<int>(packed.size() - head));
    if (size <= 0) return as_it_is(value);
    packed.resize(head + static_cast<std::size_t>(size));
    return packed;
}

Result<Bytes> unpack(BytesView stored) {
    RecordReader reader(stored);
    const std::uint8_t form = reader.byte();
    if (form == kAsItIs && !stored.empty()) return to_bytes(reader.rest());
    if (form != kLz4) return Errc::storage_corrupt;
    const std::uint64_t size = reader.varint(LZ4_MAX_INPUT_SIZE);
    const BytesView block = reader.rest();
    if (reader.failed() || block.size() > std::numeric_limits<int>::max() ||
        size / kMostGrowth > block.size()) {
        return Errc::storage_corrupt;
    }
    Bytes value(size);
    char* const out = static_cast<char*>(static_cast<void*>(value.data()));
    const int got = LZ4_decompress_safe(chars_of(block), out, static_cast<int>(block.size()),
                                        static_cast<int>(size));
    if (got < 0 || static_cast<std::size_t>(got) != size) return Errc::storage_corrupt;
    return value;
}

}  // namespace tongbao::storage
