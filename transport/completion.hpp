#pragma once

#include "domain/errc.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace tongbao::transport {

/// How operations of Asio are awaited here: their error is a value, not an exception.
inline constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

/// `error` of a socket, TLS or a WebSocket, in our words: Errc::timed_out, Errc::connection_closed,
/// Errc::tls_refused, Errc::too_large, Errc::protocol_violation, else Errc::connection_failed.
[[nodiscard]] Errc socket_errc(const boost::system::error_code& error) noexcept;

}  // namespace tongbao::transport
