#include "tests/transport/http_matrix.hpp"

namespace tongbao::transport::testing {
namespace {

constexpr Errc kBad = Errc::bad_request;
constexpr Errc kVersion = Errc::unsupported_version;
constexpr Errc kAnswer = Errc::protocol_violation;

/// A request for an echo of `abc` with these fields behind Host.
std::string post(const std::string& fields, const std::string& body = "abc") {
    return "POST /echo HTTP/1.1\r\nHost: hub\r\n" + fields + "\r\n" + body;
}

/// A request with this first line.
std::string line(const std::string& first) {
    return first + "\r\nHost: hub\r\n\r\n";
}

std::string answer(const std::string& fields, const std::string& body = "abc") {
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}

const std::string kNoChunks = "0\r\n\r\n";
const std::string kLength = "Content-Length: 3\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";

}  // namespace

const std::vector<HttpRow>& bad_request_heads() {
    using namespace std::string_literals;
    static const std::vector<HttpRow> rows{
        // Fields. Source: RFC 9112 section 5, RFC 9110 section 5.5.
        {"a folded field", post(kLength + "X: a\r\n b\r\n"), kBad},
        {"a field folded with a tab", post(kLength + "X: a\r\n\tb\r\n"), kBad},
        {"a first field that is folded", post(" X: a\r\n" + kLength), kBad},
        {"a space before the colon", post("Content-Length : 3\r\n"), kBad},
        {"a tab before the colon", post("Content-Length\t: 3\r\n"), kBad},
        {"a field without a name", post(": a\r\n" + kLength), kBad},
        {"a field without a colon", post("X\r\n" + kLength), kBad},
        {"a control character in a value", post("X: a\x01\r\n" + kLength), kBad},
        {"a NUL in a value", post("X: a\0b\r\n"s + kLength), kBad},
        {"a NUL in a name", post("X\0: a\r\n"s + kLength), kBad},
        {"a byte beyond ASCII in a value", post("X: \xC3\xA9\r\n" + kLength), kBad},
        {"a byte beyond ASCII in a name", post("X\xC3\xA9: a\r\n" + kLength), kBad},
        {"a bare carriage return in a value", post("X: a\rb\r\n" + kLength), kBad},
        {"a bare line feed in a value", post("X: a\nb: c\r\n" + kLength), kBad},

        // Transfer-Encoding. Source: RFC 9112 section 6.1.
        {"xchunked", post("Transfer-Encoding: xchunked\r\n", kNoChunks), kBad},
        {"chunkedx", post("Transfer-Encoding: chunkedx\r\n", kNoChunks), kBad},
        {"identity", post("Transfer-Encoding: identity\r\n"), kBad},
        {"identity with a length", post("Transfer-Encoding: identity\r\n" + kLength), kBad},
        {"chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", kNoChunks), kBad},
        {"chunked in two fields", post(kChunked + kChunked, kNoChunks), kBad},
        {"chunked, then identity", post("Transfer-Encoding: chunked, identity\r\n", kNoChunks),
         kBad},
        {"gzip, then chunked", post("Transfer-Encoding: gzip, chunked\r\n", kNoChunks), kBad},
        {"chunked with a capital", post("Transfer-Encoding: Chunked\r\n", kNoChunks), kBad},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", kNoChunks), kBad},
        {"chunked after a comma", post("Transfer-Encoding: ,chunked\r\n", kNoChunks), kBad},
        {"chunked with a parameter", post("Transfer-Encoding: chunked;a=b\r\n", kNoChunks), kBad},
        {"an empty encoding", post("Transfer-Encoding:\r\n"), kBad},
        {"chunked behind a vertical tab",
         post("Transfer-Encoding:\x0B"
              "chunked\r\n",
              kNoChunks),
         kBad},
        {"chunked and a length", post(kChunked + "Content-Length: 5\r\n", kNoChunks), kBad},
        {"a length and chunked", post("Content-Length: 5\r\n" + kChunked, kNoChunks), kBad},

        // Content-Length. Source: RFC 9112 section 6.3.
        {"the same length twice", post(kLength + kLength), kBad},
        {"two lengths", post(kLength + "Content-Length: 30\r\n"), kBad},
        {"the length twice in one field", post("Content-Length: 3, 3\r\n"), kBad},
        {"a length with a plus", post("Content-Length: +3\r\n"), kBad},
        {"a length below zero", post("Content-Length: -3\r\n"), kBad},
        {"a length in hexadecimal", post("Content-Length: 0x3\r\n"), kBad},
        {"a length of two words", post("Content-Length: 3 3\r\n"), kBad},
        {"a length with a fraction", post("Content-Length: 3.0\r\n"), kBad},
        {"an empty length", post("Content-Length:\r\n"), kBad},
        {"a length of 2^64 and one more", post("Content-Length: 18446744073709551617\r\n"), kBad},

        // Host. Source: RFC 9112 section 3.2.
        {"no host", "POST /echo HTTP/1.1\r\n" + kLength + "\r\nabc", kBad},
        {"the host twice", post("Host: hub\r\n" + kLength), kBad},
        {"a second host", post("Host: other\r\n" + kLength), kBad},
        {"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", kBad},
        {"a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", kBad},
        {"a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", kBad},
        {"a host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", kBad},
        {"two hosts in one field", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", kBad},

        // Fields that change how the connection goes on.
        {"another expectation", post("Expect: other\r\n" + kLength), kBad},
        {"two connection fields", post("Connection: a\r\nConnection: b\r\n" + kLength), kBad},

        // The first line. Source: RFC 9112 section 3.
        {"an empty line first", line("\r\nGET / HTTP/1.1"), kBad},
        {"an empty first line", line(""), kBad},
        {"a blank first line", line(" "), kBad},
        {"a method alone", line("GET"), kBad},
        {"no version", line("GET /"), kBad},
        {"two spaces", line("GET  / HTTP/1.1"), kBad},
        {"a space at the end", line("GET / HTTP/1.1 "), kBad},
        {"a space at the start", line(" GET / HTTP/1.1"), kBad},
        {"tabs between", line("GET\t/\tHTTP/1.1"), kBad},
        {"http in small letters", line("GET / http/1.1"), kBad},
        {"half a version", line("GET / HTTP/1"), kBad},
        {"a version without a dot", line("GET / HTTP/11"), kBad},
        {"a method that is no token", line("G(T / HTTP/1.1"), kBad},
        {"a space in the target", line("GET /a b HTTP/1.1"), kBad},
        {"a whole address as the target", line("GET http://hub/ HTTP/1.1"), kBad},
        {"an asterisk as the target", line("OPTIONS * HTTP/1.1"), kBad},
        {"a host as the target", line("CONNECT hub:1 HTTP/1.1"), kBad},
        {"a fragment in the target", line("GET /# HTTP/1.1"), kBad},
        {"a percent sign alone", line("GET /% HTTP/1.1"), kBad},
        {"half a percent sign", line("GET /%4 HTTP/1.1"), kBad},
        {"a byte beyond ASCII in the target", line("GET /\xC3\xA9 HTTP/1.1"), kBad},
        {"a tab in the target", line("GET /\t HTTP/1.1"), kBad},
        {"a quote in the target", line("GET /\" HTTP/1.1"), kBad},
        {"a NUL in the target", line("GET /\0 HTTP/1.1"s), kBad},

        // Line ends. RFC 9112 section 2.2 would let a bare line feed pass.
        {"bare line feeds", "POST /echo HTTP/1.1\nHost: hub\nContent-Length: 3\n\nabc", kBad},
        {"a bare line feed after the first line",
         "POST /echo HTTP/1.1\nHost: hub\r\nContent-Length: 3\r\n\r\nabc", kBad},
        {"a bare line feed at the end", "GET / HTTP/1.1\r\nHost: hub\r\n\n", kBad},
        {"a bare carriage return at the end", "GET / HTTP/1.1\r\nHost: hub\r\n\r\r\n", kBad},

        {"HTTP/1.0", line("GET / HTTP/1.0"), kVersion},
        {"HTTP/1.2", line("GET / HTTP/1.2"), kVersion},
        {"HTTP/2.0", line("GET / HTTP/2.0"), kVersion},
        {"chunked on HTTP/1.0",
         "POST /echo HTTP/1.0\r\nHost: hub\r\n" + kChunked + "\r\n" + kNoChunks, kVersion},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", kBad},
    };
    return rows;
}

const std::vector<HttpRow>& bad_chunks() {
    using namespace std::string_literals;
    // Source: RFC 9112 section 7.1. Extensions and trailers it allows; nothing here needs them.
    static const std::vector<HttpRow> rows{
        {"a bare line feed after the size", "3\nabc\r\n0\r\n\r\n", kBad},
        {"a bare line feed after the data", "3\r\nabc\n0\r\n\r\n", kBad},
        {"a bare line feed at the end", "3\r\nabc\r\n0\r\n\n", kBad},
        {"a bare carriage return after the size", "3\r\rabc", kBad},
        {"more data than the size says", "3\r\nabcd\r\n0\r\n\r\n", kBad},
        {"less data than the size says", "3\r\nab\r\n0\r\n\r\n", kBad},
        {"no size", "\r\nabc\r\n0\r\n\r\n", kBad},
        {"a size that is no number", "g\r\nabc\r\n0\r\n\r\n", kBad},
        {"a size with 0x", "0x3\r\nabc\r\n0\r\n\r\n", kBad},
        {"a size with a plus", "+3\r\nabc\r\n0\r\n\r\n", kBad},
        {"a size below zero", "-1\r\nabc\r\n0\r\n\r\n", kBad},
        {"a space before the size", " 3\r\nabc\r\n0\r\n\r\n", kBad},
        {"a space after the size", "3 \r\nabc\r\n0\r\n\r\n", kBad},
        {"a NUL after the size", "3\0\r\nabc\r\n0\r\n\r\n"s, kBad},
        {"an extension", "3;a=b\r\nabc\r\n0\r\n\r\n", kBad},
        {"a size of 2^60", "1000000000000000\r\nabc", kBad},
        {"a size that overflows", "fffffffffffffffff\r\nabc", kBad},
        {"a size of 16 zeros and digits", "0000000000000003\r\nabc\r\n0\r\n\r\n", kBad},
        {"a trailer", "3\r\nabc\r\n0\r\nX: a\r\n\r\n", kBad},
    };
    return rows;
}

const std::vector<HttpRow>& bad_answers() {
    static const std::vector<HttpRow> rows{
        {"no HTTP", "SSH-2.0-x\r\n\r\n", kAnswer},
        {"no space behind the status", "HTTP/1.1 200\r\n" + kLength + "\r\nabc", kAnswer},
        {"a status of two digits", "HTTP/1.1 20 OK\r\n" + kLength + "\r\nabc", kAnswer},
        {"a status of four digits", "HTTP/1.1 2000 OK\r\n" + kLength + "\r\nabc", kAnswer},
        {"a status beyond all classes", "HTTP/1.1 999 OK\r\n" + kLength + "\r\nabc", kAnswer},
        {"two spaces", "HTTP/1.1  200 OK\r\n" + kLength + "\r\nabc", kAnswer},
        {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", kAnswer},
        {"neither a length nor chunks", answer(""), kAnswer},
        {"a length and chunks", answer(kLength + kChunked, kNoChunks), kAnswer},
        {"two lengths", answer(kLength + "Content-Length: 2\r\n"), kAnswer},
        {"a length with a plus", answer("Content-Length: +3\r\n"), kAnswer},
        {"xchunked", answer("Transfer-Encoding: xchunked\r\n", kNoChunks), kAnswer},
        {"chunked twice", answer("Transfer-Encoding: chunked, chunked\r\n", kNoChunks), kAnswer},
        {"a folded field", answer(kLength + "X: a\r\n b\r\n"), kAnswer},
        {"a space before the colon", answer("Content-Length : 3\r\n"), kAnswer},
        {"another protocol that was not asked for", "HTTP/1.1 101 Switching\r\n\r\n", kAnswer},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n" + kLength + "\r\nabc", kVersion},
    };
    return rows;
}

const std::vector<LegalHttpRow>& legal_requests() {
    static const std::string kLast =
        "GET /missing HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
    static const std::vector<LegalHttpRow> rows{
        {"a length", post(kLength) + kLast, "200 404"},
        {"field names in any case", post("cOnTent-lenGTH: 3\r\n") + kLast, "200 404"},
        {"space around a value", post("Content-Length:  \t3 \t\r\n") + kLast, "200 404"},
        {"leading zeros in a length", post("Content-Length: 0003\r\n") + kLast, "200 404"},
        {"chunks", post(kChunked, "3\r\nabc\r\n0\r\n\r\n") + kLast, "200 404"},
        {"sizes of chunks in capitals", post(kChunked, "A\r\nabcdefghij\r\n0\r\n\r\n") + kLast,
         "200 404"},
        {"a leading zero in a chunk's size", post(kChunked, "03\r\nabc\r\n0\r\n\r\n") + kLast,
         "200 404"},
        {"no chunks", post(kChunked, kNoChunks) + kLast, "200 404"},
        {"requests that follow each other", post(kLength) + post(kLength) + kLast, "200 200 404"},
        {"a host that is an address", "GET /missing HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n" + kLast,
         "404 404"},
    };
    return rows;
}

}  // namespace tongbao::transport::testing
