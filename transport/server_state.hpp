#pragma once

#include "transport/byte_stream.hpp"
#include "transport/connection_table.hpp"
#include "transport/listener.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

// Private to transport.

namespace tongbao::transport {

/// What a server and its connections share; the last of them frees it.
struct ServerState {
    ServerState(const asio::any_io_executor& executor, ServerSettings server_settings);

    ServerSettings settings;
    ConnectionTable table;
    std::atomic<bool> stopping = false;
    /// The server's own; connections have theirs.
    asio::strand<asio::any_io_executor> strand;
    /// Never expires; is cancelled on the strand whenever a connection has ended.
    asio::steady_timer ended;
};

/// Serves `stream`, which counts as connection `number` of the table, until it ends.
void start_connection(const std::shared_ptr<ServerState>& server, std::uint64_t number,
                      std::unique_ptr<ByteStream> stream, std::string address);

/// Ends all connections; the caller has stopped accepting. See Listener::stop.
[[nodiscard]] asio::awaitable<Result<void>> stop_connections(std::shared_ptr<ServerState> server,
                                                             std::chrono::milliseconds within);

/// See Listener::cut_unless.
void cut_connections(ServerState& server,
                     const std::function<Result<void>(const Digest& certificate)>& keep);

}  // namespace tongbao::transport
