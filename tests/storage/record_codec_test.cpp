#include "storage/record_codec.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

Bytes hex(std::string_view text) {
    return from_hex(text).value();
}

}  // namespace

TEST_SUITE("record codec") {
    // The varints of Protocol Buffers ("Encoding", Base 128 Varints) and LEB128 of DWARF 4
    // figure 22.
    constexpr std::array<std::pair<std::uint64_t, std::string_view>, 9> kVarints{{
        {0, "00"},
        {1, "01"},
        {2, "02"},
        {127, "7f"},
        {128, "8001"},
        {150, "9601"},
        {300, "ac02"},
        {12857, "b964"},
        {std::numeric_limits<std::uint64_t>::max(), "ffffffffffffffffff01"},
    }};

    TEST_CASE("a varint is written and read as published examples have it") {
        for (const auto& [value, text] : kVarints) {
            CAPTURE(value);
            CHECK(to_hex(RecordWriter().varint(value).bytes()) == text);
            const Bytes bytes = hex(text);
            RecordReader reader(bytes);
            CHECK(reader.varint() == value);
            CHECK(reader.finish().has_value());
        }
    }

    TEST_CASE("a varint that is cut or too long or spelt with needless bytes is refused") {
        for (const std::string_view text : {"", "80", "8000", "ff8000", "ffffffffffffffffff02",
                                            "ffffffffffffffffffff01", "80808080808080808080"}) {
            CAPTURE(text);
            const Bytes bytes = hex(text);
            RecordReader reader(bytes);
            CHECK(reader.varint() == 0);
            CHECK(reader.finish().error() == Errc::storage_corrupt);
        }
    }

    TEST_CASE("a number is eight bytes with the highest first") {
        CHECK(to_hex(RecordWriter().number(0x0102030405060708).bytes()) == "0102030405060708");
        const Bytes bytes = hex("0102030405060708");
        RecordReader reader(bytes);
        CHECK(reader.number() == 0x0102030405060708);
        CHECK(reader.finish().has_value());
    }

    TEST_CASE("what is too short or has something left is refused") {
        const Bytes seven = hex("01020304050607");
        RecordReader shorter(seven);
        CHECK(shorter.number() == 0);
        CHECK(shorter.finish().error() == Errc::storage_corrupt);
        const Bytes nine = hex("010203040506070809");
        RecordReader longer(nine);
        CHECK(longer.number() != 0);
        CHECK(longer.finish().error() == Errc::storage_corrupt);
    }

    TEST_CASE("after the first failure everything reads as empty") {
        const Bytes bytes = hex("02aabb");
        RecordReader reader(bytes);
        CHECK(!reader.flag());
        CHECK(reader.failed());
        CHECK(reader.byte() == 0);
        CHECK(reader.rest().empty());
        CHECK(reader.finish().error() == Errc::storage_corrupt);
    }

    TEST_CASE("a length or count larger than what is left is refused before memory is taken") {
        const Bytes length = hex("ffffffffffffffff7f00");
        RecordReader sized(length);
        CHECK(sized.sized().empty());
        CHECK(sized.failed());
        const Bytes count = hex("0300000000");  // three of two bytes each, four bytes left
        RecordReader counted(count);
        CHECK(counted.count(2) == 0);
        CHECK(counted.failed());
    }

    TEST_CASE("a list is its number and then each part behind its length") {
        const std::vector<Bytes> list{hex("aa"), Bytes(), hex("bbcc")};
        const Bytes bytes = RecordWriter().sized_list(list).bytes();
        CHECK(to_hex(bytes) == "0301aa0002bbcc");
        RecordReader reader(bytes);
        CHECK(reader.sized_list() == list);
        CHECK(reader.finish().has_value());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CAPTURE(size);
            RecordReader cut(BytesView(bytes).first(size));
            static_cast<void>(cut.sized_list());
            CHECK(cut.finish().error() == Errc::storage_corrupt);
        }
        const Bytes none = RecordWriter().sized_list({}).bytes();
        CHECK(to_hex(none) == "00");
    }

    TEST_CASE("a time before 1970 comes back") {
        const UtcTime time(std::chrono::milliseconds(-1));
        const Bytes bytes = RecordWriter().time(time).bytes();
        CHECK(to_hex(bytes) == "ffffffffffffffff");
        RecordReader reader(bytes);
        CHECK(reader.time() == time);
    }

    TEST_CASE("sixteen bytes that are no UUID of version 7 are refused") {
        const Bytes bytes(16, 0);
        RecordReader reader(bytes);
        CHECK(reader.uuid() == Uuid());
        CHECK(reader.finish().error() == Errc::storage_corrupt);
    }
}
