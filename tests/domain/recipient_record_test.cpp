#include "domain/recipient_record.hpp"

#include "domain/escalation_steps.hpp"
#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

Kind kind_that_asks(bool taking_up) {
    Kind kind;
    kind.accept.required = taking_up;
    kind.accept.decline = DeclineRule::with_reason;
    return kind;
}

/// A notice of 14 September 2020 with a receipt's clock and two for answers.
struct Recorded {
    Recorded() {
        world.receipt();
        world.reply(three_days);
        world.reply(three_days);
    }

    [[nodiscard]] std::vector<LimitClock> clocks() const {
        return run_clocks(world.terms, record.history, world.by());
    }
    void act(LifecycleAct act, std::string_view when, Party by = Party::recipient) {
        record = *after_act(record, {act, by, kind, Addressed::to, true}, at(when));
    }
    [[nodiscard]] Result<RecipientRecord> with_answer(std::uint64_t index, UtcTime when,
                                                      std::uint16_t reply) const {
        AnswerFact fact{LogIndex(index), when, {{ClockId::Purpose::reply, reply, {}}}};
        return after_satisfying_answer(record, std::move(fact), clocks(), kind, Addressed::to);
    }
    [[nodiscard]] bool settled(std::string_view when) const {
        return is_settled(record, clocks(), kind, Addressed::to, at(when));
    }

    Deadline three_days = deadline_of(3, TimeUnit::day, kRolling);
    ClockWorld world{"2020-09-14 10:00"};
    Kind kind = kind_that_asks(false);
    RecipientRecord record = logged_record(at("2020-09-14 10:00"));
};

}  // namespace

