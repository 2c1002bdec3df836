#pragma once

#include "domain/bytes.hpp"
#include "transport/http_client.hpp"
#include "transport/listener.hpp"
#include "transport/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Servers and clients on loopback for the tests of this folder.

namespace tongbao::transport::testing {

/// Limits that no test meets by accident, however slow the machine.
[[nodiscard]] Limits wide_limits();

/// A context with the certificate `name` of make_pki.sh (empty: none) that trusts `authority`.
[[nodiscard]] TlsContext make_context(const std::string& name, const std::string& authority);

/// How the hub and a unit authenticate themselves here.
[[nodiscard]] TlsSide hub_side();
[[nodiscard]] TlsSide unit_side();

/// The text of a certificate's one SAN URI, and a digest of its length: enough to tell them apart.
[[nodiscard]] Result<PeerId> identify(BytesView certificate);

/// Answers in simple ways, by its target:
///     POST /echo      the body, read whole, with fields Peer and Segment
///     POST /stream    the body, piece by piece, of the same length or chunked
///     POST /ignore    204 without a look at the body
///     GET  /big       8 MiB, chunked, of what pattern() gives
///     GET  /short     begins 100 bytes and sends 10
///     GET  /missing   Errc::not_found
///     GET  /throw     throws
///          /socket    a WebSocket that echoes
class EchoHandler final : public HttpHandler {
public:
    [[nodiscard]] bool is_websocket(const RequestHead& request) const override;
    asio::awaitable<Result<void>> handle(const Peer& peer, const RequestHead& request,
                                         BodyReader& body, Responder& responder) override;
    asio::awaitable<Result<void>> stream(const Peer& peer, const RequestHead& request,
                                         std::shared_ptr<WebSocket> socket) override;

    /// How many requests came through.
    [[nodiscard]] int handled() const { return handled_; }
    /// How the last WebSocket ended.
    [[nodiscard]] Errc stream_end() const;
    /// Whether any has ended; waits for that, at most so long.
    [[nodiscard]] bool stream_ended(std::chrono::milliseconds within) const;

private:
    std::atomic<int> handled_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable ended_;
    std::optional<Errc> stream_end_;
};

/// The byte at `index` of what /big gives.
[[nodiscard]] std::uint8_t pattern(std::size_t index);
inline constexpr std::size_t kBig = std::size_t{8} * 1024 * 1024;

/// A server in a thread of its own, stopped at the end.
class Server {
public:
    explicit Server(const Limits& limits = wide_limits(), TlsSide tls = hub_side());
    Server(const Limits& limits, const std::string& socket_path, mode_t mode);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;
    ~Server();

    [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
    [[nodiscard]] const EchoHandler& handler() const { return handler_; }
    [[nodiscard]] Result<void> stop(std::chrono::milliseconds within);
    [[nodiscard]] std::size_t connections() const { return listener_->connections(); }
    /// Waits until it has this number of connections, for a minute at most; whether it has. Looks
    /// whenever its thread has done what was to be done: for numbers that are reached at once.
    [[nodiscard]] bool comes_to(std::size_t connections);
    void cut_unless(const std::function<Result<void>(const Digest&)>& keep) {
        listener_->cut_unless(keep);
    }

    /// What the hooks were told. Each stops the server first, so that all of it was told.
    [[nodiscard]] std::vector<Errc> refused();
    [[nodiscard]] std::vector<Errc> bad_requests();
    [[nodiscard]] std::vector<Errc> failures();

private:
    [[nodiscard]] ServerSettings settings(const Limits& limits);
    void run();
    void end();
    [[nodiscard]] asio::awaitable<bool> watch(std::size_t connections);

    std::mutex mutex_;
    std::vector<Errc> refused_, bad_requests_, failures_;
    EchoHandler handler_;
    asio::io_context context_;
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
    bool stopped_ = false;
};

/// Runs a client's coroutine to its end in this thread. What it throws comes out.
[[nodiscard]] Result<void> run(asio::awaitable<Result<void>> coroutine);

/// Connects to the port, or `server`, as the unit, with wide limits.
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect(std::uint16_t port);
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect(const Server& server);

[[nodiscard]] ClientRequest post_request(std::string target, Bytes body);

/// A request for a WebSocket at /socket, without the empty line behind its fields.
inline const std::string kUpgrade =
    "GET /socket HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A client that sends bytes as they are over TLS as the unit. Each wait of it fails the test after
/// a minute.
class RawClient {
public:
    explicit RawClient(const Server& server);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient(RawClient&&) = delete;
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient();

    void send(std::string_view bytes);
    /// All until `end` was read, or the server closed.
    [[nodiscard]] std::string read_until(std::string_view end);
    /// All until the server closes.
    [[nodiscard]] std::string read_all();

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

/// A hub for one connection that answers its first request with bytes as they are, and keeps what
/// comes afterwards. Each wait of it ends after a minute.
class RawServer {
public:
    /// `answer` makes the answer from the request's head.
    explicit RawServer(std::function<std::string(const std::string& head)> answer);
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    RawServer(RawServer&&) = delete;
    RawServer& operator=(RawServer&&) = delete;
    ~RawServer();

    [[nodiscard]] std::uint16_t port() const;
    /// What the client sent after the answer, until it closed; waits for that.
    [[nodiscard]] std::string received();

private:
    struct Connection;
    void serve();

    std::function<std::string(const std::string&)> answer_;
    std::unique_ptr<Connection> connection_;
    std::string received_;
    std::thread thread_;
};

/// Sends `bytes` with a RawClient and gives all that comes until the server closes.
[[nodiscard]] std::string send_raw(const Server& server, std::string_view bytes);

}  // namespace tongbao::transport::testing
