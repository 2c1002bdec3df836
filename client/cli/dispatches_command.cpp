#include "client/cli/checked_argument.hpp"
#include "client/cli/command.hpp"
#include "client/cli/daemon_list.hpp"
#include "client/cli/dispatches_view.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/time.hpp"
#include "program/tz_database.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

struct DispatchListArguments {
    DispatchFilter filter;
    /// Dates, `2026-07-01`.
    std::string since;
    std::string until;
    bool csv{false};
};

Attempt<DispatchFilter> filter_of(const DispatchListArguments& arguments, const Charter& charter) {
    DispatchFilter filter = arguments.filter;
    const Attempt<void> from = check_unit_argument("--from", filter.from, charter);
    if (!from) return from.error();
    const Attempt<void> to = check_unit_argument("--to", filter.to, charter);
    if (!to) return to.error();
    const Attempt<std::optional<LocalDay>> first = day_argument("--since", arguments.since);
    if (!first) return first.error();
    const Attempt<std::optional<LocalDay>> last = day_argument("--until", arguments.until);
    if (!last) return last.error();
    if (*first && *last && **last < **first) {
        return usage_failure("--until lies before --since: both days are included");
    }
    filter.first = *first;
    filter.last = *last;
    return filter;
}

Attempt<void> list_dispatches(DaemonClient& daemon, const Invocation& invocation,
                              const DispatchListArguments& arguments) {
    if (arguments.csv && invocation.json) return usage_failure("give --json or --csv, not both");
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const Attempt<DispatchFilter> filter = filter_of(arguments, *charter);
    if (!filter) return filter.error();
    const std::string& zone_name = charter->parts().timezone;
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(zone_name);
    if (!zone) return local_failure(zone.error());
    Target target("/v1/dispatches");
    if (filter->open != filter->without_evidence) {
        target.add("state", filter->open ? "open" : "registered");
    }
    const Attempt<ListedItems> list = fetch_list(
        daemon, target, {"dispatches", "ask for less with --open or --without-evidence"});
    if (!list) return list.error();
    DispatchItems items;
    for (const protocol::JsonValue* const each : list->items) {
        if (fits(*each, *filter, **zone)) items.push_back(each);
    }
    const CaseWords words(*charter, **zone, zone_name);
    if (invocation.json) {
        std::cout << dispatches_json(items) << '\n';
    } else if (arguments.csv) {
        print_dispatch_csv(std::cout, items, words);
    } else if (items.empty()) {
        std::cout << "Nothing of this is in the register.\n";
    } else {
        print_dispatch_table(std::cout, items, words);
        std::cout.flush();
        std::cerr << "Since when is by the log, in " << printable(zone_name)
                  << "; when it went is what the sender says.\n"
                     "The daemon verified that each item stands in the log.\n";
    }
    return {};
}

}  // namespace

void add_dispatches_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "dispatches",
        "the register (登记) of what went to recipients to whom the hub delivers nothing");
    const auto arguments = std::make_shared<DispatchListArguments>();
    command->add_flag("--open", arguments->filter.open,
                      "only what nothing was registered of yet (待登记)");
    command->add_flag("--without-evidence", arguments->filter.without_evidence,
                      "only what was registered without evidence (缺凭证)");
    command->add_option("--from", arguments->filter.from, "only what this unit sent");
    command->add_option("--to", arguments->filter.to, "only what went to this recipient");
    command->add_option("--since", arguments->since,
                        "only notices logged from this day on, such as 2026-07-01");
    command->add_option("--until", arguments->until, "only notices logged up to this day");
    command->add_flag("--csv", arguments->csv, "print CSV, for spreadsheets");
    command->footer(
        "Example: tongbao dispatches --open --without-evidence --sandbox ./sandbox --as UNIT\n"
        "What the unit sent; at the office, what all units sent that it may know of. What nothing\n"
        "was registered of comes first, then what lacks evidence, what has it, and what was\n"
        "withdrawn; what its sender said of it the office reads where it sees all of the kind.\n"
        "Exit codes: 0 good, also if there is none; 1 the hub showed what does not verify;\n"
        "2 wrong arguments; 3 hub or daemon not reachable; 4 the hub has no such list, or its\n"
        "answer can't be read.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return list_dispatches(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
