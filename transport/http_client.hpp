#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "transport/body_reader.hpp"
#include "transport/http_message.hpp"
#include "transport/limits.hpp"
#include "transport/tls.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace tongbao::transport {

namespace asio = boost::asio;

/// Where a server is and what its certificate must say.
struct HttpsAddress {
    /// A DNS name or an IP address, to connect to.
    std::string host;
    std::uint16_t port{};
    /// The DNS or IP name that the certificate must hold; empty: `host`.
    std::string server_name;
};

/// Gives the next bytes of a body that is being sent: writes to `into`, returns how many; 0 is the
/// end. Its error ends the request and the connection.
using BodySource = std::function<asio::awaitable<Result<std::size_t>>(std::span<std::uint8_t>)>;

struct ClientRequest {
    std::string method = "GET";
    /// In origin form; percent_encode each segment.
    std::string target = "/";
    /// Without those of the transport's own (format_request_head).
    Fields fields;
    /// The body, if `source` is empty.
    Bytes body;
    BodySource source;
    /// How many bytes `source` gives; none: it is sent chunked.
    std::optional<std::uint64_t> source_length;
};

/// One connection to a server, for one request after the other. Used from one strand: the executor
/// of the coroutine that made it. After an error the connection is of no more use.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Sends a request and reads the head of its answer; the body is then in body(). What was left
    /// of the answer before is thrown away first. A large body (or one of unknown length) is sent
    /// only after the server said `100 Continue`; if it answers otherwise, it is not sent.
    ///
    /// Errors: Errc::bad_value for a malformed method, target or field (nothing is sent then);
    /// Errc::tls_refused if the server refused our certificate; Errc::timed_out if the
    /// server does not take 64 KiB within Limits::body, or no answer begins within Limits::idle;
    /// Errc::connection_closed, Errc::connection_failed; Errc::protocol_violation,
    /// Errc::unsupported_version and Errc::too_large for what is no answer; Errc::wrong_length if
    /// the source gave fewer or more bytes than it should.
    [[nodiscard]] virtual asio::awaitable<Result<ResponseHead>> send(
        const ClientRequest& request) = 0;

    /// The body of the last answer. Here Errc::bad_request means the server's framing.
    [[nodiscard]] virtual BodyReader& body() = 0;

    /// send, and the whole body of at most `max_body` bytes.
    ///
    /// Errors: those of send and BodyReader::read_all.
    [[nodiscard]] asio::awaitable<Result<Response>> exchange(const ClientRequest& request,
                                                             std::size_t max_body);

    /// Whether another request may be sent.
    [[nodiscard]] virtual bool reusable() const noexcept = 0;

    /// Turns the connection into a WebSocket at `target`; the client is of no use afterwards.
    ///
    /// Errors: Errc::bad_value; Errc::tls_refused; Errc::protocol_violation if the server answers
    /// otherwise; Errc::timed_out, Errc::connection_closed, Errc::connection_failed.
    [[nodiscard]] virtual asio::awaitable<Result<std::shared_ptr<WebSocket>>> open_websocket(
        std::string target) = 0;

    /// Cuts the connection at once; what waits on it ends with an error.
    virtual void abort() noexcept = 0;

    /// Ends the connection in order.
    ///
    /// Errors: Errc::timed_out, Errc::connection_closed, Errc::connection_failed; it is ended then
    /// too.
    [[nodiscard]] virtual asio::awaitable<Result<void>> close() = 0;
};

/// Connects within Limits::handshake and makes the TLS handshake within the same time again. The
/// certificate must hold the server's name and please `tls.authenticate`.
///
/// TLS 1.3 lets a client finish before the server has judged the client's certificate: a refusal
/// of ours shows as Errc::tls_refused or Errc::connection_closed at the first request.
///
/// Errors: Errc::connection_failed (not resolved, nobody listens); Errc::timed_out;
/// Errc::tls_refused; what `tls.authenticate` says.
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect_https(
    HttpsAddress address, TlsSide tls, Limits limits);

/// Connects to the server at the Unix socket `path`.
///
/// Errors: Errc::not_running if there is no socket or nobody serves it; Errc::not_permitted if its
/// mode forbids; Errc::bad_value for a path that is too long; Errc::timed_out,
/// Errc::connection_failed.
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect_unix(std::string path,
                                                                                Limits limits);

}  // namespace tongbao::transport
