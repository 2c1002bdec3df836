// What could be read in two ways, at both ends of a connection (http_matrix.hpp).

#include "tests/transport/http_matrix.hpp"
#include "tests/transport/loopback.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

/// The statuses of all answers in `text`, such as `200 400`.
std::string statuses(const std::string& text) {
    std::string found;
    const std::string mark = "HTTP/1.1 ";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        if (!found.empty()) found += ' ';
        found += text.substr(at + mark.size(), 3);
    }
    return found;
}

/// A second request that must never be read as one.
const std::string kSmuggled = "GET /missing HTTP/1.1\r\nHost: hub\r\n\r\n";

/// Checks that `bytes` get one answer, the refusal, and that the connection ends with it.
void check_refused(const Server& server, const std::string& bytes, Errc expected) {
    const std::string answer = send_raw(server, bytes + kSmuggled);
    const std::string status = std::to_string(status_of(expected));
    CHECK(statuses(answer) == status);
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n" + status + ' ' + std::string(code(expected))));
}

/// Our client's verdict on `answer`.
Errc verdict_on(const std::string& answer) {
    const RawServer hub([&answer](const std::string&) { return answer + answer; });
    const auto session = [&hub]() -> asio::awaitable<Result<void>> {
        const auto client = co_await connect(hub.port());
        if (!client) co_return client.error();
        ClientRequest request;
        request.target = "/";
        const Result<Response> response = co_await (*client)->exchange(request, 100);
        CHECK_FALSE((*client)->reusable());
        if (!response) co_return response.error();
        co_return Result<void>();
    };
    const Result<void> done = run(session());
    return done ? Errc{} : to_errc(done.error());
}

}  // namespace

TEST_SUITE("smuggled requests") {
    TEST_CASE("a head with two readings gets one refusal and the connection ends") {
        Server server;
        for (const HttpRow& row : bad_request_heads()) {
            CAPTURE(std::string(row.name));
            check_refused(server, row.bytes, row.expected);
        }
        CHECK(server.handler().handled() == 0);
        CHECK(server.bad_requests().size() == bad_request_heads().size());
    }

    TEST_CASE("chunks with two readings get one refusal and the connection ends") {
        const std::string head =
            "POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n";
        Server server;
        for (const HttpRow& row : bad_chunks()) {
            CAPTURE(std::string(row.name));
            check_refused(server, head + row.bytes, row.expected);
        }
        CHECK(server.bad_requests().size() == bad_chunks().size());
    }

    TEST_CASE("chunks with two readings that nobody asked for end the connection too") {
        const std::string head =
            "POST /ignore HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n";
        Server server;
        for (const HttpRow& row : bad_chunks()) {
            CAPTURE(std::string(row.name));
            CHECK(statuses(send_raw(server, head + row.bytes + kSmuggled)) == "204");
        }
    }

    TEST_CASE("an answer with two readings is refused by the client, and nothing behind it read") {
        for (const HttpRow& row : bad_answers()) {
            CAPTURE(std::string(row.name));
            CHECK(verdict_on(row.bytes) == row.expected);
        }
        for (const HttpRow& row : bad_chunks()) {
            CAPTURE(std::string(row.name));
            CHECK(verdict_on("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + row.bytes) ==
                  Errc::protocol_violation);
        }
    }

    TEST_CASE("what looks odd and has one reading is served") {
        Server server;
        for (const LegalHttpRow& row : legal_requests()) {
            CAPTURE(std::string(row.name));
            CHECK(statuses(send_raw(server, row.bytes)) == row.statuses);
        }
    }

    TEST_CASE("a client that waits for leave gets it before it is answered") {
        Server server;
        const std::string request =
            "POST /echo HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nConnection: close\r\n"
            "Content-Length: 3\r\n\r\nabc";
        CHECK(statuses(send_raw(server, request)) == "100 200");
    }

    TEST_CASE("a client that waits for leave and is not asked for its body is told to close") {
        Server server;
        const std::string request =
            "POST /ignore HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: "
            "3\r\n\r\n";
        const std::string answer = send_raw(server, request);
        CHECK(statuses(answer) == "204");
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    }
}
