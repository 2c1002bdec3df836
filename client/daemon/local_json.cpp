#include "client/daemon/local_json.hpp"

#include "client/daemon/sent_late.hpp"
#include "crypto/endorsement.hpp"
#include "domain/lifecycle.hpp"
#include "protocol/act_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/notice_json.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/problem.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

constexpr std::size_t kMaxActRequestBytes = 64 * 1024;

void write_state(JsonWriter& writer, RecipientState state) {
    writer.key("state").begin_array();
    for (const ActKind act : {ActKind::delivered, ActKind::signed_for, ActKind::opened,
                              ActKind::taken_up, ActKind::declined, ActKind::closed_by_sender}) {
        if (state.has(act)) writer.text(word(act));
    }
    writer.end_array();
}

std::string_view word_of(storage::SentState state) {
    switch (state) {
        case storage::SentState::queued:
            return "queued";
        case storage::SentState::accepted:
            return "accepted";
        case storage::SentState::refused:
            return "refused";
    }
    return "queued";
}

/// The `reasons` of the hub's answer, as they stand there.
std::optional<Reasons> reasons_of(const storage::SentItem& item) {
    if (item.state != storage::SentState::refused) return std::nullopt;
    const Checked<protocol::JsonDocument> value =
        protocol::read_json(as_bytes(item.outcome), item.outcome.size());
    if (!value) return std::nullopt;
    protocol::ObjectReader reader(*value, "");
    Reasons reasons;
    for (const protocol::JsonValue& each : reader.array("reasons")) {
        protocol::ObjectReader reason(each, "reasons");
        const std::optional<Errc> errc = errc_from_code(reason.text("code"));
        if (!errc) continue;
        reasons.push_back({*errc, reason.optional_text("place").value_or(""),
                           reason.optional_text("explanation").value_or("")});
    }
    return reasons;
}

/// The case that the hub's answer names, empty if none: that of the notice's entry.
std::string case_in_outcome(const storage::SentItem& item) {
    if (item.state != storage::SentState::accepted) return {};
    const Checked<protocol::JsonDocument> value =
        protocol::read_json(as_bytes(item.outcome), item.outcome.size());
    if (!value) return {};
    protocol::ObjectReader reader(*value, "");
    return reader.optional_text("case").value_or("");
}

/// The case that a notice belongs to: that of its entry, which may say one where its header says
/// none; before it has an entry, that of its header. Empty: none.
std::string case_of(const Notice& notice, const storage::SentItem& item) {
    if (notice.case_number) return notice.case_number->value();
    return case_in_outcome(item);
}

void write_late(JsonWriter& writer, const std::vector<std::string>& late) {
    if (late.empty()) return;
    writer.key("late").begin_array();
    for (const std::string& rule : late) writer.text(rule);
    writer.end_array();
}

void write_contents(JsonWriter& writer, const storage::SentItem& item) {
    if (item.is_act) {
        const Checked<Act> act = protocol::read_act(item.bytes);
        writer.member("kind", "");
        if (act) writer.member("act", word(act->kind));
        return;
    }
    const Checked<Notice> notice = protocol::read_notice(item.bytes);
    if (!notice) return;
    writer.member("kind", notice->kind.value());
    protocol::write_units(writer, "to", notice->to);
    protocol::write_units(writer, "cc", notice->cc);
    writer.member("title", notice->title);
    const std::string case_number = case_of(*notice, item);
    if (!case_number.empty()) writer.member("case", case_number);
    if (notice->in_reply_to) writer.member("in_reply_to", notice->in_reply_to->value().text());
}

void write_sent_item(JsonWriter& writer, const storage::SentItem& item) {
    writer.begin_object().member("id", item.id.text()).member("state", word_of(item.state));
    if (item.index) writer.key("index").number(item.index->value());
    write_contents(writer, item);
    write_late(writer, late_in(item));
    writer.member("queued_at", format_utc(item.queued_at));
    if (const std::optional<Reasons> reasons = reasons_of(item)) {
        writer.key("reasons").raw(protocol::write_reasons(*reasons));
    }
    writer.end_object();
}

/// Whether the act is at a recipient of this very notice: its signer may have named another one, or
/// one that it never got, at this place of the log.
bool is_on(const storage::ActRow& act, const ArchivedNotice& archived) {
    const auto has = [&act](const std::vector<UnitId>& units) {
        return std::find(units.begin(), units.end(), act.unit) != units.end();
    };
    return act.sha256 == archived.sha256 && (has(archived.notice.to) || has(archived.notice.cc));
}

/// They were checked when they came.
void write_endorsements(JsonWriter& writer, const std::vector<Bytes>& statements) {
    if (statements.empty()) return;
    writer.key("endorsements").begin_array();
    for (const Bytes& statement : statements) {
        const Result<Endorsement> read = crypto::read_endorsement(statement);
        if (!read) continue;
        writer.begin_object()
            .member("role", read->role)
            .member("signer", format_spiffe_id(read->signer))
            .end_object();
    }
    writer.end_array();
}

