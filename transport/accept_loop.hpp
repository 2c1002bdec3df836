#pragma once

#include "transport/completion.hpp"
#include "transport/server_state.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

// Private to transport.

namespace tongbao::transport {

/// Accepts connections of `Protocol`, each on a strand of its own, until the acceptor is closed.
/// `serve` takes each socket. Runs on the server's strand. This wait alone has no deadline.
template <typename Protocol>
asio::awaitable<Result<void>> accept_connections(
    std::shared_ptr<ServerState> server,
    std::shared_ptr<asio::basic_socket_acceptor<Protocol>> acceptor,
    std::function<void(typename Protocol::socket)> serve) {
    // Without file descriptors accepting fails at once and for ever: a pause leaves the processor
    // to those who may give some back.
    constexpr std::chrono::milliseconds kPause{100};
    asio::steady_timer pause(server->strand);
    while (!server->stopping) {
        const asio::any_io_executor executor =
            asio::make_strand(server->strand.get_inner_executor());
        auto [error, socket] = co_await acceptor->async_accept(executor, kAsTuple);
        if (server->stopping || !acceptor->is_open()) break;
        if (!error) {
            // What fails for one connection, such as memory, must not make the server deaf.
            try {
                serve(std::move(socket));
            } catch (const std::exception& exception) {
                if (server->settings.hooks.on_failure) {
                    server->settings.hooks.on_failure("", Errc::process_failed, exception.what());
                }
            }
            continue;
        }
        if (server->settings.hooks.on_failure) {
            server->settings.hooks.on_failure("", Errc::connection_failed, error.message());
        }
        pause.expires_after(kPause);
        const auto [woken] = co_await pause.async_wait(kAsTuple);
        if (woken) break;
    }
    co_return Result<void>();
}

template <typename Protocol>
void start_accepting(const std::shared_ptr<ServerState>& server,
                     const std::shared_ptr<asio::basic_socket_acceptor<Protocol>>& acceptor,
                     std::function<void(typename Protocol::socket)> serve) {
    const auto ended = [server](const std::exception_ptr& thrown, const Result<void>& /*done*/) {
        if (thrown && server->settings.hooks.on_failure) {
            server->settings.hooks.on_failure("", Errc::process_failed, "accepting has ended");
        }
    };
    asio::co_spawn(server->strand, accept_connections<Protocol>(server, acceptor, std::move(serve)),
                   ended);
}

/// Closes the acceptor, then ends the connections. See Listener::stop.
template <typename Protocol>
asio::awaitable<Result<void>> stop_server(
    std::shared_ptr<ServerState> server,
    std::shared_ptr<asio::basic_socket_acceptor<Protocol>> acceptor,
    std::chrono::milliseconds within) {
    server->stopping = true;
    asio::dispatch(server->strand, [acceptor] {
        boost::system::error_code ignored;  // closed or not, it is not used again
        acceptor->close(ignored);
    });
    const Result<void> stopped = co_await stop_connections(std::move(server), within);
    co_return stopped;
}

}  // namespace tongbao::transport
