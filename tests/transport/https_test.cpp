#include "tests/transport/loopback.hpp"

#include <boost/asio/awaitable.hpp>
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

/// Gives what /big gives, in odd pieces.
BodySource big_source() {
    const auto sent = std::make_shared<std::size_t>(0);
    return [sent](std::span<std::uint8_t> into) -> asio::awaitable<Result<std::size_t>> {
        const std::size_t size = std::min({into.size(), kBig - *sent, std::size_t{50001}});
        for (std::size_t i = 0; i < size; ++i) into[i] = pattern(*sent + i);
        *sent += size;
        co_return size;
    };
}

bool is_big(BytesView bytes) {
    if (bytes.size() != kBig) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != pattern(i)) return false;
    }
    return true;
}

/// Connects with `tls` and asks for an echo; the first error of either.
asio::awaitable<Result<void>> try_echo(const Server& server, TlsSide tls, std::string name) {
    HttpsAddress address{"127.0.0.1", server.port(), std::move(name)};
    const auto client = co_await connect_https(std::move(address), std::move(tls), wide_limits());
    if (!client) co_return client.error();
    const ClientRequest request = post_request("/echo", to_bytes("hello"));
    const Result<Response> response = co_await (*client)->exchange(request, 100);
    if (!response) co_return response.error();
    co_return Result<void>();
}

Result<void> echo(const Server& server, TlsSide tls, std::string name = "hub.test.invalid") {
    return run(try_echo(server, std::move(tls), std::move(name)));
}

TlsSide side(const std::string& certificate, const std::string& authority) {
    return {[context = make_context(certificate, authority)] { return context; }, identify};
}

/// Whether the client saw that it was refused; a reset may overtake the alert.
bool is_refusal(const Result<void>& outcome) {
    return !outcome &&
           (outcome.error() == Errc::tls_refused || outcome.error() == Errc::connection_closed);
}

}  // namespace

