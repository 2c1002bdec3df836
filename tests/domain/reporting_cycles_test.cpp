#include "domain/reporting_cycles.hpp"

#include "tests/domain/clock_fixture.hpp"
#include "tests/domain/reporting_fixture.hpp"
#include "tests/support/fixed_zone.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

const Charter& reporting() {
    static const Charter kept = reporting_charter();
    return kept;
}

const ReportingCycle& cycle_of(std::size_t place) {
    return reporting().parts().reporting_cycles.at(place);
}

std::vector<std::string> texts_of(std::size_t place, const char* adopted, const char* today,
                                  std::optional<std::string> asked = {}) {
    const ReportingCycle& cycle = cycle_of(place);
    std::vector<std::string> texts;
    for (const ReportingPeriod& each : periods_of(cycle, *reporting().find_deadline(cycle.due),
                                                  {on(adopted), on(today)}, asked)) {
        texts.push_back(each.text);
    }
    return texts;
}

using Texts = std::vector<std::string>;

/// What is handed in, at an index, at a moment of the charter's zone.
HandIn handed(const Notice& notice, std::uint64_t index, const char* when) {
    return *hand_in_of(reporting(), notice, {Digest(), LogIndex(index)}, at(when));
}

/// Unit and state of each duty of the cycle at the place: `lake late`.
Texts duties(std::size_t place, const char* period, const char* viewer,
             const std::vector<HandIn>& hand_ins, const char* now) {
    static const Calendar kCalendar = calendar_of_2020();
    static const FixedZone kZone;
    const ReportingCycle& cycle = cycle_of(place);
    Texts lines;
    for (const PeriodDuty& each :
         duties_of_period(reporting(), cycle, {period, must(days_of_period(period))},
                          UnitId(viewer), hand_ins, {kCalendar, kZone}, at(now))) {
        std::string line = each.unit.value() + ' ' + std::string(word(each.state));
        if (each.handed_in) line += ' ' + std::to_string(each.handed_in->notice.index.value());
        lines.push_back(std::move(line));
    }
    return lines;
}

Checked<DueTime> due_of(std::size_t place, const char* period) {
    static const Calendar kCalendar = calendar_of_2020();
    static const FixedZone kZone;
    return due_of_period(*reporting().find_deadline(cycle_of(place).due),
                         must(days_of_period(period)), {kCalendar, kZone});
}

TakenBack taking(std::uint64_t index, const Notice& by, const Notice& taken) {
    return {LogIndex(index), by.id, taken.id};
}

}  // namespace

