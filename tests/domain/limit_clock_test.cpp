#include "domain/limit_clock.hpp"

#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::testing;

// September 2020: the 14th is a Monday. Every receipt is due within a working day from logged.

TEST_SUITE("limit clocks") {
    const Deadline kDays3 = deadline_of(3, TimeUnit::day, kRolling);
    const Deadline kHours24 = deadline_of(24, TimeUnit::hour);
    const Deadline kWorking3 = deadline_of(3, TimeUnit::working_day);

    TEST_CASE("three days from signing before the National Day end on its first working day") {
        const Deadline stays = deadline_of(3, TimeUnit::day);
        ClockWorld world("2020-09-30 09:00");
        world.receipt().signed_for("2020-09-30 10:00");
        world.reply(kDays3);
        world.reply(stays);
        world.reply(kWorking3);
        CHECK(due_day(world.reply_clock(0)) == "2020-10-09");
        CHECK(due_day(world.reply_clock(1)) == "2020-10-03");
        CHECK(due_day(world.reply_clock(2)) == "2020-10-12");
        CHECK(world.reply_clock(0).limits[0].limit.due.at == end_of("2020-10-09"));
        CHECK(due_day(world.receipt_clock()) == "2020-10-09");
    }

    TEST_CASE("the receipt's clock starts when the hub logs the notice") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        CHECK(world.receipt_clock().start == MomentOrDay(at("2020-09-14 10:00")));
        CHECK(due_day(world.receipt_clock()) == "2020-09-15");
        CHECK(status_at(world.receipt_clock(), at("2020-09-14 10:00")) == ClockStatus::running);
        CHECK(overdue_since(world.receipt_clock()) == end_of("2020-09-15"));
        // Friday before the Sunday that is worked.
        ClockWorld make_up("2020-09-25 10:00");
        make_up.receipt();
        CHECK(due_day(make_up.receipt_clock()) == "2020-09-27");
    }

    TEST_CASE("a clock from signing starts at the latest when the receipt was due") {
        ClockWorld early("2020-09-14 10:00");
        early.receipt().signed_for("2020-09-14 11:00");
        early.reply(kDays3);
        CHECK(due_day(early.reply_clock()) == "2020-09-17");
        CHECK_FALSE(early.reply_clock().presumed);

        ClockWorld never("2020-09-14 10:00");
        never.receipt();
        never.reply(kDays3);
        CHECK(due_day(never.reply_clock()) == "2020-09-18");
        CHECK(never.reply_clock().presumed);
        CHECK(never.reply_clock().start == MomentOrDay(on("2020-09-15")));

        ClockWorld late = never;
        late.signed_for("2020-09-17 09:00");
        CHECK(due_day(late.reply_clock()) == "2020-09-18");
        CHECK(late.reply_clock().presumed);

        ClockWorld last_moment = never;
        last_moment.signed_for("2020-09-15 23:59");
        CHECK(due_day(last_moment.reply_clock()) == "2020-09-18");
        CHECK_FALSE(last_moment.reply_clock().presumed);

        // 24:00 of the 15th is not the 16th.
        ClockWorld at_midnight = never;
        at_midnight.signed_for("2020-09-16 00:00");
        CHECK(due_day(at_midnight.reply_clock()) == "2020-09-18");
        CHECK_FALSE(at_midnight.receipt_clock().stops[0].late);
    }

    TEST_CASE("hours from a receipt that was due run from that midnight") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        world.reply(kHours24);
        CHECK(world.reply_clock().start == MomentOrDay(end_of("2020-09-15")));
        CHECK(world.reply_clock().limits[0].limit.due.at == end_of("2020-09-16"));
        world.signed_for("2020-09-15 16:20");
        CHECK(world.reply_clock().limits[0].limit.due.at == at("2020-09-16 16:20"));
    }

    TEST_CASE("a clock from delivery starts at the latest when the receipt was due") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        world.reply(kWorking3, ClockStart::delivered);
        CHECK(due_day(world.reply_clock()) == "2020-09-18");
        note_act(world.history, LifecycleAct::delivered, at("2020-09-14 10:01"));
        CHECK(due_day(world.reply_clock()) == "2020-09-17");
    }

    TEST_CASE("without a receipt's limit a clock waits for the signing") {
        ClockWorld world("2020-09-14 10:00");
        world.reply(kDays3);
        CHECK(due_day(world.reply_clock()) == "none");
        CHECK(status_at(world.reply_clock(), at("2020-12-01 00:00")) == ClockStatus::not_started);
        CHECK_FALSE(overdue_since(world.reply_clock()).has_value());
        CHECK(any_owed(world.clocks(), at("2020-12-01 00:00")));
        world.signed_for("2020-09-21 09:00");
        CHECK(due_day(world.reply_clock()) == "2020-09-24");
    }

    TEST_CASE("before its start a clock does not run") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        world.reply(kDays3);
        CHECK(status_at(world.reply_clock(), at("2020-09-15 12:00")) == ClockStatus::not_started);
        CHECK(status_at(world.reply_clock(), end_of("2020-09-15")) == ClockStatus::running);
    }

    TEST_CASE("a date in a field counts as that day and an absent one starts nothing") {
        ClockWorld world("2020-09-14 10:00");
        ClockTerms& dated = world.reply(kDays3, ClockStart::fixed);
        dated.start = on("2020-09-10");
        CHECK(due_day(world.reply_clock()) == "2020-09-14");  // Sunday the 13th rolls
        world.reply(kDays3, ClockStart::never);
        CHECK(due_day(world.reply_clock(1)) == "none");
        CHECK(status_at(world.reply_clock(1), at("2021-12-01 00:00")) == ClockStatus::not_started);
        world.answered(7, at("2020-09-20 10:00"), {1});
        CHECK(status_at(world.reply_clock(1), at("2020-09-20 10:00")) == ClockStatus::satisfied);
        CHECK_FALSE(world.reply_clock(1).stops[0].late);
    }

    TEST_CASE("a limit that was over before the notice was logged is overdue from then on") {
        ClockWorld world("2020-09-14 10:00");
        ClockTerms& dated = world.reply(kDays3, ClockStart::fixed);
        dated.start = on("2020-09-01");
        CHECK(due_day(world.reply_clock()) == "2020-09-04");
        CHECK(overdue_since(world.reply_clock()) == at("2020-09-14 10:00"));
    }

    TEST_CASE("a limit that the notice names is that day at 24:00 or that moment") {
        ClockWorld world("2020-09-14 10:00");
        world.reply(kDays3, ClockStart::logged).named = on("2020-10-03");
        world.reply(kDays3, ClockStart::logged).named = at("2020-09-20 17:30");
        CHECK(world.reply_clock(0).limits[0].limit.due.at == end_of("2020-10-03"));
        CHECK(world.reply_clock(1).limits[0].limit.due.at == at("2020-09-20 17:30"));
    }

    TEST_CASE("an answer logged at the limit is in time and one a millisecond later is not") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt().signed_for("2020-09-14 11:00");
        world.reply(kDays3);
        ClockWorld later = world;
        world.answered(7, end_of("2020-09-17"));
        CHECK(satisfied_by(world.reply_clock())->answer == LogIndex(7));
        CHECK_FALSE(world.reply_clock().stops[0].late);
        CHECK_FALSE(overdue_since(world.reply_clock()).has_value());
        later.answered(7, end_of("2020-09-17") + std::chrono::milliseconds(1));
        CHECK(later.reply_clock().stops[0].late);
        CHECK(overdue_since(later.reply_clock()) == end_of("2020-09-17"));
    }

    TEST_CASE("an answer is a receipt too and stops no clock but those it is for") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        world.reply(kDays3);
        world.reply(kWorking3);
        world.answered(7, at("2020-09-15 09:00"), {1});
        const UtcTime now = at("2020-09-15 10:00");
        CHECK(status_at(world.receipt_clock(), now) == ClockStatus::satisfied);
        CHECK(status_at(world.reply_clock(0), now) == ClockStatus::running);
        CHECK(status_at(world.reply_clock(1), now) == ClockStatus::satisfied);
        CHECK(due_day(world.reply_clock(0)) == "2020-09-18");
        CHECK(any_owed(world.clocks(), now));
    }

    TEST_CASE("a receipt signed for too late is late and no clock runs on for it") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt().signed_for("2020-09-16 00:01");
        CHECK(world.receipt_clock().stops[0].late);
        CHECK(overdue_since(world.receipt_clock()) == end_of("2020-09-15"));
        CHECK_FALSE(any_owed(world.clocks(), at("2020-09-16 00:01")));
    }

    TEST_CASE("an answer taken back lets the clock run again with its old limit") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt().signed_for("2020-09-14 11:00");
        world.reply(kDays3);
        world.answered(7, at("2020-09-16 10:00"));
        CHECK(note_reversal(world.history, LogIndex(7), at("2020-09-21 10:00")) ==
              Reversal::last_answer);
        const LimitClock clock = world.reply_clock();
        CHECK(due_day(clock) == "2020-09-17");
        CHECK(clock.runs == std::vector<ClockRun>{{at("2020-09-14 11:00"), at("2020-09-16 10:00")},
                                                  {at("2020-09-21 10:00"), std::nullopt}});
        CHECK(status_at(clock, at("2020-09-21 10:00")) == ClockStatus::running);
        // It was in time while it stood; the clock is overdue since it runs again.
        CHECK_FALSE(clock.stops[0].late);
        CHECK(overdue_since(clock) == at("2020-09-21 10:00"));
        // That it was received stays.
        CHECK(status_at(world.receipt_clock(), at("2020-09-21 10:00")) == ClockStatus::satisfied);
        CHECK(note_reversal(world.history, LogIndex(7), at("2020-09-22 10:00")) ==
              Reversal::nothing);
        CHECK(note_reversal(world.history, LogIndex(8), at("2020-09-22 10:00")) ==
              Reversal::nothing);
    }

    TEST_CASE("a second answer keeps the clock stopped when the first is taken back") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt().signed_for("2020-09-14 11:00");
        world.reply(kDays3);
        world.answered(7, at("2020-09-16 10:00")).answered(9, at("2020-09-20 10:00"));
        CHECK_FALSE(world.reply_clock().stops[1].late);  // the first one stands
        CHECK(note_reversal(world.history, LogIndex(7), at("2020-09-21 10:00")) ==
              Reversal::answer);
        const LimitClock clock = world.reply_clock();
        CHECK(status_at(clock, at("2020-09-21 10:00")) == ClockStatus::satisfied);
        CHECK(satisfied_by(clock)->answer == LogIndex(9));
        CHECK(clock.runs.size() == 1);
        // The one that counts now came after the limit.
        CHECK(clock.stops[1].late);
    }

    TEST_CASE("declining and withdrawing end what is owed and stop nothing before") {
        for (const LifecycleAct act : {LifecycleAct::declined, LifecycleAct::withdrawn,
                                       LifecycleAct::corrected, LifecycleAct::closed_by_sender}) {
            CAPTURE(static_cast<int>(act));
            ClockWorld world("2020-09-14 10:00");
            world.receipt().signed_for("2020-09-14 11:00");
            world.reply(kDays3);
            world.reply(kDays3);
            world.answered(7, at("2020-09-15 10:00"), {1});
            note_act(world.history, act, at("2020-09-16 10:00"));
            world.answered(8, at("2020-09-17 10:00"), {0});
            const UtcTime now = at("2020-09-30 10:00");
            CHECK(status_at(world.reply_clock(0), now) == ClockStatus::ended);
            CHECK(status_at(world.reply_clock(1), now) == ClockStatus::satisfied);
            CHECK_FALSE(overdue_since(world.reply_clock(0)).has_value());
            CHECK_FALSE(any_owed(world.clocks(), now));
        }
    }

    TEST_CASE("taking up and opening stop no reply's clock") {
        for (const LifecycleAct act : {LifecycleAct::taken_up, LifecycleAct::opened,
                                       LifecycleAct::interim_answer, LifecycleAct::invalid}) {
            ClockWorld world("2020-09-14 10:00");
            world.receipt().signed_for("2020-09-14 11:00");
            world.reply(kDays3);
            const LimitClock before = world.reply_clock();
            note_act(world.history, act, at("2020-09-15 10:00"));
            CHECK(world.reply_clock() == before);
        }
    }

    TEST_CASE("an interim answer is not even a receipt") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt();
        const LimitClock before = world.receipt_clock();
        note_act(world.history, LifecycleAct::interim_answer, at("2020-09-15 10:00"));
        CHECK(world.receipt_clock() == before);
        note_act(world.history, LifecycleAct::taken_up, at("2020-09-15 11:00"));
        CHECK(status_at(world.receipt_clock(), at("2020-09-15 11:00")) == ClockStatus::satisfied);
    }

    TEST_CASE("what is not owed is never overdue but can be answered late") {
        ClockWorld world("2020-09-14 10:00");
        world.receipt().signed_for("2020-09-14 11:00");
        world.reply(kHours24).owed = false;
        CHECK_FALSE(any_owed(world.clocks(), at("2020-09-20 00:00")));
        CHECK_FALSE(overdue_since(world.reply_clock()).has_value());
        world.answered(7, at("2020-09-15 11:01"));
        CHECK(world.reply_clock().stops[0].late);
    }

    TEST_CASE("a year without a calendar is a fault of the clocks that need it and of no other") {
        ClockWorld world("2021-12-31 10:00");
        world.receipt();
        world.reply(kDays3);
        ClockTerms& named = world.reply(kDays3, ClockStart::logged);
        named.named = on("2022-03-01");
        CHECK(due_day(world.receipt_clock()) == "calendar_missing");
        CHECK(due_day(world.reply_clock(0)) == "calendar_missing");
        CHECK(world.reply_clock(0).fault->explanation.find("2022") != std::string::npos);
        CHECK(due_day(world.reply_clock(1)) == "2022-03-01");
        CHECK(any_owed(world.clocks(), at("2022-06-01 00:00")));
    }

    TEST_CASE("hours that start on a date are a fault and no midnight by guess") {
        ClockWorld world("2020-09-14 10:00");
        world.reply(kHours24, ClockStart::fixed).start = on("2020-09-14");
        CHECK(due_day(world.reply_clock()) == "bad_time");
    }
}
