#include "storage/ledger_records.hpp"

#include "domain/overloaded.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kPlanVersion = 1;
/// Room for nearly every plan.
constexpr std::size_t kUsualPlanBytes = 384;

/// The alternatives of a value or of a scalar.
enum class ValueForm : std::uint8_t { boolean, integer, text, table, detached };

template <typename Enum>
void write_enum(RecordWriter& writer, Enum value) {
    writer.byte(static_cast<std::uint8_t>(value));
}

/// None above `last`.
template <typename Enum>
Enum read_enum(RecordReader& reader, Enum last) {
    const std::uint8_t value = reader.byte();
    if (value <= static_cast<std::uint8_t>(last)) return static_cast<Enum>(value);
    reader.refuse();
    return Enum{};
}

void write_text(RecordWriter& writer, const std::optional<std::string>& text) {
    writer.flag(text.has_value());
    if (text) writer.sized(*text);
}

std::optional<std::string> read_text(RecordReader& reader) {
    if (!reader.flag()) return std::nullopt;
    return reader.sized_text();
}

void write_integer(RecordWriter& writer, std::int64_t value) {
    writer.number(static_cast<std::uint64_t>(value));
}

std::int64_t read_integer(RecordReader& reader) {
    return static_cast<std::int64_t>(reader.number());
}

void write_ref(RecordWriter& writer, const NoticeRef& ref) {
    writer.index(ref.index).digest(ref.sha256);
}

NoticeRef read_ref(RecordReader& reader) {
    NoticeRef ref;
    ref.index = reader.index();
    ref.sha256 = reader.digest();
    return ref;
}

void write_scalar(RecordWriter& writer, const Scalar& scalar) {
    std::visit(Overloaded{[&](bool value) {
                              write_enum(writer, ValueForm::boolean);
                              writer.flag(value);
                          },
                          [&](std::int64_t value) {
                              write_enum(writer, ValueForm::integer);
                              write_integer(writer, value);
                          },
                          [&](const std::string& value) {
                              write_enum(writer, ValueForm::text);
                              writer.sized(value);
                          }},
               scalar);
}

Scalar read_scalar(RecordReader& reader) {
    switch (read_enum(reader, ValueForm::text)) {
        case ValueForm::boolean:
            return reader.flag();
        case ValueForm::integer:
            return read_integer(reader);
        default:
            return reader.sized_text();
    }
}

void write_table(RecordWriter& writer, const Table& table) {
    write_enum(writer, ValueForm::table);
    writer.varint(table.size());
    for (const Row& row : table) {
        writer.varint(row.cells.size());
        for (const auto& [name, scalar] : row.cells) {
            writer.sized(name);
            write_scalar(writer, scalar);
        }
    }
}

Table read_table(RecordReader& reader) {
    Table table(reader.count(1));
    for (Row& row : table) {
        const std::size_t cells = reader.count(3);
        for (std::size_t at = 0; at < cells; ++at) {
            std::string name = reader.sized_text();
            row.cells.emplace_back(std::move(name), read_scalar(reader));
        }
    }
    return table;
}

void write_value(RecordWriter& writer, const FieldValue& value) {
    std::visit(Overloaded{[&](const Table& table) { write_table(writer, table); },
                          [&](const DetachedTable& table) {
                              write_enum(writer, ValueForm::detached);
                              writer.digest(table.sha256);
                          },
                          [&](const auto& scalar) { write_scalar(writer, Scalar(scalar)); }},
               value);
}

FieldValue read_value(RecordReader& reader) {
    switch (read_enum(reader, ValueForm::detached)) {
        case ValueForm::boolean:
            return reader.flag();
        case ValueForm::integer:
            return read_integer(reader);
        case ValueForm::text:
            return reader.sized_text();
        case ValueForm::table:
            return read_table(reader);
        case ValueForm::detached:
            return DetachedTable{reader.digest()};
    }
    return false;
}

void write_track(RecordWriter& writer, const TrackName& track) {
    writer.sized(track.id).sized(track.unit.value()).flag(track.holds_case_open);
}

TrackName read_track(RecordReader& reader) {
    TrackName track;
    track.id = reader.sized_text();
    track.unit = UnitId(reader.sized_text());
    track.holds_case_open = reader.flag();
    return track;
}

// Each change, in the order of LedgerChange's alternatives.

void write(RecordWriter& /*writer*/, const CaseOpened& /*change*/) {}
void write(RecordWriter& /*writer*/, const NoticeLinked& /*change*/) {}
void write(RecordWriter& writer, const CaseClosed& change) {
    write_text(writer, change.reason);
}
void write(RecordWriter& writer, const FactStated& change) {
    writer.sized(change.attribute);
    write_value(writer, change.value);
}
void write(RecordWriter& writer, const FlagRaised& change) {
    write_enum(writer, change.flag);
}
void write(RecordWriter& writer, const TrackMoved& change) {
    write_track(writer, change.track);
    writer.sized(change.state).flag(change.finished);
}
void write(RecordWriter& writer, const DecisionStated& change) {
    writer.flag(change.track.has_value());
    if (change.track) write_track(writer, *change.track);
    for (const auto* const part :
         {&change.kind, &change.outcome, &change.doc_no, &change.date, &change.measures}) {
        write_text(writer, *part);
    }
}
void write(RecordWriter& writer, const MoneyStated& change) {
    writer.sized(change.kind);
    write_integer(writer, change.fen.value());
    write_enum(writer, change.total);
    for (const auto* const part : {&change.track, &change.doc_no, &change.period}) {
        write_text(writer, *part);
    }
}
void write(RecordWriter& writer, const NoticeReversed& change) {
    write_ref(writer, change.notice);
}

