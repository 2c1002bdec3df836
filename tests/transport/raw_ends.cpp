// The ends of loopback.hpp that send bytes as they are.

#include "tests/transport/loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace tongbao::transport::testing {
namespace {

using Tcp = asio::ip::tcp;
using TlsSocket = asio::ssl::stream<Tcp::socket>;

constexpr std::chrono::seconds kPatience{60};

asio::ssl::context shared_context(const std::string& name) {
    const TlsContext tls = make_context(name, "root");
    REQUIRE(SSL_CTX_up_ref(tls.get()) == 1);
    return asio::ssl::context(tls.get());
}

/// Whatever is read next, at most `most` bytes; nothing once the other end has closed.
///
/// Throws std::runtime_error if nothing comes for a minute.
std::string read_some(asio::io_context& context, TlsSocket& stream, std::size_t most) {
    std::array<char, 4096> piece{};
    std::optional<std::size_t> done;
    stream.async_read_some(asio::buffer(piece.data(), std::min(most, piece.size())),
                           [&done](const boost::system::error_code& error, std::size_t size) {
                               done = error ? 0 : size;
                           });
    context.restart();
    context.run_for(kPatience);
    if (!done) {
        stream.next_layer().close();
        context.run();  // the handler speaks of this call's variables
        throw std::runtime_error("the other end neither sends nor closes");
    }
    return std::string(piece.data(), *done);
}

std::string read_until_end(asio::io_context& context, TlsSocket& stream, std::string_view end) {
    std::string text;
    while (end.empty() || !text.ends_with(end)) {
        const std::string piece = read_some(context, stream, end.empty() ? 4096 : 1);
        if (piece.empty()) break;
        text += piece;
    }
    return text;
}

}  // namespace

struct RawClient::Connection {
    asio::io_context context;
    asio::ssl::context tls = shared_context("unit");
    TlsSocket stream{context, tls};
};

RawClient::RawClient(const Server& server) : connection_(std::make_unique<Connection>()) {
    connection_->stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
    connection_->stream.handshake(asio::ssl::stream_base::client);
}

RawClient::~RawClient() = default;

void RawClient::send(std::string_view bytes) {
    boost::system::error_code hung_up;  // shows in what can be read
    asio::write(connection_->stream, asio::buffer(bytes), hung_up);
}

std::string RawClient::read_until(std::string_view end) {
    return read_until_end(connection_->context, connection_->stream, end);
}

std::string RawClient::read_all() {
    return read_until("");
}

std::string send_raw(const Server& server, std::string_view bytes) {
    RawClient client(server);
    client.send(bytes);
    return client.read_all();
}

struct RawServer::Connection {
    asio::io_context context;
    Tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
    asio::ssl::context tls = shared_context("hub");
    TlsSocket stream{context, tls};
};

RawServer::RawServer(std::function<std::string(const std::string& head)> answer)
    : answer_(std::move(answer)), connection_(std::make_unique<Connection>()) {
    thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
    // One that nobody connected to still waits.
    if (thread_.joinable()) {
        asio::io_context context;
        Tcp::socket waker(context);
        boost::system::error_code taken;
        waker.connect(connection_->acceptor.local_endpoint(taken), taken);
        waker.close();
        thread_.join();
    }
}

std::uint16_t RawServer::port() const {
    return connection_->acceptor.local_endpoint().port();
}

std::string RawServer::received() {
    if (thread_.joinable()) thread_.join();
    return received_;
}

void RawServer::serve() {
    boost::system::error_code error;
    connection_->acceptor.accept(connection_->stream.next_layer(), error);
    if (error) return;
    connection_->stream.handshake(asio::ssl::stream_base::server, error);
    if (error) return;
    try {
        const std::string head =
            read_until_end(connection_->context, connection_->stream, "\r\n\r\n");
        asio::write(connection_->stream, asio::buffer(answer_(head)), error);
        received_ = read_until_end(connection_->context, connection_->stream, "");
    } catch (const std::runtime_error& silent) {
        received_ = silent.what();
    }
    connection_->stream.next_layer().close(error);
}

}  // namespace tongbao::transport::testing
