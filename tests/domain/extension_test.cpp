#include "domain/extension.hpp"

#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

/// Signed for on Monday, 14 September 2020, and to be answered within 10 working days: on the 27th,
/// a Sunday that is worked, the tenth.
struct Asked {
    explicit Asked(Deadline by_deadline = deadline_of(10, TimeUnit::working_day, FreeDayRule::none,
                                                      Duration{10, TimeUnit::working_day}))
        : deadline(std::move(by_deadline)) {
        world.receipt().signed_for("2020-09-14 10:00");
        world.reply(deadline);
    }

    [[nodiscard]] std::string check(UtcTime new_due, bool quotes_basis = false,
                                    std::string_view now = "2020-09-16 10:00") const {
        const Checked<ClockId> may = check_extension(world.reply_clock(), world.terms.back(),
                                                     {new_due, quotes_basis}, at(now), world.by());
        if (may) return "";
        return std::string(code(may.error().code)) + ' ' + may.error().place;
    }

    void move(std::uint64_t index, std::string_view when, UtcTime new_due) {
        note_extension(world.history,
                       {LogIndex(index), at(when), new_due, {{ClockId::Purpose::reply, 0, {}}}});
    }

    Deadline deadline;
    ClockWorld world{"2020-09-14 09:00"};
};

}  // namespace

TEST_SUITE("extensions") {
    // Working days after 14 September: 15, 16, 17, 18, 21, 22, 23, 24, 25, 27. Ten more: 28, 29,
    // 30, then 9, 10 and 12 to 16 October.
    TEST_CASE("a limit is moved at most by what the charter says from the first limit") {
        const Asked asked;
        CHECK(due_day(asked.world.reply_clock()) == "2020-09-27");
        CHECK(asked.check(end_of("2020-10-16")).empty());
        CHECK(asked.check(end_of("2020-10-16") + std::chrono::milliseconds(1)) ==
              "extension_too_long new_due");
        CHECK(asked.check(end_of("2020-09-27")) == "bad_value new_due");
        CHECK(asked.check(end_of("2020-09-27") + std::chrono::milliseconds(1)).empty());
    }

    TEST_CASE("a second extension counts from the first limit too") {
        Asked asked;
        asked.move(8, "2020-09-16 10:00", end_of("2020-10-12"));
        CHECK(due_day(asked.world.reply_clock()) == "2020-10-12");
        CHECK(asked.check(end_of("2020-10-16"), false, "2020-09-20 10:00").empty());
        CHECK(asked.check(end_of("2020-10-17"), false, "2020-09-20 10:00") ==
              "extension_too_long new_due");
        CHECK(asked.check(end_of("2020-10-12"), false, "2020-09-20 10:00") == "bad_value new_due");
    }

    TEST_CASE("a limit that the charter does not let be moved stays") {
        const Asked fixed(deadline_of(10, TimeUnit::working_day));
        CHECK(fixed.check(end_of("2020-09-28")) == "extension_not_allowed new_due");
        Asked named;
        named.world.terms.back().named = on("2020-09-27");
        CHECK(named.check(end_of("2020-09-28")) == "extension_not_allowed new_due");
    }

    TEST_CASE("a statutory limit is moved only with a quoted basis") {
        const Asked asked(deadline_of(1, TimeUnit::month, kRolling, Duration{15, TimeUnit::day},
                                      Strength::statutory));
        CHECK(due_day(asked.world.reply_clock()) == "2020-10-14");
        CHECK(asked.check(end_of("2020-10-29")) == "basis_required legal_basis");
        CHECK(asked.check(end_of("2020-10-29"), true).empty());
        CHECK(asked.check(end_of("2020-10-30"), true) == "extension_too_long new_due");
    }

    TEST_CASE("hours are extended by hours from the limit's moment") {
        const Asked asked(
            deadline_of(24, TimeUnit::hour, FreeDayRule::none, Duration{12, TimeUnit::hour}));
        CHECK(asked.check(at("2020-09-15 22:00"), false, "2020-09-14 20:00").empty());
        CHECK(asked.check(at("2020-09-15 22:01"), false, "2020-09-14 20:00") ==
              "extension_too_long new_due");
    }

    TEST_CASE("only a clock that runs is moved") {
        Asked asked;
        CHECK(asked.check(end_of("2020-10-09"), false, "2020-09-14 09:30") ==
              "extension_not_allowed new_due");  // not started
        // Overdue it still runs.
        CHECK(asked.check(end_of("2020-10-09"), false, "2020-09-29 10:00").empty());
        asked.world.answered(7, at("2020-09-15 10:00"));
        CHECK(asked.check(end_of("2020-10-09")) == "extension_not_allowed new_due");
        Asked declined;
        note_act(declined.world.history, LifecycleAct::declined, at("2020-09-15 10:00"));
        CHECK(declined.check(end_of("2020-10-09")) == "extension_not_allowed new_due");
    }

    TEST_CASE("an answer is judged by the limit in force when it is logged") {
        Asked asked;
        asked.move(8, "2020-09-29 10:00", end_of("2020-10-12"));
        asked.world.answered(9, at("2020-10-12 09:00"));
        const LimitClock clock = asked.world.reply_clock();
        CHECK_FALSE(clock.stops[0].late);
        // It went over the first limit before that was moved.
        CHECK(overdue_since(clock) == end_of("2020-09-27"));
    }

    TEST_CASE("a decision taken back moves the limit back from then on") {
        Asked asked;
        asked.move(8, "2020-09-16 10:00", end_of("2020-10-12"));
        REQUIRE(note_reversal(asked.world.history, LogIndex(8), at("2020-09-29 10:00")) ==
                Reversal::extension);
        const LimitClock clock = asked.world.reply_clock();
        CHECK(due_day(clock) == "2020-09-27");
        CHECK(clock.limits.size() == 3);
        CHECK(overdue_since(clock) == at("2020-09-29 10:00"));
        CHECK(limit_at(clock, at("2020-09-28 10:00"))->limit.due.at == end_of("2020-10-12"));
    }

    TEST_CASE("a decision moves the open limits of answers that may be moved and no other") {
        const Deadline open = deadline_of(10, TimeUnit::working_day, FreeDayRule::none,
                                          Duration{10, TimeUnit::working_day});
        const Deadline fixed = deadline_of(3, TimeUnit::working_day);
        ClockWorld world("2020-09-14 09:00");
        world.receipt().signed_for("2020-09-14 10:00");
        world.reply(fixed);
        world.reply(open);
        world.reply(open).owed = false;
        world.reply(open);
        world.answered(7, at("2020-09-15 10:00"), {3});
        const ExtensionGrant grant{end_of("2020-10-12"), false};
        const auto moved = [&] {
            return clocks_moved_by(world.clocks(), world.terms, grant, at("2020-09-16 10:00"),
                                   world.by());
        };
        CHECK(*moved() == std::vector<ClockId>{{ClockId::Purpose::reply, 1, {}}});
        world.answered(8, at("2020-09-15 11:00"), {1});
        // What stands against the one that still runs.
        CHECK(moved().error().code == Errc::extension_not_allowed);
        CHECK(moved().error().explanation.find("charter") != std::string::npos);
        world.answered(9, at("2020-09-15 12:00"), {0});
        CHECK(moved().error().code == Errc::extension_not_allowed);
        CHECK(moved().error().explanation.find("no clock runs") != std::string::npos);
    }
}
