#include "domain/reach.hpp"

#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace tongbao {
namespace {

using testing::alarm;
using testing::brief;
using testing::Expected;
using testing::load;
using testing::notice_of;

const UnitId kNorth("local.449901.dike");
const UnitId kSouth("local.449902.dike");

Reach reach_with(const Charter& charter, EnrolledUnits local) {
    std::sort(local.begin(), local.end());
    return Reach(charter, std::make_shared<const EnrolledUnits>(std::move(local)));
}

TEST_SUITE("reach") {
    TEST_CASE("delivered is what is online and each once") {
        const Charter charter = load();
        Notice notice = alarm();
        notice.to.emplace_back("dike");
        notice.cc = {UnitId("observatory"), UnitId("office"), UnitId("dike")};
        CHECK(online_recipients(Reach(charter), notice) ==
              std::vector<UnitId>{UnitId("dike"), UnitId("office")});
    }

    TEST_CASE("a local unit is online once it is enrolled, if its system is the charter's") {
        const Charter charter = load();
        CHECK_FALSE(Reach(charter).online(kNorth));
        const UnitId stranger("local.449901.lake");
        const Reach reach = reach_with(charter, {kNorth, stranger});
        CHECK(reach.online(kNorth));
        CHECK_FALSE(reach.online(kSouth));
        CHECK_FALSE(reach.online(stranger));
        CHECK(reach.online(UnitId("lake")));
        CHECK_FALSE(reach.online(UnitId("observatory")));
        const Notice order =
            notice_of("gate_order", "dike", {"local.449902.dike", "local.449901.dike"});
        CHECK(online_recipients(reach, order) == std::vector{kNorth});
    }

    TEST_CASE("an address of local units means all of its system that are enrolled") {
        const Charter charter = load();
        const Reach reach = reach_with(charter, {kSouth, UnitId("local.449901.lake"), kNorth});
        CHECK(reach.units_at(UnitAddress("local:dike")) == std::vector{kNorth, kSouth});
        CHECK(reach.units_at(UnitAddress("local:lake")).empty());
        CHECK(reach.units_at(UnitAddress("local.449903.dike")) ==
              std::vector{UnitId("local.449903.dike")});
        CHECK(Reach(charter).units_at(UnitAddress("local:dike")).empty());
    }

    TEST_CASE("an address is a unit's id or local: and a system") {
        for (const char* const good : {"police", "local.440300.police", "local:police"}) {
            CHECK(parse_unit_address(good).has_value());
        }
        for (const char* const bad : {"", "local:", "local:Police", "local:a:b", "Police"}) {
            CAPTURE(bad);
            CHECK(parse_unit_address(bad).error() == Errc::wrong_form);
        }
    }

    TEST_CASE("what the hub does not deliver is for the register of dispatches") {
        const Charter charter = load();
        Notice order = notice_of("gate_order", "dike", {"local.449901.dike", "local.449902.dike"});
        order.cc = {UnitId("observatory"), UnitId("office")};
        CHECK(other_recipients(reach_with(charter, {kNorth}), order) ==
              std::vector{kSouth, UnitId("observatory")});
    }
}

}  // namespace
}  // namespace tongbao
