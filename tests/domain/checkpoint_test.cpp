#include "domain/checkpoint.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;
using namespace std::string_view_literals;

TEST_SUITE("checkpoint") {
    // The text of log-5 in tests/data/tlog, made by an independent implementation.
    constexpr std::string_view kText =
        "hub.example.gov/audit\n5\nldwUPS4GqHCVTy6EXeSglgatzEksPa5VYdQuBO/jF48=\n";

    TEST_CASE("the three lines are read and written back as they were") {
        const Result<Checkpoint> checkpoint = parse_checkpoint(kText);
        REQUIRE(checkpoint.has_value());
        CHECK(checkpoint->origin.value() == "hub.example.gov/audit");
        CHECK(checkpoint->size.value() == 5);
        CHECK(format_checkpoint(*checkpoint) == kText);
    }

    TEST_CASE("another number of lines, a second spelling of the size or a short root is refused") {
        const std::string root = "ldwUPS4GqHCVTy6EXeSglgatzEksPa5VYdQuBO/jF48=\n";
        for (const std::string& text :
             {std::string(), "o\n5\n" + root.substr(0, root.size() - 1), "o\n5\n" + root + "more\n",
              "\n5\n" + root, "o\n05\n" + root, "o\n+5\n" + root, "o\n-5\n" + root, "o\n\n" + root,
              "o\n5 \n" + root, "o\n18446744073709551616\n" + root, std::string("o\n5\nAAAA\n"),
              "o\r\n5\r\n" + root}) {
            CAPTURE(text);
            CHECK(parse_checkpoint(text).error() == Errc::bad_checkpoint);
        }
    }

    TEST_CASE("size 0 is a size") {
        CHECK(parse_checkpoint("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").has_value());
    }
}
