#include "client/daemon/local_api.hpp"

#include "client/daemon/compromise.hpp"
#include "client/daemon/detached_tables.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_json.hpp"
#include "client/daemon/openapi.hpp"
#include "client/daemon/own_act.hpp"
#include "client/daemon/store_write.hpp"
#include "client/daemon/unmasking.hpp"
#include "crypto/sha256.hpp"
#include "domain/act_rules.hpp"
#include "domain/lifecycle.hpp"
#include "domain/notice_rules.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <charconv>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;
using transport::Response;

constexpr std::size_t kMaxBodyBytes = 512 * 1024;
constexpr std::uint64_t kMostRows = 1000;
constexpr std::uint64_t kUsualRows = 100;
constexpr std::uint64_t kLongestWait = 60;

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// A number of the query, at most `most`; `otherwise` if there is none.
std::uint64_t query_number(const transport::RequestHead& request, std::string_view name,
                           std::uint64_t otherwise, std::uint64_t most) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) return otherwise;
    for (const transport::Field& field : *query) {
        if (field.name != name) continue;
        return std::min(number_from(field.value).value_or(otherwise), most);
    }
    return otherwise;
}

std::size_t rows_wanted(const transport::RequestHead& request) {
    return static_cast<std::size_t>(query_number(request, "limit", kUsualRows, kMostRows));
}

std::string queued(const Uuid& id) {
    protocol::JsonWriter writer;
    writer.begin_object().member("id", id.text()).member("state", "queued").end_object();
    return writer.take();
}

}  // namespace

bool LocalApi::is_websocket(const transport::RequestHead& /*request*/) const {
    return false;
}

asio::awaitable<Result<void>> LocalApi::stream(const transport::Peer& /*peer*/,
                                               const transport::RequestHead& /*request*/,
                                               std::shared_ptr<transport::WebSocket> socket) {
    co_return co_await socket->close(transport::CloseCode::policy_violation, "no stream here");
}

asio::awaitable<Result<void>> LocalApi::handle(const transport::Peer& peer,
                                               const transport::RequestHead& request,
                                               transport::BodyReader& body,
                                               transport::Responder& responder) {
    const Result<void> permitted = co_await permit(peer);
    if (!permitted) co_return permitted.error();
    const Result<std::vector<std::string>> path = transport::path_segments(request.target);
    if (!path) co_return path.error();
    const Result<LocalRoute> route = find_route(request.method, *path);
    if (!route) co_return route.error();
    if (*route == LocalRoute::events) co_return co_await send_events(request, responder);
    if (*route == LocalRoute::attachment) {
        const Result<Digest> sha256 = Digest::from_hex((*path)[4]);
        if (!sha256) co_return Errc::not_found;
        co_return co_await send_attachment((*path)[2], *sha256, responder);
    }
    if (shows_personal_data(*route)) note_unmasking(services_.logging, peer, request);
    if (*route == LocalRoute::discard_draft) {
        // Who discards is noted.
        Response discarded = co_await discard_draft(peer, (*path)[2], body);
        co_return co_await responder.send(std::move(discarded));
    }
    Response response = co_await answer(*route, request, *path, body);
    co_return co_await responder.send(std::move(response));
}

asio::awaitable<Result<void>> LocalApi::permit(const transport::Peer& peer) {
    if (peers_.is_own(peer)) co_return Result<void>();
    const auto check = [this, &peer] { return peers_.check(peer); };
    const Result<void> permitted = co_await run_blocking(services_.pool, check);
    if (permitted) co_return Result<void>();
    services_.logging.warning("caller_refused",
                              {{"caller", peer.address},
                               {"do",
                                "if this user shall act for the unit, put him into the group that "
                                "api_group names, else look who opened the socket to him"}});
    co_return permitted.error();
}