TEST_SUITE("https") {
    TEST_CASE("both sides know each other and many requests share one connection") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            for (int i = 0; i < 3; ++i) {
                const ClientRequest request = post_request("/echo", to_bytes("hello"));
                const Result<Response> response = co_await (*client)->exchange(request, 100);
                if (!response) co_return response.error();
                CHECK(response->status == 200);
                CHECK(response->content_type == "application/octet-stream");
                CHECK(as_text(response->body) == "hello");
                CHECK(find_field(response->fields, "Peer") ==
                      "spiffe://test.invalid/unit/one/daemon");
                CHECK((*client)->reusable());
            }
            CHECK(server.connections() == 1);
            const Result<void> closed = co_await (*client)->close();
            co_return closed;
        };
        CHECK(run(session()).has_value());
        CHECK(server.refused().empty());
    }

    TEST_CASE("a server is known by its DNS name or by its address") {
        Server server;
        CHECK(echo(server, unit_side(), "hub.test.invalid").has_value());
        CHECK(echo(server, unit_side(), "127.0.0.1").has_value());
        CHECK(echo(server, unit_side(), "").has_value());
        CHECK(echo(server, unit_side(), "other.test.invalid").error() == Errc::tls_refused);
        CHECK(echo(server, unit_side(), "127.0.0.2").error() == Errc::tls_refused);
    }

    TEST_CASE("a wildcard and the common name are no server's name") {
        Server wild(wide_limits(), side("wild", "root"));
        CHECK(echo(wild, unit_side(), "hub.test.invalid").error() == Errc::tls_refused);
        Server common(wide_limits(), side("common.test.invalid", "root"));
        CHECK(echo(common, unit_side(), "127.0.0.1").has_value());
        CHECK(echo(common, unit_side(), "common.test.invalid").error() == Errc::tls_refused);
        CHECK(echo(common, unit_side(), std::string("127.0.0.1\0x", 11)).error() ==
              Errc::tls_refused);
    }

    TEST_CASE("what fails for one connection does not make the server deaf") {
        const TlsSide good = hub_side();
        const auto calls = std::make_shared<std::atomic<int>>(0);
        const auto context = [good, calls]() -> TlsContext {
            if (++*calls == 1) throw std::bad_alloc();
            return good.context();
        };
        Limits limits = wide_limits();
        limits.connections = 1;
        Server server(limits, {context, good.authenticate});
        CHECK(echo(server, unit_side()).has_error());
        // Nor does what failed count as a connection.
        CHECK(echo(server, unit_side()).has_value());
        CHECK(*calls == 2);
    }

    TEST_CASE("a client without a certificate is refused") {
        Server server;
        CHECK(is_refusal(echo(server, side("", "root"))));
        CHECK(server.refused() == std::vector{Errc::tls_refused});
        CHECK(server.handler().handled() == 0);
    }

    TEST_CASE("a client of a foreign authority is refused") {
        Server server;
        CHECK(is_refusal(echo(server, side("foreign", "root"))));
        CHECK(server.refused() == std::vector{Errc::tls_refused});
        CHECK(server.handler().handled() == 0);
    }

    TEST_CASE("a server of a foreign authority is refused by the client") {
        Server server(wide_limits(), side("foreign-hub", "root"));
        CHECK(echo(server, unit_side()).error() == Errc::tls_refused);
    }

    TEST_CASE("a client of TLS 1.2 is refused") {
        Server server;
        const TlsContext old = make_context("unit", "root");
        REQUIRE(SSL_CTX_set_min_proto_version(old.get(), TLS1_2_VERSION) == 1);
        REQUIRE(SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION) == 1);
        CHECK(echo(server, {[old] { return old; }, identify}).error() == Errc::tls_refused);
        CHECK(server.refused() == std::vector{Errc::tls_refused});
    }

    TEST_CASE("a context that asks for no certificate lets nobody in") {
        const TlsContext open = make_context("hub", "root");
        SSL_CTX_set_verify(open.get(), SSL_VERIFY_NONE, nullptr);
        Server server(wide_limits(), {[open] { return open; }, identify});
        CHECK(is_refusal(echo(server, unit_side())));
        CHECK(server.refused() == std::vector{Errc::tls_refused});
    }

    TEST_CASE("a certificate that OpenSSL trusts can still be refused by the caller on each side") {
        const auto nobody = [](BytesView) -> Result<PeerId> { return Errc::certificate_revoked; };
        TlsSide strict = hub_side();
        strict.authenticate = nobody;
        Server server(wide_limits(), strict);
        CHECK(is_refusal(echo(server, unit_side())));
        CHECK(server.refused() == std::vector{Errc::certificate_revoked});

        Server willing;
        TlsSide picky = unit_side();
        picky.authenticate = nobody;
        CHECK(echo(willing, picky).error() == Errc::certificate_revoked);
    }

    TEST_CASE("the context of the next connection may differ from the last one") {
        std::atomic<bool> foreign = false;
        const TlsSide changing{
            [&foreign, good = make_context("hub", "root"),
             bad = make_context("foreign-hub", "root")] { return foreign ? bad : good; },
            identify};
        Server server(wide_limits(), changing);
        const auto session = [&]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            foreign = true;
            const ClientRequest request = post_request("/echo", to_bytes("still here"));
            const Result<Response> response = co_await (*client)->exchange(request, 100);
            if (!response) co_return response.error();
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
        CHECK(echo(server, unit_side()).error() == Errc::tls_refused);
    }

    TEST_CASE("nobody listening is a failed connection") {
        std::uint16_t port = 0;
        {
            Server server;
            port = server.port();
        }
        const auto session = [port]() -> asio::awaitable<Result<void>> {
            HttpsAddress address{"127.0.0.1", port, ""};
            const auto client =
                co_await connect_https(std::move(address), unit_side(), wide_limits());
            if (!client) co_return client.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_failed);
    }

    TEST_CASE("8 MiB go both ways in one request") {
        Server server;
        bool chunked = false;
        SUBCASE("with a length") {
            chunked = false;
        }
        SUBCASE("in chunks") {
            chunked = true;
        }
        const auto session = [&server, chunked]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request = post_request("/echo", {});
            request.source = big_source();
            if (!chunked) request.source_length = kBig;
            const Result<Response> response = co_await (*client)->exchange(request, kBig);
            if (!response) co_return response.error();
            CHECK(is_big(response->body));
            CHECK((*client)->reusable());
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
    }

    TEST_CASE("8 MiB of an answer without a length arrive whole") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request;
            request.target = "/big";
            const Result<Response> response = co_await (*client)->exchange(request, kBig);
            if (!response) co_return response.error();
            CHECK(is_big(response->body));
            const Result<Response> more = co_await (*client)->exchange(request, kBig - 1);
            CHECK(more.error() == Errc::too_large);
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
    }

    TEST_CASE("an answer that stops early is not taken for the whole") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request;
            request.target = "/short";
            const Result<Response> response = co_await (*client)->exchange(request, 1000);
            if (!response) co_return response.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_closed);
    }

    TEST_CASE("an error of the handler is sent in the format of the caller") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request;
            request.target = "/missing";
            const Result<Response> response = co_await (*client)->exchange(request, 1000);
            if (!response) co_return response.error();
            CHECK(response->status == 404);
            CHECK(response->content_type == "application/problem+json");
            CHECK(as_text(response->body) == "404 not_found");
            CHECK((*client)->reusable());

            request.method = "HEAD";
            const Result<Response> head = co_await (*client)->exchange(request, 1000);
            if (!head) co_return head.error();
            CHECK(head->status == 404);
            CHECK(head->body.empty());
            CHECK((*client)->reusable());
            co_return Result<void>();
        };
        CHECK(run(session()).has_value());
    }

    TEST_CASE("a handler that throws ends its connection and no other") {
        Server server;
        const auto session = [&server]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request;
            request.target = "/throw";
            const Result<Response> response = co_await (*client)->exchange(request, 1000);
            if (!response) co_return response.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_closed);
        CHECK(echo(server, unit_side()).has_value());
        CHECK(server.failures() == std::vector{Errc::process_failed});
    }
}

