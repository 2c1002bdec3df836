#include "transport/socket_websocket.hpp"

namespace tongbao::transport {

template asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket_on<UnixSocket>(
    UnixSocket, const RequestHead&, WebSocketLimits);
template asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket_on<UnixSocket>(
    UnixSocket, std::string, std::string, WebSocketLimits);

}  // namespace tongbao::transport
