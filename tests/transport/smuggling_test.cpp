#include "tests/transport/loopback.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
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

}  // namespace

TEST_SUITE("smuggled requests") {
    TEST_CASE("a head with two readings gets one 400 and the connection ends") {
        const std::string post = "POST /echo HTTP/1.1\r\nHost: hub\r\n";
        const std::string bodies[] = {
            post + "Content-Length: 3\r\nX: a\r\n b\r\n\r\nabc",
            post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
            post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            post + "Host: hub\r\nContent-Length: 3\r\n\r\nabc",
            post + "Content-Length : 3\r\n\r\nabc",
            "POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
            "POST /echo HTTP/1.1\nHost: hub\nContent-Length: 3\n\nabc",
            "\r\nGET /missing HTTP/1.1\r\nHost: hub\r\n\r\n",
        };
        Server server;
        for (const std::string& bytes : bodies) {
            CAPTURE(bytes);
            const std::string answer = send_raw(server, bytes + kSmuggled);
            CHECK(statuses(answer) == "400");
            CHECK(answer.find("Connection: close\r\n") != std::string::npos);
            CHECK(answer.ends_with("\r\n\r\n400 bad_request"));
        }
        CHECK(server.handler().handled() == 0);
        CHECK(server.bad_requests().size() == std::size(bodies));
    }

    TEST_CASE("chunks with two readings get one 400 and the connection ends") {
        const std::string head =
            "POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n";
        const std::string bodies[] = {"3\r\nabc\n0\r\n\r\n",           "3\nabc\r\n0\r\n\r\n",
                                      "3\r\nabcd\r\n0\r\n\r\n",        "3;x=y\r\nabc\r\n0\r\n\r\n",
                                      "3\r\nabc\r\n0\r\nX: a\r\n\r\n", "-1\r\n\r\n"};
        Server server;
        for (const std::string& body : bodies) {
            CAPTURE(body);
            CHECK(statuses(send_raw(server, head + body + kSmuggled)) == "400");
        }
    }

    TEST_CASE("HTTP 1.0 and chunked on it are refused with 505") {
        Server server;
        CHECK(statuses(send_raw(server, "GET /echo HTTP/1.0\r\nHost: hub\r\n\r\n" + kSmuggled)) ==
              "505");
        CHECK(statuses(send_raw(server,
                                "POST /echo HTTP/1.0\r\nHost: hub\r\nTransfer-Encoding: "
                                "chunked\r\n\r\n0\r\n\r\n" +
                                    kSmuggled)) == "505");
        CHECK(server.handler().handled() == 0);
    }

    TEST_CASE("requests that follow each other are answered in their order") {
        Server server;
        const std::string echo = "POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 3\r\n\r\nabc";
        const std::string last = "GET /missing HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
        CHECK(statuses(send_raw(server, echo + echo + last)) == "200 200 404");
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
