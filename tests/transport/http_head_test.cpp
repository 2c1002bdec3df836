#include "transport/http_head.hpp"

#include "tests/transport/http_matrix.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::transport;

namespace {

/// A GET whose fields after Host are `fields`.
std::string get_with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: hub\r\n" + fields + "\r\n";
}

/// Of a head and what follows it, read as a connection does.
Errc refusal(const std::string& bytes) {
    HeadScanner scanner;
    const auto end = scanner.scan(as_bytes(bytes));
    if (!end) return to_errc(end.error());
    REQUIRE(end->has_value());
    const auto request = parse_request_head(bytes.substr(0, **end), 16);
    REQUIRE(request.has_error());
    return to_errc(request.error());
}

}  // namespace

TEST_SUITE("request heads") {
    TEST_CASE("a request is read with its framing") {
        const auto request = parse_request_head(
            "POST /a?b=c HTTP/1.1\r\nHost: hub.test.invalid:8443\r\nContent-Length: 12\r\n"
            "Expect: 100-continue\r\nX-Any:  some value\t\r\nConnection: x, Close\r\n\r\n",
            16);
        REQUIRE(request.has_value());
        CHECK(request->method == "POST");
        CHECK(request->target == "/a?b=c");
        CHECK(request->content_length == 12U);
        CHECK(!request->chunked);
        CHECK(request->expects_continue);
        CHECK(!request->keep_alive);
        CHECK(request->field("x-any") == "some value");
    }

    TEST_CASE("a chunked request is read and goes on by default") {
        const auto request = parse_request_head(get_with("Transfer-Encoding: chunked\r\n"), 16);
        REQUIRE(request.has_value());
        CHECK(request->chunked);
        CHECK(request->keep_alive);
    }

    TEST_CASE("every head with more than one reading is refused") {
        for (const testing::HttpRow& row : testing::bad_request_heads()) {
            CAPTURE(std::string(row.name));
            CHECK(refusal(row.bytes) == row.expected);
        }
    }

    TEST_CASE("as many fields as allowed pass and one more does not") {
        std::string fields;
        for (int i = 0; i < 15; ++i) fields += "X: a\r\n";
        CHECK(parse_request_head(get_with(fields), 16).has_value());
        CHECK(refusal(get_with(fields + "X: a\r\n")) == Errc::too_large);
    }
}

TEST_SUITE("the end of a head") {
    TEST_CASE("it is found wherever the input is cut") {
        const std::string head = get_with("X: a\r\n");
        const std::string text = head + "body";
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            HeadScanner scanner;
            const auto first = scanner.scan(as_bytes(text).first(cut));
            REQUIRE(first.has_value());
            CHECK(first->has_value() == (cut >= head.size()));
            if (*first) continue;
            const auto second = scanner.scan(as_bytes(text));
            REQUIRE(second.has_value());
            CHECK(*second == head.size());
        }
    }

    TEST_CASE("a bare line feed or carriage return is refused as soon as it is there") {
        for (const char* const text : {"GET / HTTP/1.1\n", "\n", "GET / HTTP/1.1\r\nHost: hub\n",
                                       "GET / HTTP/1.1\rH", "GET\r\r"}) {
            CAPTURE(text);
            HeadScanner scanner;
            CHECK(scanner.scan(as_bytes(text)).error() == Errc::bad_request);
        }
        HeadScanner scanner;
        CHECK(scanner.scan(as_bytes(std::string_view("GET\0", 4))).error() == Errc::bad_request);
    }
}

TEST_SUITE("response heads") {
    TEST_CASE("an answer is read") {
        const auto answer =
            parse_response_head("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n", 16);
        REQUIRE(answer.has_value());
        CHECK(answer->status == 404);
        CHECK(answer->content_length == 3U);
        CHECK(parse_response_head("HTTP/1.1 200 \r\n\r\n", 16)->status == 200);
    }

    TEST_CASE("what is no answer is refused") {
        for (const char* const head :
             {"HTTP/1.1 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 999 OK\r\n\r\n",
              "HTTP/1.1  200 OK\r\n\r\n", "SSH-2.0\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
            CAPTURE(head);
            CHECK(parse_response_head(head, 16).error() == Errc::protocol_violation);
        }
        CHECK(parse_response_head("HTTP/1.0 200 OK\r\n\r\n", 16).error() ==
              Errc::unsupported_version);
    }

    TEST_CASE("a head is not written with a field that would break out of its line") {
        CHECK(format_response_head(200, {{"X", "a\r\nSet-Cookie: b"}}).error() == Errc::bad_value);
        CHECK(format_response_head(200, {{"X y", "a"}}).error() == Errc::bad_value);
        CHECK(format_response_head(200, {{"content-length", "1"}}).error() == Errc::bad_value);
        CHECK(format_request_head("GET", "/a b", {}).error() == Errc::bad_value);
        CHECK(format_request_head("GET", "/a", {{"Host", "x"}}).error() == Errc::bad_value);
        CHECK(*format_response_head(404, {{"X", "a"}}) == "HTTP/1.1 404 Not Found\r\nX: a\r\n");
    }
}
