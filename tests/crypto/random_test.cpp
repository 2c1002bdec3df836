#include "crypto/random.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>

using namespace tongbao;
using namespace tongbao::crypto;

TEST_SUITE("random") {
    TEST_CASE("two draws of 32 bytes differ") {
        std::array<std::uint8_t, 32> first{};
        std::array<std::uint8_t, 32> second{};
        fill_random(first);
        fill_random(second);
        CHECK(first != second);
        CHECK(first != std::array<std::uint8_t, 32>{});
        fill_random({});
    }

    TEST_CASE("a random secret has the length asked for") {
        CHECK(random_secret(0).size() == 0);
        const SecretBytes secret = random_secret(32);
        CHECK(secret.size() == 32);
        CHECK_FALSE(secret.equals(random_secret(32).bytes()));
    }

    TEST_CASE("a thousand UUIDs of one moment are different and hold that moment") {
        const UtcTime now(std::chrono::milliseconds(1'767'225'600'123));
        std::set<Uuid> seen;
        for (int i = 0; i < 1000; ++i) {
            const Uuid uuid = make_uuid(now);
            CHECK(uuid.time() == now);
            CHECK(Uuid::from_array(uuid.array()).has_value());
            seen.insert(uuid);
        }
        CHECK(seen.size() == 1000);
    }
}
