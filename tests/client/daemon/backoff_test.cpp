#include "client/daemon/backoff.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <set>

namespace tongbao::client {
namespace {

using std::chrono::milliseconds;

TEST_SUITE("backoff") {
    TEST_CASE("pauses double up to half a minute and each lasts from half to all of it") {
        constexpr std::array<int, 11> kLongest{200,    400,    800,    1'600,  3'200, 6'400,
                                               12'800, 25'600, 30'000, 30'000, 30'000};
        for (std::uint32_t seed = 1; seed <= 50; ++seed) {
            Backoff backoff(seed);
            for (const int longest : kLongest) {
                const milliseconds pause = backoff.next();
                CHECK(pause >= milliseconds(longest / 2));
                CHECK(pause <= milliseconds(longest));
            }
        }
    }

    TEST_CASE("after progress the pauses are short again") {
        Backoff backoff(1);
        for (int i = 0; i < 8; ++i) CHECK(backoff.next() > milliseconds(0));
        backoff.progress();
        CHECK(backoff.next() <= Backoff::kFirst);
        CHECK(backoff.next() <= Backoff::kFirst * 2);
    }

    TEST_CASE("units that lost the hub together do not come back together") {
        std::set<milliseconds> pauses;
        for (std::uint32_t seed = 1; seed <= 50; ++seed) {
            Backoff backoff(seed);
            for (int i = 0; i < 8; ++i) CHECK(backoff.next() > milliseconds(0));
            pauses.insert(backoff.next());
        }
        CHECK(pauses.size() > 25);
    }
}

}  // namespace
}  // namespace tongbao::client
