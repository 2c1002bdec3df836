#include "domain/expression_times.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;

TEST_SUITE("times in charters") {
    TEST_CASE("a limit is a deadline or a field or a column") {
        CHECK(*parse_within("reply_10wd") == Within{Within::Source::deadline, "reply_10wd"});
        CHECK(*parse_within("field:due") == Within{Within::Source::field, "due"});
        CHECK(*parse_within("row:due") == Within{Within::Source::row, "due"});
        for (const std::string_view text :
             {"", "field:", "row:", "field:Due", "field: due", "rows:due", "field:field:due",
              "field:not", "10wd", "a b", "field:due "}) {
            CAPTURE(text);
            CHECK(parse_within(text).error() == Errc::bad_expression);
        }
    }

    TEST_CASE("a step is taken at the due time or some hours or days from it") {
        using StepUnit = EscalationTime::Unit;
        CHECK(*parse_escalation_time("due") == EscalationTime{0, StepUnit::hours});
        CHECK(*parse_escalation_time("due-8h") == EscalationTime{-8, StepUnit::hours});
        CHECK(*parse_escalation_time("due+3d") == EscalationTime{3, StepUnit::days});
        CHECK(*parse_escalation_time("due+10wd") == EscalationTime{10, StepUnit::working_days});
        CHECK(*parse_escalation_time("due-0h") == EscalationTime{0, StepUnit::hours});
        CHECK(*parse_escalation_time("due+9999h") == EscalationTime{9999, StepUnit::hours});
        for (const std::string_view text :
             {"", "du", "due+", "due-", "due+h", "due+3", "due3d", "due+03d", "due+10000h",
              "due+3w", "due+3dd", "due + 3d", "due+-3d", "due+3d ", " due", "DUE"}) {
            CAPTURE(text);
            CHECK(parse_escalation_time(text).error() == Errc::bad_expression);
        }
    }

    TEST_CASE("a deadline starts at one of six events or at a field") {
        using Event = DeadlineStart::Event;
        CHECK(*parse_deadline_start("logged") == DeadlineStart{Event::logged, ""});
        CHECK(*parse_deadline_start("delivered") == DeadlineStart{Event::delivered, ""});
        CHECK(*parse_deadline_start("signed_for") == DeadlineStart{Event::signed_for, ""});
        CHECK(*parse_deadline_start("answered_notice") ==
              DeadlineStart{Event::answered_notice, ""});
        CHECK(*parse_deadline_start("period_end") == DeadlineStart{Event::period_end, ""});
        CHECK(*parse_deadline_start("year_start") == DeadlineStart{Event::year_start, ""});
        CHECK(*parse_deadline_start("field:to_date") == DeadlineStart{Event::field, "to_date"});
        for (const std::string_view text :
             {"", "Logged", "logged ", "to_date", "row:to_date", "field:", "field:2", "field"}) {
            CAPTURE(text);
            CHECK(parse_deadline_start(text).error() == Errc::bad_expression);
        }
    }

    TEST_CASE("the eight words of the grammar are no names") {
        for (const std::string_view reserved :
             {"and", "or", "not", "in", "present", "true", "false", "reply"}) {
            CHECK_FALSE(is_expression_name(reserved));
            CHECK(is_expression_name(std::string(reserved) + "_"));
        }
        CHECK(is_expression_name("a"));
        CHECK(is_expression_name(std::string(63, 'a')));
        CHECK_FALSE(is_expression_name(std::string(64, 'a')));
        for (const std::string_view text : {"", "_a", "1a", "A", "a-b", "a.b", "a "}) {
            CHECK_FALSE(is_expression_name(text));
        }
    }
}