DecisionStated read_decision(RecordReader& reader) {
    DecisionStated change;
    if (reader.flag()) change.track = read_track(reader);
    for (auto* const part :
         {&change.kind, &change.outcome, &change.doc_no, &change.date, &change.measures}) {
        *part = read_text(reader);
    }
    return change;
}

MoneyStated read_money(RecordReader& reader) {
    MoneyStated change;
    change.kind = reader.sized_text();
    change.fen = Fen(read_integer(reader));
    change.total = read_enum(reader, MoneyTotal::latest);
    for (auto* const part : {&change.track, &change.doc_no, &change.period}) {
        *part = read_text(reader);
    }
    return change;
}

TrackMoved read_move(RecordReader& reader) {
    TrackMoved change;
    change.track = read_track(reader);
    change.state = reader.sized_text();
    change.finished = reader.flag();
    return change;
}

FactStated read_fact(RecordReader& reader) {
    FactStated change;
    change.attribute = reader.sized_text();
    change.value = read_value(reader);
    return change;
}

LedgerChange read_change(RecordReader& reader) {
    switch (reader.byte()) {
        case 0:
            return CaseOpened{};
        case 1:
            return NoticeLinked{};
        case 2:
            return CaseClosed{read_text(reader)};
        case 3:
            return read_fact(reader);
        case 4:
            return FlagRaised{read_enum(reader, CaseFlag::major)};
        case 5:
            return read_move(reader);
        case 6:
            return read_decision(reader);
        case 7:
            return read_money(reader);
        case 8:
            return NoticeReversed{read_ref(reader)};
        default:
            reader.refuse();
            return CaseOpened{};
    }
}
static_assert(std::variant_size_v<LedgerChange> == 9);

void write_plan_source(RecordWriter& writer, const LedgerSource& source) {
    write_enum(writer, source.on);
    write_ref(writer, source.notice);
    writer.sized(source.kind.value()).sized(source.sender.value());
    write_ref(writer, source.cause);
    writer.flag(source.recipient.has_value());
    if (source.recipient) writer.sized(source.recipient->value());
    writer.index(source.entry).time(source.at);
}

LedgerSource read_source(RecordReader& reader) {
    LedgerSource source;
    source.on = read_enum(reader, EffectEvent::closed);
    source.notice = read_ref(reader);
    source.kind = KindId(reader.sized_text());
    source.sender = UnitId(reader.sized_text());
    source.cause = read_ref(reader);
    if (reader.flag()) source.recipient = UnitId(reader.sized_text());
    source.entry = reader.index();
    source.at = reader.time();
    return source;
}

void write_reasons(RecordWriter& writer, const Reasons& reasons) {
    writer.varint(reasons.size());
    for (const Reason& reason : reasons) {
        writer.varint(static_cast<std::uint64_t>(reason.code));
        writer.sized(reason.place).sized(reason.explanation);
    }
}

Reasons read_reasons(RecordReader& reader) {
    Reasons reasons(reader.count(3));
    for (Reason& reason : reasons) {
        const std::uint64_t number = reader.varint();
        const std::span<const Errc> all = all_errcs();
        const auto found = std::find_if(all.begin(), all.end(), [number](Errc each) {
            return static_cast<std::uint64_t>(each) == number;
        });
        if (found == all.end()) {
            reader.refuse();
        } else {
            reason.code = *found;
        }
        reason.place = reader.sized_text();
        reason.explanation = reader.sized_text();
    }
    return reasons;
}

}  // namespace

Bytes encode_plan(const LedgerPlan& plan) {
    RecordWriter writer(kUsualPlanBytes);
    writer.byte(kPlanVersion).sized(plan.charter.value());
    write_plan_source(writer, plan.source);
    write_enum(writer, plan.viewpoint);
    writer.flag(plan.may_close).varint(plan.changes.size());
    for (const LedgerChange& change : plan.changes) {
        writer.byte(static_cast<std::uint8_t>(change.index()));
        std::visit([&writer](const auto& each) { write(writer, each); }, change);
    }
    write_reasons(writer, plan.reasons);
    return std::move(writer).bytes();
}

Result<LedgerPlan> decode_plan(const CaseNumber& number, BytesView value) {
    RecordReader reader(value);
    reader.version(kPlanVersion);
    LedgerPlan plan;
    plan.case_number = number;
    plan.charter = CharterId(reader.sized_text());
    plan.source = read_source(reader);
    plan.viewpoint = read_enum(reader, Viewpoint::unit);
    plan.may_close = reader.flag();
    const std::size_t changes = reader.count(1);
    plan.changes.reserve(changes);
    for (std::size_t at = 0; at < changes; ++at) plan.changes.push_back(read_change(reader));
    plan.reasons = read_reasons(reader);
    const Result<void> whole = reader.finish();
    if (!whole) return whole.error();
    return plan;
}

Bytes encode_reasons(const Reasons& reasons) {
    RecordWriter writer;
    write_reasons(writer, reasons);
    return std::move(writer).bytes();
}

Result<Reasons> decode_reasons(BytesView value) {
    RecordReader reader(value);
    Reasons reasons = read_reasons(reader);
    const Result<void> whole = reader.finish();
    if (!whole) return whole.error();
    return reasons;
}

}  // namespace tongbao::storage