TEST_SUITE("recipient records") {
    TEST_CASE_FIXTURE(Recorded, "an act counts in the standing and in the clocks") {
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        CHECK(record.standing.state.stage() == Stage::signed_for);
        CHECK(record.history.signed_for_at == at("2020-09-14 11:00"));
        CHECK(record.history.delivered_at == at("2020-09-14 11:00"));
        const Result<RecipientRecord> twice = after_act(
            record, {LifecycleAct::signed_for, Party::recipient, kind, Addressed::to, false},
            at("2020-09-15 11:00"));
        CHECK(twice.error() == Errc::act_out_of_order);
    }

    TEST_CASE_FIXTURE(Recorded, "an answer in time is in time and one too late is marked") {
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        const RecipientRecord in_time = *with_answer(7, end_of("2020-09-17"), 0);
        CHECK(in_time.standing.state.stage() == Stage::replied);
        CHECK(in_time.standing.marks.empty());
        const UtcTime after = end_of("2020-09-17") + std::chrono::milliseconds(1);
        CHECK(with_answer(7, after, 0)->standing.marks == Marks(Mark::answered_late));
    }

    TEST_CASE_FIXTURE(Recorded, "a further answer to what is answered in time is not late") {
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        record = *with_answer(7, at("2020-09-16 10:00"), 0);
        record = *with_answer(8, at("2020-09-21 10:00"), 0);
        CHECK(record.standing.marks.empty());
        record = after_reversal(record, LogIndex(7), kind, at("2020-09-22 10:00"));
        CHECK(record.standing.state.stage() == Stage::replied);
        // Now it counts, and it came after the limit.
        const Schedule none;
        const Marks marks = clock_marks(clocks(), none, at("2020-09-22 10:00"));
        record = with_clock_marks(record, marks, kind, Addressed::to);
        CHECK(record.standing.marks.has(Mark::answered_late));
    }

    TEST_CASE_FIXTURE(Recorded, "nothing is owed when every clock stopped and not before") {
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        CHECK_FALSE(settled("2020-09-14 12:00"));
        record = *with_answer(7, at("2020-09-15 10:00"), 0);
        CHECK_FALSE(settled("2020-09-15 10:00"));
        record = *with_answer(8, at("2020-09-15 11:00"), 1);
        CHECK(settled("2020-09-15 11:00"));
        CHECK_FALSE(is_settled(record, clocks(), kind, Addressed::cc, at("2020-09-15 11:00")));
        act(LifecycleAct::settled, "2020-09-15 11:00", Party::hub);
        CHECK(record.standing.state.stage() == Stage::closed);
        CHECK_FALSE(settled("2020-09-15 11:00"));
    }

    TEST_CASE_FIXTURE(Recorded, "what must be taken up is not settled by signing for it") {
        kind = kind_that_asks(true);
        world.terms.resize(1);
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        CHECK_FALSE(settled("2020-09-14 12:00"));
        act(LifecycleAct::taken_up, "2020-09-14 12:00");
        CHECK(settled("2020-09-14 12:00"));
    }

    TEST_CASE_FIXTURE(Recorded, "declined nothing more is owed and that is not a refusal") {
        kind = kind_that_asks(true);
        act(LifecycleAct::declined, "2020-09-14 11:00");
        CHECK(settled("2020-09-14 11:00"));
        CHECK(record.standing.state.stage() == Stage::declined);
        CHECK(clock_marks(clocks(), {}, at("2020-12-14 11:00")).empty());
    }

    TEST_CASE_FIXTURE(Recorded,
                      "an answer after declining is not late for a clock that has ended") {
        kind = kind_that_asks(true);
        act(LifecycleAct::declined, "2020-09-14 11:00");
        record = *with_answer(7, at("2020-09-21 10:00"), 0);
        CHECK(record.standing.marks.empty());
        CHECK(clock_marks(clocks(), {}, at("2020-12-14 11:00")).empty());
    }

    TEST_CASE_FIXTURE(Recorded, "the last answer taken back opens the notice again") {
        record = *with_answer(7, at("2020-09-15 10:00"), 0);
        record = *with_answer(8, at("2020-09-15 11:00"), 1);
        act(LifecycleAct::settled, "2020-09-15 11:00", Party::hub);
        record = after_reversal(record, LogIndex(7), kind, at("2020-09-16 10:00"));
        // One answer stands, and the other's clock runs again.
        CHECK(record.standing.state.stage() == Stage::replied);
        CHECK(any_owed(clocks(), at("2020-09-16 10:00")));
        record = after_reversal(record, LogIndex(8), kind, at("2020-09-16 11:00"));
        CHECK(record.standing.state.stage() == Stage::signed_for);
        CHECK(any_owed(clocks(), at("2020-09-16 11:00")));
        // Another notice's correction, and the same one again, change nothing.
        CHECK(after_reversal(record, LogIndex(99), kind, at("2020-09-17 10:00")) == record);
        CHECK(after_reversal(record, LogIndex(8), kind, at("2020-09-17 10:00")) == record);
    }

    TEST_CASE_FIXTURE(Recorded, "an answer taken back opens nothing that another one stops") {
        world.terms.resize(2);
        record = *with_answer(7, at("2020-09-15 10:00"), 0);
        record = *with_answer(8, at("2020-09-15 11:00"), 0);
        act(LifecycleAct::settled, "2020-09-15 11:00", Party::hub);
        record = after_reversal(record, LogIndex(7), kind, at("2020-09-16 10:00"));
        CHECK(record.standing.state.stage() == Stage::closed);
        CHECK_FALSE(any_owed(clocks(), at("2020-09-16 10:00")));
    }

    TEST_CASE_FIXTURE(Recorded, "a withdrawn notice is answered by nobody and opened by nothing") {
        record = *with_answer(7, at("2020-09-15 10:00"), 0);
        act(LifecycleAct::withdrawn, "2020-09-16 10:00", Party::sender);
        CHECK(with_answer(8, at("2020-09-17 10:00"), 1).error() == Errc::act_out_of_order);
        record = after_reversal(record, LogIndex(7), kind, at("2020-09-18 10:00"));
        CHECK(record.standing.state.stage() == Stage::closed);
        CHECK_FALSE(any_owed(clocks(), at("2020-12-18 10:00")));
        ExtensionFact fact{LogIndex(9), at("2020-09-18 10:00"), end_of("2020-09-20"), {}};
        CHECK(after_extension(record, fact, kind, Addressed::to).error() == Errc::act_out_of_order);
    }

    TEST_CASE_FIXTURE(Recorded, "an extension is marked and its taking back leaves the mark") {
        act(LifecycleAct::signed_for, "2020-09-14 11:00");
        ExtensionFact fact{LogIndex(9),
                           at("2020-09-15 10:00"),
                           end_of("2020-09-25"),
                           {{ClockId::Purpose::reply, 0, {}}}};
        CHECK(after_extension(record, fact, kind, Addressed::cc).error() == Errc::act_not_allowed);
        record = *after_extension(record, fact, kind, Addressed::to);
        CHECK(record.standing.marks == Marks(Mark::extended));
        CHECK(due_day(clocks()[1]) == "2020-09-25");
        CHECK(due_day(clocks()[2]) == "2020-09-17");
        record = after_reversal(record, LogIndex(9), kind, at("2020-09-16 10:00"));
        CHECK(record.standing.marks == Marks(Mark::extended));
        CHECK(due_day(clocks()[1]) == "2020-09-17");
    }

    TEST_CASE_FIXTURE(Recorded, "marks come from the clocks and due soon goes with them") {
        record = with_clock_marks(record, Mark::due_soon | Mark::overdue, kind, Addressed::to);
        CHECK(record.standing.marks == (Mark::due_soon | Mark::overdue));
        record = with_clock_marks(record, {}, kind, Addressed::to);
        CHECK(record.standing.marks == Marks(Mark::overdue));
        CHECK(with_clock_marks(logged_record({}), Mark::overdue, kind, Addressed::cc) ==
              logged_record({}));
    }
}
