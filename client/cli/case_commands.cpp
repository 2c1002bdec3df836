#include "client/cli/case_file_view.hpp"
#include "client/cli/case_filter.hpp"
#include "client/cli/case_list_view.hpp"
#include "client/cli/case_totals_view.hpp"
#include "client/cli/checked_argument.hpp"
#include "client/cli/command.hpp"
#include "client/cli/daemon_list.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/tz_database.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

enum class Format : std::uint8_t { table, csv, json };

struct CaseListArguments {
    CaseFilter filter;
    /// 0: all.
    std::size_t limit{0};
    bool csv{false};
};

struct CaseShowArguments {
    std::string number;
    bool unmask{false};
    bool csv{false};
};

struct CaseTotalsArguments {
    TotalsFilter filter;
    bool csv{false};
};

using CaseWork = std::function<Attempt<void>(CaseWords&, Format)>;

/// Does `work` with the charter's words, in its time zone.
Attempt<void> with_case_words(DaemonClient& daemon, const Invocation& invocation, bool csv,
                              const CaseWork& work, Masking masking = Masking::masked) {
    if (csv && invocation.json) return usage_failure("give --json or --csv, not both");
    const Format format = invocation.json ? Format::json : csv ? Format::csv : Format::table;
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const std::string& zone_name = charter->parts().timezone;
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(zone_name);
    if (!zone) return local_failure(zone.error());
    CaseWords words(*charter, **zone, zone_name, masking);
    return work(words, format);
}

void say_zone(const CaseWords& words) {
    std::cout.flush();
    std::cerr << "Times are those of " << printable(words.zone_name()) << ".\n";
}

Attempt<void> list_cases(DaemonClient& daemon, const CaseListArguments& arguments,
                         const CaseWords& words, Format format) {
    Attempt<Target> target = cases_target(arguments.filter, words.charter());
    if (!target) return target.error();
    ListWanted wanted{"cases", "ask for less, such as with --state or --limit"};
    if (arguments.limit != 0) wanted.most = arguments.limit;
    target->add("limit", std::to_string(std::min<std::size_t>(wanted.most, kMaxListed)));
    const Attempt<ListedItems> list = fetch_list(daemon, *target, wanted);
    if (!list) return list.error();
    if (format == Format::json) {
        std::cout << case_list_json(list->items) << '\n';
    } else if (format == Format::csv) {
        print_case_csv(std::cout, list->items, words);
    } else if (list->items.empty()) {
        std::cout << "No such case.\n";
    } else {
        print_case_table(std::cout, list->items, words);
        say_zone(words);
    }
    std::cout.flush();
    if (list->more) {
        std::cerr << "There are more: these are the first " << list->items.size() << ".\n";
    }
    return {};
}

Attempt<void> show_case(DaemonClient& daemon, const CaseShowArguments& arguments, CaseWords& words,
                        Format format) {
    Target target("/v1/cases/" + arguments.number);
    target.add("unmask", arguments.unmask ? "true" : "");
    const Attempt<Answer> answer = daemon.get(target.text());
    if (!answer) return answer.error();
    const JsonView file(answer->json);
    if (format == Format::json) {
        std::cout << answer->text << '\n';
    } else if (format == Format::csv) {
        print_case_file_csv(std::cout, file, words);
    } else {
        print_case_file(std::cout, file, words);
        say_zone(words);
    }
    std::cout.flush();
    if (file.boolean("masked")) {
        std::cerr << "Masked values show six characters at the front and four at the end; "
                     "--unmask shows them whole, which the daemon's running log notes.\n";
    }
    return {};
}

Attempt<void> show_totals(DaemonClient& daemon, const CaseTotalsArguments& arguments,
                          const CaseWords& words, Format format) {
    const Attempt<TotalsDays> days = totals_days(arguments.filter);
    if (!days) return days.error();
    const Attempt<Target> target = totals_target(arguments.filter, words.charter(), words.zone());
    if (!target) return target.error();
    const Attempt<Answer> answer = daemon.get(target->text());
    if (!answer) return answer.error();
    const JsonView totals(answer->json);
    const TotalsShown shown{*days, arguments.filter.unit, arguments.filter.division};
    if (format == Format::json) {
        std::cout << answer->text << '\n';
    } else if (format == Format::csv) {
        print_case_totals_csv(std::cout, totals, shown, words);
    } else {
        print_case_totals(std::cout, totals, shown, words);
        say_zone(words);
    }
    return {};
}

void add_csv(CLI::App& command, bool& csv) {
    command.add_flag("--csv", csv, "print CSV, for spreadsheets");
}

