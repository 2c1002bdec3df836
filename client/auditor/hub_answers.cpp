#include "client/auditor/hub_answers.hpp"

#include "domain/endorsement.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

#include <string>

namespace tongbao::client {
namespace {

using protocol::JsonDocument;
using protocol::JsonValue;
using protocol::ObjectReader;

constexpr std::int64_t kMaxIndex = (std::int64_t{1} << 53) - 1;

LogIndex index_from(ObjectReader& reader, std::string_view name) {
    return LogIndex(static_cast<std::uint64_t>(reader.integer(name, 0, kMaxIndex)));
}

Result<BatchRecord::Leaf> read_leaf(const JsonValue& value) {
    ObjectReader reader(value, "leaves");
    BatchRecord::Leaf leaf{reader.digest_hex("leaf_hash"), std::nullopt};
    if (reader.has("index")) leaf.index = index_from(reader, "index");
    if (reader.has("endorsements")) {
        for (const JsonValue& item : reader.array("endorsements")) {
            const auto* const text = std::get_if<std::string_view>(&item.value);
            Result<Bytes> statement = text == nullptr ? Errc::wrong_type : from_base64(*text);
            if (!statement || leaf.endorsements.size() == kMaxEndorsements) {
                return Errc::protocol_violation;
            }
            leaf.endorsements.push_back(*std::move(statement));
        }
    }
    if (reader.finish()) return Errc::protocol_violation;
    return leaf;
}

}  // namespace

Result<BatchRecord> read_batch_record(BytesView json) {
    // A batch and the replies in it: at most two entries a leaf.
    constexpr auto kMaxEntries = static_cast<std::int64_t>(2 * protocol::kMaxLeavesPerBatch);
    const Checked<JsonDocument> value = protocol::read_json(json, kMaxBatchRecordBytes);
    if (!value) return Errc::protocol_violation;
    ObjectReader reader(*value, "");
    BatchRecord record;
    record.first = index_from(reader, "first");
    record.entry_count = static_cast<std::uint64_t>(reader.integer("entries", 1, kMaxEntries));
    record.signer = reader.digest_hex("signer");
    record.statement = reader.base64("statement");
    for (const JsonValue& item : reader.array("leaves")) {
        const Result<BatchRecord::Leaf> leaf = read_leaf(item);
        if (!leaf) return leaf.error();
        record.leaves.push_back(*leaf);
    }
    if (reader.finish() || record.leaves.size() > protocol::kMaxLeavesPerBatch) {
        return Errc::protocol_violation;
    }
    return record;
}

std::string write_batch_record(const BatchRecord& batch) {
    protocol::JsonWriter writer;
    writer.begin_object()
        .key("first")
        .number(batch.first.value())
        .key("entries")
        .number(batch.entry_count)
        .member("signer", batch.signer)
        .member("statement", to_base64(batch.statement))
        .key("leaves")
        .begin_array();
    for (const BatchRecord::Leaf& leaf : batch.leaves) {
        writer.begin_object().member("leaf_hash", leaf.leaf_hash);
        if (leaf.index) writer.key("index").number(leaf.index->value());
        if (!leaf.endorsements.empty()) {
            writer.key("endorsements").begin_array();
            for (const Bytes& each : leaf.endorsements) writer.text(to_base64(each));
            writer.end_array();
        }
        writer.end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

Result<std::vector<RegisterRow>> read_register_rows(BytesView json) {
    const Checked<JsonDocument> value = protocol::read_json(json, kMaxRegisterAnswerBytes);
    if (!value) return Errc::protocol_violation;
    ObjectReader reader(*value, "");
    std::vector<RegisterRow> rows;
    for (const JsonValue& item : reader.array("entries")) {
        ObjectReader row(item, "entries");
        rows.push_back({index_from(row, "index"), row.base64("entry")});
        if (row.finish()) return Errc::protocol_violation;
    }
    if (reader.finish()) return Errc::protocol_violation;
    return rows;
}

std::string write_register_rows(const std::vector<RegisterRow>& rows) {
    protocol::JsonWriter writer;
    writer.begin_object().key("entries").begin_array();
    for (const RegisterRow& row : rows) {
        writer.begin_object().key("index").number(row.index.value());
        writer.member("entry", to_base64(row.entry)).end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

SplitBundle split_bundle(BytesView bundle) {
    SplitBundle split;
    while (bundle.size() >= kEntryLengthBytes) {
        const std::size_t length = std::size_t{bundle[0]} << 8 | bundle[1];
        if (bundle.size() - kEntryLengthBytes < length) break;
        split.entries.push_back(bundle.subspan(kEntryLengthBytes, length));
        bundle = bundle.subspan(kEntryLengthBytes + length);
    }
    split.left_over = bundle.size();
    return split;
}

Result<std::vector<Digest>> split_tile(BytesView tile) {
    std::vector<Digest> hashes;
    hashes.reserve(tile.size() / Digest::kSize);
    for (; tile.size() >= Digest::kSize; tile = tile.subspan(Digest::kSize)) {
        const Result<Digest> hash = Digest::from_bytes(tile.first(Digest::kSize));
        if (!hash) return hash.error();
        hashes.push_back(*hash);
    }
    if (!tile.empty()) return Errc::protocol_violation;
    return hashes;
}

}  // namespace tongbao::client
