#include "client/cli/command.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/ledger_view.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/tz_database.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

/// A million notices are read anew in minutes.
constexpr std::chrono::hours kLongestRun{1};

struct LedgerArguments {
    bool csv{false};
};

std::string counted_refusals(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " effect was" : " effects were") +
           " refused by the ledger: see `tongbao ledger status`, and have the sender correct or "
           "withdraw the notice";
}

/// The codes of what was refused, each once.
std::string refused_hint(const JsonView& ledger) {
    std::vector<Errc> codes;
    for (const protocol::JsonValue& item : ledger.array("refused")) {
        if (JsonView(item).has("settled")) continue;
        for (const protocol::JsonValue& why : JsonView(item).array("reasons")) {
            const std::optional<Errc> known = errc_from_code(JsonView(why).text("code"));
            if (known && std::find(codes.begin(), codes.end(), *known) == codes.end()) {
                codes.push_back(*known);
            }
        }
    }
    return explain_hint(codes);
}

Attempt<void> show_ledger(DaemonClient& daemon, const Invocation& invocation,
                          const LedgerArguments& arguments) {
    if (arguments.csv && invocation.json) return usage_failure("give --json or --csv, not both");
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const std::string& zone_name = charter->parts().timezone;
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(zone_name);
    if (!zone) return local_failure(zone.error());
    const Attempt<Answer> answer = daemon.get("/v1/ledger");
    if (!answer) return answer.error();
    const JsonView ledger(answer->json);
    const CaseWords words(*charter, **zone, zone_name);
    if (invocation.json) {
        std::cout << answer->text << '\n';
    } else if (arguments.csv) {
        print_refused_csv(std::cout, ledger, words);
    } else {
        print_ledger(std::cout, ledger, words);
    }
    std::cout.flush();
    if (ledger.has("damaged")) {
        return Failure{ExitCode::refused,
                       "the ledger stands still: " + printable(ledger.text("damaged")) +
                           " of the daemon's database can't be read (" +
                           printable(ledger.text("fault")) +
                           ")\nNotices come and go meanwhile. A ledger made anew would come no "
                           "further: restore the daemon's data from a copy.",
                       ""};
    }
    if (ledger.text("state") == "failed") {
        return Failure{ExitCode::refused,
                       "the ledger is not kept at present: " + printable(ledger.text("fault")) +
                           "\nNotices come and go meanwhile, and the daemon tries again. See its "
                           "running log; `tongbao ledger rebuild` makes the ledger anew.",
                       ""};
    }
    const std::int64_t refused = open_refusals(JsonView(ledger.member("counts")));
    if (refused == 0) return {};
    const std::string hint = refused_hint(ledger);
    return Failure{ExitCode::refused, counted_refusals(refused) + (hint.empty() ? "" : '\n' + hint),
                   ""};
}

void print_counts(const JsonView& counts, const std::string& what) {
    std::cout << what << ": " << counts.integer_text("cases") << " cases, "
              << counts.integer_text("events") << " events, " << open_refusals(counts)
              << " refused";
    const std::string settled = counts.integer_text("settled");
    if (!settled.empty() && settled != "0") std::cout << ", " << settled << " settled since";
    std::cout << '\n';
}

Attempt<void> refused_by(const JsonView& counts) {
    const std::int64_t refused = open_refusals(counts);
    if (refused == 0) return {};
    return Failure{ExitCode::refused, counted_refusals(refused), ""};
}

Attempt<void> rebuild_ledger(DaemonClient& daemon, const Invocation& invocation) {
    const Attempt<Answer> answer = daemon.post("/v1/ledger/rebuild", "{}", kLongestRun);
    if (!answer) return answer.error();
    const JsonView counts(answer->json);
    if (invocation.json) {
        std::cout << answer->text << '\n';
    } else {
        print_counts(counts, "rebuilt");
    }
    return refused_by(counts);
}

Attempt<void> check_ledger(DaemonClient& daemon, const Invocation& invocation) {
    const Attempt<Answer> answer = daemon.get("/v1/ledger/check", kLongestRun);
    if (!answer) return answer.error();
    const JsonView found(answer->json);
    const bool equal = found.boolean("equal");
    if (invocation.json) {
        std::cout << answer->text << '\n';
    } else {
        print_counts(found, equal ? "equal" : "DIFFERENT");
    }
    if (equal) return refused_by(found);
    const JsonView difference(found.member("difference"));
    const std::string number = difference.text("case");
    return Failure{ExitCode::refused,
                   "the ledger that is kept differs from what the notices say" +
                       (number.empty() ? "" : ", first in case " + printable(number)) + ": " +
                       printable(difference.text("what")) +
                       "\nNothing but notices may write it. Keep a copy of the daemon's data for "
                       "whoever looks for the cause, then `tongbao ledger rebuild`.",
                   ""};
}

void add_ledger_status(CLI::App& ledger, Invocation& invocation) {
    CLI::App* const command = ledger.add_subcommand(
        "status", "who keeps the ledger, how far it has come, and what it refused, with reasons");
    const auto arguments = std::make_shared<LedgerArguments>();
    command->add_flag("--csv", arguments->csv, "print what was refused as CSV, for spreadsheets");
    command->footer(
        "Example: tongbao ledger status --sandbox ./sandbox --as UNIT\n"
        "What was refused stays listed; it is settled once its notice was corrected or withdrawn.\n"
        "Ends with 1 if something was refused that is not settled, and while the ledger can't be "
        "kept.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return show_ledger(daemon, invocation, *arguments);
        });
    });
}

using LedgerRun = Attempt<void> (*)(DaemonClient&, const Invocation&);

void add_ledger_run(CLI::App& ledger, Invocation& invocation, const std::string& name,
                    const std::string& description, const std::string& ends, LedgerRun run) {
    CLI::App* const command = ledger.add_subcommand(name, description);
    command->footer("Example: tongbao ledger " + name + " --sandbox ./sandbox --as UNIT\n" + ends);
    command->callback([run, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) { return run(daemon, invocation); });
    });
}

}  // namespace

void add_ledger_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const ledger = app.add_subcommand(
        "ledger", "the case ledger (案件台账) as a whole: how it is, and whether it is right");
    ledger->require_subcommand(1);
    add_ledger_status(*ledger, invocation);
    add_ledger_run(
        *ledger, invocation, "check",
        "make the ledger anew from the notices beside the one that is kept, and compare",
        "Ends with 1 if they differ, and if something was refused and is not settled. The "
        "daemon works on meanwhile.",
        &check_ledger);
    add_ledger_run(*ledger, invocation, "rebuild",
                   "make the ledger anew from the notices, in place of the one that is kept",
                   "Ends with 1 if something was refused and is not settled. The daemon works on "
                   "meanwhile.",
                   &rebuild_ledger);
}

}  // namespace tongbao::client
