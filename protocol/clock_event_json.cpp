#include "protocol/clock_event_json.hpp"

#include "domain/clock_words.hpp"
#include "protocol/limits.hpp"

#include <limits>
#include <utility>

namespace tongbao::protocol {
namespace {

constexpr std::string_view kOverdue = "overdue";

/// A place among the charter's or the notice's things of some kind.
std::uint16_t place_from(ObjectReader& reader, std::string_view name) {
    return static_cast<std::uint16_t>(
        reader.integer(name, 0, std::numeric_limits<std::uint16_t>::max()));
}

/// Of an `escalated` entry: any but the one that has a word of its own.
EscalationDeed deed_from(ObjectReader& reader) {
    const auto deed = deed_from_word(reader.text("deed"));
    if (!deed || *deed == EscalationDeed::mark_overdue) {
        reader.fail(Errc::bad_value, "deed", "the word of a step");
        return {};
    }
    return *deed;
}

}  // namespace

void write_notice_ref(JsonWriter& writer, const NoticeRef& ref) {
    writer.begin_object()
        .member("sha256", ref.sha256)
        .key("index")
        .number(ref.index.value())
        .end_object();
}

NoticeRef notice_ref_from(ObjectReader& outer, const JsonValue& value, std::string place) {
    ObjectReader reader(value, std::move(place));
    const Digest sha256 = reader.digest_hex("sha256");
    const auto index = static_cast<std::uint64_t>(reader.integer("index", 0, kMaxJsonInteger));
    if (auto fault = reader.finish()) outer.fail(fault->code, fault->place, fault->explanation);
    return {sha256, LogIndex(index)};
}

NoticeRef notice_ref_from(ObjectReader& reader, std::string_view name) {
    const JsonValue* const value = reader.value(name);
    return value == nullptr ? NoticeRef() : notice_ref_from(reader, *value, std::string(name));
}

UnitId unit_from(ObjectReader& reader, std::string_view name) {
    const Result<UnitId> unit = parse_unit_id(reader.text(name));
    if (!unit) reader.fail(Errc::bad_value, name, "the id of a unit");
    return unit ? *unit : UnitId();
}

void write_event(JsonWriter& writer, const EscalatedEvent& event) {
    writer.key("notice");
    write_notice_ref(writer, event.notice);
    writer.member("unit", event.unit.value()).key("clock").number(std::uint64_t{event.clock});
    if (event.reply) writer.key("reply").number(std::uint64_t{*event.reply});
    writer.key("limit").number(std::uint64_t{event.limit});
    writer.key("step").number(std::uint64_t{event.step});
    if (event.deed != EscalationDeed::mark_overdue) writer.member("deed", word(event.deed));
    writer.member("due", format_utc(event.due));
}

void write_event(JsonWriter& writer, const ClosedEvent& event) {
    writer.key("notice");
    write_notice_ref(writer, event.notice);
    writer.member("unit", event.unit.value());
}

std::string_view event_word(const EscalatedEvent& event) noexcept {
    return event.deed == EscalationDeed::mark_overdue ? kOverdue : "escalated";
}

EscalatedEvent escalated_from(ObjectReader& reader, std::string_view word) {
    EscalatedEvent event;
    event.notice = notice_ref_from(reader, "notice");
    event.unit = unit_from(reader, "unit");
    event.clock = place_from(reader, "clock");
    if (reader.has("reply")) event.reply = place_from(reader, "reply");
    if (!event.reply && event.clock != 0) {
        reader.fail(Errc::bad_value, "clock", "the receipt's is the first");
    }
    event.limit = place_from(reader, "limit");
    event.step = place_from(reader, "step");
    event.deed = word == kOverdue ? EscalationDeed::mark_overdue : deed_from(reader);
    event.due = reader.utc_time("due");
    return event;
}

ClosedEvent closed_from(ObjectReader& reader) {
    ClosedEvent event;
    event.notice = notice_ref_from(reader, "notice");
    event.unit = unit_from(reader, "unit");
    return event;
}

}  // namespace tongbao::protocol
