#include "transport/unix_stream.hpp"

#include "transport/socket_stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <sys/socket.h>

namespace tongbao::transport {
namespace {

using Local = asio::local::stream_protocol;
using UnixSocket = beast::basic_stream<Local>;

/// The steps of a SocketStream that Unix sockets have their own way in.
struct UnixWays {
    asio::awaitable<Result<Peer>> accept(UnixSocket& stream, std::chrono::milliseconds /*within*/) {
        ucred credentials{};
        socklen_t size = sizeof credentials;
        const int got = getsockopt(stream.socket().native_handle(), SOL_SOCKET, SO_PEERCRED,
                                   &credentials, &size);
        if (got != 0 || size != sizeof credentials) co_return Errc::connection_failed;
        co_return Peer{"unix:uid=" + std::to_string(credentials.uid),
                       LocalPeer{credentials.uid, credentials.gid, credentials.pid}};
    }

    asio::awaitable<Result<void>> end(UnixSocket& /*stream*/) { co_return Result<void>(); }

    template <typename Handler>
    void shut_down(UnixSocket& stream, Handler handler) {
        // Below it is no goodbye that a peer could have answered.
        const boost::system::error_code unanswered = asio::error::would_block;
        asio::post(stream.get_executor(),
                   [handler = std::move(handler), unanswered]() mutable { handler(unanswered); });
    }
};

using UnixStream = SocketStream<UnixSocket, UnixWays>;

}  // namespace

std::unique_ptr<ByteStream> make_unix_stream(asio::local::stream_protocol::socket socket) {
    return std::make_unique<UnixStream>(UnixSocket(std::move(socket)), UnixWays());
}

asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_unix_stream(
    std::string path, std::chrono::milliseconds within) {
    if (path.empty() || path.size() > kMaxSocketPath) co_return Errc::bad_value;
    UnixSocket socket(co_await asio::this_coro::executor);
    socket.expires_after(within);
    const auto [error] = co_await socket.async_connect(Local::endpoint(path), kAsTuple);
    if (error == boost::system::errc::no_such_file_or_directory ||
        error == asio::error::connection_refused) {
        co_return Errc::not_running;
    }
    if (error == boost::system::errc::permission_denied) co_return Errc::not_permitted;
    if (error) co_return socket_errc(error);
    co_return std::unique_ptr<ByteStream>(
        std::make_unique<UnixStream>(std::move(socket), UnixWays()));
}

}  // namespace tongbao::transport
