#include "client/daemon/read_notices.hpp"

#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

namespace tongbao::client {
namespace {

using testing::numbered_alarm;

TEST_SUITE("notices that were read") {
    TEST_CASE("a notice is seen as often as it is asked for and taken once") {
        ReadNotices read;
        const Notice alarm = numbered_alarm(1);
        const Uuid id = alarm.id.value();
        read.keep(alarm, 100);
        int seen = 0;
        const auto look = [&](const Notice& notice) { seen += notice == alarm ? 1 : 0; };
        CHECK(read.visit(id, look));
        CHECK(read.visit(id, look));
        CHECK(seen == 2);
        CHECK(read.take(id) == alarm);
        CHECK_FALSE(read.take(id).has_value());
        CHECK_FALSE(read.visit(id, look));
        CHECK(seen == 2);
    }

    TEST_CASE("what there is no room for is not held") {
        ReadNotices read;
        const Uuid first = numbered_alarm(1).id.value();
        read.keep(numbered_alarm(1), ReadNotices::kMaxBytes - 1);
        read.keep(numbered_alarm(2), 2);
        CHECK_FALSE(read.take(numbered_alarm(2).id.value()).has_value());
        CHECK(read.take(first).has_value());
        read.keep(numbered_alarm(2), 2);
        CHECK(read.take(numbered_alarm(2).id.value()).has_value());
    }
}

}  // namespace
}  // namespace tongbao::client
