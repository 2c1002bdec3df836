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
}
