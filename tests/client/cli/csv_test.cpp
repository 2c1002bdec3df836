#include "client/cli/csv.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tongbao::client;

TEST_SUITE("CSV") {
    TEST_CASE("a field stands between quotes and its own are doubled") {
        CHECK(csv_field("") == R"("")");
        CHECK(csv_field("police") == R"("police")");
        CHECK(csv_field("a, b") == R"("a, b")");
        CHECK(csv_field(R"(say "no")") == R"("say ""no""")");
        CHECK(csv_field("签收") == R"("签收")");
    }

    TEST_CASE("what a spreadsheet takes for a formula gets a quote in front") {
        using namespace std::string_view_literals;
        const std::vector<std::pair<std::string_view, std::string_view>> rows{
            {"=1+1", R"("'=1+1")"},
            {"+1", R"("'+1")"},
            {"-1", R"("'-1")"},
            {"@SUM(A1)", "\"'@SUM(A1)\""},
            {"\t=1", "\"'\t=1\""},
            {"\r=1", "\"'\r=1\""},
            {"\n=1", "\"'\n=1\""},
            {"\0=1"sv, "\"'\0=1\""sv},
            {"＝1", R"("'＝1")"},
            {"＋1", R"("'＋1")"},
            {"－1", R"("'－1")"},
            {"＠A1", R"("'＠A1")"},
            {"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""},
            // Only at the start does it count.
            {"1=1", R"("1=1")"},
            {"2020-10-09", R"("2020-10-09")"},
        };
        for (const auto& [cell, field] : rows) {
            CAPTURE(cell);
            CHECK(csv_field(cell) == field);
        }
    }

    TEST_CASE("a record is one line and moves no cursor") {
        std::ostringstream out;
        print_csv(out, {"a", "", "b\r\n\x1B[2J", "=x", "\t=y"});
        CHECK(out.str() == R"("a","","b\r\n\u{1B}[2J","'=x","\t=y")"
                           "\r\n");
    }
}