TEST_SUITE("stopping") {
    TEST_CASE("an idle connection is closed at once") {
        Server server;
        Result<void> stopped = Errc::not_running;
        const auto session = [&]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            const ClientRequest request = post_request("/echo", to_bytes("hello"));
            const Result<Response> first = co_await (*client)->exchange(request, 100);
            if (!first) co_return first.error();
            stopped = server.stop(std::chrono::seconds(60));
            const Result<Response> second = co_await (*client)->exchange(request, 100);
            if (!second) co_return second.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::connection_closed);
        CHECK(stopped.has_value());
        CHECK(server.connections() == 0);
    }

    TEST_CASE("a request that hangs is cut at the deadline") {
        Server server;
        Result<void> stopped;
        const auto session = [&]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect(server);
            if (!client) co_return client.error();
            ClientRequest request = post_request("/stream", {});
            request.source_length = 10;
            request.source = [&](std::span<std::uint8_t>) -> asio::awaitable<Result<std::size_t>> {
                // The head is with the server; the body never comes.
                while (server.handler().handled() == 0) std::this_thread::yield();
                stopped = server.stop(std::chrono::milliseconds(50));
                co_return Errc::shutting_down;
            };
            const Result<Response> response = co_await (*client)->exchange(request, 100);
            if (!response) co_return response.error();
            co_return Result<void>();
        };
        CHECK(run(session()).error() == Errc::shutting_down);
        CHECK(stopped.error() == Errc::timed_out);
        CHECK(server.connections() == 0);
    }
}
