#include "client/cli/calendar_file.hpp"
#include "client/cli/calendar_view.hpp"
#include "client/cli/command.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/due_time.hpp"
#include "program/tz_database.hpp"

#include <array>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

// What the shipped charters name; another charter may name others.
constexpr const char* kCalendar = "cn-state-council";
constexpr const char* kZone = "Asia/Shanghai";

struct DueArguments {
    std::string from;
    std::uint32_t n{0};
    std::string unit;
    bool roll{false};
    std::string zone{kZone};
    std::string calendar{kCalendar};
    std::string known_at;
};

struct YearArguments {
    int year{0};
    std::string calendar{kCalendar};
};

Attempt<TimeUnit> parse_unit(const std::string& word) {
    constexpr std::array<std::pair<std::string_view, TimeUnit>, 4> kUnits{
        {{"hour", TimeUnit::hour},
         {"day", TimeUnit::day},
         {"working_day", TimeUnit::working_day},
         {"month", TimeUnit::month}}};
    std::string words;
    for (const auto& [known, unit] : kUnits) {
        if (known == word) return unit;
        words += (words.empty() ? "" : ", ") + std::string(known);
    }
    return usage_failure("there is no unit `" + printable(word) + "`; there are: " + words);
}

Attempt<MomentOrDay> parse_start(const std::string& text) {
    const Result<LocalDay> day = parse_day(text);
    if (day) return MomentOrDay(*day);
    const Result<UtcTime> moment = parse_date_time(text);
    if (moment) return MomentOrDay(*moment);
    return usage_failure("`" + printable(text) +
                         "` is no date or time: write --from 2020-09-30, or with the time of day "
                         "and its offset 2020-09-30T09:30+08:00");
}

Attempt<std::optional<LocalDay>> parse_known_at(const std::string& text) {
    if (text.empty()) return std::optional<LocalDay>();
    const Result<LocalDay> day = parse_day(text);
    if (day) return std::optional(*day);
    return usage_failure("`" + printable(text) + "` is no date: write --known-at 2020-01-26");
}

/// What a person can do about a limit that can't be counted.
Failure due_failure(const Reason& reason) {
    switch (reason.code) {
        case Errc::bad_time:
            return usage_failure(
                "a limit in hours starts at a moment: write --from with the time of day and its "
                "offset, such as 2020-09-30T09:30+08:00");
        case Errc::too_large:
            return usage_failure(
                "a limit ends in the years 0 to 9998: take an earlier --from or a smaller --n");
        default:
            return calendar_failure(reason);
    }
}

Attempt<void> due(const DueArguments& arguments, const Invocation& invocation) {
    const Attempt<MomentOrDay> start = parse_start(arguments.from);
    if (!start) return start.error();
    const Attempt<TimeUnit> unit = parse_unit(arguments.unit);
    if (!unit) return unit.error();
    const Attempt<std::optional<LocalDay>> known_at = parse_known_at(arguments.known_at);
    if (!known_at) return known_at.error();
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(arguments.zone);
    if (!zone) return local_failure(zone.error());
    const Attempt<Calendar> calendar = read_calendar(arguments.calendar);
    if (!calendar) return calendar.error();

    const WorkingDays working_days(*calendar, *known_at);
    const Checked<DueTime> end = due_time(
        *start, Duration{arguments.n, *unit},
        arguments.roll ? FreeDayRule::next_working_day : FreeDayRule::none, {working_days, **zone});
    if (!end) return due_failure(end.error());
    const DueView view{*end, **zone, arguments.zone, calendar->name(), *known_at};
    if (invocation.json) {
        std::cout << due_json(view) << '\n';
    } else {
        print_due(std::cout, view);
    }
    return {};
}

Attempt<void> show_year(const YearArguments& arguments, const Invocation& invocation) {
    const Attempt<Calendar> calendar = read_calendar(arguments.calendar);
    if (!calendar) return calendar.error();
    const std::chrono::year year(arguments.year);
    const CalendarYear* const found = calendar->find_year(year);
    if (found == nullptr) {
        return calendar_failure(
            WorkingDays(*calendar).kind_of(LocalDay(year / std::chrono::January / 1)).error());
    }
    if (invocation.json) {
        std::cout << calendar_year_json(*calendar, *found) << '\n';
    } else {
        print_calendar_year(std::cout, *calendar, *found);
    }
    return {};
}

void add_calendar_option(CLI::App& command, std::string& calendar) {
    command
        .add_option("--calendar", calendar,
                    "a shipped calendar's name, or a folder of calendar files")
        ->capture_default_str();
}

void add_due(CLI::App& parent, Invocation& invocation) {
    constexpr std::uint32_t kMost = 2'147'483'647;  // as in charters
    CLI::App* const command =
        parent.add_subcommand("due", "when a limit ends, counted as charters' limits are");
    const auto arguments = std::make_shared<DueArguments>();
    command
        ->add_option("--from", arguments->from,
                     "when it starts: a date, or a time with its offset (RFC 3339)")
        ->required();
    command->add_option("--n", arguments->n, "its length, in units")
        ->required()
        ->check(CLI::Range(std::uint32_t{1}, kMost));
    command->add_option("--unit", arguments->unit, "hour, day, working_day or month")->required();
    command->add_flag("--roll", arguments->roll,
                      "an end on a free day moves to the next working day "
                      "(if_ends_on_non_working_day: next_working_day)");
    command->add_option("--zone", arguments->zone, "time zone, as the charter names it")
        ->capture_default_str();
    add_calendar_option(*command, arguments->calendar);
    command->add_option("--known-at", arguments->known_at,
                        "a date: leave out what was published of a year after it");
    command->footer(
        "Example: tongbao calendar due --from 2020-09-30 --n 3 --unit day --roll\n"
        "The start's day does not count; days, working days and months end at 24:00. Hours run\n"
        "through nights and holidays, to the minute, and start at a time, not on a date.\n"
        "Exit codes: 0 good, 1 a year that decides is not published (calendar_missing) or a file\n"
        "is no calendar's, 2 wrong arguments.");
    command->callback([arguments, &invocation] {
        run_locally(invocation, [&] { return due(*arguments, invocation); });
    });
}

void add_show_year(CLI::App& parent, Invocation& invocation) {
    CLI::App* const command = parent.add_subcommand(
        "show", "holidays and make-up working days of a year, in every version published");
    const auto arguments = std::make_shared<YearArguments>();
    command->add_option("--year", arguments->year, "the year")
        ->required()
        ->check(CLI::Range(1, 9999));
    add_calendar_option(*command, arguments->calendar);
    command->footer(
        "Example: tongbao calendar show --year 2020\n"
        "Exit codes: 0 good, 1 the year is not published (calendar_missing) or a file is no\n"
        "calendar's, 2 wrong arguments.");
    command->callback([arguments, &invocation] {
        run_locally(invocation, [&] { return show_year(*arguments, invocation); });
    });
}

}  // namespace

void add_calendar_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const parent =
        app.add_subcommand("calendar", "working days and when limits end (工作日历、期限)");
    parent->require_subcommand(1);
    parent->footer("Example: tongbao calendar due --from 2020-09-30 --n 3 --unit working_day");
    add_due(*parent, invocation);
    add_show_year(*parent, invocation);
}

}  // namespace tongbao::client
