#include "transport/tls_stream.hpp"

#include "crypto/tls.hpp"
#include "transport/socket_stream.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <vector>

namespace tongbao::transport {
namespace {

using TlsSocket = beast::ssl_stream<beast::tcp_stream>;
using Tcp = asio::ip::tcp;

/// Asio's context frees the SSL_CTX that it is given, so it gets a share of its own; the SSL object
/// made from it keeps another one.
Result<TlsSocket> wrap(beast::tcp_stream socket, const TlsContext& context) {
    if (!context || SSL_CTX_up_ref(context.get()) != 1) return Errc::tls_refused;
    asio::ssl::context shared(context.get());
    return TlsSocket(std::move(socket), shared);
}

/// The certificate of the peer in DER. Verification belongs to the SSL_CTX; here it is made sure
/// that it took place: a context that forgot to ask for a certificate lets nobody in.
///
/// Errors: Errc::tls_refused.
Result<Bytes> peer_certificate(SSL* tls) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls),
                                                                  &X509_free);
    const bool verified = certificate && SSL_version(tls) == TLS1_3_VERSION &&
                          (SSL_get_verify_mode(tls) & SSL_VERIFY_PEER) != 0 &&
                          SSL_get_verify_result(tls) == X509_V_OK;
    if (!verified) return Errc::tls_refused;
    const int size = i2d_X509(certificate.get(), nullptr);
    if (size <= 0) return Errc::tls_refused;
    Bytes der(static_cast<std::size_t>(size));
    unsigned char* out = der.data();
    if (i2d_X509(certificate.get(), &out) != size) return Errc::tls_refused;
    return der;
}

/// What OpenSSL has to say about a handshake that failed, for a log.
std::string words_for(const boost::system::error_code& error, SSL* tls) {
    std::string words = error.message();
    const long verdict = SSL_get_verify_result(tls);
    if (verdict != X509_V_OK) {
        words.append(": ").append(X509_verify_cert_error_string(verdict));
    }
    return words;
}

/// A handshake can fail because the peer hung up: that is a refusal too, and only its deadline is
/// told apart.
Errc handshake_errc(const boost::system::error_code& error) noexcept {
    return socket_errc(error) == Errc::timed_out ? Errc::timed_out : Errc::tls_refused;
}

/// The steps of a SocketStream that TLS has its own way in.
struct TlsWays {
    Authenticate authenticate;
    std::string address;
    ServerHooks hooks;

    asio::awaitable<Result<Peer>> accept(TlsSocket& stream, std::chrono::milliseconds within) {
        beast::get_lowest_layer(stream).expires_after(within);
        const auto [error] =
            co_await stream.async_handshake(asio::ssl::stream_base::server, kAsTuple);
        if (error) {
            co_return refuse(handshake_errc(error), words_for(error, stream.native_handle()));
        }
        const Result<Bytes> certificate = peer_certificate(stream.native_handle());
        if (!certificate) co_return refuse(Errc::tls_refused, "no verified certificate");
        Result<PeerId> id = authenticate(*certificate);
        if (!id) co_return refuse(to_errc(id.error()), id.error().message());
        co_return Peer{address, *std::move(id)};
    }

    asio::awaitable<Result<void>> end(TlsSocket& stream) {
        const auto [error] = co_await stream.async_shutdown(kAsTuple);
        // A peer that is already gone, or that sends on, makes no orderly end; nothing is lost.
        if (error && socket_errc(error) == Errc::timed_out) co_return Errc::timed_out;
        co_return Result<void>();
    }

    template <typename Handler>
    void shut_down(TlsSocket& stream, Handler handler) {
        stream.async_shutdown(std::move(handler));
    }

    Errc refuse(Errc errc, std::string_view words) const {
        if (hooks.on_refused) hooks.on_refused(address, errc, words);
        return errc;
    }
};

using TlsStream = SocketStream<TlsSocket, TlsWays>;

/// Errors: Errc::connection_failed, Errc::timed_out.
asio::awaitable<Result<std::vector<Tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                            std::chrono::milliseconds within) {
    using asio::experimental::awaitable_operators::operator||;

    std::vector<Tcp::endpoint> endpoints;
    boost::system::error_code not_numeric;
    const auto numeric = asio::ip::make_address(host, not_numeric);
    if (!not_numeric) {
        endpoints.emplace_back(numeric, port);
        co_return endpoints;
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    Tcp::resolver resolver(executor);
    asio::steady_timer deadline(executor, within);
    const auto first = co_await (resolver.async_resolve(host, std::to_string(port),
                                                        Tcp::resolver::numeric_service, kAsTuple) ||
                                 deadline.async_wait(kAsTuple));
    if (first.index() == 1) co_return Errc::timed_out;
    const auto& [error, results] = std::get<0>(first);
    if (error) co_return Errc::connection_failed;
    for (const auto& result : results) endpoints.push_back(result.endpoint());
    co_return endpoints;
}

}  // namespace

Result<std::unique_ptr<ByteStream>> make_tls_stream(asio::ip::tcp::socket socket,
                                                    const TlsSide& tls, std::string address,
                                                    ServerHooks hooks) {
    Result<TlsSocket> stream = wrap(beast::tcp_stream(std::move(socket)), tls.context());
    if (!stream) return stream.error();
    TlsWays ways{tls.authenticate, std::move(address), std::move(hooks)};
    return std::unique_ptr<ByteStream>(
        std::make_unique<TlsStream>(*std::move(stream), std::move(ways)));
}

asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_tls_stream(
    HttpsAddress address, TlsSide tls, std::chrono::milliseconds within) {
    const Result<std::vector<Tcp::endpoint>> endpoints =
        co_await resolve(address.host, address.port, within);
    if (!endpoints) co_return endpoints.error();

    beast::tcp_stream socket(co_await asio::this_coro::executor);
    socket.expires_after(within);
    const auto [refused, endpoint] = co_await socket.async_connect(*endpoints, kAsTuple);
    if (refused) {
        const bool late = socket_errc(refused) == Errc::timed_out;
        co_return late ? Errc::timed_out : Errc::connection_failed;
    }
    boost::system::error_code ignored;  // only slower without
    socket.socket().set_option(Tcp::no_delay(true), ignored);

    Result<TlsSocket> stream = wrap(std::move(socket), tls.context());
    if (!stream) co_return stream.error();
    const std::string& name = address.server_name.empty() ? address.host : address.server_name;
    const Result<void> expected = crypto::expect_host(stream->native_handle(), name);
    if (!expected) co_return Errc::tls_refused;
    beast::get_lowest_layer(*stream).expires_after(within);
    const auto [error] = co_await stream->async_handshake(asio::ssl::stream_base::client, kAsTuple);
    if (error) co_return handshake_errc(error);
    const Result<Bytes> certificate = peer_certificate(stream->native_handle());
    if (!certificate) co_return certificate.error();
    const Result<PeerId> id = tls.authenticate(*certificate);
    if (!id) co_return id.error();
    TlsWays ways{tls.authenticate, address.host, {}};
    co_return std::unique_ptr<ByteStream>(
        std::make_unique<TlsStream>(*std::move(stream), std::move(ways)));
}

}  // namespace tongbao::transport
