#include "domain/escalation_steps.hpp"

#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using StepUnit = EscalationTime::Unit;
constexpr auto kTick = std::chrono::milliseconds(1);

/// Guangdong's `statutory`: due-8h, due, due+1wd, due+3wd.
Escalation statutory_steps() {
    Escalation out;
    out.steps = {{{-8, StepUnit::hours}, EscalationDeed::remind, {}, {}},
                 {{0, StepUnit::hours}, EscalationDeed::mark_overdue, {}, {}},
                 {{1, StepUnit::working_days}, EscalationDeed::urge, {}, KindId("urge_notice")},
                 {{3, StepUnit::working_days}, EscalationDeed::supervise, {}, KindId("order")}};
    return out;
}

/// A transfer received on 30 September 2020: the decision is due on 9 October.
struct Received {
    Received() {
        world.receipt().signed_for("2020-09-30 10:00");
        world.reply(decision);
    }

    [[nodiscard]] Schedule steps() const {
        return schedule(world.clocks(), statutory_steps(), world.by());
    }
    [[nodiscard]] std::vector<ScheduledStep> due(UtcTime now,
                                                 const std::set<StepId>& done = {}) const {
        return due_steps(steps(), done, now);
    }

    Deadline decision = deadline_of(3, TimeUnit::day, kRolling);
    ClockWorld world{"2020-09-30 09:00"};
};

std::string deeds(const std::vector<ScheduledStep>& steps) {
    const std::vector<std::string> words{"remind", "overdue", "urge", "supervise", "list"};
    std::string out;
    for (const ScheduledStep& step : steps) out += words[static_cast<std::size_t>(step.deed)] + ' ';
    return out;
}

}  // namespace

