#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace tongbao::transport {

namespace asio = boost::asio;

/// Why a WebSocket is closed. Source: RFC 6455 section 7.4.1.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    policy_violation = 1008,
    too_large = 1009,
    internal_error = 1011,
};

/// An open WebSocket that carries binary messages. Pings are sent and answered inside, which works
/// only while a read waits: **keep a read waiting**, or within Limits::idle the peer counts as
/// gone.
///
/// Everything is called on executor(), the connection's strand, where the coroutine that was given
/// the WebSocket runs; start others there too. At most one read at a time. Writes may come from
/// several coroutines: each message goes out whole, and those of one coroutine in their order.
///
/// Shared by the connection, which closes it when the server stops, and by the coroutines that
/// read and write.
class WebSocket {
public:
    virtual ~WebSocket() = default;

    /// The next message.
    ///
    /// Errors: Errc::connection_closed when either side closed it, in order or not; Errc::timed_out
    /// if the peer has not answered a ping, or sends a message that it began too slowly (as
    /// Limits::body says); Errc::too_large for a message above the limit, as soon as a frame
    /// declares it (the peer is told 1009); Errc::protocol_violation for a text message (the peer
    /// is told 1003) or what RFC 6455 does not allow (1002; 1007 for text that is no UTF-8);
    /// Errc::connection_failed. A peer that hangs up before it could be told ends it with one of
    /// the connection's. After any of them the WebSocket is of no more use.
    [[nodiscard]] virtual asio::awaitable<Result<Bytes>> read() = 0;

    /// Sends one message; returns when the system has taken all of it, which says nothing about
    /// the peer. Waits its turn behind other writes.
    ///
    /// Errors: Errc::connection_closed, Errc::connection_failed; Errc::timed_out if the peer did
    /// not take it within Limits::body: the connection is cut then.
    [[nodiscard]] virtual asio::awaitable<Result<void>> write(Bytes message) = 0;

    /// Tells the peer `code` and `reason` (UTF-8, at most 123 bytes, cut there) and waits for its
    /// answer within Limits::handshake. A read that waits ends with Errc::connection_closed.
    ///
    /// Errors: Errc::connection_closed if it is closed or closing already; Errc::timed_out,
    /// Errc::connection_failed.
    [[nodiscard]] virtual asio::awaitable<Result<void>> close(CloseCode code,
                                                              std::string reason) = 0;

    /// Cuts the connection at once; all that waits ends with an error.
    virtual void abort() noexcept = 0;

    [[nodiscard]] virtual asio::any_io_executor executor() = 0;
};

}  // namespace tongbao::transport
