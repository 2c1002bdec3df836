#include "client/daemon/read_notices.hpp"

#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

namespace tongbao::client {
namespace {

using testing::numbered_alarm;

TEST_SUITE("notices that were read") {
    TEST_CASE("a notice is taken once") {
        ReadNotices read;
        const Notice alarm = numbered_alarm(1);
        const Uuid id = alarm.id.value();
        read.keep(alarm, 100);
        CHECK_FALSE(read.take(numbered_alarm(2).id.value()).has_value());
        CHECK(read.take(id) == alarm);
        CHECK_FALSE(read.take(id).has_value());
    }

    TEST_CASE("where there is no room the oldest gives way") {
        ReadNotices read;
        const auto id = [](std::uint8_t number) { return numbered_alarm(number).id.value(); };
        read.keep(numbered_alarm(1), ReadNotices::kMaxBytes - 1);
        read.keep(numbered_alarm(2), 1);
        read.keep(numbered_alarm(3), 1);
        CHECK_FALSE(read.take(id(1)).has_value());
        CHECK(read.take(id(2)).has_value());
        CHECK(read.take(id(3)).has_value());
        read.keep(numbered_alarm(4), ReadNotices::kMaxBytes);
        CHECK(read.take(id(4)).has_value());
        read.keep(numbered_alarm(5), ReadNotices::kMaxBytes + 1);
        CHECK_FALSE(read.take(id(5)).has_value());
    }
}

}  // namespace
}  // namespace tongbao::client
