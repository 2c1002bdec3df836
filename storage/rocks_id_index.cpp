#include "storage/rocks_id_index.hpp"

#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kIdRecordVersion = 1;
/// A block takes identifiers of 2^5 = 32 milliseconds: more, and a look reads many that are not
/// asked for; less, and a batch has more blocks.
constexpr unsigned kSpanBits = 5;
/// A daemon at its fastest begins a dozen batches in such a span.
constexpr std::size_t kMaxBlocks = 64;
/// In one block: whoever looks for one does not read long.
constexpr std::ptrdiff_t kMaxBlockUses = 256;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kUsualUseBytes = kUuidBytes + 2 + Digest::kSize;

/// Which span of milliseconds the identifier claims to be from. Source: RFC 9562 section 5.7, whose
/// first 48 bits are the time.
std::uint64_t span_of(const Uuid& id) {
    constexpr std::size_t kTimeBytes = 6;
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < kTimeBytes; ++i) time = time << 8 | id.array()[i];
    return time >> kSpanBits;
}

bool is_earlier(const IdUse& left, const IdUse& right) {
    return std::tie(left.sender, left.id) < std::tie(right.sender, right.id);
}

bool is_before(const IdUse& left, const IdUse& right) {
    return left.place < right.place;
}

Bytes sender_key(std::uint64_t span, const UnitId& sender) {
    return RecordWriter().number(span).raw(name_prefix(sender.value())).bytes();
}

/// What the key of a block says besides its span.
struct BlockKey {
    UnitId sender;
    std::uint64_t base{0};
};

Result<BlockKey> decode_block_key(BytesView key) {
    RecordReader reader(key);
    reader.number();
    BlockKey block;
    const std::uint8_t size = reader.byte();
    block.sender = UnitId(std::string(as_text(reader.raw(size))));
    block.base = reader.number();
    if (const auto done = reader.finish(); !done) return done.error();
    return block;
}

}  // namespace

Errc RocksIdIndex::corrupt(Family family) const {
    return database_.corrupt(family, "bad record of identifiers");
}

Result<std::vector<IdUse>> RocksIdIndex::find(const View& view, std::span<const Uuid> ids) const {
    std::vector<IdUse> found;
    if (ids.empty()) return found;
    std::vector<Uuid> sorted(ids.begin(), ids.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    // Opening a cursor costs more than moving it.
    Cursor blocks = view.cursor(families_.blocks);
    for (auto begin = sorted.begin(); begin != sorted.end();) {
        const std::uint64_t span = span_of(*begin);
        const auto end = std::find_if(begin, sorted.end(),
                                      [span](const Uuid& id) { return span_of(id) != span; });
        const auto done = find_in_span(view, std::span(begin, end), blocks, found);
        if (!done) return done.error();
        begin = end;
    }
    return found;
}

Result<void> RocksIdIndex::find_in_span(const View& view, std::span<const Uuid> sorted,
                                        Cursor& blocks, std::vector<IdUse>& found) const {
    const Bytes prefix = number_key(span_of(sorted.front()));
    std::size_t of_sender = 0;
    bool full = false;
    UnitId sender;
    for (blocks.seek(prefix); blocks.valid() && has_prefix(blocks.key(), prefix); blocks.next()) {
        const Result<BlockKey> key = decode_block_key(blocks.key());
        if (!key) return corrupt(families_.blocks);
        if (key->sender != sender) of_sender = 0;
        sender = key->sender;
        full = full || ++of_sender >= kMaxBlocks;
        RecordReader reader(blocks.value());
        reader.version(kIdRecordVersion);
        const std::size_t count = reader.count(kUuidBytes + 1);
        if (count == 0) reader.refuse();
        Uuid last;
        for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
            const Uuid id = reader.uuid();
            if (i > 0 && id < last) reader.refuse();
            last = id;
            const std::uint64_t place = key->base + reader.varint();
            const Digest sha256 = families_.digests ? reader.digest() : Digest();
            const bool wanted = std::binary_search(sorted.begin(), sorted.end(), id);
            if (wanted && !reader.failed()) found.push_back({id, sender, place, sha256});
        }
        if (!reader.finish()) return corrupt(families_.blocks);
    }
    if (const auto ended = blocks.finish(); !ended) return ended.error();
    if (!full) return {};
    for (const Uuid& id : sorted) {
        if (const auto done = find_single(view, id, found); !done) return done.error();
    }
    return {};
}

Result<void> RocksIdIndex::find_single(const View& view, const Uuid& id,
                                       std::vector<IdUse>& found) const {
    const Bytes prefix = uuid_key(id);
    Cursor cursor = view.cursor(families_.singles);
    for (cursor.seek(prefix); cursor.valid() && has_prefix(cursor.key(), prefix); cursor.next()) {
        RecordReader key(cursor.key().subspan(prefix.size()));
        const std::uint8_t size = key.byte();
        IdUse use{id, UnitId(std::string(as_text(key.raw(size)))), 0, {}};
        use.place = key.number();
        RecordReader value(cursor.value());
        value.version(kIdRecordVersion);
        if (families_.digests) use.sha256 = value.digest();
        if (!key.finish() || !value.finish()) return corrupt(families_.singles);
        found.push_back(std::move(use));
    }
    return cursor.finish();
}

Result<void> RocksIdIndex::put(Writes& writes, const View& view,
                               std::span<const IdUse> uses) const {
    std::vector<IdUse> sorted(uses.begin(), uses.end());
    std::sort(sorted.begin(), sorted.end(), is_earlier);
    Cursor blocks = view.cursor(families_.blocks);
    for (auto begin = sorted.begin(); begin != sorted.end();) {
        const std::uint64_t span = span_of(begin->id);
        const auto apart = [&begin, span](const IdUse& use) {
            return use.sender != begin->sender || span_of(use.id) != span;
        };
        const auto most = begin + std::min(kMaxBlockUses, sorted.end() - begin);
        const auto end = std::find_if(begin, most, apart);
        const std::uint64_t base = std::min_element(begin, end, is_before)->place;
        const Bytes prefix = sender_key(span, begin->sender);
        std::size_t there = 0;
        for (blocks.seek(prefix);
             there < kMaxBlocks && blocks.valid() && has_prefix(blocks.key(), prefix);
             blocks.next()) {
            ++there;
        }
        if (const auto ended = blocks.finish(); !ended) return ended.error();
        if (there < kMaxBlocks) {
            const auto count = static_cast<std::size_t>(end - begin);
            RecordWriter value(kUuidBytes + count * kUsualUseBytes);
            value.byte(kIdRecordVersion).varint(count);
            for (auto use = begin; use != end; ++use) {
                value.uuid(use->id).varint(use->place - base);
                if (families_.digests) value.digest(use->sha256);
            }
            writes.put(families_.blocks, RecordWriter().raw(prefix).number(base).bytes(),
                       value.bytes());
        } else {
            for (auto use = begin; use != end; ++use) {
                RecordWriter key;
                key.uuid(use->id).raw(name_prefix(use->sender.value())).number(use->place);
                RecordWriter value;
                value.byte(kIdRecordVersion);
                if (families_.digests) value.digest(use->sha256);
                writes.put(families_.singles, key.bytes(), value.bytes());
            }
        }
        begin = end;
    }
    return {};
}

}  // namespace tongbao::storage
