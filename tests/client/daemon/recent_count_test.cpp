#include "client/daemon/recent_count.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace tongbao::client {
namespace {

using namespace std::chrono_literals;

const UtcTime kNow{1'700'000'000'000ms};

TEST_SUITE("recent count") {
    TEST_CASE("what happened within a minute counts, to the second, and no longer") {
        RecentCount count;
        CHECK(count.last_minute(kNow) == 0);
        count.add(kNow, 5);
        count.add(kNow + 999ms, 1);
        count.add(kNow + 30s, 10);
        CHECK(count.last_minute(kNow) == 6);
        CHECK(count.last_minute(kNow + 59s) == 16);
        CHECK(count.last_minute(kNow + 60s) == 10);
        CHECK(count.last_minute(kNow + 90s) == 0);
        count.add(kNow + 89s, 2);
        CHECK(count.last_minute(kNow + 89s) == 12);
    }

    TEST_CASE("a clock that goes back counts anew") {
        RecentCount count;
        count.add(kNow, 5);
        CHECK(count.last_minute(kNow - 1h) == 0);
        count.add(kNow - 1h, 2);
        CHECK(count.last_minute(kNow - 1h) == 2);
        CHECK(count.last_minute(kNow) == 0);
    }
}

}  // namespace
}  // namespace tongbao::client
