#include "storage/daemon_records.hpp"

#include "storage/record_codec.hpp"

#include <limits>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kDaemonRecordVersion = 1;
/// Of a sent notice with endorsements.
constexpr std::uint8_t kEndorsedSentVersion = 2;

bool is_sent_state(std::uint8_t value) {
    return value <= static_cast<std::uint8_t>(SentState::refused);
}

}  // namespace

Bytes encode_sent(const SentItem& item) {
    RecordWriter writer;
    writer.byte(item.endorsements.empty() ? kDaemonRecordVersion : kEndorsedSentVersion)
        .uuid(item.id)
        .flag(item.is_act)
        .time(item.queued_at)
        .sized(item.bytes);
    if (!item.endorsements.empty()) writer.sized_list(item.endorsements);
    return std::move(writer).bytes();
}

Result<SentItem> decode_sent(std::uint64_t sequence, BytesView value) {
    RecordReader reader(value);
    const bool endorsed = !value.empty() && value.front() == kEndorsedSentVersion;
    reader.version(endorsed ? kEndorsedSentVersion : kDaemonRecordVersion);
    SentItem item;
    item.sequence = sequence;
    item.id = reader.uuid();
    item.is_act = reader.flag();
    item.queued_at = reader.time();
    item.bytes = to_bytes(reader.sized());
    if (endorsed) item.endorsements = reader.sized_list();
    // Without any the record is of the other version: one item has one record.
    if (endorsed && item.endorsements.empty()) reader.refuse();
    if (const auto done = reader.finish(); !done) return done.error();
    return item;
}

Bytes encode_outcome(const SentItem& item) {
    RecordWriter writer;
    writer.byte(kDaemonRecordVersion)
        .byte(static_cast<std::uint8_t>(item.state))
        .flag(item.index.has_value());
    if (item.index) writer.index(*item.index);
    return writer.sized(item.outcome).bytes();
}

Result<void> decode_outcome(BytesView value, SentItem& item) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    const std::uint8_t state = reader.byte();
    if (!is_sent_state(state)) reader.refuse();
    std::optional<LogIndex> index;
    if (reader.flag()) index = reader.index();
    std::string outcome = reader.sized_text();
    if (const auto done = reader.finish(); !done) return done.error();
    item.state = static_cast<SentState>(state);
    item.index = index;
    item.outcome = std::move(outcome);
    return {};
}

Bytes encode_held(const HeldNotice& notice) {
    RecordWriter writer;
    writer.byte(kDaemonRecordVersion)
        .time(notice.held_at)
        .sized(notice.bytes)
        .sized_list(notice.endorsements);
    return std::move(writer).bytes();
}

Result<HeldNotice> decode_held(const Uuid& id, BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    HeldNotice notice;
    notice.id = id;
    notice.held_at = reader.time();
    notice.bytes = to_bytes(reader.sized());
    notice.endorsements = reader.sized_list();
    if (const auto done = reader.finish(); !done) return done.error();
    return notice;
}

Bytes encode_inbox_row(const InboxRow& row) {
    RecordWriter writer;
    writer.byte(kDaemonRecordVersion).index(row.batch).varint(row.position).uuid(row.id);
    writer.sized(row.from.value()).sized(row.kind.value()).sized(row.title).sized(row.case_number);
    writer.flag(row.in_reply_to.has_value());
    if (row.in_reply_to) writer.uuid(*row.in_reply_to);
    return writer.flag(row.copy).byte(row.state).time(row.received_at).bytes();
}

Result<InboxRow> decode_inbox_row(LogIndex index, BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    InboxRow row;
    row.index = index;
    row.batch = reader.index();
    row.position =
        static_cast<std::uint16_t>(reader.varint(std::numeric_limits<std::uint16_t>::max()));
    row.id = reader.uuid();
    row.from = UnitId(reader.sized_text());
    row.kind = KindId(reader.sized_text());
    row.title = reader.sized_text();
    row.case_number = reader.sized_text();
    if (reader.flag()) row.in_reply_to = reader.uuid();
    row.copy = reader.flag();
    row.state = reader.byte();
    row.received_at = reader.time();
    if (const auto done = reader.finish(); !done) return done.error();
    return row;
}

Bytes encode_act_row(const ActRow& row) {
    return RecordWriter()
        .byte(kDaemonRecordVersion)
        .digest(row.sha256)
        .sized(word(row.kind))
        .sized(row.unit.value())
        .time(row.time)
        .sized(row.reason)
        .bytes();
}

Result<ActRow> decode_act_row(LogIndex notice, LogIndex act, BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    ActRow row;
    row.notice = notice;
    row.act = act;
    row.sha256 = reader.digest();
    const std::optional<ActKind> kind = act_kind_from_word(reader.sized_text());
    if (!kind) reader.refuse();
    row.kind = kind.value_or(ActKind{});
    row.unit = UnitId(reader.sized_text());
    row.time = reader.time();
    row.reason = reader.sized_text();
    if (const auto done = reader.finish(); !done) return done.error();
    return row;
}

Bytes encode_opaque(BytesView bytes) {
    return RecordWriter().byte(kDaemonRecordVersion).raw(bytes).bytes();
}

Result<Bytes> decode_opaque(BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    Bytes bytes = to_bytes(reader.rest());
    if (const auto done = reader.finish(); !done) return done.error();
    return bytes;
}

}  // namespace tongbao::storage
