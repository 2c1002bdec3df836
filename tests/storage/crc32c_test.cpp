#include "storage/crc32c.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

using namespace tongbao;
using namespace tongbao::storage;

TEST_SUITE("crc32c") {
    // RFC 3720 section B.4; it prints the least significant byte first.
    TEST_CASE("the examples of RFC 3720 come out") {
        Bytes bytes(32, 0x00);
        CHECK(crc32c(bytes) == 0x8a9136aa);
        std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xff});
        CHECK(crc32c(bytes) == 0x62a8ab43);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        CHECK(crc32c(bytes) == 0x46dd794e);
        std::reverse(bytes.begin(), bytes.end());
        CHECK(crc32c(bytes) == 0x113fdb5c);
    }

    TEST_CASE("the instruction and the tables give one checksum") {
        Bytes bytes(300);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{7});
        for (std::size_t begin = 0; begin < 9; ++begin) {
            for (std::size_t size = 0; begin + size <= bytes.size(); ++size) {
                const BytesView part = BytesView(bytes).subspan(begin, size);
                CHECK(crc32c(part) == crc32c_in_software(part));
            }
        }
        // Source: the check value of CRC-32/ISCSI in the catalogue of Williams and Cook.
        CHECK(crc32c_in_software(as_bytes("123456789")) == 0xe3069283);
    }
}
