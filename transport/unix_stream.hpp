#pragma once

#include "transport/byte_stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <memory>
#include <string>

// Private to transport.

namespace tongbao::transport {

/// The longest path of a Unix socket: sun_path of Linux without its final NUL.
inline constexpr std::size_t kMaxSocketPath = 107;

/// A connection that was accepted.
[[nodiscard]] std::unique_ptr<ByteStream> make_unix_stream(
    asio::local::stream_protocol::socket socket);

/// Connects to a server; see connect_unix.
[[nodiscard]] asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_unix_stream(
    std::string path, std::chrono::milliseconds within);

}  // namespace tongbao::transport
