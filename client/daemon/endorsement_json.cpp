#include "client/daemon/endorsement_desk.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

void write_members(JsonWriter& writer, const HeldView& view) {
    writer.member("id", view.held.id.text())
        .member("state", view.queued ? "queued" : "awaiting_endorsement")
        .member("kind", view.notice.kind.value());
    writer.key("to").begin_array();
    for (const UnitId& unit : view.notice.to) writer.text(unit.value());
    writer.end_array();
    writer.member("title", view.notice.title).member("held_at", format_utc(view.held.held_at));
    writer.key("endorsements").begin_array();
    for (const NeededEndorsement& each : view.needed) {
        writer.begin_object()
            .member("role", each.endorsement.role)
            .member("signer", format_spiffe_id(each.endorsement.signer))
            .key("given")
            .boolean(each.given)
            .end_object();
    }
    writer.end_array();
}

}  // namespace

Checked<HandedEndorsement> read_handed_endorsement(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxEndorsementBytes);
    if (!value) return value.error();
    protocol::ObjectReader reader(*value, "");
    HandedEndorsement handed{reader.base64("statement"), reader.text("signer")};
    if (auto fault = reader.finish()) return *std::move(fault);
    return handed;
}

Checked<Bytes> read_stamp_request(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxEndorsementBytes);
    if (!value) return value.error();
    protocol::ObjectReader reader(*value, "");
    Bytes notice = reader.base64("notice");
    if (auto fault = reader.finish()) return *std::move(fault);
    return notice;
}

std::string write_held(const HeldView& view) {
    JsonWriter writer;
    writer.begin_object();
    write_members(writer, view);
    writer.end_object();
    return writer.take();
}

std::string write_held_whole(const HeldView& view, const std::string& origin) {
    JsonWriter writer;
    writer.begin_object();
    write_members(writer, view);
    writer.member("log", origin).member("notice", to_base64(view.held.bytes)).end_object();
    return writer.take();
}

std::string write_held_list(const std::vector<HeldView>& views) {
    JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (const HeldView& view : views) writer.raw(write_held(view));
    writer.end_array().end_object();
    return writer.take();
}

std::string write_handed_endorsement(const HandedEndorsement& handed) {
    JsonWriter writer;
    writer.begin_object()
        .member("statement", to_base64(handed.statement))
        .member("signer", handed.signer)
        .end_object();
    return writer.take();
}

}  // namespace tongbao::client
