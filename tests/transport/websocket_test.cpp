#include "tests/transport/loopback.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

asio::awaitable<Result<std::shared_ptr<WebSocket>>> open(const Server& server) {
    const auto client = co_await connect(server);
    if (!client) co_return client.error();
    Result<std::shared_ptr<WebSocket>> socket = co_await (*client)->open_websocket("/socket");
    co_return socket;
}

}  // namespace

TEST_SUITE("websocket") {
    TEST_CASE("messages come back whole and in order") {
        const Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto socket = co_await open(server);
            if (!socket) co_return socket.error();
            for (const std::size_t size : {0U, 1U, 125U, 126U, 5000U, 65536U}) {
                const Bytes message(size, 7);
                const Result<void> written = co_await (*socket)->write(message);
                if (!written) co_return written.error();
                const Result<Bytes> back = co_await (*socket)->read();
                if (!back) co_return back.error();
                CHECK(*back == message);
            }
            const Result<void> closed = co_await (*socket)->close(CloseCode::normal, "done");
            co_return closed;
        };
        CHECK(run(session()).has_value());
        CHECK(server.connections() <= 1);
    }

    TEST_CASE("an open connection is cut when its certificate does not count any more") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto socket = co_await open(server);
            if (!socket) co_return socket.error();
            server.cut_unless([](const Digest&) { return Result<void>(); });
            const Result<void> written = co_await (*socket)->write(Bytes(10, 1));
            if (!written) co_return written.error();
            const Result<Bytes> back = co_await (*socket)->read();
            if (!back) co_return back.error();
            server.cut_unless(
                [](const Digest&) -> Result<void> { return Errc::certificate_revoked; });
            const Result<Bytes> cut = co_await (*socket)->read();
            CHECK(cut.has_error());
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
        CHECK(server.refused() == std::vector<Errc>{Errc::certificate_revoked});
    }

    TEST_CASE("two coroutines may write at once") {
        const Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto socket = co_await open(server);
            if (!socket) co_return socket.error();
            const auto write_many = [](std::shared_ptr<WebSocket> to,
                                       std::uint8_t value) -> asio::awaitable<Result<void>> {
                for (int i = 0; i < 50; ++i) {
                    const Result<void> written = co_await to->write(Bytes(3000, value));
                    if (!written) co_return written.error();
                }
                co_return Result<void>();
            };
            const auto ended = [](const std::exception_ptr& thrown, const Result<void>& result) {
                CHECK(!thrown);
                CHECK(result.has_value());
            };
            const auto executor = (*socket)->executor();
            asio::co_spawn(executor, write_many(*socket, 1), ended);
            asio::co_spawn(executor, write_many(*socket, 2), ended);
            int ones = 0;
            for (int i = 0; i < 100; ++i) {
                const Result<Bytes> back = co_await (*socket)->read();
                if (!back) co_return back.error();
                if (*back == Bytes(3000, 1)) ++ones;
            }
            CHECK(ones == 50);
            const Result<void> closed = co_await (*socket)->close(CloseCode::normal, "");
            co_return closed;
        };
        CHECK(run(session()).has_value());
    }

    TEST_CASE("a message beyond the limit ends the connection") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto socket = co_await open(server);
            if (!socket) co_return socket.error();
            const Result<void> written = co_await (*socket)->write(Bytes(65537, 7));
            if (!written) co_return written.error();
            const Result<Bytes> back = co_await (*socket)->read();
            if (!back) co_return back.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_closed);
        CHECK(server.stop(std::chrono::seconds(60)).has_value());
        CHECK(server.handler().stream_end() == Errc::too_large);
    }

    TEST_CASE("a text message is answered with the close code 1003") {
        Server server;
        // FIN and text; masked, one byte, mask 0, "a". Source: RFC 6455 section 5.2.
        const std::string frame = {'\x81', '\x81', '\0', '\0', '\0', '\0', 'a'};
        // The client's close frame after it, code 1000.
        const std::string close = {'\x88', '\x82', '\0', '\0', '\0', '\0', '\x03', '\xE8'};
        const std::string early = send_raw(server, kUpgrade + "\r\n" + frame + close);
        // Frames before the answer are refused with the request.
        CHECK(early.starts_with("HTTP/1.1 400 "));
        std::string answer;
        {
            RawClient client(server);
            client.send(kUpgrade + "\r\n");
            const std::string head = client.read_until("\r\n\r\n");
            CHECK(head.starts_with("HTTP/1.1 101 "));
            // The accept key that RFC 6455 section 1.3 gives for this nonce.
            CHECK(head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
            client.send(frame + close);
            answer = client.read_all();
        }
        REQUIRE(answer.size() >= 4);
        CHECK(answer[0] == '\x88');
        // 1003 is 0x03EB, the first two bytes of the close frame's payload.
        CHECK(answer.substr(2, 2) == "\x03\xEB");
        CHECK(server.stop(std::chrono::seconds(60)).has_value());
        CHECK(server.handler().stream_end() == Errc::protocol_violation);
    }

    TEST_CASE("a request at the socket's target that is no upgrade is refused") {
        const Server server;
        CHECK(send_raw(server, "GET /socket HTTP/1.1\r\nHost: hub\r\n\r\n")
                  .starts_with("HTTP/1.1 426 "));
        const std::string old =
            "GET /socket HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        CHECK(send_raw(server, old).starts_with("HTTP/1.1 426 "));
        const std::string keyless =
            "GET /socket HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n";
        CHECK(send_raw(server, keyless).starts_with("HTTP/1.1 400 "));
    }

    TEST_CASE("a target that is no socket refuses the client") {
        const Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            const auto socket = co_await (*client)->open_websocket("/missing");
            if (!socket) co_return socket.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::protocol_violation);
    }

    TEST_CASE("stopping closes an open socket with 1001") {
        Server server;
        Result<void> stopped = Errc::not_running;
        const auto session = [&]() -> asio::awaitable<Result<void>> {
            const auto socket = co_await open(server);
            if (!socket) co_return socket.error();
            const Result<void> written = co_await (*socket)->write(Bytes(3, 7));
            if (!written) co_return written.error();
            const Result<Bytes> back = co_await (*socket)->read();
            if (!back) co_return back.error();
            // Stopping waits for our answer to the close, so it runs beside the read.
            std::thread stopper([&] { stopped = server.stop(std::chrono::seconds(60)); });
            const Result<Bytes> end = co_await (*socket)->read();
            stopper.join();
            if (!end) co_return end.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_closed);
        CHECK(stopped.has_value());
        CHECK(server.handler().stream_end() == Errc::connection_closed);
    }

    TEST_CASE("stopping sends the close code 1001") {
        Server server;
        RawClient client(server);
        client.send(kUpgrade + "\r\n");
        CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
        Result<void> stopped;
        std::thread stopper([&] { stopped = server.stop(std::chrono::milliseconds(200)); });
        const std::string answer = client.read_all();
        stopper.join();
        REQUIRE(answer.size() >= 4);
        CHECK(answer[0] == '\x88');
        CHECK(answer.substr(2, 2) == "\x03\xE9");
        // Nobody answered the close: the connection was cut.
        CHECK(stopped.error() == Errc::timed_out);
    }

    TEST_CASE("a peer that is silent for too long is given up") {
        Limits limits = wide_limits();
        limits.idle = std::chrono::milliseconds(200);
        Server server(limits);
        // The raw client answers no ping.
        const std::string answer = send_raw(server, kUpgrade + "\r\n");
        CHECK(answer.starts_with("HTTP/1.1 101 "));
        CHECK(server.stop(std::chrono::seconds(60)).has_value());
        CHECK(server.handler().stream_end() == Errc::timed_out);
    }
}
