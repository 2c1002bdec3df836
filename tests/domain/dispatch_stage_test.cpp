#include "domain/dispatch_stage.hpp"

#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

std::optional<UtcTime> chased_since(DispatchStage stage, const char* begun) {
    static const Calendar kCalendar = calendar_of_2020();
    static const FixedZone kZone;
    return chased_from(stage, at(begun), {kCalendar, kZone});
}

}  // namespace

TEST_SUITE("stage of a dispatch") {
    TEST_CASE("the sender is reminded from the end of the next working day on") {
        for (const DispatchStage stage : {DispatchStage::open, DispatchStage::registered}) {
            CHECK(is_chased(stage));
            // A Tuesday.
            CHECK(chased_since(stage, "2020-09-22 00:00") == end_of("2020-09-23"));
            CHECK(chased_since(stage, "2020-09-22 23:59") == end_of("2020-09-23"));
            // Up to 8 October 2020 days were free (国办发明电〔2019〕16号).
            CHECK(chased_since(stage, "2020-09-30 09:00") == end_of("2020-10-09"));
        }
    }

    TEST_CASE("of what is evidenced or withdrawn nobody is reminded") {
        for (const DispatchStage stage : {DispatchStage::evidenced, DispatchStage::withdrawn}) {
            CHECK_FALSE(is_chased(stage));
            CHECK_FALSE(chased_since(stage, "2020-09-22 09:00").has_value());
        }
    }

    TEST_CASE("where no calendar is published it is the next day") {
        CHECK(chased_since(DispatchStage::open, "2031-10-03 09:00") == end_of("2031-10-04"));
    }
}
