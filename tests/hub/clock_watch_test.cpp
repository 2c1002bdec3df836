#include "hub/clock_watch.hpp"

#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;

/// What was told: `<unit, or hub> <milliseconds ahead>`.
struct ClockWatching {
    std::vector<std::string> told;
    ClockWatch watch{[this](const ClockNews& news) {
        told.push_back((news.unit ? news.unit->value() : "hub") + ' ' +
                       std::to_string(news.ahead.count()));
    }};
    const UtcTime last = testing::TestPki::kNow;

    [[nodiscard]] std::vector<std::string> take() { return std::exchange(told, {}); }
};

using Told = std::vector<std::string>;

TEST_SUITE("clock watch") {
    TEST_CASE_FIXTURE(ClockWatching,
                      "a clock behind the last entry is told once, and when it is right") {
        watch.on_clock(last - hours(24), last);
        watch.on_clock(last - hours(23), last);
        CHECK(take() == Told{"hub -86400000"});
        watch.on_clock(last - milliseconds(1), last);
        CHECK(take().empty());
        watch.on_clock(last, last);
        watch.on_clock(last + hours(1), last);
        CHECK(take() == Told{"hub 0"});
    }

    TEST_CASE_FIXTURE(ClockWatching, "a small correction of the clock is no news") {
        watch.on_clock(last - milliseconds(1000), last);
        CHECK(take().empty());
        watch.on_clock(last - milliseconds(1001), last);
        CHECK(take() == Told{"hub -1001"});
    }

    TEST_CASE_FIXTURE(ClockWatching, "a unit whose notices are issued a day away is told of once") {
        HubParts hub;
        hub.start();
        const auto issued = [&](UtcTime time) {
            Notice notice = numbered_alarm(1);
            notice.issued_at = time;
            return leaf_of(notice);
        };
        const auto batch = [&](std::vector<Bytes> leaves) {
            watch.on_batch(hub.admitted("lake", std::move(leaves)), last);
        };
        batch({issued(last + hours(24))});
        batch({issued(last - hours(24))});
        CHECK(take().empty());
        batch({issued(last + hours(24) + milliseconds(1))});
        batch({issued(last + hours(48))});
        CHECK(take() == Told{"lake 86400001"});
        batch({to_bytes("{}")});  // says nothing
        CHECK(take().empty());
        batch({issued(last)});
        CHECK(take() == Told{"lake 0"});
        // The one furthest away speaks for the batch.
        Notice near = numbered_alarm(2);
        near.issued_at = last;
        batch({leaf_of(near), issued(last - hours(25))});
        CHECK(take() == Told{"lake -90000000"});
    }
}

}  // namespace
}  // namespace tongbao::hub
