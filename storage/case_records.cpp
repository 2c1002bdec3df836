#include "storage/case_records.hpp"

#include "domain/overloaded.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kCaseRecordVersion = 1;
/// Room for nearly every source with its changes.
constexpr std::size_t kUsualSourceBytes = 160;
/// A source has two numbers and a digest at the least.
constexpr std::size_t kLeastSourceBytes = 56;

/// The first byte of a change. Stored, so none is reused.
enum class ChangeCode : std::uint8_t { opened, linked, closed, flag, track, reversed };

bool is_seen(const LedgerChange& change) {
    return std::visit(
        Overloaded{
            [](const CaseOpened&) { return true; },
            [](const NoticeLinked&) { return true; },
            [](const CaseClosed& closed) { return !closed.reason; },
            [](const FlagRaised&) { return true; },
            [](const TrackMoved& moved) { return !moved.track.id.empty() && !moved.state.empty(); },
            [](const NoticeReversed&) { return true; },
            [](const FactStated&) { return false; },
            [](const DecisionStated&) { return false; },
            [](const MoneyStated&) { return false; },
        },
        change);
}

void write_change_code(RecordWriter& writer, ChangeCode code) {
    writer.byte(static_cast<std::uint8_t>(code));
}

void write_case_ref(RecordWriter& writer, const NoticeRef& ref) {
    writer.index(ref.index).digest(ref.sha256);
}

NoticeRef case_ref_from(RecordReader& reader) {
    NoticeRef ref;
    ref.index = reader.index();
    ref.sha256 = reader.digest();
    return ref;
}

void write_change(RecordWriter& writer, const LedgerChange& change) {
    std::visit(Overloaded{
                   [&](const CaseOpened&) { write_change_code(writer, ChangeCode::opened); },
                   [&](const NoticeLinked&) { write_change_code(writer, ChangeCode::linked); },
                   [&](const CaseClosed&) { write_change_code(writer, ChangeCode::closed); },
                   [&](const FlagRaised& raised) {
                       write_change_code(writer, ChangeCode::flag);
                       writer.byte(static_cast<std::uint8_t>(raised.flag));
                   },
                   [&](const TrackMoved& moved) {
                       write_change_code(writer, ChangeCode::track);
                       writer.sized(moved.track.id)
                           .sized(moved.track.unit.value())
                           .flag(moved.track.holds_case_open)
                           .sized(moved.state)
                           .flag(moved.finished);
                   },
                   [&](const NoticeReversed& reversed) {
                       write_change_code(writer, ChangeCode::reversed);
                       write_case_ref(writer, reversed.notice);
                   },
                   // are_facts_sound lets none of these come so far.
                   [](const FactStated&) {},
                   [](const DecisionStated&) {},
                   [](const MoneyStated&) {},
               },
               change);
}

TrackMoved track_from(RecordReader& reader) {
    TrackMoved moved;
    moved.track.id = reader.sized_text();
    moved.track.unit = UnitId(reader.sized_text());
    moved.track.holds_case_open = reader.flag();
    moved.state = reader.sized_text();
    moved.finished = reader.flag();
    return moved;
}

LedgerChange change_from(RecordReader& reader) {
    const std::uint8_t code = reader.byte();
    switch (static_cast<ChangeCode>(code)) {
        case ChangeCode::opened:
            return CaseOpened{};
        case ChangeCode::linked:
            return NoticeLinked{};
        case ChangeCode::closed:
            return CaseClosed{};
        case ChangeCode::flag: {
            const std::uint8_t flag = reader.byte();
            if (flag > static_cast<std::uint8_t>(CaseFlag::major)) reader.refuse();
            return FlagRaised{static_cast<CaseFlag>(flag)};
        }
        case ChangeCode::track:
            return track_from(reader);
        case ChangeCode::reversed:
            return NoticeReversed{case_ref_from(reader)};
    }
    reader.refuse();
    return NoticeLinked{};
}

void write_source(RecordWriter& writer, const LedgerSource& source) {
    writer.byte(static_cast<std::uint8_t>(source.on)).index(source.entry).time(source.at);
    write_case_ref(writer, source.notice);
    writer.sized(source.kind.value()).sized(source.sender.value());
    // The notice itself is the most frequent cause.
    writer.flag(source.cause != source.notice);
    if (source.cause != source.notice) write_case_ref(writer, source.cause);
    writer.flag(source.recipient.has_value());
    if (source.recipient) writer.sized(source.recipient->value());
}

