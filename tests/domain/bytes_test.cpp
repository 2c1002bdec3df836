#include "domain/bytes.hpp"

#include "domain/digest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

using namespace tongbao;
using namespace std::string_view_literals;

TEST_SUITE("text encodings") {
    // RFC 4648 section 10, test vectors.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kBase64Vectors{{
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    }};

    TEST_CASE("base64 writes and reads the vectors of RFC 4648") {
        for (const auto& vector : kBase64Vectors) {
            const std::string_view plain = vector.first;
            const std::string_view encoded = vector.second;
            CAPTURE(plain);
            CHECK(to_base64(as_bytes(plain)) == encoded);
            const Result<Bytes> decoded = from_base64(encoded);
            REQUIRE(decoded.has_value());
            CHECK(as_text(*decoded) == plain);
        }
    }

    TEST_CASE("base64 with a second spelling of the same bytes is refused") {
        for (const std::string_view text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", " Zg==", "Z===",
                                            "====", "Zg==Zg==", "Zm-v", "Zm_v", "Zm9vY"}) {
            CAPTURE(text);
            CHECK(from_base64(text).error() == Errc::bad_encoding);
        }
    }

    TEST_CASE("hexadecimal is lower case and of even length") {
        CHECK(to_hex(as_bytes("\x00\xff\x10"sv)) == "00ff10");
        const Result<Bytes> bytes = from_hex("00ff10");
        REQUIRE(bytes.has_value());
        CHECK(as_text(*bytes) == "\x00\xff\x10"sv);
        for (const std::string_view text : {"0", "0g", "FF", " 0", "0x"}) {
            CHECK(from_hex(text).error() == Errc::bad_encoding);
        }
    }

    TEST_CASE("a digest is 32 bytes, neither more nor fewer") {
        CHECK(Digest::from_hex(std::string(64, 'a')).has_value());
        CHECK(Digest::from_hex(std::string(62, 'a')).error() == Errc::bad_encoding);
        CHECK(Digest::from_hex(std::string(66, 'a')).error() == Errc::bad_encoding);
        CHECK(Digest::from_hex(std::string(64, 'A')).error() == Errc::bad_encoding);
    }
}

TEST_SUITE("UTF-8") {
    TEST_CASE("well-formed text of one to four bytes is accepted, and counted in code points") {
        CHECK(is_utf8(""));
        CHECK(is_utf8("a\u00e9\u901a\U0001F600"));
        CHECK(is_utf8("\u0000"sv));
        CHECK(count_code_points("a\u00e9\u901a\U0001F600") == 4);
    }

    // RFC 3629 sections 3 and 4.
    TEST_CASE("overlong forms, surrogates, cut sequences and values over U+10FFFF are refused") {
        for (const std::string_view text :
             {"\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x9f\xbf"sv, "\xf0\x8f\xbf\xbf"sv, "\xed\xa0\x80"sv,
              "\xed\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\x80"sv, "\xbf"sv,
              "\xe9\x80"sv, "\xe9"sv, "\xe9\x80z"sv, "a\xff"sv, "\xfe"sv}) {
            CAPTURE(to_hex(as_bytes(text)));
            CHECK_FALSE(is_utf8(text));
        }
    }

    TEST_CASE("a bad byte is found wherever it stands in a long text") {
        for (std::size_t place = 0; place < 40; ++place) {
            std::string text(40, 'a');
            text[place] = '\xff';
            CAPTURE(place);
            CHECK_FALSE(is_utf8(text));
            text.replace(place, 1, "\u901a");
            CHECK(is_utf8(text));
        }
    }
}
