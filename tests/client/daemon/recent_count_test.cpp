#include "client/daemon/recent_count.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace tongbao::client {
namespace {

using namespace std::chrono_literals;

const UtcTime kBegin{1'700'000'000'000ms};

TEST_SUITE("recent count") {
    TEST_CASE("what happened within a minute counts, to the second, and no longer") {
        RecentCount count;
        CHECK(count.last_minute(kBegin) == 0);
        count.add(kBegin, 5);
        count.add(kBegin + 999ms, 1);
        count.add(kBegin + 30s, 10);
        CHECK(count.last_minute(kBegin) == 6);
        CHECK(count.last_minute(kBegin + 59s) == 16);
        CHECK(count.last_minute(kBegin + 60s) == 10);
        CHECK(count.last_minute(kBegin + 90s) == 0);
        count.add(kBegin + 89s, 2);
        CHECK(count.last_minute(kBegin + 89s) == 12);
    }

    TEST_CASE("a clock that goes back counts anew") {
        RecentCount count;
        count.add(kBegin, 5);
        CHECK(count.last_minute(kBegin - 1h) == 0);
        count.add(kBegin - 1h, 2);
        CHECK(count.last_minute(kBegin - 1h) == 2);
        CHECK(count.last_minute(kBegin) == 0);
    }
}

}  // namespace
}  // namespace tongbao::client
