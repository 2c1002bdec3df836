#include "transport/body_decoder.hpp"

#include "tests/transport/http_matrix.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::transport;

namespace {

/// All of `input` through `decoder`, `piece` bytes of it at a time; the rest stays in `input`.
Result<std::string> decode(BodyDecoder decoder, std::string_view& input, std::size_t piece) {
    std::string body;
    std::string pending;
    while (!decoder.finished()) {
        const auto step = decoder.next(as_bytes(pending), 5);
        if (!step) return step.error();
        body += as_text(step->data);
        pending.erase(0, step->consumed);
        if (step->consumed > 0) continue;
        if (input.empty()) return Errc::connection_closed;
        pending += input.substr(0, piece);
        input.remove_prefix(std::min(piece, input.size()));
    }
    input = std::string_view(input.data() - pending.size(), input.size() + pending.size());
    return body;
}

Errc refusal(std::string_view chunked) {
    const auto body = decode(BodyDecoder::chunked(), chunked, 1);
    REQUIRE(body.has_error());
    return to_errc(body.error());
}

}  // namespace

TEST_SUITE("body framing") {
    TEST_CASE("a body of fixed length leaves what follows it") {
        for (const std::size_t piece : {1U, 2U, 7U, 100U}) {
            std::string_view input = "twelve bytesGET /";
            CHECK(*decode(BodyDecoder::fixed(12), input, piece) == "twelve bytes");
            CHECK(std::string("GET /").starts_with(input.substr(0, 1)));
        }
        CHECK(BodyDecoder::fixed(0).finished());
    }

    TEST_CASE("a chunked body is read wherever the input is cut") {
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
            // The example of RFC 9112 section 7.1.3's kind: 4, 6 and 14 (0xE) bytes.
            std::string_view input =
                "4\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\n";
            CHECK(*decode(BodyDecoder::chunked(), input, piece) == "Wikipedia in \r\n\r\nchunks.");
            CHECK(input.empty());
        }
    }

    TEST_CASE("chunks with more than one reading are refused") {
        for (const testing::HttpRow& row : testing::bad_chunks()) {
            CAPTURE(std::string(row.name));
            CHECK(refusal(row.bytes) == row.expected);
        }
    }

    TEST_CASE("a body that is cut off does not end") {
        CHECK(refusal("4\r\nWik") == Errc::connection_closed);
        CHECK(refusal("4\r\nWiki\r\n0\r\n") == Errc::connection_closed);
        std::string_view input = "eleven byte";
        CHECK(decode(BodyDecoder::fixed(12), input, 100).error() == Errc::connection_closed);
    }

    TEST_CASE("the rest is known for a fixed length only") {
        BodyDecoder fixed = BodyDecoder::fixed(12);
        REQUIRE(fixed.next(as_bytes("twelve"), 100).has_value());
        CHECK(fixed.remaining() == 6U);
        CHECK(!BodyDecoder::chunked().remaining());
    }
}
