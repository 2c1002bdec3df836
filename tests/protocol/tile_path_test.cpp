#include "protocol/tile_path.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace tongbao;
using namespace tongbao::protocol;

namespace {

struct Spelling {
    std::string text;
    TilePath path;
};

}  // namespace

TEST_SUITE("tile paths") {
    TEST_CASE("the examples of tlog-tiles are written and read") {
        const Spelling spellings[] = {
            {"tile/0/000", {false, 0, 0, 256}},
            {"tile/0/005", {false, 0, 5, 256}},
            {"tile/1/005.p/17", {false, 1, 5, 17}},
            {"tile/0/999", {false, 0, 999, 256}},
            {"tile/0/x001/000", {false, 0, 1000, 256}},
            {"tile/0/x001/x234/067", {false, 0, 1234067, 256}},
            {"tile/0/x001/x234/067.p/255", {false, 0, 1234067, 255}},
            {"tile/63/000.p/1", {false, 63, 0, 1}},
            {"tile/entries/x001/x234/067", {true, 0, 1234067, 256}},
            {"tile/entries/005.p/17", {true, 0, 5, 17}},
            {"tile/0/x018/x446/x744/x073/x709/x551/615",
             {false, 0, std::numeric_limits<std::uint64_t>::max(), 256}},
        };
        for (const Spelling& spelling : spellings) {
            CAPTURE(spelling.text);
            CHECK(format_tile_path(spelling.path) == spelling.text);
            CHECK(parse_tile_path(spelling.text) == spelling.path);
        }
    }

    TEST_CASE("a second spelling or another path is refused") {
        for (const char* text : {"",
                                 "tile",
                                 "tile/",
                                 "tile/0",
                                 "tile/0/",
                                 "/tile/0/000",
                                 "tile/0/0",
                                 "tile/0/5",
                                 "tile/0/05",
                                 "tile/0/0005",
                                 "tile/0/x000/005",
                                 "tile/0/x000/x001/000",
                                 "tile/0/1000",
                                 "tile/0/001/000",
                                 "tile/0/x001",
                                 "tile/0/x001/",
                                 "tile/0/x001/x000",
                                 "tile/0/X001/000",
                                 "tile/0/x01/000",
                                 "tile/0/x0a1/000",
                                 "tile/0/0 5",
                                 "tile/0/-05",
                                 "tile/0/+05",
                                 "tile/0/000/",
                                 "tile/0/000/000",
                                 "tile/64/000",
                                 "tile/256/000",
                                 "tile/00/000",
                                 "tile/+1/000",
                                 "tile/-1/000",
                                 "tile//000",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/017",
                                 "tile/0/000.p/",
                                 "tile/0/000.p",
                                 "tile/0/000.p/1/",
                                 "tile/0/000.p/1.p/1",
                                 "tile/0/000.p/-1",
                                 "tile/0/.p/1",
                                 "tile/0/000p/1",
                                 "tile/0/000?x",
                                 "tile/0/../000",
                                 "tile/0/%30%30%30",
                                 "tile/Entries/000",
                                 "tile/entries/0/000",
                                 "tile/entries/",
                                 "tile/data/000",
                                 "tile/0/x018/x446/x744/x073/x709/x551/616",
                                 "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_tile_path(text).has_value());
        }
        CHECK_FALSE(parse_tile_path(std::string("tile/0/00\0", 10)).has_value());
    }

    TEST_CASE("a log of 70000 entries has the tiles that the specification counts") {
        const TreeSize size(70'000);
        CHECK(tile_width(0, 0, size) == 256);
        CHECK(tile_width(0, 272, size) == 256);
        CHECK(tile_width(0, 273, size) == 112);
        CHECK(tile_width(0, 274, size) == 0);
        CHECK(tile_width(1, 0, size) == 256);
        CHECK(tile_width(1, 1, size) == 17);
        CHECK(tile_width(1, 2, size) == 0);
        CHECK(tile_width(2, 0, size) == 1);
        CHECK(tile_width(2, 1, size) == 0);
        CHECK(tile_width(3, 0, size) == 0);
    }

    TEST_CASE("no tile is wider than the tree that it belongs to") {
        struct Width {
            std::uint64_t size;
            std::uint8_t level;
            std::uint64_t number;
            std::uint64_t width;
        };
        const Width widths[] = {
            {0, 0, 0, 0},     {0, 1, 0, 0},         {1, 0, 0, 1},       {1, 0, 1, 0},
            {1, 1, 0, 0},     {255, 0, 0, 255},     {255, 1, 0, 0},     {256, 0, 0, 256},
            {256, 0, 1, 0},   {256, 1, 0, 1},       {257, 0, 0, 256},   {257, 0, 1, 1},
            {257, 1, 0, 1},   {65536, 0, 255, 256}, {65536, 0, 256, 0}, {65536, 1, 0, 256},
            {65536, 1, 1, 0}, {65536, 2, 0, 1},     {65536, 3, 0, 0},
        };
        for (const Width& each : widths) {
            CAPTURE(each.size);
            CAPTURE(static_cast<unsigned>(each.level));
            CAPTURE(each.number);
            CHECK(tile_width(each.level, each.number, TreeSize(each.size)) == each.width);
        }
        const TreeSize largest(std::numeric_limits<std::uint64_t>::max());
        CHECK(tile_width(0, largest.value(), largest) == 0);
        CHECK(tile_width(7, 0, largest) == 255);
        CHECK(tile_width(8, 0, largest) == 0);
        CHECK(tile_width(63, 0, largest) == 0);
    }
}
