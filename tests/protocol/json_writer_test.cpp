#include "protocol/json_writer.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace tongbao::protocol;

TEST_SUITE("JSON written") {
    TEST_CASE("members and items stand in the order of the calls with commas between them") {
        JsonWriter writer;
        writer.begin_object().key("a").begin_array().end_array();
        writer.key("b").begin_array().number(std::int64_t{1}).null().boolean(true);
        writer.begin_object().end_object().text("x").end_array();
        writer.member("c", "d").key("e").raw("[0]").key("f").boolean(false).end_object();
        CHECK(writer.take() == R"({"a":[],"b":[1,null,true,{},"x"],"c":"d","e":[0],"f":false})");
    }

    TEST_CASE("integers of every size are written whole") {
        JsonWriter writer;
        writer.begin_array()
            .number(std::numeric_limits<std::int64_t>::min())
            .number(std::numeric_limits<std::uint64_t>::max())
            .number(std::uint64_t{0})
            .end_array();
        CHECK(writer.take() == "[-9223372036854775808,18446744073709551615,0]");
    }

    TEST_CASE("only quotes and backslashes and control characters are escaped") {
        JsonWriter writer;
        writer.text("\"\\/\n\t\x01\x1f\x7f\xE4\xB8\xAD\xF0\x9F\x98\x80");
        CHECK(writer.take() ==
              "\"\\\"\\\\/\\n\\u0009\\u0001\\u001f\\u007f\xE4\xB8\xAD\xF0\x9F\x98\x80\"");
    }

    TEST_CASE("another reader reads back every character below 256 in names and texts") {
        for (unsigned code = 1; code < 256; ++code) {
            CAPTURE(code);
            std::string character;
            if (code < 0x80) {
                character = static_cast<char>(code);
            } else {
                character = {static_cast<char>(0xc0 | code >> 6),
                             static_cast<char>(0x80 | (code & 0x3f))};
            }
            JsonWriter writer;
            writer.begin_object().member(character, character).end_object();
            const nlohmann::json read = nlohmann::json::parse(writer.take());
            CHECK(read.at(character) == character);
        }
    }

    TEST_CASE("a character is escaped wherever in a text it stands") {
        const std::string plain = "\xE4\xB8\xAD-plain characters-\xF0\x9F\x98\x80\x80\xff";
        for (const char escaped : {'"', '\\', '\n', '\x1f', '\x01', '\x7f'}) {
            for (std::size_t place = 0; place <= plain.size(); ++place) {
                const std::string before = plain.substr(0, place);
                const std::string after = plain.substr(place);
                JsonWriter alone;
                alone.text(std::string(1, escaped));
                const std::string sign = alone.take();
                JsonWriter writer;
                writer.text(before + escaped + after);
                CHECK(writer.take() ==
                      '"' + before + sign.substr(1, sign.size() - 2) + after + '"');
            }
        }
    }

    TEST_CASE("a digest is written as 64 hexadecimal digits") {
        tongbao::Digest::Array bytes{};
        bytes.front() = 0x0a;
        bytes.back() = 0xf0;
        JsonWriter writer;
        writer.begin_object().member("d", tongbao::Digest(bytes)).end_object();
        CHECK(writer.take() == R"({"d":"0a)" + std::string(60, '0') + R"(f0"})");
    }
}
