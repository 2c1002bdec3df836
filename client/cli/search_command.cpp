#include "client/cli/command.hpp"
#include "client/cli/daemon_list.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/search_view.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/tz_database.hpp"

#include <chrono>
#include <deque>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

/// The daemon looks at so many notices for a page at most; a search that finds next to nothing
/// would go on for long.
constexpr std::size_t kMostSearchPages = 100;

struct SearchArguments {
    std::string text;
    std::string kind;
    std::string from;
    std::string case_number;
    std::string since;
    std::string until;
    std::int64_t limit{100};
    bool unmask{false};
    bool csv{false};
};

/// The pages that the daemon gave, and the notices in them.
struct FoundPages {
    std::deque<Answer> pages;
    FoundNotices notices;
    /// Where the search may go on; empty if there is no more.
    std::string next;
    /// Whether the daemon had not read everything yet.
    bool catching_up{false};
};

enum class DayEnd { first, last };

/// A day of the charter's zone as its first or last moment, or a UTC time as it is.
Attempt<UtcTime> moment_of(const std::string& name, const std::string& text, const TimeZone& zone,
                           DayEnd end) {
    if (const Result<UtcTime> time = parse_utc(text)) return *time;
    const Result<LocalDay> day = parse_day(text);
    if (!day) {
        return usage_failure(name + ' ' + printable(text) +
                             ": a day such as 2020-10-13, or a UTC time such as "
                             "2020-10-13T01:30:00.000Z");
    }
    if (end == DayEnd::first) return zone.start_of(*day);
    return zone.start_of(*day + std::chrono::days(1)) - std::chrono::milliseconds(1);
}

/// GET /v1/search but for `limit` and `before`. Asks for the charter only where a day needs its
/// zone.
Attempt<Target> search_target(DaemonClient& daemon, const SearchArguments& arguments) {
    Target target("/v1/search");
    target.add("q", arguments.text).add("kind", arguments.kind).add("from", arguments.from);
    target.add("case", arguments.case_number);
    if (!arguments.since.empty() || !arguments.until.empty()) {
        const Attempt<Charter> charter = fetch_charter(daemon);
        if (!charter) return charter.error();
        const auto zone = program::load_time_zone(charter->parts().timezone);
        if (!zone) return local_failure(zone.error());
        if (!arguments.since.empty()) {
            const auto since = moment_of("--since", arguments.since, **zone, DayEnd::first);
            if (!since) return since.error();
            target.add("since", format_utc(*since));
        }
        if (!arguments.until.empty()) {
            const auto until = moment_of("--until", arguments.until, **zone, DayEnd::last);
            if (!until) return until.error();
            target.add("until", format_utc(*until));
        }
    }
    target.add("unmask", arguments.unmask ? "true" : "");
    return target;
}

Attempt<FoundPages> fetch_found(DaemonClient& daemon, const Target& target, std::int64_t limit) {
    FoundPages found;
    for (std::size_t pages = 0; pages < kMostSearchPages; ++pages) {
        const auto left = limit - static_cast<std::int64_t>(found.notices.size());
        if (left <= 0) break;
        Target wanted = target;
        wanted.add("limit", std::to_string(left)).add("before", found.next);
        Attempt<Answer> answer = daemon.get(wanted.text());
        if (!answer) return answer.error();
        found.pages.push_back(*std::move(answer));
        const JsonView page(found.pages.back().json);
        for (const protocol::JsonValue& item : page.array("notices")) {
            found.notices.push_back(&item);
        }
        found.next = page.integer_text("next");
        found.catching_up = found.catching_up || page.boolean("catching_up");
        if (found.next.empty()) break;
    }
    return found;
}

Attempt<void> search_notices(DaemonClient& daemon, const Invocation& invocation,
                             const SearchArguments& arguments) {
    if (arguments.csv && invocation.json) return usage_failure("give --json or --csv, not both");
    const Attempt<Target> target = search_target(daemon, arguments);
    if (!target) return target.error();
    const Attempt<FoundPages> found = fetch_found(daemon, *target, arguments.limit);
    if (!found) return found.error();
    if (invocation.json) {
        std::cout << found_notices_json(found->notices, found->next, found->catching_up) << '\n';
    } else if (arguments.csv) {
        print_found_notices_csv(std::cout, found->notices);
    } else if (found->notices.empty() && found->next.empty()) {
        std::cout << "Nothing was found.\n";
    } else {
        print_found_notices(std::cout, found->notices);
    }
    std::cout.flush();
    if (invocation.json) return {};
    if (any_masked(found->notices)) {
        std::cerr << "Masked values show six characters at the front and four at the end; "
                     "--unmask shows them whole, which the daemon's running log notes.\n";
    }
    if (!found->next.empty()) {
        std::cerr << "There may be more below index " << found->next
                  << ": narrow it down, or raise --limit.\n";
    }
    if (found->catching_up) {
        std::cerr << "The daemon still reads what it holds: there may be more to find.\n";
    }
    return {};
}

}  // namespace

void add_search_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "search", "what the unit holds, by name, number or words (检索), newest first");
    const auto arguments = std::make_shared<SearchArguments>();
    command
        ->add_option("text", arguments->text,
                     "the words, each of which must be in the notice; of one character or more")
        ->required();
    command->add_option("--kind", arguments->kind, "only notices of this kind");
    command->add_option("--from", arguments->from, "only what this unit sent");
    command->add_option("--case", arguments->case_number, "only notices of this case");
    command->add_option("--since", arguments->since,
                        "not before this day of the charter's zone, or UTC time");
    command->add_option("--until", arguments->until, "not after it");
    command->add_option("--limit", arguments->limit, "how many at most")
        ->check(CLI::Range(std::int64_t{1}, kMaxListed))
        ->capture_default_str();
    command->add_flag("--unmask", arguments->unmask,
                      "show whole what the charter masks, such as identity numbers");
    command->add_flag("--csv", arguments->csv, "print CSV, for spreadsheets");
    command->footer(
        "Example: tongbao search \"甲某 移送\" --since 2020-10-01 --sandbox ./sandbox --as UNIT\n"
        "Found are titles, document and case numbers, texts, names and codes of fields and "
        "tables,\n"
        "and names of attachments. Brackets that look alike, full width and capitals make no\n"
        "difference. What waits to be sent, or was refused, is not found. Times are UTC (Z).\n"
        "The keeper of the case ledger also finds the notices between others that it holds.\n"
        "Exit codes: 0 good, also if nothing was found; 2 wrong arguments; 3 the daemon is not\n"
        "reachable; 4 it refused the question, or its answer can't be read.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return search_notices(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
