#pragma once

#include "transport/byte_stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <memory>
#include <string>

// Private to transport: the two kinds of sockets, and their WebSockets. WebSockets are compiled
// apart from the rest (tls_websocket.cpp, unix_websocket.cpp): nothing else takes as long.

namespace tongbao::transport {

namespace beast = boost::beast;

using TlsSocket = beast::ssl_stream<beast::tcp_stream>;
using UnixSocket = beast::basic_stream<asio::local::stream_protocol>;

/// See ByteStream::accept_websocket and connect_websocket.
template <typename Socket>
[[nodiscard]] asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket_on(
    Socket socket, const RequestHead& request, WebSocketLimits limits);
template <typename Socket>
[[nodiscard]] asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket_on(
    Socket socket, std::string host, std::string target, WebSocketLimits limits);

}  // namespace tongbao::transport
