#include "transport/http_connection.hpp"

#include "transport/completion.hpp"
#include "transport/head_reader.hpp"
#include "transport/http_head.hpp"
#include "transport/stream_responder.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace tongbao::transport {
namespace {

/// A head that takes less than this is not what a head needs.
constexpr std::size_t kMinBuffer = 1024;

/// As status_of, for what is wrong with a head.
unsigned head_status(Errc errc) noexcept {
    return errc == Errc::too_large ? 431 : status_of(errc);
}

bool asks_for_websocket(const RequestHead& request) {
    const auto upgrade = request.field("Upgrade");
    return upgrade && has_token(*upgrade, "websocket");
}

/// Whether an upgrade is one that RFC 6455 section 4.2.1 allows.
bool is_proper_upgrade(const RequestHead& request) {
    const auto connection = request.field("Connection");
    const auto key = request.field("Sec-WebSocket-Key");
    return request.method == "GET" && !request.chunked && request.content_length.value_or(0) == 0 &&
           connection && has_token(*connection, "upgrade") && key && key->size() == 24;
}

}  // namespace

unsigned status_of(Errc errc) noexcept {
    switch (errc) {
        case Errc::bad_request:
            return 400;
        case Errc::not_permitted:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::unsupported_method:
            return 405;
        case Errc::timed_out:
            return 408;
        case Errc::too_large:
            return 413;
        case Errc::protocol_violation:
            return 426;
        case Errc::too_many_requests:
            return 429;
        case Errc::shutting_down:
        case Errc::hub_unavailable:
            return 503;
        case Errc::unsupported_version:
            return 505;
        default:
            return 500;
    }
}

HttpConnection::HttpConnection(std::unique_ptr<ByteStream> stream, const ServerSettings& settings,
                               Introduce introduce)
    : stream_(std::move(stream)),
      executor_(stream_->executor()),
      settings_(settings),
      introduce_(std::move(introduce)),
      buffer_(std::max(settings.limits.header_bytes, kMinBuffer)) {}

void HttpConnection::stop() {
    stopping_ = true;
    // A request that has begun to arrive counts as running.
    if (waiting_for_head_ && buffer_.data().empty()) stream_->abort();
    if (!websocket_) return;
    // The reader of the WebSocket sees how that went; nothing is left to say here.
    const auto closed = [](const std::exception_ptr& /*thrown*/, Result<void> /*done*/) {};
    asio::co_spawn(executor_, websocket_->close(CloseCode::going_away, "stopping"), closed);
}

void HttpConnection::abort() noexcept {
    stopping_ = true;
    stream_->abort();
    if (websocket_) websocket_->abort();
}

asio::awaitable<Result<void>> HttpConnection::run() {
    Result<Peer> peer = co_await stream_->accept(settings_.limits.handshake);
    if (!peer) {
        // Closed with patience, so that the peer reads why TLS refused it.
        const Result<void> closed = co_await stream_->close(kGoodbye, settings_.limits.drain_bytes);
        if (!closed) stream_->abort();
        co_return peer.error();
    }
    peer_ = *std::move(peer);
    const PeerId* const id = peer_.certified();
    const Result<void> counted =
        introduce_(id == nullptr ? std::nullopt : std::optional(id->certificate));
    if (!counted) {
        const std::string_view words = id == nullptr ? std::string_view() : id->spiffe;
        if (settings_.hooks.on_refused) {
            settings_.hooks.on_refused(peer_.address, to_errc(counted.error()), words);
        }
        co_return counted.error();
    }
    const Result<void> served = co_await serve_requests();
    if (websocket_) co_return served;
    const Result<void> closed = co_await stream_->close(kGoodbye, settings_.limits.drain_bytes);
    // Why serving ended says more than how the goodbye went.
    if (!served) co_return served.error();
    co_return closed;
}

asio::awaitable<Result<void>> HttpConnection::serve_requests() {
    while (going_on_ && !stopping_) {
        const Result<std::size_t> size = co_await await_head();
        if (!size) {
            const Errc errc = to_errc(size.error());
            if (errc == Errc::connection_closed || errc == Errc::connection_failed) co_return errc;
            const Result<void> refused = co_await refuse({head_status(errc), errc}, {});
            co_return refused;
        }
        if (*size == 0) co_return Result<void>();

        const std::string_view text = as_text(buffer_.data().first(*size));
        Result<RequestHead> request = parse_request_head(text, settings_.limits.header_fields);
        buffer_.consume(*size);
        if (!request) {
            const Errc errc = to_errc(request.error());
            const Result<void> refused = co_await refuse({head_status(errc), errc}, {});
            co_return refused;
        }
        const Result<void> served = co_await serve_one(*std::move(request));
        if (!served) co_return served.error();
    }
    co_return Result<void>();
}

