#pragma once

#include "transport/byte_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <memory>
#include <string>

// Private to transport. Beast's WebSocket is a template over the connection below it, and nothing
// takes as long to compile: so it is compiled once, over this interface (websocket.cpp).

namespace tongbao::transport {

/// What waits for an operation; called once, on the strand, and never before the call that began
/// the operation has returned.
class Completion {
public:
    virtual ~Completion() = default;
    virtual void complete(const boost::system::error_code& error, std::size_t size) = 0;
};

/// More pieces than these are written by a further call.
using WritePieces = std::array<asio::const_buffer, 4>;

/// A connection under a WebSocket. Kept alive by each of its operations while that runs: Beast's
/// own pings may be on their way when the WebSocket is gone.
class WebSocketLayer {
public:
    virtual ~WebSocketLayer() = default;

    virtual void read_some(asio::mutable_buffer into, std::unique_ptr<Completion> done) = 0;
    virtual void write_some(const WritePieces& pieces, std::unique_ptr<Completion> done) = 0;
    /// Says goodbye and closes. Always completes without an error: why the WebSocket ended is more
    /// telling than how TLS did.
    virtual void shut_down(std::unique_ptr<Completion> done) = 0;
    /// Closes at once; all that waits is cancelled.
    virtual void close() noexcept = 0;

    [[nodiscard]] virtual asio::any_io_executor executor() = 0;
};

/// See ByteStream::accept_websocket and connect_websocket.
[[nodiscard]] asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket_on(
    std::shared_ptr<WebSocketLayer> layer, const RequestHead& request, WebSocketLimits limits);
[[nodiscard]] asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket_on(
    std::shared_ptr<WebSocketLayer> layer, std::string host, std::string target,
    WebSocketLimits limits);

}  // namespace tongbao::transport
