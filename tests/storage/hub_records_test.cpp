#include "storage/hub_records.hpp"

#include "tests/storage/sample_commit.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string_view>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

using Positions = std::vector<std::uint16_t>;

/// Calls `check` with `value` once for each of its bits flipped, and once for each cut of it.
void with_each_damage(const Bytes& value, const std::function<void(const Bytes&)>& check) {
    for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
        Bytes damaged = value;
        damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << (bit % 8)));
        check(damaged);
    }
    for (std::size_t size = 0; size < value.size(); ++size) {
        check(Bytes(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(size)));
    }
    Bytes longer = value;
    longer.push_back(0);
    check(longer);
}

}  // namespace

TEST_SUITE("hub records") {
    TEST_CASE("values have the bytes that the format names") {
        CHECK(to_hex(encode_entries(std::vector{to_bytes("ab"), to_bytes("c")})) ==
              "0102"
              "e2a22936026162"
              "20eb33c70163");
        CHECK(to_hex(encode_positions(Positions{0, 1, 2, 5})) == "010200030501");
        CHECK(to_hex(encode_state(3)) == "0103");
        CHECK(to_hex(encode_state(0x0203)) == "02030002");
        CHECK(to_hex(encode_state(0x020003)) == "02030200");
        CHECK(to_hex(encode_mark()) == "01");
        CHECK(to_hex(encode_count(300)) == "01ac02");
        CHECK(to_hex(encode_state_run({300, 3})) == "01ac0203");
        const StoredBatch batch{LogIndex(9),
                                2,
                                Digest(),
                                to_bytes("S"),
                                {{Digest(), LogIndex(10), to_bytes("N")}, {Digest(), {}, {}}}};
        CHECK(to_hex(encode_batch(batch)) == "0102" + std::string(64, '0') + "0153" + "02" +
                                                 std::string(64, '0') + "0201" +
                                                 std::string(64, '0') + "0000" + "4e");
    }

    TEST_CASE("a batch comes back as it was") {
        for (const StoredBatch& batch : rich_commit().batches) {
            const Result<StoredBatch> back = decode_batch(batch.first, encode_batch(batch));
            REQUIRE(back.has_value());
            CHECK(*back == batch);
        }
    }

    TEST_CASE("any part of a run of entries can be read alone") {
        std::vector<Bytes> entries;
        for (std::uint64_t i = 0; i < 20; ++i) entries.push_back(sample_entry(i));
        const Bytes value = encode_entries(entries);
        CHECK(*count_entries(value) == 20);
        for (std::size_t from = 0; from <= 20; ++from) {
            const auto part = decode_entries(value, from, 3);
            REQUIRE(part.has_value());
            const std::size_t size = std::min<std::size_t>(3, 20 - from);
            REQUIRE(part->size() == size);
            for (std::size_t i = 0; i < size; ++i) CHECK((*part)[i] == entries[from + i]);
        }
    }

    TEST_CASE("an entry without its checksum ends what is read and is not read itself") {
        const std::vector<Bytes> entries{sample_entry(1), sample_entry(2), sample_entry(3)};
        Bytes value = encode_entries(entries);
        // The last byte of the second entry: the third has 4 bytes of checksum and its length
        // before.
        const std::size_t third = 4 + (entries[2].size() < 128 ? 1 : 2) + entries[2].size();
        value[value.size() - third - 1] ^= 1;
        const auto part = decode_entries(value, 0, 3);
        REQUIRE(part.has_value());
        CHECK(*part == std::vector<Bytes>{entries[0]});
        CHECK(decode_entries(value, 1, 2).error() == Errc::storage_corrupt);
        CHECK(decode_entries(value, 2, 1).has_value());
    }

    TEST_CASE("positions come back as they were") {
        for (const Positions& positions :
             {Positions{0}, Positions{65535}, Positions{0, 65535}, Positions{1, 2, 3, 7, 9, 10}}) {
            const auto back = decode_positions(encode_positions(positions));
            REQUIRE(back.has_value());
            CHECK(*back == positions);
        }
    }

    TEST_CASE("ranges that are empty or touch or fall or pass 65535 are refused") {
        for (const std::string_view text :
             {"0100", "01010000", "010200010101", "010205010001", "010200020101", "0101ffff0302",
              "010180800401", "010100818004", "010100", "01010001ff", "02010001"}) {
            CAPTURE(text);
            const Bytes value = from_hex(text).value();
            CHECK(decode_positions(value).error() == Errc::storage_corrupt);
        }
    }

    TEST_CASE("a run of no entries is refused") {
        CHECK(decode_entries(from_hex("0100").value(), 0, 1).error() == Errc::storage_corrupt);
        CHECK(count_entries(from_hex("0100").value()).error() == Errc::storage_corrupt);
    }

    TEST_CASE("no flipped bit and no cut of a value goes unnoticed") {
        const StoredBatch batch = rich_commit().batches.front();
        with_each_damage(encode_batch(batch), [&](const Bytes& damaged) {
            const auto back = decode_batch(batch.first, damaged);
            CHECK((!back || *back != batch));
        });
        const std::vector<Bytes> entries{sample_entry(3), sample_entry(4)};
        with_each_damage(encode_entries(entries), [&](const Bytes& damaged) {
            const auto back = decode_entries(damaged, 0, 2);
            CHECK((!back || *back != entries));
        });
        const Positions positions{1, 2, 3, 7};
        with_each_damage(encode_positions(positions), [&](const Bytes& damaged) {
            const auto back = decode_positions(damaged);
            CHECK((!back || *back != positions));
        });
        with_each_damage(encode_state_run({300, 3}), [&](const Bytes& damaged) {
            const auto back = decode_state_run(damaged);
            CHECK((!back || back->count != 300 || back->state != 3));
        });
        with_each_damage(encode_count(300), [&](const Bytes& damaged) {
            const auto back = decode_count(damaged);
            CHECK((!back || *back != 300));
        });
        CHECK(!decode_count(from_hex("0100").value()));
        CHECK(!decode_state_run(from_hex("010003").value()));
        CHECK(decode_state(from_hex("02030000").value()).error() == Errc::storage_corrupt);
        CHECK(decode_state(from_hex("030300").value()).error() == Errc::storage_corrupt);
        with_each_damage(encode_state(0x010203), [&](const Bytes& damaged) {
            const auto back = decode_state(damaged);
            CHECK((!back || *back != 0x010203));
        });
        with_each_damage(encode_state(3), [&](const Bytes& damaged) {
            const auto back = decode_state(damaged);
            CHECK((!back || *back != 3));
        });
        with_each_damage(encode_mark(),
                         [&](const Bytes& damaged) { CHECK(!decode_mark(damaged)); });
    }
}