void write_since(JsonWriter& writer, const std::optional<UtcTime>& since) {
    if (since) writer.member("signed_since_compromise", format_utc(*since));
}

void write_inbox_row(JsonWriter& writer, const ListedNotice& listed) {
    const storage::InboxRow& row = listed.row;
    writer.begin_object()
        .member("id", row.id.text())
        .key("index")
        .number(row.index.value())
        .member("from", row.from.value())
        .member("kind", row.kind.value())
        .member("title", row.title);
    if (!row.case_number.empty()) writer.member("case", row.case_number);
    if (row.in_reply_to) writer.member("in_reply_to", row.in_reply_to->text());
    writer.key("copy").boolean(row.copy);
    write_state(writer, RecipientState(row.state));
    write_late(writer, listed.late);
    write_since(writer, listed.since);
    writer.member("received_at", format_utc(row.received_at)).end_object();
}

}  // namespace

std::string case_of(const ArchivedNotice& archived) {
    if (archived.inbox) return archived.inbox->case_number;
    if (archived.sent) return case_of(archived.notice, *archived.sent);
    const std::optional<CaseNumber>& kept = archived.kept_case;
    return (kept ? *kept : archived.notice.case_number.value_or(CaseNumber())).value();
}

std::string write_sent(const storage::SentItem& item) {
    JsonWriter writer;
    write_sent_item(writer, item);
    return writer.take();
}

std::string write_sent_list(const std::vector<storage::SentItem>& items) {
    JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (const storage::SentItem& item : items) write_sent_item(writer, item);
    writer.end_array().end_object();
    return writer.take();
}

std::string write_inbox(const std::vector<ListedNotice>& notices) {
    JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (const ListedNotice& each : notices) write_inbox_row(writer, each);
    writer.end_array().end_object();
    return writer.take();
}

std::string write_archived(const ArchivedNotice& archived, const std::vector<storage::ActRow>& acts,
                           const Reasons& warnings, const std::optional<UtcTime>& since) {
    JsonWriter writer;
    const bool kept = archived.index && !archived.inbox && !archived.sent;
    writer.begin_object().member("box", archived.inbox ? "inbox" : kept ? "kept" : "sent");
    if (archived.index) writer.key("index").number(archived.index->value());
    writer.member("sha256", archived.sha256.hex());
    const std::string case_number = case_of(archived);
    if (!case_number.empty()) writer.member("case", case_number);
    if (archived.inbox) {
        writer.key("copy").boolean(archived.inbox->copy);
        write_state(writer, RecipientState(archived.inbox->state));
    } else {
        const std::string_view state =
            archived.sent ? word_of(archived.sent->state) : "awaiting_endorsement";
        writer.key("state").begin_array();
        if (!kept) writer.text(state);
        writer.end_array();
    }
    write_late(writer, archived.late);
    write_since(writer, since);
    // The exact bytes: what is shown is what was signed.
    writer.key("notice").raw(as_text(archived.bytes));
    write_endorsements(writer, archived.endorsements);
    if (!warnings.empty()) writer.key("warnings").raw(protocol::write_reasons(warnings));
    writer.key("acts").begin_array();
    for (const storage::ActRow& act : acts) {
        if (!is_on(act, archived)) continue;
        writer.begin_object()
            .member("act", word(act.kind))
            .member("unit", act.unit.value())
            .member("time", format_utc(act.time))
            .key("index")
            .number(act.act.value());
        if (!act.reason.empty()) writer.member("reason", act.reason);
        writer.end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

Checked<ActRequest> read_act_request(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxActRequestBytes);
    if (!value) return value.error();
    protocol::ObjectReader reader(*value, "");
    ActRequest request;
    const std::optional<ActKind> kind = act_kind_from_word(reader.text("act"));
    if (!kind || *kind == ActKind::delivered) {
        reader.fail(Errc::bad_value, "act",
                    "signed_for, opened, taken_up, declined, dispatched or closed_by_sender");
    }
    request.kind = kind.value_or(ActKind::opened);
    request.reason = reader.optional_text("reason");
    if (request.reason && !protocol::may_have_reason(request.kind)) {
        reader.fail(Errc::bad_value, "reason", "stands in declined and closed_by_sender only");
    }
    request.unit = protocol::read_closed_at(reader, request.kind);
    if (request.kind == ActKind::dispatched) {
        const protocol::JsonValue* const said = reader.value("dispatch");
        if (said != nullptr) {
            Checked<Dispatch> dispatch = protocol::read_dispatch(*said, "dispatch");
            if (!dispatch) return dispatch.error();
            request.dispatch = *std::move(dispatch);
        }
    }
    if (auto fault = reader.finish()) return *std::move(fault);
    return request;
}

}  // namespace tongbao::client
