#pragma once

#include "transport/byte_stream.hpp"
#include "transport/http_client.hpp"
#include "transport/listener.hpp"
#include "transport/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>

// Private to transport.

namespace tongbao::transport {

/// A connection that was accepted, before its handshake. `address` is the peer's, for hooks.
///
/// Errors: Errc::tls_refused if there is no TLS context.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> make_tls_stream(asio::ip::tcp::socket socket,
                                                                  const TlsSide& tls,
                                                                  std::string address,
                                                                  ServerHooks hooks);

/// Connects to a server and authenticates it; see connect_https.
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_tls_stream(
    HttpsAddress address, TlsSide tls, std::chrono::milliseconds within);

}  // namespace tongbao::transport
