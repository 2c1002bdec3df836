#include "client/daemon/case_trail.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

// 2026-01-01T00:00:00Z
constexpr UtcTime kTime{std::chrono::milliseconds(1'767'225'600'000)};
const CaseNumber kCase("990000202600001");

TrailEvent logged(std::uint64_t index, const std::string& kind) {
    LoggedEvent event;
    event.from = UnitId("bureau_a");
    event.kind = KindId(kind);
    return {LogIndex(index), {kTime, {}, event}};
}

TrailEvent delivered(std::uint64_t index) {
    ActEvent event;
    event.act = ActKind::delivered;
    event.from = UnitId("bureau_b");
    return {LogIndex(index), {kTime, {}, event}};
}

Trail trail(std::uint64_t size, std::vector<TrailEvent> events) {
    Trail made;
    made.size = TreeSize(size);
    made.events = std::move(events);
    return made;
}

}  // namespace

TEST_SUITE("trail of a case") {
    TEST_CASE("the trails of its notices stand in the log's order with each event's notice") {
        const Result<CaseTrail> joined =
            join_trails(kCase, {trail(20, {logged(12, "clue"), delivered(14)}),
                                trail(22, {logged(13, "answer"), delivered(14)})});
        REQUIRE(joined.has_value());
        const std::string time = R"("time":"2026-01-01T00:00:00.000Z",)";
        CHECK(write_case_trail(*joined) ==
              R"({"case":"990000202600001","size":22,"events":[)"
              R"({"index":12,)" +
                  time + R"("event":"logged","unit":"bureau_a","kind":"clue","notice":12},)" +
                  R"({"index":13,)" + time +
                  R"("event":"logged","unit":"bureau_a","kind":"answer","notice":13},)" +
                  R"({"index":14,)" + time +
                  R"("event":"delivered","unit":"bureau_b","kind":"clue","notice":12},)" +
                  R"({"index":14,)" + time +
                  R"("event":"delivered","unit":"bureau_b","kind":"answer","notice":13}]})");
    }

    TEST_CASE("a trail that does not begin with its notice is refused") {
        CHECK(join_trails(kCase, {trail(20, {delivered(14)})}).error() == Errc::bad_log_entry);
        CHECK(join_trails(kCase, {trail(20, {})}).error() == Errc::bad_log_entry);
    }

    TEST_CASE("a case without notices has no events") {
        const Result<CaseTrail> joined = join_trails(kCase, {});
        REQUIRE(joined.has_value());
        CHECK(joined->events.empty());
    }
}
