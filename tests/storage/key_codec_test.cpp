#include "storage/key_codec.hpp"

#include "tests/storage/sample_commit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

TEST_SUITE("key codec") {
    constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

    TEST_CASE("keys sort as their numbers do") {
        std::vector<Bytes> keys;
        for (const std::uint64_t number :
             {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256},
              std::uint64_t{65'535}, std::uint64_t{65'536}, std::uint64_t{1} << 63, kLargest}) {
            keys.push_back(index_key(LogIndex(number)));
        }
        CHECK(std::is_sorted(keys.begin(), keys.end()));
    }

    TEST_CASE("every key has the bytes that the format names") {
        const Uuid id = Uuid::parse("01900000-0000-7000-8000-000000000001").value();
        CHECK(to_hex(index_key(LogIndex(258))) == "0000000000000102");
        CHECK(to_hex(index_unit_key(LogIndex(1), UnitId("ab"))) == "00000000000000016162");
        CHECK(to_hex(index_pair_key(LogIndex(1), LogIndex(2))) ==
              "00000000000000010000000000000002");
        CHECK(to_hex(tile_key(1, 2)) == "010000000000000002");
        CHECK(to_hex(name_prefix("ab")) == "026162");
        CHECK(to_hex(name_index_key("ab", LogIndex(3))) == "0261620000000000000003");
        CHECK(to_hex(uuid_key(id)) == "01900000000070008000000000000001");
    }

    TEST_CASE("what was put into a key comes out of it") {
        CHECK(*decode_index_key(index_key(LogIndex(kLargest))) == LogIndex(kLargest));
        const auto pair = decode_index_pair_key(index_pair_key(LogIndex(7), LogIndex(8)));
        REQUIRE(pair.has_value());
        CHECK(pair->first == LogIndex(7));
        CHECK(pair->second == LogIndex(8));
        CHECK(*decode_name_index_key("police", name_index_key("police", LogIndex(9))) ==
              LogIndex(9));
        CHECK(*decode_uuid_key(uuid_key(sample_uuid(5))) == sample_uuid(5));
    }

    TEST_CASE("a key that is too short or too long is refused") {
        const Bytes seven(7, 0);
        const Bytes nine(9, 0);
        CHECK(decode_index_key(seven).error() == Errc::storage_corrupt);
        CHECK(decode_index_key(nine).error() == Errc::storage_corrupt);
        CHECK(decode_index_pair_key(nine).error() == Errc::storage_corrupt);
        CHECK(decode_uuid_key(nine).error() == Errc::storage_corrupt);
        CHECK(decode_name_index_key("police", nine).error() == Errc::storage_corrupt);
        CHECK(decode_name_index_key("longer than the key", nine).error() == Errc::storage_corrupt);
    }

    TEST_CASE("a unit whose name begins with that of another has no keys among the other's") {
        const Bytes prefix = name_prefix("police");
        CHECK(has_prefix(name_index_key("police", LogIndex(1)), prefix));
        CHECK(!has_prefix(name_index_key("police2", LogIndex(1)), prefix));
        CHECK(!has_prefix(name_index_key("polic", LogIndex(1)), prefix));
    }
}
