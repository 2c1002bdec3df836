#include "client/cli/terminal_text.hpp"

#include "client/cli/table.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace tongbao::client;

TEST_SUITE("text for a terminal") {
    // Expected widths: EastAsianWidth.txt of Unicode 14.0.
    TEST_CASE("ideographs and kana and fullwidth forms take two columns") {
        CHECK(column_width(U'案') == 2);
        CHECK(column_width(U'ぁ') == 2);
        CHECK(column_width(U'가') == 2);
        CHECK(column_width(U'，') == 2);
        CHECK(column_width(U'〔') == 2);
        CHECK(column_width(U'★') == 1);  // A, ambiguous
        CHECK(column_width(U'—') == 1);  // A
        CHECK(column_width(0x20BB7) == 2);
        CHECK(column_width(0x1F600) == 2);
    }

    TEST_CASE("the borders of the wide ranges are where the standard has them") {
        CHECK(column_width(0x10FF) == 1);
        CHECK(column_width(0x1100) == 2);
        CHECK(column_width(0x115F) == 2);
        CHECK(column_width(0x1160) == 1);
        CHECK(column_width(0x303E) == 2);
        CHECK(column_width(0x303F) == 1);
        CHECK(column_width(0xFF60) == 2);
        CHECK(column_width(0xFF61) == 1);
        CHECK(column_width(0x3FFFD) == 2);
        CHECK(column_width(0x3FFFE) == 1);
    }

    TEST_CASE("combining marks take no column") {
        CHECK(column_width(0x0301) == 0);
        CHECK(column_width(0xFE0F) == 0);
        CHECK(display_width("e\u0301") == 1);
    }

    TEST_CASE("a text's width is the sum of its characters'") {
        CHECK(display_width("") == 0);
        CHECK(display_width("abc") == 3);
        CHECK(display_width("涉嫌犯罪案件移送书 No. 7") == 24);
    }

    TEST_CASE("what could steer a terminal is shown as an escape") {
        CHECK(printable("a\x1B[31mb") == "a\\u{1B}[31mb");
        CHECK(printable("a\nb\tc\rd") == "a\\nb\\tc\\rd");
        CHECK(printable(std::string_view("a\0b", 3)) == "a\\u{0}b");
        CHECK(printable("\u009B") == "\\u{9B}");
        CHECK(printable("\x7F") == "\\u{7F}");
    }

    TEST_CASE("what turns or hides text is shown as an escape") {
        CHECK(printable("a\u202Egpj.exe") == "a\\u{202E}gpj.exe");
        CHECK(printable("\u2066x\u2069") == "\\u{2066}x\\u{2069}");
        CHECK(printable("a\u200Bb\uFEFF") == "a\\u{200B}b\\u{FEFF}");
        CHECK(printable("a\u2028b") == "a\\u{2028}b");
    }

    TEST_CASE("bytes that are not UTF-8 are shown by their value") {
        CHECK(printable("a\x9B"
                        "b\xE6\xA1") == "a\\x9Bb\\xE6\\xA1");
    }

    TEST_CASE("Chinese stays as it is") {
        CHECK(printable("案由：测试〔2024〕") == "案由：测试〔2024〕");
    }

    TEST_CASE("lines stay lines where they may") {
        CHECK(printable_lines("一\n二\x1B", "  ") == "一\n  二\\u{1B}");
    }
}

TEST_SUITE("tables") {
    std::string print(const TextTable& table) {
        std::ostringstream out;
        table.print(out, "  ");
        return out.str();
    }

    TEST_CASE("columns stand in line with Chinese in them") {
        TextTable table({"a", "标题", "end"});
        table.add({"医保", "x", "1"});
        table.add({"wide-latin", "案件移送", "2"});
        CHECK(print(table) ==
              "  a           标题      end\n"
              "  医保        x         1\n"
              "  wide-latin  案件移送  2\n");
    }

    TEST_CASE("nothing stands after the last cell that is not empty") {
        TextTable table({"a", "b", "c"});
        table.add({"1", "", ""});
        table.add({"", "", "3"});
        table.add({"1"});
        CHECK(print(table) == "  a  b  c\n  1\n        3\n  1\n");
    }

    TEST_CASE("a cell can't begin a line") {
        TextTable table({"a", "b"});
        table.add({"x\ny", "\x1B"});
        CHECK(print(table) == "  a     b\n  x\\ny  \\u{1B}\n");
    }
}
