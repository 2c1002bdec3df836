#include "hub/clock_start.hpp"

#include "tests/hub/clocked_hub.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::at;
using testing::NationalDay;
using testing::reply_within;
using testing::shipped_rules;
using Lines = std::vector<std::string>;

/// The shipped calendar as it was while 2020 was the last year published.
Calendar without_2021() {
    std::vector<CalendarYear> years = testing::load_shipped_calendar().years();
    std::erase_if(years,
                  [](const CalendarYear& year) { return year.year > std::chrono::year(2020); });
    return Calendar(testing::kShippedCalendar, std::move(years));
}

/// An alarm of 30 December 2020, signed for at 11:00, while 2021 is not published: three days end
/// on 2 January, and roll to the next working day, which nobody knows.
struct YearsEnd : NationalDay {
    YearsEnd() : NationalDay(reply_within(3, "day"), "2020-12-30 10:00") {
        keep_clocks(shipped_rules(without_2021(), 1));
        notice = alarm(1);
        clock.set(at("2020-12-30 11:00"));
        REQUIRE(act(100, ActKind::signed_for, notice).empty());
        REQUIRE(bring() == 0);
    }

    /// How many records a start counts anew.
    std::uint64_t bring() {
        return testing::must(bring_clocks_up_to_date(*deployment.clocks, store, clock.now()));
    }

    NoticeRef notice;
};

TEST_SUITE("clocks at the start") {
    TEST_CASE_FIXTURE(YearsEnd, "a year that is published later is counted by at the next start") {
        CHECK(open_at(notice.index, "dike") == Lines{"1 never", "2 never", "3 never"});
        CHECK_FALSE(clocks_of(notice.index, "dike").indexes.look);
        CHECK(troubles == Lines{"calendar_missing 6 dike"});
        look_at("2021-01-20 10:00");
        CHECK(own_entries().empty());

        keep_clocks(shipped_rules(testing::load_shipped_calendar(), 2));
        CHECK(bring() == 1);
        CHECK(testing::must(store.calendar()) == deployment.clocks->rules_digest());
        // Monday 4 January, the first working day.
        CHECK(open_at(notice.index, "dike").front() == "1 2021-01-04T16:00:00.000Z");
        look();
        CHECK(own_entries() == Lines{"remind 6 dike 1.0.0 2020-12-31T16:00:00.000Z",
                                     "mark_overdue 6 dike 1.0.1 2021-01-04T16:00:00.000Z"});
        // Nothing is counted twice.
        CHECK(bring() == 0);
        keep_clocks(shipped_rules(testing::load_shipped_calendar(), 3));
        CHECK(bring() == 0);
        CHECK(testing::must(store.calendar()) == deployment.clocks->rules_digest());
    }

    TEST_CASE_FIXTURE(YearsEnd, "a start that can't write changes nothing and is made up for") {
        keep_clocks(shipped_rules(testing::load_shipped_calendar(), 2));
        storage::FaultyHubStore failing(store, 1, storage::FaultyHubStore::When::before);
        CHECK(bring_clocks_up_to_date(*deployment.clocks, failing, clock.now()).error() ==
              Errc::storage_failure);
        CHECK(open_at(notice.index, "dike").front() == "1 never");
        CHECK(bring() == 1);
        CHECK(open_at(notice.index, "dike").front() == "1 2021-01-04T16:00:00.000Z");
    }

    TEST_CASE_FIXTURE(YearsEnd, "the newest charter of the log is the one in force") {
        CHECK(testing::must(newest_charter(store)) == LogIndex(0));
        deployment.charter =
            testing::changed_charter([](nlohmann::json& text) { text["version"] = 4; });
        deployment.charter_digest = Digest();
        start();
        CHECK(testing::must(newest_charter(store)) == LogIndex(store.size().value() - 1));
        CHECK(newest_charter(storage::MemoryHubStore()).error() == Errc::not_found);
    }
}

}  // namespace
}  // namespace tongbao::hub
