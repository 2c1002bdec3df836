#include "hub/http_api.hpp"

#include "domain/identifiers.hpp"
#include "hub/http_answer.hpp"
#include "hub/stream_session.hpp"

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using transport::Response;
using Segments = std::vector<std::string>;

constexpr std::string_view kStreamPath = "/v1/stream";
constexpr std::string_view kLogPrefix = "/log/";

std::optional<Caller> caller_from(const transport::Peer& peer) {
    const transport::PeerId* const certified = peer.certified();
    if (certified == nullptr) return std::nullopt;
    const Result<SpiffeId> id = parse_spiffe_id(certified->spiffe);
    if (!id) return std::nullopt;
    return caller_of(*id);
}

/// `/v1/<collection>/<index>…`
std::optional<LogIndex> index_at(const Segments& path, std::size_t place) {
    if (path.size() <= place) return std::nullopt;
    return index_from(path[place]);
}

std::optional<Digest> digest_at(const Segments& path, std::size_t place) {
    if (path.size() <= place) return std::nullopt;
    const Result<Digest> digest = Digest::from_hex(path[place]);
    if (!digest) return std::nullopt;
    return *digest;
}

/// A place in the log that the query names, `?<name>=<index>`; none if it does not.
std::optional<LogIndex> query_index(const std::string& target, std::string_view name) {
    const Result<transport::Fields> query = transport::query_fields(target);
    const auto text = query ? transport::find_field(*query, name) : std::nullopt;
    return text ? index_from(*text) : std::nullopt;
}

/// The log's size that the caller says it knows, `?known_size=<n>`; 0 without one.
TreeSize known_size(const std::string& target) {
    const std::optional<LogIndex> size = query_index(target, "known_size");
    return TreeSize(size ? size->value() : 0);
}

}  // namespace

bool HttpApi::is_websocket(const transport::RequestHead& request) const {
    return request.target == kStreamPath;
}

asio::awaitable<Result<void>> HttpApi::handle(const transport::Peer& peer,
                                              const transport::RequestHead& request,
                                              transport::BodyReader& body,
                                              transport::Responder& responder) {
    const std::optional<Caller> caller = caller_from(peer);
    if (!caller) co_return Errc::not_permitted;
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (get && request.target.starts_with(kLogPrefix)) {
        std::string path = request.target.substr(kLogPrefix.size());
        Response response = co_await log_.log(*caller, std::move(path));
        co_return co_await responder.send(std::move(response));
    }
    const Result<Segments> read = transport::path_segments(request.target);
    if (!read || read->size() < 2 || read->front() != "v1") co_return Errc::not_found;
    const Segments& path = *read;
    const std::string& what = path[1];
    Response response = problem_answer(Errc::not_found);
    if (what == "batches" && path.size() == 2) {
        if (request.method != "POST") co_return Errc::unsupported_method;
        response = co_await notices_.submit(*caller, body);
    } else if (what == "attachments" && path.size() == 3) {
        if (request.method != "PUT") co_return Errc::unsupported_method;
        const std::optional<Digest> sha256 = digest_at(path, 2);
        if (sha256) response = co_await attachments_.put(*caller, *sha256, body);
    } else if (!get) {
        co_return Errc::unsupported_method;
    } else if (what == "register" && path.size() == 2) {
        const std::optional<LogIndex> after = query_index(request.target, "after");
        response = co_await log_.register_entries(after);
    } else if (what == "charter" && path.size() == 2) {
        response = log_.charter();
    } else if (what == "status" && path.size() == 2) {
        response = log_.status(*caller);
    } else if (what == "due" && path.size() == 2) {
        response = co_await due_.due(*caller, request.target);
    } else if (what == "dispatches" && path.size() == 2) {
        response = co_await dispatches_.list(*caller, request.target);
    } else if (what == "dispatches" && path.size() == 3 && path[2] == "count") {
        response = co_await dispatches_.count(*caller);
    } else if (what == "cases" && path.size() == 3 && check_case_number(path[2])) {
        response = co_await notices_.notices_of_case(*caller, CaseNumber(path[2]));
    } else if (const std::optional<LogIndex> index = index_at(path, 2)) {
        if (what == "batches" && path.size() == 3) {
            response = co_await notices_.batch(*caller, *index);
        } else if (what == "notices" && path.size() == 3) {
            response = co_await notices_.notice(*caller, *index);
        } else if (what == "notices" && path.size() == 4 && path[3] == "trail") {
            response = co_await notices_.trail(*caller, *index, known_size(request.target));
        } else if (what == "notices" && path.size() == 5 && path[3] == "attachments") {
            const std::optional<Digest> sha256 = digest_at(path, 4);
            if (sha256) co_return co_await attachments_.get(*caller, *index, *sha256, responder);
        }
    }
    co_return co_await responder.send(std::move(response));
}

asio::awaitable<Result<void>> HttpApi::stream(const transport::Peer& peer,
                                              const transport::RequestHead& /*request*/,
                                              std::shared_ptr<transport::WebSocket> socket) {
    const std::optional<Caller> caller = caller_from(peer);
    if (!caller || caller->auditor()) {
        co_return co_await socket->close(transport::CloseCode::policy_violation,
                                         std::string(code(Errc::not_permitted)));
    }
    const auto session = std::make_shared<StreamSession>(
        services_, *caller->unit, peer.certified()->certificate, std::move(socket));
    co_return co_await session->run();
}

}  // namespace tongbao::hub
