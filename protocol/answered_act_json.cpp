#include "protocol/answered_act_json.hpp"

#include "protocol/clock_event_json.hpp"

#include <limits>
#include <string>

namespace tongbao::protocol {
namespace {

/// An answer, or a decision on an extension and the request that it decides.
constexpr std::size_t kMaxRestored = 2;

std::vector<std::uint16_t> clocks_from(ObjectReader& reader) {
    std::vector<std::uint16_t> clocks;
    for (const JsonValue& item : reader.array("clocks")) {
        const auto* const place = std::get_if<std::int64_t>(&item.value);
        const bool good = place != nullptr && *place >= 0 &&
                          *place <= std::numeric_limits<std::uint16_t>::max() &&
                          (clocks.empty() || clocks.back() < *place);
        if (!good) {
            reader.fail(Errc::bad_value, "clocks", "places of clocks, ascending");
            return clocks;
        }
        clocks.push_back(static_cast<std::uint16_t>(*place));
    }
    if (clocks.empty()) reader.fail(Errc::bad_value, "clocks", "at least one");
    return clocks;
}

std::vector<NoticeAt> restored_from(ObjectReader& outer) {
    std::vector<NoticeAt> restored;
    if (!outer.has("restored")) return restored;
    for (const JsonValue& item : outer.array("restored")) {
        ObjectReader reader(item, "restored[" + std::to_string(restored.size()) + ']');
        NoticeAt each{notice_ref_from(reader, "notice"), unit_from(reader, "unit")};
        if (auto fault = reader.finish()) outer.fail(fault->code, fault->place, fault->explanation);
        restored.push_back(std::move(each));
    }
    // Without any the member is left out: one entry has one spelling.
    const bool twice = restored.size() == 2 && restored[0] == restored[1];
    if (restored.empty() || restored.size() > kMaxRestored || twice) {
        outer.fail(Errc::bad_value, "restored", "one or two, none twice");
    }
    return restored;
}

}  // namespace

void write_event(JsonWriter& writer, const AnsweredActEvent& event) {
    writer.member("from", event.from.value()).key("notice");
    write_notice_ref(writer, event.notice);
    writer.key("by");
    write_notice_ref(writer, event.by);
    if (event.unit) writer.member("unit", event.unit->value());
    if (!event.clocks.empty()) {
        writer.key("clocks").begin_array();
        for (const std::uint16_t clock : event.clocks) writer.number(std::uint64_t{clock});
        writer.end_array();
    }
    if (event.due) writer.member("due", format_utc(*event.due));
    if (event.restored.empty()) return;
    writer.key("restored").begin_array();
    for (const NoticeAt& each : event.restored) {
        writer.begin_object().key("notice");
        write_notice_ref(writer, each.notice);
        writer.member("unit", each.unit.value()).end_object();
    }
    writer.end_array();
}

AnsweredActEvent answered_act_from(ObjectReader& reader, AnsweredAct act) {
    AnsweredActEvent event;
    event.act = act;
    event.from = unit_from(reader, "from");
    event.notice = notice_ref_from(reader, "notice");
    event.by = notice_ref_from(reader, "by");
    if (reverses(act)) {
        event.restored = restored_from(reader);
        return event;
    }
    event.unit = unit_from(reader, "unit");
    if (act != AnsweredAct::extend) return event;
    event.clocks = clocks_from(reader);
    event.due = reader.utc_time("due");
    return event;
}

}  // namespace tongbao::protocol
