#include "storage/daemon_records.hpp"

#include "storage/record_codec.hpp"

#include <limits>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kDaemonRecordVersion = 1;
/// What an item or a row has at least: identifier, time and some bytes.
constexpr std::size_t kLeastItemBytes = 16 + 8 + 3;
/// The same of what an outcome or a row takes about, besides its texts.
constexpr std::size_t kUsualOutcomeBytes = 96;
constexpr std::size_t kUsualRowBytes = 128;
constexpr std::uint64_t kMaxPosition = std::numeric_limits<std::uint16_t>::max();

bool is_sent_state(std::uint8_t value) {
    return value <= static_cast<std::uint8_t>(SentState::refused);
}

}  // namespace

Bytes encode_sent_run(std::span<const SentItem> items) {
    std::size_t size = kLeastItemBytes;
    for (const SentItem& item : items) {
        size += 2 * kLeastItemBytes + item.bytes.size();
        for (const Bytes& each : item.endorsements) size += kLeastItemBytes + each.size();
    }
    RecordWriter writer(size);
    writer.byte(kDaemonRecordVersion).varint(items.size());
    for (const SentItem& item : items) {
        writer.uuid(item.id)
            .flag(item.is_act)
            .time(item.queued_at)
            .sized_list(item.endorsements)
            .sized(item.bytes);
    }
    return std::move(writer).bytes();
}

Result<std::uint64_t> count_sent_run(BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    const std::uint64_t count = reader.count(kLeastItemBytes);
    if (reader.failed() || count == 0) return Errc::storage_corrupt;
    return count;
}

Result<std::vector<SentItem>> decode_sent_run(std::uint64_t first, BytesView value,
                                              std::uint64_t from, std::uint64_t count) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    const std::uint64_t total = reader.count(kLeastItemBytes);
    if (total == 0) reader.refuse();
    std::vector<SentItem> items;
    for (std::uint64_t i = 0; i < total && !reader.failed(); ++i) {
        SentItem item;
        item.sequence = first + i;
        item.id = reader.uuid();
        item.is_act = reader.flag();
        item.queued_at = reader.time();
        item.endorsements = reader.sized_list();
        const BytesView bytes = reader.sized();
        if (item.sequence < from || items.size() >= count) continue;
        item.bytes = to_bytes(bytes);
        items.push_back(std::move(item));
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return items;
}

Bytes encode_outcome_run(std::span<const SentOutcome> outcomes) {
    RecordWriter writer(outcomes.size() * kUsualOutcomeBytes);
    writer.byte(kDaemonRecordVersion).varint(outcomes.size());
    for (const SentOutcome& each : outcomes) {
        writer.byte(static_cast<std::uint8_t>(each.state)).flag(each.index.has_value());
        if (each.index) writer.index(*each.index);
        writer.sized(each.outcome);
    }
    return std::move(writer).bytes();
}

Result<std::vector<SentOutcome>> decode_outcome_run(BytesView value) {
    constexpr std::size_t kLeastOutcomeBytes = 3;
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    std::vector<SentOutcome> outcomes(reader.count(kLeastOutcomeBytes));
    if (outcomes.empty()) reader.refuse();
    for (SentOutcome& each : outcomes) {
        const std::uint8_t state = reader.byte();
        if (!is_sent_state(state)) reader.refuse();
        if (reader.failed()) break;
        each.state = static_cast<SentState>(state);
        if (reader.flag()) each.index = reader.index();
        each.outcome = reader.sized_text();
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return outcomes;
}

Bytes encode_sent_places(const SentPlaces& places) {
    return RecordWriter()
        .byte(kDaemonRecordVersion)
        .number(places.sequence)
        .varint(places.count)
        .bytes();
}

Result<SentPlaces> decode_sent_places(BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    SentPlaces places;
    places.sequence = reader.number();
    places.count = reader.varint();
    if (places.count == 0) reader.refuse();
    if (const auto done = reader.finish(); !done) return done.error();
    return places;
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

Bytes encode_inbox_rows(std::span<const InboxRow> rows) {
    RecordWriter writer(rows.size() * kUsualRowBytes);
    writer.byte(kDaemonRecordVersion).index(rows.front().batch).varint(rows.size());
    std::uint64_t last = rows.front().index.value();
    for (const InboxRow& row : rows) {
        writer.varint(row.index.value() - last).varint(row.position).uuid(row.id);
        last = row.index.value();
        writer.sized(row.from.value())
            .sized(row.kind.value())
            .sized(row.title)
            .sized(row.case_number)
            .flag(row.in_reply_to.has_value());
        if (row.in_reply_to) writer.uuid(*row.in_reply_to);
        writer.flag(row.copy).byte(row.state).time(row.received_at);
    }
    return std::move(writer).bytes();
}

Result<std::vector<InboxRow>> decode_inbox_rows(LogIndex first, BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    const LogIndex batch = reader.index();
    std::vector<InboxRow> rows(reader.count(kLeastItemBytes));
    if (rows.empty()) reader.refuse();
    std::uint64_t last = first.value();
    for (InboxRow& row : rows) {
        const std::uint64_t step = reader.varint();
        // Strictly ascending, from the key on.
        if ((step == 0) != (&row == &rows.front())) reader.refuse();
        if (reader.failed()) break;
        last += step;
        row.index = LogIndex(last);
        row.batch = batch;
        row.position = static_cast<std::uint16_t>(reader.varint(kMaxPosition));
        row.id = reader.uuid();
        row.from = UnitId(reader.sized_text());
        row.kind = KindId(reader.sized_text());
        row.title = reader.sized_text();
        row.case_number = reader.sized_text();
        if (reader.flag()) row.in_reply_to = reader.uuid();
        row.copy = reader.flag();
        row.state = reader.byte();
        row.received_at = reader.time();
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return rows;
}

Bytes encode_act_rows(std::span<const ActRow> rows) {
    const ActRow& act = rows.front();
    RecordWriter writer(kUsualRowBytes + rows.size() * (Digest::kSize + 2));
    writer.byte(kDaemonRecordVersion)
        .sized(word(act.kind))
        .sized(act.unit.value())
        .time(act.time)
        .sized(act.reason)
        .varint(rows.size());
    std::uint64_t last = act.notice.value();
    for (const ActRow& row : rows) {
        writer.varint(row.notice.value() - last).digest(row.sha256);
        last = row.notice.value();
    }
    return std::move(writer).bytes();
}

Result<std::vector<ActRow>> decode_act_rows(LogIndex first, LogIndex act, BytesView value) {
    RecordReader reader(value);
    reader.version(kDaemonRecordVersion);
    ActRow said;
    said.act = act;
    const std::optional<ActKind> kind = act_kind_from_word(reader.sized_text());
    if (!kind) reader.refuse();
    said.kind = kind.value_or(ActKind{});
    said.unit = UnitId(reader.sized_text());
    said.time = reader.time();
    said.reason = reader.sized_text();
    std::vector<ActRow> rows(reader.count(Digest::kSize + 1), said);
    if (rows.empty()) reader.refuse();
    std::uint64_t last = first.value();
    for (ActRow& row : rows) {
        const std::uint64_t step = reader.varint();
        if (&row == &rows.front() && step != 0) reader.refuse();
        last += step;
        row.notice = LogIndex(last);
        row.sha256 = reader.digest();
    }
    if (const auto done = reader.finish(); !done) return done.error();
    return rows;
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
