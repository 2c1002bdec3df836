#include "storage/hub_records.hpp"

#include "storage/crc32c.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kHubRecordVersion = 1;
/// Of a batch with endorsements.
constexpr std::uint8_t kEndorsedBatchVersion = 2;
/// Of a state with marks beside it.
constexpr std::uint8_t kMarkedStateVersion = 2;
constexpr std::uint64_t kMaxPositions = 65'536;
/// A leaf's row in a batch: hash, index, length of its bytes.
constexpr std::size_t kMinLeafBytes = Digest::kSize + 2;

constexpr std::size_t kChecksumBytes = 4;
/// Room for a number, and for what stands before the rows of a value.
constexpr std::size_t kMaxVarintBytes = 10;
constexpr std::size_t kMaxHeadBytes = 128;

std::array<std::uint8_t, kChecksumBytes> checksum_of(BytesView entry) {
    const std::uint32_t checksum = crc32c(entry);
    return {static_cast<std::uint8_t>(checksum >> 24), static_cast<std::uint8_t>(checksum >> 16),
            static_cast<std::uint8_t>(checksum >> 8), static_cast<std::uint8_t>(checksum)};
}

/// Those of a batch that has some, by ascending position.
void read_endorsements(RecordReader& reader, StoredBatch& batch) {
    constexpr std::size_t kLeastBytes = 3;
    const std::size_t count = reader.count(kLeastBytes);
    if (count == 0) reader.refuse();
    std::uint64_t free_from = 0;
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        const std::uint64_t position = reader.varint();
        std::vector<Bytes> endorsements = reader.sized_list();
        if (position < free_from || position >= batch.leaves.size() || endorsements.empty()) {
            reader.refuse();
            return;
        }
        batch.leaves[position].endorsements = std::move(endorsements);
        free_from = position + 1;
    }
}

}  // namespace

Bytes encode_entries(std::span<const Bytes> entries) {
    std::size_t size = kMaxHeadBytes;
    for (const Bytes& entry : entries) size += kChecksumBytes + kMaxVarintBytes + entry.size();
    RecordWriter writer(size);
    writer.byte(kHubRecordVersion).varint(entries.size());
    for (const Bytes& entry : entries) writer.raw(checksum_of(entry)).sized(entry);
    return std::move(writer).bytes();
}

Result<std::uint64_t> count_entries(BytesView value) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    const std::uint64_t count = reader.count(1);
    if (reader.failed() || count == 0) return Errc::storage_corrupt;
    return count;
}

Result<std::vector<Bytes>> decode_entries(BytesView value, std::uint64_t from,
                                          std::uint64_t count) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    const std::uint64_t total = reader.count(1);
    if (total == 0) reader.refuse();
    std::vector<Bytes> entries;
    for (std::uint64_t i = 0; i < total && !reader.failed(); ++i) {
        const BytesView checksum = reader.raw(kChecksumBytes);
        const BytesView entry = reader.sized();
        if (i < from || i - from >= count || reader.failed()) continue;
        if (!std::ranges::equal(checksum, checksum_of(entry))) {
            // The caller, who asks on from here, learns which entry it is.
            if (entries.empty()) return Errc::storage_corrupt;
            return entries;
        }
        entries.push_back(to_bytes(entry));
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return entries;
}

Bytes encode_batch(const StoredBatch& batch) {
    std::size_t size = kMaxHeadBytes + batch.statement.size();
    std::uint64_t endorsed = 0;
    for (const StoredLeaf& leaf : batch.leaves) {
        size += Digest::kSize + 2 * kMaxVarintBytes + leaf.bytes.size();
        if (!leaf.endorsements.empty()) ++endorsed;
    }
    RecordWriter writer(size);
    writer.byte(endorsed == 0 ? kHubRecordVersion : kEndorsedBatchVersion)
        .varint(batch.entry_count)
        .digest(batch.signer)
        .sized(batch.statement);
    writer.varint(batch.leaves.size());
    for (const StoredLeaf& leaf : batch.leaves) {
        // 0 stands for "no entry"; any other number is one more than the place within the batch.
        const std::uint64_t place = leaf.index ? leaf.index->value() - batch.first.value() + 1 : 0;
        writer.digest(leaf.leaf_hash).varint(place).varint(leaf.bytes.size());
    }
    for (const StoredLeaf& leaf : batch.leaves) writer.raw(leaf.bytes);
    if (endorsed == 0) return std::move(writer).bytes();
    writer.varint(endorsed);
    for (std::size_t position = 0; position < batch.leaves.size(); ++position) {
        const std::vector<Bytes>& endorsements = batch.leaves[position].endorsements;
        if (endorsements.empty()) continue;
        writer.varint(position).sized_list(endorsements);
    }
    return std::move(writer).bytes();
}

