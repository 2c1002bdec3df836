#include "transport/server_state.hpp"

#include "transport/completion.hpp"
#include "transport/http_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace tongbao::transport {
namespace {

/// How long connections that were cut may take to notice.
constexpr std::chrono::milliseconds kAfterCut{1000};

std::string words(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "unknown exception";
    }
}

/// The connection is a parameter, so that it lives as long as this coroutine.
asio::awaitable<Result<void>> serve(std::shared_ptr<HttpConnection> connection) {
    const Result<void> served = co_await connection->run();
    co_return served;
}

/// Waits on the server's strand until no connection is left.
///
/// Errors: Errc::timed_out.
asio::awaitable<Result<void>> await_empty(std::shared_ptr<ServerState> server,
                                          std::chrono::milliseconds within) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (server->table.size() > 0) {
        if (std::chrono::steady_clock::now() >= deadline) co_return Errc::timed_out;
        server->ended.expires_at(deadline);
        const auto [error] = co_await server->ended.async_wait(kAsTuple);
        // Cancelled means that one has ended; expired is seen above.
        if (error && error != asio::error::operation_aborted) co_return Errc::timed_out;
    }
    co_return Result<void>();
}

/// As await_empty, after having told every connection what to do.
asio::awaitable<Result<void>> end_all(std::shared_ptr<ServerState> server,
                                      std::chrono::milliseconds within) {
    for (const auto& connection : server->table.connections()) {
        asio::post(connection->executor(), [connection] { connection->stop(); });
    }
    const Result<void> ended = co_await await_empty(server, within);
    if (ended) co_return Result<void>();
    for (const auto& connection : server->table.connections()) {
        asio::post(connection->executor(), [connection] { connection->abort(); });
    }
    const Result<void> cut = co_await await_empty(server, kAfterCut);
    // Cut or not even that: both are worse than asked for.
    if (!cut) co_return cut.error();
    co_return Errc::timed_out;
}

}  // namespace

ServerState::ServerState(const asio::any_io_executor& executor, ServerSettings server_settings)
    : settings(std::move(server_settings)),
      table(settings.limits),
      strand(asio::make_strand(executor)),
      ended(strand, asio::steady_timer::time_point::max()) {}

void start_connection(const std::shared_ptr<ServerState>& server, std::uint64_t number,
                      std::unique_ptr<ByteStream> stream, std::string address) {
    const auto introduce = [server, number](const std::optional<Digest>& certificate) {
        return server->table.introduce(number, certificate);
    };
    const auto connection =
        std::make_shared<HttpConnection>(std::move(stream), server->settings, introduce);
    server->table.attach(number, connection);
    const auto ended = [server, number, address = std::move(address)](
                           const std::exception_ptr& thrown, const Result<void>& /*served*/) {
        if (thrown && server->settings.hooks.on_failure) {
            server->settings.hooks.on_failure(address, Errc::process_failed, words(thrown));
        }
        server->table.remove(number);
        asio::post(server->strand, [server] { server->ended.cancel(); });
    };
    asio::co_spawn(connection->executor(), serve(connection), ended);
}

void cut_connections(ServerState& server,
                     const std::function<Result<void>(const Digest& certificate)>& keep) {
    for (const ConnectionTable::Certified& each : server.table.certified()) {
        const Result<void> kept = keep(each.certificate);
        if (kept) continue;
        asio::post(each.connection->executor(),
                   [connection = each.connection] { connection->abort(); });
        if (server.settings.hooks.on_refused) {
            server.settings.hooks.on_refused(each.address, to_errc(kept.error()),
                                             "an open connection was cut");
        }
    }
}

asio::awaitable<Result<void>> stop_connections(std::shared_ptr<ServerState> server,
                                               std::chrono::milliseconds within) {
    server->stopping = true;
    const auto strand = server->strand;
    const Result<void> ended =
        co_await asio::co_spawn(strand, end_all(std::move(server), within), asio::use_awaitable);
    co_return ended;
}

}  // namespace tongbao::transport
