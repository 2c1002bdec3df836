#include "transport/completion.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/websocket/error.hpp>

namespace tongbao::transport {

Errc socket_errc(const boost::system::error_code& error) noexcept {
    namespace net = boost::asio::error;
    namespace websocket = boost::beast::websocket;

    if (error == boost::beast::error::timeout || error == net::timed_out) return Errc::timed_out;
    if (error == net::eof || error == net::connection_reset || error == net::broken_pipe ||
        error == net::operation_aborted || error == net::not_connected ||
        error == net::bad_descriptor || error == boost::asio::ssl::error::stream_truncated ||
        error == websocket::error::closed) {
        return Errc::connection_closed;
    }
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
        return Errc::too_large;
    }
    // All that is left in this category is the peer's fault.
    const boost::system::error_code any_websocket = websocket::error::closed;
    if (error.category() == any_websocket.category() ||
        error == websocket::condition::protocol_violation) {
        return Errc::protocol_violation;
    }
    if (error.category() == net::get_ssl_category()) return Errc::tls_refused;
    return Errc::connection_failed;
}

}  // namespace tongbao::transport