LedgerSource source_from(RecordReader& reader) {
    LedgerSource source;
    const std::uint8_t on = reader.byte();
    if (on > static_cast<std::uint8_t>(EffectEvent::closed)) reader.refuse();
    source.on = static_cast<EffectEvent>(on);
    source.entry = reader.index();
    source.at = reader.time();
    source.notice = case_ref_from(reader);
    source.kind = KindId(reader.sized_text());
    source.sender = UnitId(reader.sized_text());
    source.cause = source.notice;
    if (reader.flag()) {
        source.cause = case_ref_from(reader);
        if (source.cause == source.notice) reader.refuse();
    }
    if (reader.flag()) source.recipient = UnitId(reader.sized_text());
    return source;
}

/// The end of the facts from `begin` on that have one source.
std::span<const LedgerFact>::iterator source_end(std::span<const LedgerFact>::iterator begin,
                                                 std::span<const LedgerFact>::iterator end) {
    return std::find_if(begin, end,
                        [&](const LedgerFact& fact) { return fact.source != begin->source; });
}

}  // namespace

bool are_facts_sound(std::span<const LedgerFact> facts) {
    const auto fall = std::adjacent_find(facts.begin(), facts.end(),
                                         [](const LedgerFact& left, const LedgerFact& right) {
                                             return right.source.entry < left.source.entry;
                                         });
    return !facts.empty() && fall == facts.end() &&
           std::all_of(facts.begin(), facts.end(),
                       [](const LedgerFact& fact) { return is_seen(fact.change); });
}

Bytes encode_case_facts(std::span<const LedgerFact> facts) {
    std::uint64_t sources = 0;
    for (auto at = facts.begin(); at != facts.end(); at = source_end(at, facts.end())) ++sources;
    RecordWriter writer(sources * kUsualSourceBytes);
    writer.byte(kCaseRecordVersion).varint(sources);
    for (auto at = facts.begin(); at != facts.end();) {
        const auto end = source_end(at, facts.end());
        write_source(writer, at->source);
        writer.varint(static_cast<std::uint64_t>(end - at));
        for (; at != end; ++at) write_change(writer, at->change);
    }
    return std::move(writer).bytes();
}

Result<std::vector<LedgerFact>> decode_case_facts(BytesView value) {
    RecordReader reader(value);
    reader.version(kCaseRecordVersion);
    std::vector<LedgerFact> facts;
    const std::size_t sources = reader.count(kLeastSourceBytes);
    for (std::size_t i = 0; i < sources && !reader.failed(); ++i) {
        const LedgerSource source = source_from(reader);
        // What has one source stands together: it would have another spelling else.
        if (!facts.empty() && facts.back().source == source) reader.refuse();
        const std::size_t changes = reader.count(1);
        if (changes == 0) reader.refuse();
        for (std::size_t j = 0; j < changes && !reader.failed(); ++j) {
            facts.push_back({source, change_from(reader)});
        }
    }
    if (const auto done = reader.finish(); !done) return done.error();
    if (!are_facts_sound(facts)) return Errc::storage_corrupt;
    return facts;
}

Bytes encode_case_head(const CaseHead& head) {
    RecordWriter writer;
    writer.byte(kCaseRecordVersion).sized(head.charter.value()).flag(head.ever_closed);
    return std::move(writer).bytes();
}

Result<CaseHead> decode_case_head(CaseNumber number, BytesView value) {
    RecordReader reader(value);
    reader.version(kCaseRecordVersion);
    CaseHead head;
    head.number = std::move(number);
    head.charter = CharterId(reader.sized_text());
    head.ever_closed = reader.flag();
    if (const auto done = reader.finish(); !done) return done.error();
    return head;
}

Bytes encode_case_serial(std::uint32_t serial) {
    RecordWriter writer;
    writer.byte(kCaseRecordVersion).varint(serial);
    return std::move(writer).bytes();
}

Result<std::uint32_t> decode_case_serial(BytesView value) {
    RecordReader reader(value);
    reader.version(kCaseRecordVersion);
    const std::uint64_t serial = reader.varint(kMaxCaseSerial);
    if (serial == 0) reader.refuse();
    if (const auto done = reader.finish(); !done) return done.error();
    return static_cast<std::uint32_t>(serial);
}

}  // namespace tongbao::storage