LocalApi::Answer LocalApi::answer(LocalRoute route, const transport::RequestHead& request,
                                  const std::vector<std::string>& path,
                                  transport::BodyReader& body) {
    switch (route) {
        case LocalRoute::openapi:
            co_return json(200, openapi_json());
        case LocalRoute::status:
            co_return co_await status();
        case LocalRoute::charter:
            co_return json(200, services_.charter_text);
        case LocalRoute::validate:
            co_return validate(request);
        case LocalRoute::keep_attachment:
            co_return co_await keep_attachment(body);
        case LocalRoute::accept_draft:
            co_return co_await accept_drafts(body);
        case LocalRoute::list_sent:
            co_return co_await list_sent(rows_wanted(request));
        case LocalRoute::sent: {
            const std::chrono::seconds wait(query_number(request, "wait", 0, kLongestWait));
            co_return co_await sent(path[2], wait);
        }
        case LocalRoute::inbox: {
            constexpr std::uint64_t kNone = ~std::uint64_t{0};
            const std::uint64_t before = query_number(request, "before", kNone, kNone);
            std::optional<LogIndex> below;
            if (before != kNone) below = LogIndex(before);
            co_return co_await list_inbox(below, rows_wanted(request));
        }
        case LocalRoute::show:
            co_return co_await show(path[2]);
        case LocalRoute::accept_act:
            co_return co_await accept_act(path[2], body);
        case LocalRoute::list_held:
            co_return co_await list_held(rows_wanted(request));
        case LocalRoute::held:
            co_return co_await held(path[2]);
        case LocalRoute::withdraw_held:
            co_return co_await withdraw_held(path[2]);
        case LocalRoute::accept_endorsement:
            co_return co_await accept_endorsement(path[2], body);
        case LocalRoute::stamp:
            co_return co_await stamp(body);
        case LocalRoute::trail:
            co_return co_await trail(path[2]);
        case LocalRoute::proof:
            co_return co_await proof(path[2]);
        case LocalRoute::case_trail:
            co_return co_await case_trail(path[2]);
        case LocalRoute::due:
            co_return co_await due(request);
        case LocalRoute::cycles:
            co_return co_await cycles(request);
        case LocalRoute::dispatches:
            co_return co_await dispatches(request);
        case LocalRoute::reminders:
            co_return co_await reminders();
        case LocalRoute::tray:
            co_return co_await tray();
        case LocalRoute::cases:
            co_return co_await cases(request);
        case LocalRoute::case_file:
            co_return co_await case_file(path[2], request);
        case LocalRoute::ledger:
            co_return co_await ledger_status();
        case LocalRoute::ledger_totals:
            co_return co_await ledger_totals(request);
        case LocalRoute::ledger_rebuild:
            co_return co_await ledger_rebuild();
        case LocalRoute::ledger_check:
            co_return co_await ledger_check();
        case LocalRoute::search:
            co_return co_await search(request);
        case LocalRoute::events:
        case LocalRoute::attachment:
        case LocalRoute::discard_draft:
            break;  // are answered by handle
    }
    co_return problem(Errc::not_found);
}

LocalApi::Answer LocalApi::keep_attachment(transport::BodyReader& body) {
    const auto create = [this] { return services_.attachments.create(services_.config.unit); };
    const auto writer = co_await run_blocking(services_.pool, create);
    if (!writer) co_return problem(to_errc(writer.error()));
    crypto::Sha256 hash;
    std::uint64_t size = 0;
    Bytes buffer(storage::kAttachmentPieceBytes);
    for (;;) {
        const Result<std::size_t> count = co_await body.read_some(buffer);
        if (!count) co_return problem(to_errc(count.error()));
        if (*count == 0) break;
        size += *count;
        const auto store = [&, piece = BytesView(buffer).first(*count)] {
            hash.update(piece);
            return (*writer)->write(piece);
        };
        const Result<void> written = co_await run_blocking(services_.pool, store);
        if (!written) co_return problem(to_errc(written.error()));
    }
    const Digest sha256 = hash.finish();
    const auto keep = [&writer, &sha256] { return (*writer)->keep(sha256); };
    const Result<void> kept = co_await run_blocking(services_.pool, keep);
    if (!kept) co_return problem(to_errc(kept.error()));
    protocol::JsonWriter answer;
    answer.begin_object().member("sha256", sha256.hex()).key("size").number(size).end_object();
    co_return json(201, answer.take());
}

