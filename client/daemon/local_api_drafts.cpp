#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"

#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

using program::run_blocking;
using transport::Response;

void write_queued(protocol::JsonWriter& writer, const Uuid& id) {
    writer.begin_object().member("id", id.text()).member("state", "queued").end_object();
}

void write_refused(protocol::JsonWriter& writer, const Reasons& reasons) {
    writer.begin_object()
        .member("state", "refused")
        .key("reasons")
        .raw(protocol::write_reasons(reasons))
        .end_object();
}

bool is_array(BytesView text) {
    const std::size_t first = as_text(text).find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && as_text(text)[first] == '[';
}

/// What a request of drafts comes to: the notices to store, and what to answer once they are.
struct Prepared {
    storage::HandedOver handed;
    Response answer;

    /// Takes the notice over, and writes what is to be answered.
    void take(PreparedNotice prepared, protocol::JsonWriter& writer) {
        handed.files.insert(handed.files.end(), prepared.files.begin(), prepared.files.end());
        if (prepared.needed.empty()) {
            write_queued(writer, prepared.item.id);
            handed.items.push_back(std::move(prepared.item));
            return;
        }
        writer.begin_object()
            .member("id", prepared.item.id.text())
            .member("state", "awaiting_endorsement");
        writer.key("endorsements").begin_array();
        for (const Endorsement& each : prepared.needed) {
            writer.begin_object()
                .member("role", each.role)
                .member("signer", format_spiffe_id(each.signer))
                .key("given")
                .boolean(false)
                .end_object();
        }
        writer.end_array().end_object();
        storage::SentItem& item = prepared.item;
        handed.held.push_back({item.id, item.queued_at, std::move(item.bytes), {}});
    }
};

Prepared prepare_one(const DraftDesk& desk, BytesView text) {
    Checked<Draft> draft = read_draft(text);
    if (!draft) return {{}, problem(draft.error().code, {draft.error()})};
    std::variant<PreparedNotice, Reasons> prepared = desk.prepare(*std::move(draft));
    if (const auto* const reasons = std::get_if<Reasons>(&prepared)) {
        return {{}, problem(reasons->front().code, *reasons)};
    }
    Prepared one;
    protocol::JsonWriter writer;
    one.take(std::get<PreparedNotice>(std::move(prepared)), writer);
    one.answer = json(202, writer.take());
    return one;
}

Prepared prepare_many(const DraftDesk& desk, BytesView text) {
    Checked<std::vector<Checked<Draft>>> drafts = read_drafts(text);
    if (!drafts) return {{}, problem(drafts.error().code, {drafts.error()})};
    Prepared all;
    protocol::JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (Checked<Draft>& draft : *drafts) {
        if (!draft) {
            write_refused(writer, {draft.error()});
            continue;
        }
        std::variant<PreparedNotice, Reasons> prepared = desk.prepare(*std::move(draft));
        if (const auto* const reasons = std::get_if<Reasons>(&prepared)) {
            write_refused(writer, *reasons);
            continue;
        }
        all.take(std::get<PreparedNotice>(std::move(prepared)), writer);
    }
    writer.end_array().end_object();
    all.answer = json(200, writer.take());
    return all;
}

}  // namespace

LocalApi::Answer LocalApi::accept_drafts(transport::BodyReader& body) {
    const Result<Bytes> text = co_await body.read_all(kMaxDraftsBytes);
    if (!text) co_return problem(to_errc(text.error()));
    // Once for all of them, since it asks the system. A notice is at most as long as its draft and
    // what the charter fills in.
    constexpr std::uint64_t kFilledIn = 2;
    const Result<void> room = services_.space.admit(kFilledIn * text->size());
    if (!room) {
        const Errc full = to_errc(room.error());
        co_return problem(full, {{full, {}, std::string(kMakeRoom)}});
    }
    const auto prepare = [this, &text] {
        return is_array(*text) ? prepare_many(drafts_, *text) : prepare_one(drafts_, *text);
    };
    Prepared prepared = co_await run_blocking(services_.pool, prepare);
    if (prepared.handed.empty()) co_return std::move(prepared.answer);
    const Result<void> stored = co_await outbox_.put(std::move(prepared.handed));
    if (!stored) co_return problem(to_errc(stored.error()));
    co_return std::move(prepared.answer);
}

}  // namespace tongbao::client