asio::awaitable<Result<std::size_t>> HttpConnection::await_head() {
    // A new connection was made for a request; a used one may wait for its next.
    const bool first = std::exchange(first_request_, false);
    const std::chrono::milliseconds wait = first ? settings_.limits.header : settings_.limits.idle;
    waiting_for_head_ = true;
    const Result<std::size_t> size = co_await read_head(*stream_, buffer_, settings_.limits, wait);
    waiting_for_head_ = false;
    // Where nothing was asked, nothing is answered.
    if (!size && size.error() == Errc::timed_out && buffer_.data().empty()) co_return 0;
    co_return size;
}

asio::awaitable<Result<void>> HttpConnection::serve_one(RequestHead request) {
    if (request.content_length.value_or(0) > settings_.limits.body_bytes) {
        const Result<void> refused = co_await refuse({413, Errc::too_large}, {});
        co_return refused;
    }
    if (settings_.handler.is_websocket(request)) {
        const Result<void> served = co_await serve_websocket(request);
        co_return served;
    }
    const BodyDecoder decoder = request.chunked
                                    ? BodyDecoder::chunked()
                                    : BodyDecoder::fixed(request.content_length.value_or(0));
    FramedBody body(*stream_, buffer_, settings_.limits, decoder, request.expects_continue);
    const Result<void> answered = co_await answer(request, body);
    if (!answered) co_return answered.error();
    if (!going_on_) co_return Result<void>();
    const Result<void> drained = co_await body.drain(settings_.limits.drain_bytes);
    co_return drained;
}

asio::awaitable<Result<void>> HttpConnection::answer(const RequestHead& request, FramedBody& body) {
    const auto may_keep = [this, &request, &body] {
        return request.keep_alive && !stopping_ && body.ends_within(settings_.limits.drain_bytes);
    };
    StreamResponder responder(*stream_, settings_.limits, request, may_keep);
    const Result<void> handled = co_await settings_.handler.handle(peer_, request, body, responder);
    if (!responder.begun()) {
        // A handler that says nothing at all is broken.
        const Errc errc = handled ? Errc::process_failed : to_errc(handled.error());
        const Refusal refusal{status_of(errc), errc};
        if (settings_.hooks.on_bad_request && refusal.status < 500) {
            settings_.hooks.on_bad_request(peer_.address, errc, request.target);
        }
        const Result<void> sent = co_await responder.send(error_response(refusal, {}));
        if (!sent) co_return sent.error();
    }
    going_on_ = responder.keeps();
    if (responder.finished()) co_return Result<void>();
    // The client must not take what it got for the whole.
    stream_->abort();
    co_return handled ? Errc::wrong_length : to_errc(handled.error());
}

asio::awaitable<Result<void>> HttpConnection::serve_websocket(const RequestHead& request) {
    if (!asks_for_websocket(request)) {
        const Fields fields{{"Sec-WebSocket-Version", "13"}};
        const Result<void> refused = co_await refuse({426, Errc::protocol_violation}, fields);
        co_return refused;
    }
    if (request.field("Sec-WebSocket-Version") != "13") {
        const Fields fields{{"Sec-WebSocket-Version", "13"}};
        const Result<void> refused = co_await refuse({426, Errc::unsupported_version}, fields);
        co_return refused;
    }
    // A client may not send frames before it was answered.
    if (!is_proper_upgrade(request) || !buffer_.data().empty()) {
        const Result<void> refused = co_await refuse({400, Errc::bad_request}, {});
        co_return refused;
    }
    const Limits& limits = settings_.limits;
    const WebSocketLimits bounds{limits.websocket_message_bytes, limits.handshake, limits.idle,
                                 limits.body};
    Result<std::shared_ptr<WebSocket>> socket = co_await stream_->accept_websocket(request, bounds);
    if (!socket) co_return socket.error();
    websocket_ = *std::move(socket);
    going_on_ = false;
    if (stopping_) stop();
    const Result<void> streamed = co_await settings_.handler.stream(peer_, request, websocket_);
    const CloseCode code = streamed ? CloseCode::normal : CloseCode::internal_error;
    // Mostly closed already, or closing because the server stops; the handler's result tells.
    [[maybe_unused]] const Result<void> closed = co_await websocket_->close(code, "");
    co_return streamed;
}

Response HttpConnection::error_response(Refusal refusal, const Fields& fields) const {
    Response response;
    response.status = refusal.status;
    response.content_type = "application/problem+json";
    response.fields = fields;
    response.body = to_bytes(settings_.error_body(refusal.status, refusal.errc));
    return response;
}

asio::awaitable<Result<void>> HttpConnection::refuse(Refusal refusal, const Fields& fields) {
    going_on_ = false;
    if (settings_.hooks.on_bad_request) {
        settings_.hooks.on_bad_request(peer_.address, refusal.errc, sentence(refusal.errc));
    }
    const RequestHead unknown;
    StreamResponder responder(*stream_, settings_.limits, unknown, [] { return false; });
    const Result<void> sent = co_await responder.send(error_response(refusal, fields));
    co_return sent;
}

}  // namespace tongbao::transport