LocalApi::Answer LocalApi::accept_act(std::string id, transport::BodyReader& body) {
    const Result<Bytes> text = co_await body.read_all(kMaxBodyBytes);
    if (!text) co_return problem(to_errc(text.error()));
    const auto take = [this, &id, &text] { return take_act(id, *text); };
    Response response = co_await run_blocking(services_.pool, take);
    services_.outbox_bell.ring();
    co_return response;
}

Checked<void> LocalApi::check_own_act(const ArchivedNotice& found,
                                      const ActRequest& request) const {
    if (!found.inbox) return Reason{Errc::act_not_allowed, "id", "was not sent to this unit"};
    const Kind* const kind = services_.charter->find_kind(found.notice.kind);
    if (kind == nullptr) return Reason{Errc::unknown_kind, {}, {}};
    const Addressed addressed = found.inbox->copy ? Addressed::cc : Addressed::to;
    const Result<RecipientState> next = apply(RecipientState(found.inbox->state), request.kind,
                                              *kind, addressed, request.reason.has_value());
    if (!next) return Reason{to_errc(next.error()), "act", {}};
    return {};
}

Response LocalApi::take_act(const std::string& id, BytesView body) const {
    const Checked<ActRequest> request = read_act_request(body);
    if (!request) return problem(request.error().code, {request.error()});
    const Result<ArchivedNotice> found = find(id);
    if (!found) return not_found(id, to_errc(found.error()));
    const Checked<void> allowed = request->dispatch ? check_dispatch(*found, *request->dispatch)
                                  : request->unit   ? check_close(*found, *request)
                                                    : check_own_act(*found, *request);
    if (!allowed) return problem(allowed.error().code, {allowed.error()});
    Act words;
    words.kind = request->kind;
    words.reason = request->reason;
    words.dispatch = request->dispatch;
    words.unit = request->unit;
    const Reasons faults = check_words(*services_.charter, words);
    if (!faults.empty()) return problem(faults.front().code, faults);
    words.notices = {{found->sha256, *found->index}};
    storage::SentItem item =
        make_act(services_.config.unit, std::move(words), services_.clock.now());
    const Uuid act_id = item.id;
    const Result<void> room = services_.space.admit(item.bytes.size());
    if (!room) {
        const Errc errc = to_errc(room.error());
        return problem(errc, {{errc, {}, std::string(kMakeRoom)}});
    }
    // The notice's state changes when the log has the act (own_state.hpp): until then it may be
    // refused, and a second one of the same word surely is.
    const Result<void> stored = written(services_, services_.store.enqueue({std::move(item)}));
    if (!stored) return problem(to_errc(stored.error()));
    return json(202, queued(act_id));
}

Response LocalApi::not_found(const std::string& id, Errc errc) const {
    const Result<Uuid> uuid = Uuid::parse(id);
    if (errc != Errc::id_conflict || !uuid) return problem(errc);
    const auto rows = services_.store.find_received(*uuid);
    if (!rows) return problem(to_errc(rows.error()));
    std::string places;
    for (const storage::InboxRow& row : *rows) {
        places += ' ' + row.from.value() + "'s is " + std::to_string(row.index.value()) + ';';
    }
    return problem(errc, {{errc, "id", "name the notice by its place in the log:" + places}});
}

LocalApi::Answer LocalApi::sent(std::string id, std::chrono::seconds wait) {
    const Result<Uuid> uuid = Uuid::parse(id);
    if (!uuid) co_return problem(Errc::not_found);
    const auto deadline = std::chrono::steady_clock::now() + wait;
    SettledBell::Watch watch(services_.settled_bell, *uuid);
    for (;;) {
        const auto find_item = [this, &uuid] { return services_.store.find_sent(*uuid); };
        const Result<storage::SentItem> item = co_await run_blocking(services_.pool, find_item);
        if (!item && item.error() == Errc::not_found) co_return co_await held(id);
        if (!item) co_return problem(to_errc(item.error()));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (item->state != storage::SentState::queued || left.count() <= 0) {
            co_return json(200, write_sent(*item));
        }
        static_cast<void>(co_await watch.wait(left));
    }
}

