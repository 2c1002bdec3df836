#include "transport/socket_websocket.hpp"

#include <boost/beast/websocket/ssl.hpp>

namespace tongbao::transport {

template asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket_on<TlsSocket>(
    TlsSocket, const RequestHead&, WebSocketLimits);
template asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket_on<TlsSocket>(
    TlsSocket, std::string, std::string, WebSocketLimits);

}  // namespace tongbao::transport
