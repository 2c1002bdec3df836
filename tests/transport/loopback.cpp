#include "tests/transport/loopback.hpp"

#include "tests/support/project_paths.hpp"
#include "transport/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <stdexcept>

namespace tongbao::transport::testing {
namespace {

const std::string kPki = tongbao::testing::binary_dir() + "/tests/transport/pki/";

}  // namespace

Limits wide_limits() {
    using std::chrono::seconds;
    return {.header_bytes = 4096,
            .header_fields = 16,
            .body_bytes = 2 * kBig,
            .drain_bytes = 64 * 1024,
            .websocket_message_bytes = 64 * 1024,
            .handshake = seconds(60),
            .header = seconds(60),
            .body = seconds(60),
            .idle = seconds(60),
            .connections = 100,
            .connections_per_address = 100,
            .connections_per_certificate = 100};
}

TlsContext make_context(const std::string& name, const std::string& authority) {
    const TlsContext context(SSL_CTX_new(TLS_method()), &SSL_CTX_free);
    REQUIRE(context);
    REQUIRE(SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    const std::string trusted = kPki + authority + ".pem";
    REQUIRE(SSL_CTX_load_verify_file(context.get(), trusted.c_str()) == 1);
    if (name.empty()) return context;
    const std::string certificate = kPki + name + ".pem";
    const std::string key = kPki + name + ".key";
    REQUIRE(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) == 1);
    return context;
}

Result<PeerId> identify(BytesView certificate) {
    // The URI stands in the certificate as it is.
    const std::string_view text = as_text(certificate);
    const std::size_t begin = text.find("spiffe://");
    if (begin == std::string_view::npos) return Errc::certificate_wrong_name;
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz:/.";
    const std::size_t end = text.find_first_not_of(kLetters, begin);
    Digest::Array digest{};
    digest[0] = static_cast<std::uint8_t>(certificate.size() % 256);
    return PeerId{std::string(text.substr(begin, end - begin)), Digest(digest)};
}

TlsSide hub_side() {
    return {[context = make_context("hub", "root")] { return context; }, identify};
}

TlsSide unit_side() {
    return {[context = make_context("unit", "root")] { return context; }, identify};
}

std::uint8_t pattern(std::size_t index) {
    return static_cast<std::uint8_t>(index * 31 + index / 4096);
}

bool EchoHandler::is_websocket(const RequestHead& request) const {
    return request.target == "/socket";
}

asio::awaitable<Result<void>> EchoHandler::handle(const Peer& peer, const RequestHead& request,
                                                  BodyReader& body, Responder& responder) {
    ++handled_;
    if (request.target == "/echo") {
        Result<Bytes> content = co_await body.read_all(kBig);
        if (!content) co_return content.error();
        Response response;
        response.content_type = "application/octet-stream";
        const PeerId* const id = peer.certified();
        response.fields.push_back(
            {"Peer", id != nullptr ? id->spiffe : std::to_string(peer.local()->pid)});
        response.body = *std::move(content);
        const Result<void> sent = co_await responder.send(std::move(response));
        co_return sent;
    }
    if (request.target == "/stream") {
        const Result<void> begun = co_await responder.begin(200, {}, request.content_length);
        if (!begun) co_return begun.error();
        Bytes piece(10000);
        while (true) {
            const Result<std::size_t> size = co_await body.read_some(piece);
            if (!size) co_return size.error();
            if (*size == 0) break;
            const Result<void> written = co_await responder.write(BytesView(piece).first(*size));
            if (!written) co_return written.error();
        }
        const Result<void> finished = co_await responder.finish();
        co_return finished;
    }
    if (request.target == "/ignore") {
        Response response;
        response.status = 204;
        const Result<void> sent = co_await responder.send(std::move(response));
        co_return sent;
    }
    if (request.target == "/big" || request.target == "/short") {
        const bool whole = request.target == "/big";
        const std::optional<std::uint64_t> length =
            whole ? std::optional<std::uint64_t>() : std::optional<std::uint64_t>(100);
        const Result<void> begun = co_await responder.begin(200, {}, length);
        if (!begun) co_return begun.error();
        Bytes content(whole ? kBig : 10);
        for (std::size_t i = 0; i < content.size(); ++i) content[i] = pattern(i);
        const Result<void> written = co_await responder.write(content);
        if (!written) co_return written.error();
        const Result<void> finished = co_await responder.finish();
        co_return finished;
    }
    if (request.target == "/throw") throw std::runtime_error("thrown by the handler");
    co_return Errc::not_found;
}

asio::awaitable<Result<void>> EchoHandler::stream(const Peer& /*peer*/,
                                                  const RequestHead& /*request*/,
                                                  std::shared_ptr<WebSocket> socket) {
    while (true) {
        Result<Bytes> message = co_await socket->read();
        if (!message) {
            {
                const std::lock_guard lock(mutex_);
                stream_end_ = to_errc(message.error());
            }
            ended_.notify_all();
            co_return message.error();
        }
        const Result<void> written = co_await socket->write(*std::move(message));
        if (!written) co_return written.error();
    }
}

Errc EchoHandler::stream_end() const {
    const std::lock_guard lock(mutex_);
    return stream_end_.value_or(Errc{});
}

bool EchoHandler::stream_ended(std::chrono::milliseconds within) const {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, within, [this] { return stream_end_.has_value(); });
}

