#include "client/cli/calendar_file.hpp"
#include "client/cli/calendar_view.hpp"
#include "client/cli/checked_argument.hpp"
#include "client/cli/command.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/daemon_list.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/due_cycles.hpp"
#include "client/cli/due_span.hpp"
#include "client/cli/due_view.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/clock_words.hpp"
#include "program/tz_database.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

struct DueListArguments {
    std::optional<std::string> within;
    DueFilter filter;
    std::string calendar;
    bool csv{false};
    /// Of reporting cycles in place of clocks.
    bool cycles{false};
    std::string period;
    bool missing{false};
};

/// The list that the daemon gave, and the clocks in it that are shown.
struct FoundDue {
    ListedItems list;
    DueClocks clocks;
};

Attempt<void> check_due_filter(const DueFilter& filter, const Charter& charter) {
    const Attempt<void> unit = check_unit_argument("--unit", filter.unit, charter);
    if (!unit) return unit.error();
    const Attempt<void> from = check_unit_argument("--from", filter.from, charter);
    if (!from) return from.error();
    const Attempt<void> kind = check_kind_argument("--kind", filter.kind, charter);
    if (!kind) return kind.error();
    return check_kind_argument("--reply", filter.reply, charter);
}

/// The clocks of all pages, the earliest limit first, those without one last.
Attempt<FoundDue> fetch_due_list(DaemonClient& daemon, const DueFilter& filter) {
    Target target("/v1/due");
    // The daemon gives what the unit owes and what is owed to it.
    target.add("unit", filter.unit.empty() ? filter.from : filter.unit);
    if (filter.until) target.add("until", format_utc(filter.until->at));
    Attempt<ListedItems> list =
        fetch_list(daemon, target, {"clocks", "ask for less with --within or --unit"});
    if (!list) return list.error();
    FoundDue found{*std::move(list), {}};
    std::vector<std::pair<UtcTime, const protocol::JsonValue*>> clocks;
    for (const protocol::JsonValue* const item : found.list.items) {
        if (!fits(*item, filter)) continue;
        const Result<UtcTime> due = parse_utc(JsonView(*item).text("due"));
        clocks.emplace_back(due ? *due : UtcTime::max(), item);
    }
    // The daemon answers for the order of a page, not for that of pages.
    std::stable_sort(clocks.begin(), clocks.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [due, clock] : clocks) found.clocks.push_back(clock);
    return found;
}

/// What the table can't say: whose word it is.
void print_due_source(std::ostream& out, const FoundDue& found, const DueListRules& rules) {
    const auto held = std::count_if(found.clocks.begin(), found.clocks.end(), [](const auto* each) {
        return JsonView(*each).boolean("held");
    });
    out << "Times are those of " << printable(rules.zone_name)
        << ". The hub keeps the clocks; the daemon holds the notices of " << held << " of these "
        << found.clocks.size() << ", and they are those that the hub names.\n";
    if (rules.calendar == nullptr) {
        out << "The charter's calendar " << printable(rules.charter.parts().calendar)
            << " can't be read here: days left are all days, name it with --calendar.\n";
    }
}