TEST_SUITE("escalation steps") {
    TEST_CASE_FIXTURE(Received, "each step has the time that the charter gives it") {
        const std::vector<ScheduledStep> all = steps().steps;
        REQUIRE(all.size() == 4);
        CHECK(all[0].at == at("2020-10-09 16:00"));
        CHECK(all[1].at == end_of("2020-10-09"));
        CHECK(all[2].at == end_of("2020-10-10"));  // the Saturday is worked
        CHECK(all[3].at == end_of("2020-10-13"));
        CHECK(deeds(all) == "remind overdue urge supervise ");
    }

    TEST_CASE_FIXTURE(Received, "a step is due after its moment and not at it") {
        CHECK(due(at("2020-10-09 16:00")).empty());
        CHECK(deeds(due(at("2020-10-09 16:00") + kTick)) == "remind ");
        CHECK(deeds(due(end_of("2020-10-09"))) == "remind ");
        CHECK(deeds(due(end_of("2020-10-09") + kTick)) == "remind overdue ");
    }

    TEST_CASE_FIXTURE(Received, "whoever was away does each once and in order") {
        std::set<StepId> done;
        for (const ScheduledStep& step : due(at("2020-10-09 18:00"))) done.insert(step.id);
        const std::vector<ScheduledStep> missed = due(at("2020-11-30 12:00"), done);
        CHECK(deeds(missed) == "overdue urge supervise ");
        CHECK(missed[0].at == end_of("2020-10-09"));
        for (const ScheduledStep& step : missed) done.insert(step.id);
        CHECK(due(at("2021-06-01 12:00"), done).empty());
        CHECK_FALSE(next_step_at(steps(), done).has_value());
    }

    TEST_CASE_FIXTURE(Received, "the next look is at the first step that is not done") {
        CHECK(next_step_at(steps(), {}) == at("2020-10-09 16:00"));
        const StepId reminder = due(at("2020-10-09 18:00"))[0].id;
        CHECK(next_step_at(steps(), {reminder}) == end_of("2020-10-09"));
    }

    TEST_CASE_FIXTURE(Received, "an answer takes away what comes after it and nothing before") {
        world.answered(7, at("2020-10-09 17:00"));
        CHECK(deeds(due(at("2020-12-01 00:00"))) == "remind ");
        Received late;
        late.world.answered(7, at("2020-10-12 09:00"));
        CHECK(deeds(late.due(at("2020-12-01 00:00"))) == "remind overdue urge ");
    }

    TEST_CASE_FIXTURE(Received, "an answer at the limit's very moment leaves nobody overdue") {
        world.answered(7, end_of("2020-10-09"));
        CHECK(deeds(due(at("2020-12-01 00:00"))) == "remind ");
        CHECK_FALSE(
            clock_marks(world.clocks(), steps(), at("2020-12-01 00:00")).has(Mark::overdue));
    }

    TEST_CASE_FIXTURE(Received,
                      "steps passed while an answer stood fall due when it is taken back") {
        world.answered(7, at("2020-10-09 12:00"));
        CHECK(due(at("2020-10-12 00:00")).empty());
        REQUIRE(note_reversal(world.history, LogIndex(7), at("2020-10-12 10:00")) ==
                Reversal::last_answer);
        CHECK(due(at("2020-10-12 10:00")).empty());
        const std::vector<ScheduledStep> again = due(at("2020-10-12 10:00") + kTick);
        CHECK(deeds(again) == "remind overdue urge ");
        CHECK(again[1].at == end_of("2020-10-09"));
        CHECK(again[1].falls_due == at("2020-10-12 10:00"));
    }

    TEST_CASE_FIXTURE(Received, "withdrawing the notice ends its steps") {
        note_act(world.history, LifecycleAct::withdrawn, at("2020-10-10 09:00"));
        CHECK(deeds(due(at("2020-12-01 00:00"))) == "remind overdue ");
    }

    TEST_CASE_FIXTURE(Received, "a limit that was moved has its steps anew and the old ones end") {
        note_extension(world.history, {LogIndex(8),
                                       at("2020-10-12 09:00"),
                                       end_of("2020-10-20"),
                                       {{ClockId::Purpose::reply, 0, {}}}});
        const std::vector<ScheduledStep> all = due(at("2020-12-01 00:00"));
        CHECK(deeds(all) == "remind overdue urge remind overdue urge supervise ");
        CHECK(all[3].at == at("2020-10-20 16:00"));
        CHECK(all[3].id.limit == 1);
        CHECK(all[6].at == end_of("2020-10-23"));
        // Between the limits it runs, and nothing is near.
        CHECK(clock_marks(world.clocks(), steps(), at("2020-10-15 09:00")) == Marks(Mark::overdue));
        CHECK(clock_marks(world.clocks(), steps(), at("2020-10-20 17:00")) ==
              (Mark::overdue | Mark::due_soon));
    }

    TEST_CASE_FIXTURE(Received, "what is not owed has no steps") {
        world.terms[1].owed = false;
        CHECK(due(at("2020-12-01 00:00")).empty());
    }

    TEST_CASE("a unit that is switched off is overdue for the receipt and for the answer") {
        const Deadline decision = deadline_of(3, TimeUnit::day, kRolling);
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        world.reply(decision);
        const Schedule steps = schedule(world.clocks(), statutory_steps(), world.by());
        // Receipt due on the 15th; the answer counts from there and is due on the 18th.
        const std::vector<ScheduledStep> due = due_steps(steps, {}, at("2020-09-22 00:00") + kTick);
        CHECK(deeds(due) == "remind overdue urge remind supervise overdue urge ");
        CHECK(due[4].id.clock.purpose == ClockId::Purpose::receipt);
        CHECK(due[5].id.clock.purpose == ClockId::Purpose::reply);
        CHECK(due[5].at == end_of("2020-09-18"));
        CHECK(clock_marks(world.clocks(), steps, end_of("2020-09-15")) == Marks(Mark::due_soon));
        CHECK(clock_marks(world.clocks(), steps, end_of("2020-09-15") + kTick).has(Mark::overdue));
    }

    TEST_CASE_FIXTURE(Received, "a limit is near between its reminder and its end") {
        const auto near = [this](UtcTime now) {
            return clock_marks(world.clocks(), steps(), now).has(Mark::due_soon);
        };
        CHECK_FALSE(near(at("2020-10-09 16:00")));
        CHECK(near(at("2020-10-09 16:00") + kTick));
        CHECK(near(end_of("2020-10-09")));
        CHECK_FALSE(near(end_of("2020-10-09") + kTick));
        world.answered(7, at("2020-10-09 20:00"));
        CHECK_FALSE(near(at("2020-10-09 21:00")));
    }

    TEST_CASE("a step whose year nobody has published waits with a fault that says so") {
        const Deadline until = deadline_of(2, TimeUnit::day);
        ClockWorld world("2021-12-29 10:00");
        world.reply(until, ClockStart::logged);
        const Schedule steps = schedule(world.clocks(), statutory_steps(), world.by());
        CHECK(steps.steps.size() == 2);
        REQUIRE(steps.faults.size() == 2);
        CHECK(steps.faults[0].code == Errc::calendar_missing);
        CHECK(steps.faults[0].place == "steps[2]");
        CHECK(steps.faults[0].explanation.find("2022") != std::string::npos);
    }
}
