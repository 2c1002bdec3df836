#include "client/cli/due_cycles.hpp"

#include "client/cli/checked_argument.hpp"
#include "client/cli/daemon_list.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/identifiers.hpp"
#include "program/tz_database.hpp"

#include <iostream>
#include <memory>

namespace tongbao::client {
namespace {

/// What the table can't say.
void print_duty_source(const JsonView& answer, const CaseWords& words) {
    const std::string adopted = answer.text("adopted");
    if (adopted.empty()) {
        std::cerr << "The daemon does not know yet when the charter was adopted in this log.\n";
    } else {
        std::cerr << "Times are those of " << printable(words.zone_name())
                  << "; nothing is owed of periods that began before the charter was adopted, on "
                  << words.day(adopted) << ".\n";
    }
    if (answer.boolean("catching_up")) {
        std::cerr << "The daemon still reads what it holds: more may have been handed in.\n";
    }
}

}  // namespace

Attempt<void> list_due_cycles(DaemonClient& daemon, const Invocation& invocation,
                              const DueCyclesArguments& arguments) {
    if (arguments.csv && invocation.json) return usage_failure("give --json or --csv, not both");
    if (!arguments.period.empty() && !check_period(arguments.period)) {
        return usage_failure("--period: a period such as 2026, 2026-H1, 2026-Q3 or 2026-07");
    }
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const Attempt<void> unit = check_unit_argument("--unit", arguments.filter.unit, *charter);
    if (!unit) return unit.error();
    const std::string& zone_name = charter->parts().timezone;
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(zone_name);
    if (!zone) return local_failure(zone.error());
    Target target("/v1/cycles");
    target.add("period", arguments.period);
    const Attempt<Answer> answer = daemon.get(target.text());
    if (!answer) return answer.error();
    const JsonView view(answer->json);
    PeriodDuties duties;
    for (const protocol::JsonValue& each : view.array("duties")) {
        if (fits(each, arguments.filter)) duties.push_back(&each);
    }
    const CaseWords words(*charter, **zone, zone_name);
    if (invocation.json) {
        std::cout << duties_json(view, duties) << '\n';
        return {};
    }
    if (arguments.csv) {
        print_duty_csv(std::cout, duties, words);
    } else if (duties.empty()) {
        std::cout << (arguments.filter.missing ? "Nothing is missing.\n"
                                               : "Nothing has to be handed in.\n");
    } else {
        print_duty_table(std::cout, duties, words);
    }
    std::cout.flush();
    print_duty_source(view, words);
    return {};
}

}  // namespace tongbao::client