ServerSettings Server::settings(const Limits& limits) {
    const auto into = [this](std::vector<Errc>& list) {
        return [this, &list](const std::string&, Errc errc, std::string_view) {
            const std::lock_guard lock(mutex_);
            list.push_back(errc);
        };
    };
    const auto error_body = [](unsigned status, Errc errc) {
        return std::to_string(status) + " " + std::string(code(errc));
    };
    return {handler_, limits, error_body, {into(refused_), into(bad_requests_), into(failures_)}};
}

Server::Server(const Limits& limits, TlsSide tls) {
    Result<std::unique_ptr<Listener>> listener =
        listen_tls(context_.get_executor(), "127.0.0.1", 0, std::move(tls), settings(limits));
    REQUIRE(listener.has_value());
    listener_ = *std::move(listener);
    run();
}

Server::Server(const Limits& limits, const std::string& socket_path, mode_t mode) {
    Result<std::unique_ptr<Listener>> listener =
        listen_unix(context_.get_executor(), socket_path, mode, settings(limits));
    REQUIRE(listener.has_value());
    listener_ = *std::move(listener);
    run();
}

void Server::run() {
    listener_->start();
    thread_ = std::thread([this] { context_.run(); });
}

Server::~Server() {
    end();
}

void Server::end() {
    if (!stopped_) {
        const Result<void> stopped = stop(std::chrono::seconds(60));
        CHECK(stopped.has_value());
    }
    if (thread_.joinable()) thread_.join();
}

Result<void> Server::stop(std::chrono::milliseconds within) {
    stopped_ = true;
    return asio::co_spawn(context_, listener_->stop(within), asio::use_future).get();
}

bool Server::comes_to(std::size_t connections) {
    return asio::co_spawn(context_, watch(connections), asio::use_future).get();
}

asio::awaitable<bool> Server::watch(std::size_t connections) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (listener_->connections() != connections) {
        if (std::chrono::steady_clock::now() > deadline) co_return false;
        // Behind everything that is ready now.
        static_cast<void>(co_await asio::post(kAsTuple));
    }
    co_return true;
}

std::vector<Errc> Server::refused() {
    end();
    return refused_;
}

std::vector<Errc> Server::bad_requests() {
    end();
    return bad_requests_;
}

std::vector<Errc> Server::failures() {
    end();
    return failures_;
}

ClientRequest post_request(std::string target, Bytes body) {
    ClientRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.body = std::move(body);
    return request;
}

Result<void> run(asio::awaitable<Result<void>> coroutine) {
    asio::io_context context;
    auto future = asio::co_spawn(context, std::move(coroutine), asio::use_future);
    context.run();
    return future.get();
}

asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect(std::uint16_t port) {
    HttpsAddress address{"127.0.0.1", port, "hub.test.invalid"};
    Result<std::unique_ptr<HttpClient>> client =
        co_await connect_https(std::move(address), unit_side(), wide_limits());
    co_return client;
}

asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect(const Server& server) {
    return connect(server.port());
}

}  // namespace tongbao::transport::testing
