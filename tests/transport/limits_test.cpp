#include "tests/transport/loopback.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

bool begins(const std::string& answer, const std::string& status) {
    return answer.starts_with("HTTP/1.1 " + status + " ");
}

std::string post_head(const std::string& target, const std::string& fields) {
    return "POST " + target + " HTTP/1.1\r\nHost: hub\r\n" + fields + "\r\n";
}

/// Connects as the unit to `port` and asks for an echo.
asio::awaitable<Result<void>> try_echo(std::uint16_t port) {
    HttpsAddress address{"127.0.0.1", port, ""};
    const auto client = co_await connect_https(std::move(address), unit_side(), wide_limits());
    if (!client) co_return client.error();
    const ClientRequest request = post_request("/echo", {});
    const Result<Response> response = co_await (*client)->exchange(request, 100);
    if (!response) co_return response.error();
    co_return Result<void>();
}

}  // namespace

TEST_SUITE("limits") {
    TEST_CASE("a head that is too large gets 431") {
        Server server;
        const std::string big(5000, 'a');
        CHECK(begins(send_raw(server, post_head("/echo", "X: " + big + "\r\n")), "431"));
        std::string many;
        for (int i = 0; i < 20; ++i) many += "X: a\r\n";
        CHECK(begins(send_raw(server, post_head("/echo", many)), "431"));
        CHECK(server.handler().handled() == 0);
    }

    TEST_CASE("a body that says it is too large gets 413 before it is read") {
        Limits limits = wide_limits();
        limits.body_bytes = 10;
        Server server(limits);
        CHECK(begins(send_raw(server, post_head("/echo", "Content-Length: 11\r\n")), "413"));
        CHECK(server.handler().handled() == 0);
        CHECK(begins(
            send_raw(server, post_head("/echo", "Connection: close\r\nContent-Length: 10\r\n") +
                                 "0123456789"),
            "200"));
    }

    TEST_CASE("a chunked body that grows too large gets 413") {
        Limits limits = wide_limits();
        limits.body_bytes = 10;
        Server server(limits);
        const std::string head = post_head("/echo", "Transfer-Encoding: chunked\r\n");
        CHECK(begins(send_raw(server, head + "8\r\n01234567\r\n3\r\n012\r\n0\r\n\r\n"), "413"));
    }

    TEST_CASE("a connection that never shakes hands is cut at its deadline") {
        Limits limits = wide_limits();
        limits.handshake = std::chrono::milliseconds(100);
        Server server(limits);
        asio::io_context context;
        asio::ip::tcp::socket silent(context);
        silent.connect({asio::ip::make_address("127.0.0.1"), server.port()});
        char byte = 0;
        boost::system::error_code error;
        const std::size_t size = silent.read_some(asio::buffer(&byte, 1), error);
        CHECK(size == 0);
        CHECK(error.failed());
        CHECK(server.refused() == std::vector{Errc::timed_out});
        CHECK(server.handler().handled() == 0);
    }

    TEST_CASE("a head that never ends gets 408") {
        Limits limits = wide_limits();
        limits.header = std::chrono::milliseconds(100);
        Server server(limits);
        CHECK(begins(send_raw(server, "GET / HTTP/1.1\r\nHost: hu"), "408"));
        CHECK(server.bad_requests() == std::vector{Errc::timed_out});
    }

    TEST_CASE("a body that never ends gets 408") {
        Limits limits = wide_limits();
        limits.body = std::chrono::milliseconds(100);
        Server server(limits);
        CHECK(begins(send_raw(server, post_head("/echo", "Content-Length: 9\r\n") + "abc"), "408"));
        CHECK(begins(
            send_raw(server, post_head("/echo", "Transfer-Encoding: chunked\r\n") + "3\r\nab"),
            "408"));
    }

    TEST_CASE("a connection that asks nothing is closed without a word") {
        Limits limits = wide_limits();
        limits.header = std::chrono::milliseconds(100);
        limits.idle = std::chrono::milliseconds(100);
        Server server(limits);
        CHECK(send_raw(server, "").empty());
        const std::string answer = send_raw(server, post_head("/ignore", "Content-Length: 0\r\n"));
        CHECK(begins(answer, "204"));
        CHECK(answer.find("Connection: close") == std::string::npos);
        CHECK(server.bad_requests().empty());
    }

    TEST_CASE("a body that nobody reads is thrown away up to the bound") {
        Server server;
        const std::string next = "GET /missing HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
        const std::string small(1000, 'a');
        const std::string kept =
            send_raw(server, post_head("/ignore", "Content-Length: 1000\r\n") + small + next);
        CHECK(begins(kept, "204"));
        CHECK(kept.find("HTTP/1.1 404 ") != std::string::npos);

        const std::string large(70000, 'a');
        const std::string closed =
            send_raw(server, post_head("/ignore", "Content-Length: 70000\r\n") + large + next);
        CHECK(begins(closed, "204"));
        CHECK(closed.find("HTTP/1.1 404 ") == std::string::npos);
    }

    TEST_CASE("connections beyond each cap are refused and others go on") {
        Limits limits = wide_limits();
        SUBCASE("in all") {
            limits.connections = 1;
        }
        SUBCASE("from one address") {
            limits.connections_per_address = 1;
        }
        SUBCASE("with one certificate") {
            limits.connections_per_certificate = 1;
        }
        Server server(limits);
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            const Result<void> second = co_await try_echo(server.port());
            CHECK(second.has_error());
            ClientRequest request;
            request.target = "/missing";
            const Result<Response> response = co_await (*client)->exchange(request, 100);
            if (!response) co_return response.error();
            CHECK(response->status == 404);
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
        CHECK(server.refused() == std::vector{Errc::too_many_requests});
    }
}