Result<StoredBatch> decode_batch(LogIndex first, BytesView value) {
    RecordReader reader(value);
    const bool endorsed = !value.empty() && value.front() == kEndorsedBatchVersion;
    reader.version(endorsed ? kEndorsedBatchVersion : kHubRecordVersion);
    StoredBatch batch;
    batch.first = first;
    batch.entry_count =
        static_cast<std::uint32_t>(reader.varint(std::numeric_limits<std::uint32_t>::max()));
    if (batch.entry_count == 0) reader.refuse();
    batch.signer = reader.digest();
    batch.statement = to_bytes(reader.sized());
    const std::size_t count = reader.count(kMinLeafBytes);
    std::vector<std::uint64_t> lengths;
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        StoredLeaf leaf;
        leaf.leaf_hash = reader.digest();
        const std::uint64_t place = reader.varint(batch.entry_count);
        if (place > 0) leaf.index = advanced(first, place - 1);
        lengths.push_back(reader.varint());
        batch.leaves.push_back(std::move(leaf));
    }
    for (std::size_t i = 0; i < lengths.size() && !reader.failed(); ++i) {
        batch.leaves[i].bytes = to_bytes(reader.raw(static_cast<std::size_t>(lengths[i])));
    }
    if (endorsed) read_endorsements(reader, batch);
    if (const auto done = reader.finish(); !done) return done.error();
    return batch;
}

Bytes encode_positions(std::span<const std::uint16_t> positions) {
    RecordWriter ranges;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < positions.size(); ++count) {
        std::size_t end = i + 1;
        while (end < positions.size() && positions[end] == positions[end - 1] + 1) ++end;
        ranges.varint(positions[i]).varint(end - i);
        i = end;
    }
    return RecordWriter().byte(kHubRecordVersion).varint(count).raw(ranges.bytes()).bytes();
}

Result<std::vector<std::uint16_t>> decode_positions(BytesView value) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    const std::size_t ranges = reader.count(2);
    if (ranges == 0) reader.refuse();
    std::vector<std::uint16_t> positions;
    for (std::size_t i = 0; i < ranges && !reader.failed(); ++i) {
        const std::uint64_t start = reader.varint(kMaxPositions - 1);
        const std::uint64_t count = reader.varint(kMaxPositions - start);
        // Two ranges that touch would be a second spelling of one.
        if (count == 0 || (!positions.empty() && start <= positions.back() + 1u)) reader.refuse();
        if (reader.failed()) break;
        for (std::uint64_t each = start; each < start + count; ++each) {
            positions.push_back(static_cast<std::uint16_t>(each));
        }
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return positions;
}

Bytes encode_state(std::uint32_t state) {
    RecordWriter writer;
    const auto byte_at = [state](unsigned place) {
        return static_cast<std::uint8_t>(state >> (8U * place));
    };
    if (state <= 0xff) return writer.byte(kHubRecordVersion).byte(byte_at(0)).bytes();
    return writer.byte(kMarkedStateVersion)
        .byte(byte_at(0))
        .byte(byte_at(2))
        .byte(byte_at(1))
        .bytes();
}

Result<std::uint32_t> decode_state(BytesView value) {
    RecordReader reader(value);
    const bool marked = !value.empty() && value.front() == kMarkedStateVersion;
    reader.version(marked ? kMarkedStateVersion : kHubRecordVersion);
    std::uint32_t state = reader.byte();
    if (marked) {
        const std::uint32_t high = reader.byte();
        const std::uint32_t marks = high << 8U | reader.byte();
        // Without marks the record is of the other version: one standing has one record.
        if (marks == 0) reader.refuse();
        state |= marks << 8U;
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return state;
}

Bytes encode_mark() {
    return RecordWriter().byte(kHubRecordVersion).bytes();
}

Result<void> decode_mark(BytesView value) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    return reader.finish();
}

Bytes encode_state_run(const StateRun& run) {
    return RecordWriter().byte(kHubRecordVersion).varint(run.count).byte(run.state).bytes();
}

Result<StateRun> decode_state_run(BytesView value) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    StateRun run;
    run.count = reader.varint();
    if (run.count < 2) reader.refuse();
    run.state = reader.byte();
    if (const auto done = reader.finish(); !done) return done.error();
    return run;
}

Bytes encode_count(std::uint64_t count) {
    return RecordWriter().byte(kHubRecordVersion).varint(count).bytes();
}

Result<std::uint64_t> decode_count(BytesView value) {
    RecordReader reader(value);
    reader.version(kHubRecordVersion);
    const std::uint64_t count = reader.varint();
    if (count == 0) reader.refuse();
    if (const auto done = reader.finish(); !done) return done.error();
    return count;
}

}  // namespace tongbao::storage
