#include "storage/packed_value.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

Bytes unhex(const std::string& digits) {
    return from_hex(digits).value();
}

Bytes drawn_bytes(std::size_t size) {
    std::mt19937 draw(20'261'130);
    std::uniform_int_distribution<unsigned> byte(0, 255);
    Bytes bytes(size);
    for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(byte(draw));
    return bytes;
}

/// As entries of a batch are: much alike, and of some length.
Bytes texts_alike(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += R"({"event":"logged","place":)" + std::to_string(i) + "}\n";
    return to_bytes(text);
}

bool refused(const Bytes& stored) {
    const Result<Bytes> value = unpack(stored);
    return value.has_error() && value.error() == Errc::storage_corrupt;
}

}  // namespace

TEST_SUITE("packed values") {
    TEST_CASE("a short value is stored as it is, a byte longer") {
        CHECK(to_hex(pack(Bytes())) == "00");
        CHECK(to_hex(pack(to_bytes("ab"))) == "006162");
        const Bytes longest_short(511, 'a');
        CHECK(pack(longest_short).size() == 512);
        CHECK(*unpack(unhex("00")) == Bytes());
        CHECK(*unpack(unhex("006162")) == to_bytes("ab"));
        CHECK(*unpack(pack(longest_short)) == longest_short);
    }

    TEST_CASE("a long value of texts that are alike is stored shorter and comes back") {
        CHECK(pack(Bytes(512, 'a')).size() < 32);
        for (const int count : {20, 256, 20'000}) {
            const Bytes value = texts_alike(count);
            const Bytes stored = pack(value);
            CHECK(stored.front() == 1);
            CHECK(stored.size() < value.size() / 2);
            CHECK(*unpack(stored) == value);
        }
    }

    TEST_CASE("what does not get shorter is stored as it is") {
        for (const std::size_t size : {512u, 5'000u, 300'000u}) {
            const Bytes value = drawn_bytes(size);
            CHECK(pack(value).size() == size + 1);
            CHECK(*unpack(pack(value)) == value);
        }
    }

    // Source: LZ4 block format description. A token's high half is the number of literals, its low
    // half the match's length less 4; 15 goes on in further bytes. The last five bytes are
    // literals.
    TEST_CASE("a block by the format's description is read") {
        CHECK(*unpack(unhex("01055068656c6c6f")) == to_bytes("hello"));
        // One literal, a match of 594 bytes one byte back, five literals: 600 in all.
        CHECK(*unpack(unhex("01d8041f610100ffff41506161616161")) == Bytes(600, 'a'));
    }

    TEST_CASE("another form, a size that is not the block's, and a block that is cut are refused") {
        CHECK(refused({}));
        CHECK(refused(unhex("026162")));
        // The block of above, but for its form.
        CHECK(refused(unhex("02055068656c6c6f")));
        CHECK(refused(unhex("01045068656c6c6f")));
        CHECK(refused(unhex("01065068656c6c6f")));
        CHECK(refused(unhex("01055068656c6c")));
        CHECK(refused(unhex("01055068656c6c6f00")));
        CHECK(refused(unhex("01")));
        CHECK(refused(unhex("0105")));
        // A longer spelling of 5.
        CHECK(refused(unhex("0185005068656c6c6f")));
        const Bytes stored = pack(texts_alike(40));
        for (std::size_t size = 0; size < stored.size(); ++size) {
            CAPTURE(size);
            CHECK(
                refused(Bytes(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(size))));
        }
    }

    TEST_CASE("a short block that claims to be of gigabytes is refused before room is made") {
        CHECK(refused(unhex("01ffffffff075068656c6c6f")));
        CHECK(refused(unhex("0180808080045068656c6c6f")));
    }

    TEST_CASE("a flipped bit is refused or reads as no more than a block can stand for") {
        const Bytes stored = pack(texts_alike(40));
        for (std::size_t at = 0; at < stored.size(); ++at) {
            for (unsigned bit = 0; bit < 8; ++bit) {
                Bytes changed = stored;
                changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1u << bit);
                const Result<Bytes> read = unpack(changed);
                CAPTURE(at);
                CAPTURE(bit);
                CHECK((read.has_error() || read->size() <= 255 * stored.size()));
            }
        }
    }
}
