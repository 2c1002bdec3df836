#include "program/logging.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::program {
namespace {

TEST_SUITE("logging") {
    TEST_CASE("plain text of any script stands as it is") {
        CHECK(escape_for_log("").empty());
        CHECK(escape_for_log("hub ready: 127.0.0.1") == "hub ready: 127.0.0.1");
        CHECK(escape_for_log("联席会议办公室 é \xf0\x9f\x94\x92") ==
              "联席会议办公室 é \xf0\x9f\x94\x92");
    }

    TEST_CASE("no value begins a line or ends its string") {
        CHECK(escape_for_log("a\nb\r\tc") == "a\\u000ab\\u000d\\u0009c");
        CHECK(escape_for_log(R"(","level":"info)") == R"(\",\"level\":\"info)");
        CHECK(escape_for_log(R"(\)") == R"(\\)");
        CHECK(escape_for_log(std::string("\0", 1)) == "\\u0000");
    }

    TEST_CASE("no value speaks to a terminal") {
        CHECK(escape_for_log("\x1b[2J") == "\\u001b[2J");
        CHECK(escape_for_log("\x7f") == "\\u007f");
        // U+009B is the one-character form of ESC [.
        CHECK(escape_for_log("\xc2\x9b") == "\\u009b");
        CHECK(escape_for_log("\xc2\x80\xc2\x9f\xc2\xa0") == "\\u0080\\u009f\xc2\xa0");
    }

    TEST_CASE("no value changes the order or the lines that a reader sees") {
        // Right-to-left override, isolates, marks, line and paragraph separators, byte order mark.
        CHECK(escape_for_log("\xe2\x80\xae"
                             "fdp.exe") == "\\u202efdp.exe");
        CHECK(escape_for_log("\xe2\x81\xa6\xe2\x81\xa9") == "\\u2066\\u2069");
        CHECK(escape_for_log("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c") == "\\u200e\\u200f\\u061c");
        CHECK(escape_for_log("\xe2\x80\xa8\xe2\x80\xa9") == "\\u2028\\u2029");
        CHECK(escape_for_log("\xef\xbb\xbf") == "\\ufeff");
    }

    TEST_CASE("bytes that are no UTF-8 are shown as hexadecimal digits") {
        CHECK(escape_for_log("\xff\n") == "hex:ff0a");
        CHECK(escape_for_log("a\xc3") == "hex:61c3");
        // An overlong newline, and a surrogate.
        CHECK(escape_for_log("\xc0\x8a") == "hex:c08a");
        CHECK(escape_for_log("\xed\xa0\x80") == "hex:eda080");
    }

    TEST_CASE("a level has one word and any other is info") {
        CHECK(log_level_from("debug") == LogLevel::debug);
        CHECK(log_level_from("info") == LogLevel::info);
        CHECK(log_level_from("warning") == LogLevel::warning);
        CHECK(log_level_from("error") == LogLevel::error);
        CHECK(log_level_from("WARNING") == LogLevel::info);
        CHECK(log_level_from("") == LogLevel::info);
    }
}

}  // namespace
}  // namespace tongbao::program