TEST_SUITE("reporting cycles") {
    TEST_CASE("a day lies in one period of each length") {
        CHECK(period_with(Period::month, on("2020-02-29")).text == "2020-02");
        CHECK(period_with(Period::quarter, on("2020-03-31")).text == "2020-Q1");
        CHECK(period_with(Period::quarter, on("2020-04-01")).text == "2020-Q2");
        CHECK(period_with(Period::half_year, on("2020-06-30")).text == "2020-H1");
        CHECK(period_with(Period::half_year, on("2020-07-01")).text == "2020-H2");
        CHECK(period_with(Period::year, on("2020-12-31")).text == "2020");
        CHECK(period_with(Period::month, on("2020-02-29")).days ==
              PeriodDays{on("2020-02-01"), on("2020-02-29")});
    }

    TEST_CASE("a limit from the period's end shows the last period that has ended") {
        CHECK(texts_of(0, "2019-01-01", "2020-09-30") == Texts{"2020-Q2"});
        CHECK(texts_of(0, "2019-01-01", "2020-10-01") == Texts{"2020-Q3"});
        CHECK(texts_of(0, "2019-01-01", "2021-01-01") == Texts{"2020-Q4"});
    }

    TEST_CASE("a limit from the year's start shows the year that runs too") {
        CHECK(texts_of(1, "2018-01-01", "2020-01-01") == Texts{"2019", "2020"});
        CHECK(texts_of(1, "2018-01-01", "2020-12-31") == Texts{"2019", "2020"});
    }

    TEST_CASE("no period is owed that began before the charter was adopted") {
        CHECK(texts_of(0, "2020-07-01", "2020-10-01") == Texts{"2020-Q3"});
        CHECK(texts_of(0, "2020-07-02", "2020-10-01").empty());
        CHECK(texts_of(1, "2019-01-02", "2020-05-01") == Texts{"2020"});
        CHECK(texts_of(0, "2020-07-02", "2021-05-01", "2020-Q3").empty());
    }

    TEST_CASE("one period is asked for by its name, if the cycle has it and it has begun") {
        CHECK(texts_of(0, "2019-01-01", "2020-10-01", "2020-Q1") == Texts{"2020-Q1"});
        CHECK(texts_of(0, "2019-01-01", "2020-10-01", "2020-Q4") == Texts{"2020-Q4"});
        CHECK(texts_of(0, "2019-01-01", "2020-09-30", "2020-Q4").empty());
        CHECK(texts_of(0, "2019-01-01", "2020-10-01", "2020").empty());
        CHECK(texts_of(0, "2019-01-01", "2020-10-01", "2020-01").empty());
        CHECK(texts_of(1, "2019-01-01", "2020-10-01", "2020-Q1").empty());
        CHECK(texts_of(0, "2019-01-01", "2020-10-01", "soon").empty());
    }

    TEST_CASE("a period is due by the cycle's deadline, and by working days") {
        // 10 October 2020 was a Saturday that was worked (国办发明电〔2019〕16号).
        CHECK(due_of(0, "2020-Q3")->day == on("2020-10-10"));
        CHECK(due_of(0, "2020-Q3")->at == end_of("2020-10-10"));
        // 10 January 2021 was a Sunday.
        CHECK(due_of(0, "2020-Q4")->day == on("2021-01-11"));
        // 1 February 2020 was made free on 27 January 2020 (国办发明电〔2020〕1号), and so was the
        // 2nd.
        CHECK(due_of(1, "2020")->day == on("2020-02-03"));
        CHECK(due_of(0, "2021-Q4").error().code == Errc::calendar_missing);
    }

    TEST_CASE("a notice of a cycle's kind hands the period in that it names") {
        const HandIn hand_in =
            handed(handing_in("figures", "lake", "2020-Q3", 1), 7, "2020-10-09 10:00");
        CHECK(hand_in.cycle == "levels");
        CHECK(hand_in.period == "2020-Q3");
        CHECK(hand_in.from == UnitId("lake"));
        CHECK(hand_in.notice.index == LogIndex(7));
        CHECK(hand_in.to == std::vector<UnitId>{UnitId("office")});
        const auto none = [](const Notice& notice) {
            return !hand_in_of(reporting(), notice, {}, {}).has_value();
        };
        CHECK(none(reporting_notice("letter", "lake", {UnitId("office")}, 1)));
        CHECK(none(reporting_notice("unknown", "lake", {UnitId("office")}, 1)));
        CHECK(none(reporting_notice("figures", "lake", {UnitId("office")}, 1)));
        CHECK(none(handing_in("figures", "lake", "2020", 1)));
        CHECK(none(handing_in("figures", "lake", "2020-09", 1)));
        CHECK(none(handing_in("figures", "lake", "2020-Q5", 1)));
    }

    TEST_CASE("what corrects or withdraws takes back, and nothing else does") {
        const Notice first = handing_in("figures", "lake", "2020-Q3", 1);
        Notice correction = withdrawing(first, 2);
        CHECK(taken_back_by(reporting(), correction) == first.id);
        correction.fields = {{"instead", std::string("x")}};
        CHECK(taken_back_by(reporting(), correction) == first.id);
        correction.in_reply_to.reset();
        CHECK_FALSE(taken_back_by(reporting(), correction).has_value());
        CHECK_FALSE(taken_back_by(reporting(), first).has_value());
        CharterParts parts = reporting().parts();
        Kind urging;
        urging.id = KindId("urging");
        urging.on_answered.emplace_back().act = AnsweredAct::urge;
        parts.kinds.push_back(std::move(urging));
        Notice urge = withdrawing(first, 3);
        urge.kind = KindId("urging");
        CHECK_FALSE(taken_back_by(Charter(std::move(parts)), urge).has_value());
    }

    TEST_CASE("who has not handed in is missing up to the limit and overdue behind it") {
        CHECK(duties(0, "2020-Q3", "office", {}, "2020-10-10 23:59") ==
              Texts{"lake missing", "reeds missing", "dike missing"});
        CHECK(duties(0, "2020-Q3", "office", {}, "2020-10-11 00:01") ==
              Texts{"lake overdue", "reeds overdue", "dike overdue"});
    }

    TEST_CASE("the log's time says whether it was in time, to the last moment") {
        const std::vector<HandIn> both{
            handed(handing_in("figures", "lake", "2020-Q3", 1), 7, "2020-10-11 00:00"),
            handed(handing_in("figures", "dike", "2020-Q3", 2), 8, "2020-10-11 00:01")};
        CHECK(duties(0, "2020-Q3", "office", both, "2020-12-01 00:00") ==
              Texts{"lake handed_in 7", "reeds overdue", "dike late 8"});
    }

    TEST_CASE("of several the first one counts") {
        const std::vector<HandIn> twice{
            handed(handing_in("figures", "lake", "2020-Q3", 1), 7, "2020-10-08 10:00"),
            handed(handing_in("figures", "lake", "2020-Q3", 2), 9, "2020-11-08 10:00")};
        CHECK(duties(0, "2020-Q3", "lake", twice, "2020-12-01 00:00") == Texts{"lake handed_in 7"});
    }

    TEST_CASE("a member is shown its own and what is owed to it, and the office all members") {
        CHECK(duties(0, "2020-Q3", "lake", {}, "2020-10-01 00:00") == Texts{"lake missing"});
        CHECK(duties(2, "2020-H1", "lake", {}, "2020-07-01 00:00") == Texts{"office missing"});
        CHECK(duties(2, "2020-H1", "office", {}, "2020-07-01 00:00") == Texts{"office missing"});
        CHECK(duties(0, "2020-Q3", "ministry", {}, "2020-10-01 00:00").empty());
    }

    TEST_CASE("it is handed in when all who are owed it were addressed, at each when it was") {
        Notice report = handing_in("report", "office", "2020-H1", 1);
        report.to = {UnitId("ministry"), UnitId("lake")};
        std::vector<HandIn> reports{handed(report, 3, "2020-07-02 10:00")};
        CHECK(duties(2, "2020-H1", "office", reports, "2020-07-03 00:00") ==
              Texts{"office missing"});
        CHECK(duties(2, "2020-H1", "lake", reports, "2020-07-03 00:00") ==
              Texts{"office handed_in 3"});
        CHECK(duties(2, "2020-H1", "dike", reports, "2020-07-03 00:00") == Texts{"office missing"});
        Notice rest = handing_in("report", "office", "2020-H1", 2);
        rest.to = {UnitId("reeds"), UnitId("dike")};
        reports.push_back(handed(rest, 5, "2020-07-20 10:00"));
        CHECK(duties(2, "2020-H1", "office", reports, "2020-07-21 00:00") ==
              Texts{"office late 5"});
        CHECK(duties(2, "2020-H1", "lake", reports, "2020-07-21 00:00") ==
              Texts{"office handed_in 3"});
    }

    TEST_CASE("nobody owes itself what it hands to all") {
        static const Calendar kCalendar = calendar_of_2020();
        static const FixedZone kZone;
        ReportingCycle all = cycle_of(0);
        all.to = {"members"};
        Notice figures = handing_in("figures", "lake", "2020-Q3", 1);
        figures.to = {UnitId("reeds"), UnitId("dike")};
        const std::vector<HandIn> hand_ins{handed(figures, 7, "2020-10-09 10:00")};
        const auto found =
            duties_of_period(reporting(), all, {"2020-Q3", must(days_of_period("2020-Q3"))},
                             UnitId("lake"), hand_ins, {kCalendar, kZone}, at("2020-12-01 00:00"));
        REQUIRE(found.size() == 3);
        CHECK(found[0].unit == UnitId("lake"));
        CHECK(found[0].state == HandInState::handed_in);
    }

    TEST_CASE("a limit that nobody can count is said to be so and makes nobody late") {
        static const FixedZone kZone;
        const Calendar none("none", {});
        const auto found =
            duties_of_period(reporting(), cycle_of(0), {"2020-Q4", must(days_of_period("2020-Q4"))},
                             UnitId("lake"), {}, {none, kZone}, at("2022-01-01 00:00"));
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found[0].due.has_value());
        CHECK(found[0].fault->code == Errc::calendar_missing);
        CHECK(found[0].state == HandInState::missing);
    }

    TEST_CASE("what was taken back does not count, unless that was taken back itself") {
        const Notice first = handing_in("figures", "lake", "2020-Q3", 1);
        const Notice second = withdrawing(first, 2);
        const Notice third = withdrawing(second, 3);
        const Notice fourth = withdrawing(first, 4);
        std::vector<TakenBack> takings;
        CHECK(is_in_force(first.id, LogIndex(1), takings));
        takings.push_back(taking(5, second, first));
        CHECK_FALSE(is_in_force(first.id, LogIndex(1), takings));
        takings.push_back(taking(7, third, second));
        CHECK(is_in_force(first.id, LogIndex(1), takings));
        takings.push_back(taking(9, fourth, first));
        CHECK_FALSE(is_in_force(first.id, LogIndex(1), takings));
        std::reverse(takings.begin(), takings.end());
        CHECK_FALSE(is_in_force(first.id, LogIndex(1), takings));
    }

    TEST_CASE("every state has its word") {
        for (const HandInState state : {HandInState::handed_in, HandInState::late,
                                        HandInState::missing, HandInState::overdue}) {
            CHECK(hand_in_state_from_word(word(state)) == state);
        }
        CHECK_FALSE(hand_in_state_from_word("early").has_value());
    }
}