Attempt<void> list_due(DaemonClient& daemon, const Invocation& invocation,
                       const DueListArguments& arguments) {
    if (arguments.cycles) {
        return list_due_cycles(
            daemon, invocation,
            {arguments.period, {arguments.filter.unit, arguments.missing}, arguments.csv});
    }
    if (arguments.csv && invocation.json) return usage_failure("give --json or --csv, not both");
    std::optional<Duration> span;
    if (arguments.within) {
        const Attempt<Duration> parsed = parse_span(*arguments.within);
        if (!parsed) return parsed.error();
        span = *parsed;
    }
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const Attempt<void> known = check_due_filter(arguments.filter, *charter);
    if (!known) return known.error();
    const CharterParts& parts = charter->parts();
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(parts.timezone);
    if (!zone) return local_failure(zone.error());
    const bool counts = span && span->unit == TimeUnit::working_day;
    const Attempt<Calendar> calendar =
        read_calendar(arguments.calendar.empty() ? parts.calendar : arguments.calendar);
    if (!calendar && (counts || !arguments.calendar.empty())) return calendar.error();

    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    const UtcTime now = (*clock)->now();
    const DueListRules rules{*charter, **zone, parts.timezone, calendar ? &*calendar : nullptr,
                             now};
    DueFilter filter = arguments.filter;
    if (span) {
        // Only working days ask the calendar.
        const Calendar none("", {});
        const WorkingDays working_days(calendar ? *calendar : none);
        const Checked<DueTime> end = end_of_span(*span, now, {working_days, **zone});
        if (!end) return calendar_failure(end.error());
        filter.until = *end;
    }
    const Attempt<FoundDue> found = fetch_due_list(daemon, filter);
    if (!found) return found.error();
    if (invocation.json) {
        std::cout << due_list_json(found->clocks) << '\n';
    } else if (arguments.csv) {
        print_due_csv(std::cout, found->clocks, rules);
    } else if (found->clocks.empty()) {
        std::cout << nothing_due(filter, rules) << '\n';
    } else {
        print_due_table(std::cout, found->clocks, rules);
        std::cout.flush();
        print_due_source(std::cerr, *found, rules);
    }
    return {};
}

}  // namespace

void add_due_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "due",
        "what is owed, by whom, until when (期限): receipts and answers, the earliest first");
    const auto arguments = std::make_shared<DueListArguments>();
    CLI::Option* const cycles =
        command->add_flag("--cycles", arguments->cycles,
                          "who handed in the data of the reporting cycles (报送), and who did not");
    command
        ->add_option("--period", arguments->period,
                     "of cycles: only this period, such as 2026-Q3; left out: the one that is owed")
        ->needs(cycles);
    command->add_flag("--missing", arguments->missing, "of cycles: only what was not handed in")
        ->needs(cycles);
    command
        ->add_option("--within", arguments->within,
                     "only limits that end by then: 5wd (working days), 3d (days), 8h (hours)")
        ->excludes(cycles);
    command->add_option("--unit", arguments->filter.unit, "only what this unit owes");
    command->add_option("--from", arguments->filter.from, "only for what this unit sent")
        ->excludes(cycles);
    command->add_option("--kind", arguments->filter.kind, "only for notices of this kind")
        ->excludes(cycles);
    command
        ->add_option("--only", arguments->filter.purpose,
                     "receipt: only what is not signed for; reply: only what is not answered")
        ->check(CLI::IsMember({"receipt", "reply"}))
        ->excludes(cycles);
    command->add_option("--reply", arguments->filter.reply, "only answers of this kind")
        ->excludes(cycles);
    command
        ->add_option("--flag", arguments->filter.flag,
                     "only what has this flag, such as extended, urged, due_soon")
        ->check(CLI::IsMember(std::vector<std::string>(kMarkWords.begin(), kMarkWords.end())))
        ->excludes(cycles);
    command->add_flag("--overdue", arguments->filter.overdue, "only what has gone over a limit")
        ->excludes(cycles);
    command->add_flag("--csv", arguments->csv, "print CSV, for spreadsheets");
    command
        ->add_option("--calendar", arguments->calendar,
                     "a shipped calendar's name, or a folder of calendar files; the charter's "
                     "unless given")
        ->excludes(cycles);
    command->footer(
        "Example: tongbao due --within 5wd --sandbox ./sandbox --as UNIT\n"
        "         tongbao due --only receipt --from UNIT --sandbox ./sandbox --as UNIT\n"
        "         tongbao due --cycles --missing --sandbox ./sandbox --as UNIT\n"
        "What the unit owes and what is owed to it; for the office, all that it may know of.\n"
        "--within counts as the charter does: 5wd ends at 24:00 of the fifth working day after\n"
        "today, 3d at 24:00 of the third day after today, 8h eight hours from now.\n"
        "--cycles shows of each cycle the last period that has ended, and the one that runs if "
        "its\n"
        "limit runs already: what this unit owes and what is owed to it.\n"
        "Exit codes: 0 good, also if nothing is due; 1 a year that decides is not published\n"
        "(calendar_missing), or the hub says other than the notices here; 2 wrong arguments;\n"
        "3 hub or daemon not reachable; 4 the hub has no such list, or its answer can't be read.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return list_due(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