void add_case_filter(CLI::App& command, CaseFilter& filter) {
    command.add_option("--state", filter.state,
                       "only cases in this state: registered, handling, concluded, reopened");
    command.add_option("--track", filter.track, "only cases with this track (条线)");
    command.add_option("--unit", filter.unit, "only cases in which this unit has a track");
    command.add_option("--opened-by", filter.opened_by, "only cases that this unit opened");
    command.add_option("--division", filter.division,
                       "only cases whose number begins with this division");
    command.add_flag("--major", filter.major, "only major cases (重大案件)");
    command.add_flag("--supervised", filter.supervised, "only supervised cases (督办案件)");
    command.add_flag("--one-track", filter.one_track,
                     "only cases in hand with one track alone (有案未多查)");
    command.add_flag("--fine-without-transfer", filter.fine_without_transfer,
                     "only cases with a penalty and without --transfer-track, though --threshold "
                     "or more is involved (以罚代移)");
    command.add_option("--transfer-track", filter.transfer_track,
                       "the track by which such a case is transferred");
    command.add_option("--threshold", filter.threshold,
                       "the amount from which it is to be: 5000000 (fen), 50000元 or 5万元");
    command.add_flag("--repeat", filter.repeat,
                     "only cases with a subject that stands in another case too");
    command.add_flag("--exposure-ready", filter.exposure_ready,
                     "only concluded cases with a decision that are not exposed yet by --track");
}

void add_case_list(CLI::App& group, Invocation& invocation) {
    CLI::App* const command = group.add_subcommand(
        "list", "the cases that the unit knows of, by state, unit or question");
    const auto arguments = std::make_shared<CaseListArguments>();
    add_case_filter(*command, arguments->filter);
    add_csv(*command, arguments->csv);
    command->add_option("--limit", arguments->limit, "how many at most; all unless given")
        ->check(CLI::PositiveNumber);
    command->footer(
        "Example: tongbao case list --state handling --unit UNIT --sandbox ./sandbox --as UNIT\n"
        "         tongbao case list --fine-without-transfer --transfer-track TRACK \\\n"
        "             --threshold 5万元 --csv --sandbox ./sandbox --as UNIT\n"
        "The office sees all cases; another unit what it sent and received of its own.\n"
        "Times are those of the charter's zone; with --json they are UTC (Z).\n"
        "Exit codes: 0 good, also if there is none; 2 wrong arguments; 3 daemon not reachable.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return with_case_words(daemon, invocation, arguments->csv,
                                   [&](const CaseWords& words, Format format) {
                                       return list_cases(daemon, *arguments, words, format);
                                   });
        });
    });
}

void add_case_show(CLI::App& group, Invocation& invocation) {
    CLI::App* const command = group.add_subcommand(
        "show", "everything of one case, by unit and time, each with the notice that says it");
    const auto arguments = std::make_shared<CaseShowArguments>();
    command->add_option("case", arguments->number, "the case's number")->required();
    command->add_flag("--unmask", arguments->unmask,
                      "show whole what the charter masks, such as identity numbers; the daemon's "
                      "running log notes it");
    add_csv(*command, arguments->csv);
    command->footer(
        "Example: tongbao case show NUMBER --sandbox ./sandbox --as UNIT\n"
        "`notice` is the index by which `tongbao show` takes the notice.\n"
        "Times are those of the charter's zone; with --json they are UTC (Z).\n"
        "Exit codes: 0 good; 1 no such case, or none that the unit has a part in; 2 no case\n"
        "number; 3 daemon not reachable.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) -> Attempt<void> {
            const Attempt<void> good = check_case_argument("", arguments->number);
            if (!good) return good.error();
            return with_case_words(
                daemon, invocation, arguments->csv,
                [&](CaseWords& words, Format format) {
                    return show_case(daemon, *arguments, words, format);
                },
                arguments->unmask ? Masking::shown : Masking::masked);
        });
    });
}

void add_case_totals(CLI::App& group, Invocation& invocation) {
    CLI::App* const command = group.add_subcommand(
        "totals", "money by kind over all cases, and how many cases were opened and concluded");
    const auto arguments = std::make_shared<CaseTotalsArguments>();
    TotalsFilter& filter = arguments->filter;
    command->add_option("--from", filter.from, "from 00:00 of this day on, such as 2026-07-01");
    command->add_option("--until", filter.until, "until 24:00 of this day");
    command->add_option("--quarter", filter.quarter, "in place of both: such as 2026-Q3");
    command->add_option("--unit", filter.unit, "only what this unit said");
    command->add_option("--division", filter.division,
                        "only cases whose number begins with this division");
    add_csv(*command, arguments->csv);
    command->footer(
        "Example: tongbao case totals --quarter 2026-Q3 --sandbox ./sandbox --as UNIT\n"
        "Days are those of the charter's zone. Parts by time, unit or division add up to the "
        "whole.\n"
        "Exit codes: 0 good; 2 wrong arguments; 3 daemon not reachable.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return with_case_words(daemon, invocation, arguments->csv,
                                   [&](const CaseWords& words, Format format) {
                                       return show_totals(daemon, *arguments, words, format);
                                   });
        });
    });
}

}  // namespace

void add_case_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const group = app.add_subcommand(
        "case", "cases (案件) and what became of them at each unit, from the case ledger");
    group->require_subcommand(1);
    add_case_list(*group, invocation);
    add_case_show(*group, invocation);
    add_case_totals(*group, invocation);
}

}  // namespace tongbao::client
