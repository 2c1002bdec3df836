#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "transport/body_reader.hpp"
#include "transport/http_message.hpp"
#include "transport/peer.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace tongbao::transport {

namespace asio = boost::asio;

/// Sends the answer to one request: either `send`, or `begin`, any number of `write`, `finish`.
/// One coroutine uses it. An answer to HEAD keeps its head and loses its body.
///
/// Errors of all: Errc::timed_out if the client does not take 64 KiB within Limits::body;
/// Errc::connection_closed, Errc::connection_failed.
class Responder {
public:
    virtual ~Responder() = default;

    /// A whole answer.
    ///
    /// Errors: also Errc::bad_value for a field that may not stand in a head (nothing is sent
    /// then); Errc::act_out_of_order if an answer was begun before.
    [[nodiscard]] virtual asio::awaitable<Result<void>> send(Response response) = 0;

    /// The head of an answer whose body follows in pieces: `length` bytes in all, or as many as
    /// there will be. Server-sent events are an answer without length.
    ///
    /// Errors: as send.
    [[nodiscard]] virtual asio::awaitable<Result<void>> begin(
        unsigned status, Fields fields, std::optional<std::uint64_t> length) = 0;

    /// A piece of the body; returns when the system has taken it, so memory stays constant.
    ///
    /// Errors: also Errc::wrong_length beyond the length given to begin; Errc::act_out_of_order
    /// before begin and after finish.
    [[nodiscard]] virtual asio::awaitable<Result<void>> write(BytesView piece) = 0;

    /// The end of the body.
    ///
    /// Errors: also Errc::wrong_length if bytes are missing: the connection is cut, so that the
    /// client notices; Errc::act_out_of_order.
    [[nodiscard]] virtual asio::awaitable<Result<void>> finish() = 0;

    /// Whether the head of an answer went out: after that no other answer can be given.
    [[nodiscard]] virtual bool begun() const noexcept = 0;
};

/// What a server does with its requests. Called for many connections at once, each on its own
/// strand; must outlive the server. Every coroutine must end when the connection's operations
/// give errors: that is how a server stops.
class HttpHandler {
public:
    virtual ~HttpHandler() = default;

    /// Whether the target of `request` is a WebSocket. A request there that asks for no upgrade
    /// is refused with 426, one elsewhere that asks for it is answered as if it did not.
    [[nodiscard]] virtual bool is_websocket(const RequestHead& request) const = 0;

    /// Answers one request. What it leaves unread of the body is thrown away, or the connection is
    /// closed. An error before an answer was begun is sent by the connection, by status_of, in the
    /// caller's format; one later cuts the connection.
    [[nodiscard]] virtual asio::awaitable<Result<void>> handle(const Peer& peer,
                                                               const RequestHead& request,
                                                               BodyReader& body,
                                                               Responder& responder) = 0;

    /// Serves a WebSocket until its end; the connection is closed afterwards (in order, if
    /// it still stands). `peer` and `request` live until it returns.
    [[nodiscard]] virtual asio::awaitable<Result<void>> stream(
        const Peer& peer, const RequestHead& request, std::shared_ptr<WebSocket> socket) = 0;
};

/// The status that says `errc` when a handler gives it back: 400 bad_request, 403 not_permitted,
/// 404 not_found, 405 unsupported_method, 408 timed_out, 413 too_large, 426 protocol_violation,
/// 429 too_many_requests, 503 shutting_down and hub_unavailable, 505 unsupported_version,
/// otherwise 500.
[[nodiscard]] unsigned status_of(Errc errc) noexcept;

}  // namespace tongbao::transport