LocalApi::Answer LocalApi::list_sent(std::size_t limit) {
    const auto list = [this, limit]() -> Response {
        const auto items = services_.store.list_sent(limit);
        if (!items) return problem(to_errc(items.error()));
        return json(200, write_sent_list(*items));
    };
    co_return co_await run_blocking(services_.pool, list);
}

Result<ArchivedNotice> LocalApi::find(const std::string& id) const {
    const NoticeArchive archive(services_.store);
    if (const Result<Uuid> uuid = Uuid::parse(id)) return archive.find(*uuid);
    const std::optional<std::uint64_t> index = number_from(id);
    if (!index) return Errc::not_found;
    return archive.find_at(LogIndex(*index));
}

LocalApi::Answer LocalApi::show(std::string id) {
    const auto read = [this, &id]() -> Response {
        const Result<ArchivedNotice> found = find(id);
        if (!found) return not_found(id, to_errc(found.error()));
        std::vector<storage::ActRow> acts;
        if (found->index) {
            Result<std::vector<storage::ActRow>> rows = services_.store.read_acts(*found->index);
            if (!rows) return problem(to_errc(rows.error()));
            acts = *std::move(rows);
        }
        Reasons warnings = check_notice(*services_.charter, found->notice, Viewpoint::unit);
        const Reasons tables = check_detached_tables(services_, found->notice);
        warnings.insert(warnings.end(), tables.begin(), tables.end());
        std::optional<UtcTime> since;
        if (found->inbox) {
            const std::shared_ptr<const CompromisedKeys> compromised = services_.compromised.get();
            const Result<std::optional<UtcTime>> flagged =
                signed_since_compromise(services_.store, *compromised, *found->inbox);
            if (!flagged) return problem(to_errc(flagged.error()));
            since = *flagged;
        }
        return json(200, write_archived(*found, acts, warnings, since));
    };
    co_return co_await run_blocking(services_.pool, read);
}

asio::awaitable<Result<void>> LocalApi::send_attachment(std::string id, Digest sha256,
                                                        transport::Responder& responder) {
    const auto open = [this, &id, &sha256]() -> Result<std::unique_ptr<storage::AttachmentReader>> {
        const Result<ArchivedNotice> found = find(id);
        if (!found) return found.error();
        const auto& items = found->notice.attachments;
        const bool named = std::any_of(items.begin(), items.end(), [&sha256](const auto& item) {
            const auto* const attachment = std::get_if<Attachment>(&item);
            return attachment != nullptr && attachment->sha256 == sha256;
        });
        if (!named) return Errc::not_found;
        return services_.attachments.open(services_.config.unit, sha256);
    };
    const auto reader = co_await run_blocking(services_.pool, open);
    if (!reader) {
        const auto tell = [this, &id, &reader] { return not_found(id, to_errc(reader.error())); };
        Response answer = co_await run_blocking(services_.pool, tell);
        co_return co_await responder.send(std::move(answer));
    }
    transport::Fields fields{{"Content-Type", "application/octet-stream"}};
    const Result<void> begun = co_await responder.begin(200, std::move(fields), (*reader)->size());
    if (!begun) co_return begun.error();
    Bytes buffer(storage::kAttachmentPieceBytes);
    for (;;) {
        const auto read = [&reader, &buffer] { return (*reader)->read_some(buffer); };
        const Result<std::size_t> count = co_await run_blocking(services_.pool, read);
        if (!count) co_return count.error();
        if (*count == 0) break;
        const Result<void> written = co_await responder.write(BytesView(buffer).first(*count));
        if (!written) co_return written.error();
    }
    co_return co_await responder.finish();
}

}  // namespace tongbao::client
