#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "transport/http_message.hpp"
#include "transport/peer.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <string>

// Private to transport: what HTTP needs of a connection, so that HTTP is compiled once and Beast
// over TLS only where socket_stream.hpp is instantiated.

namespace tongbao::transport {

namespace asio = boost::asio;

/// How long a peer may take to hear the end of a connection.
inline constexpr std::chrono::milliseconds kGoodbye{2000};

struct WebSocketLimits {
    std::size_t message_bytes;
    std::chrono::milliseconds handshake;
    std::chrono::milliseconds idle;
    /// As Limits::body: a message written, and each piece of one that has begun to arrive.
    std::chrono::milliseconds message;
};

/// A connected socket. Everything is called on executor(), its strand. At most one read and one
/// write at a time. Errors of all: Errc::timed_out, Errc::connection_closed,
/// Errc::connection_failed, Errc::tls_refused.
class ByteStream {
public:
    virtual ~ByteStream() = default;

    /// The server's side of getting to know the peer; called first, once. Errors: also those of
    /// Authenticate.
    [[nodiscard]] virtual asio::awaitable<Result<Peer>> accept(
        std::chrono::milliseconds within) = 0;

    /// Waits for some bytes. 0 is the end, in order or not: only the framing of messages tells
    /// whether something is missing.
    [[nodiscard]] virtual asio::awaitable<Result<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) = 0;

    /// Writes all pieces, one after the other.
    [[nodiscard]] virtual asio::awaitable<Result<void>> write(std::array<BytesView, 3> pieces,
                                                              std::chrono::milliseconds within) = 0;

    /// Says goodbye, throws away at most `max_unread` bytes that the peer still sends (closing a
    /// socket with unread input makes the peer lose our last answer), and closes the socket, all
    /// that within `within`. Called once. On an error the socket is closed too.
    [[nodiscard]] virtual asio::awaitable<Result<void>> close(std::chrono::milliseconds within,
                                                              std::uint64_t max_unread) = 0;

    /// Closes the socket; all that waits ends with Errc::connection_closed.
    virtual void abort() noexcept = 0;

    [[nodiscard]] virtual asio::any_io_executor executor() = 0;

    /// Answers `request`, a WebSocket upgrade. This object is of no use afterwards.
    [[nodiscard]] virtual asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket(
        const RequestHead& request, WebSocketLimits limits) = 0;

    /// Asks for a WebSocket. This object is of no use afterwards. Errors: also
    /// Errc::protocol_violation.
    [[nodiscard]] virtual asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket(
        std::string host, std::string target, WebSocketLimits limits) = 0;
};

}  // namespace tongbao::transport
