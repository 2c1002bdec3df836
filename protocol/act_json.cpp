#include "protocol/act_json.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace tongbao::protocol {
namespace {

void read_notices(ObjectReader& reader, Act& act) {
    const JsonValue::Array& items = reader.array("notices");
    const std::size_t limit = act.kind == ActKind::delivered ? kMaxNoticesPerAct : 1;
    if (items.empty() || items.size() > limit) {
        reader.fail(Errc::bad_value, "notices", "from 1 to " + std::to_string(limit));
        return;
    }
    act.notices.reserve(items.size());
    LogIndex highest;
    for (std::size_t i = 0; i < items.size(); ++i) {
        ObjectReader item(items[i], "notices[" + std::to_string(i) + ']');
        const Digest sha256 = item.digest_hex("sha256");
        const std::int64_t index = item.integer("index", 0, kMaxJsonInteger);
        if (auto fault = item.finish()) {
            reader.fail(fault->code, fault->place, std::move(fault->explanation));
            return;
        }
        const LogIndex place(static_cast<std::uint64_t>(index));
        // They mostly ascend: then none behind the highest is there twice.
        const bool twice = place <= highest &&
                           std::any_of(act.notices.begin(), act.notices.end(),
                                       [place](const auto& each) { return each.index == place; });
        highest = std::max(highest, place);
        if (twice) {
            reader.fail(Errc::bad_value, "notices[" + std::to_string(i) + ']', "is named twice");
            return;
        }
        act.notices.push_back(NoticeRef{sha256, place});
    }
}

std::optional<Dispatch> dispatch_from(ObjectReader& outer) {
    if (!outer.has("dispatch")) return std::nullopt;
    const JsonValue* const value = outer.value("dispatch");
    if (value == nullptr) return std::nullopt;
    Checked<Dispatch> dispatch = read_dispatch(*value, "dispatch");
    if (dispatch) return *std::move(dispatch);
    const Reason fault = dispatch.error();
    outer.fail(fault.code, fault.place, fault.explanation);
    return std::nullopt;
}

}  // namespace

Checked<Dispatch> read_dispatch(const JsonValue& value, const std::string& place) {
    ObjectReader reader(value, place);
    Dispatch dispatch;
    const Result<UnitId> to = parse_unit_id(reader.text("to"));
    if (!to) reader.fail(Errc::bad_value, "to", "the id of a unit");
    if (to) dispatch.to = *to;
    dispatch.method = reader.text("method");
    dispatch.at = reader.text("at");
    if (!parse_date_time(dispatch.at)) {
        reader.fail(Errc::bad_value, "at", "a time with its offset: 2020-10-13T09:30+08:00");
    }
    dispatch.number = reader.optional_text("number");
    if (reader.has("evidence")) dispatch.evidence = reader.digest_hex("evidence");
    if (auto fault = reader.finish()) return *std::move(fault);
    return dispatch;
}

void write_dispatch(JsonWriter& writer, const Dispatch& dispatch) {
    writer.key("dispatch")
        .begin_object()
        .member("to", dispatch.to.value())
        .member("method", dispatch.method)
        .member("at", dispatch.at);
    if (dispatch.number) writer.member("number", *dispatch.number);
    if (dispatch.evidence) writer.member("evidence", *dispatch.evidence);
    writer.end_object();
}

bool may_have_reason(ActKind kind) noexcept {
    return kind == ActKind::declined || kind == ActKind::closed_by_sender;
}

std::optional<UnitId> read_closed_at(ObjectReader& reader, ActKind kind) {
    if (kind != ActKind::closed_by_sender) {
        if (reader.has("unit")) {
            reader.fail(Errc::bad_value, "unit", "stands in closed_by_sender only");
        }
        return std::nullopt;
    }
    const Result<UnitId> unit = parse_unit_id(reader.text("unit"));
    if (unit) return *unit;
    reader.fail(Errc::bad_value, "unit", "the id of a unit");
    return std::nullopt;
}

Checked<Act> act_from(const JsonValue& value) {
    ObjectReader reader(value, "");
    reader.literal("format", kActFormat, Errc::unknown_format);
    Act act;
    act.id = ActId(reader.uuid("id"));
    const std::optional<ActKind> kind = act_kind_from_word(reader.text("act"));
    if (!kind)
        reader.fail(Errc::bad_value, "act",
                    "delivered, signed_for, opened, taken_up, declined, dispatched or "
                    "closed_by_sender");
    act.kind = kind.value_or(ActKind::delivered);
    const Result<UnitId> from = parse_unit_id(reader.text("from"));
    if (!from) reader.fail(Errc::bad_value, "from", "the id of a unit");
    if (from) act.from = *from;
    act.issued_at = reader.utc_time("issued_at");
    read_notices(reader, act);
    act.reason = reader.optional_text("reason");
    if (act.reason && !may_have_reason(act.kind)) {
        reader.fail(Errc::bad_value, "reason", "stands in declined and closed_by_sender only");
    }
    act.unit = read_closed_at(reader, act.kind);
    act.dispatch = dispatch_from(reader);
    if (act.kind == ActKind::dispatched && !reader.has("dispatch")) {
        reader.fail(Errc::missing_member, "dispatch", "how it was dispatched");
    } else if (act.kind != ActKind::dispatched && reader.has("dispatch")) {
        reader.fail(Errc::bad_value, "dispatch", "stands in dispatched only");
    }
    if (auto fault = reader.finish()) return *std::move(fault);
    return act;
}

Checked<Act> read_act(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, kMaxActBytes);
    if (!value) return value.error();
    return act_from(*value);
}

std::string write_act(const Act& act) {
    JsonWriter writer;
    writer.begin_object()
        .member("format", kActFormat)
        .member("id", act.id.value().text())
        .member("act", word(act.kind))
        .member("from", act.from.value())
        .member("issued_at", format_utc(act.issued_at));
    writer.key("notices").begin_array();
    for (const NoticeRef& notice : act.notices) {
        writer.begin_object()
            .member("sha256", notice.sha256)
            .key("index")
            .number(notice.index.value())
            .end_object();
    }
    writer.end_array();
    if (act.unit) writer.member("unit", act.unit->value());
    if (act.reason) writer.member("reason", *act.reason);
    if (act.dispatch) write_dispatch(writer, *act.dispatch);
    writer.end_object();
    return writer.take();
}

}  // namespace tongbao::protocol
