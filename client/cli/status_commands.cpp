#include "client/cli/checked_argument.hpp"
#include "client/cli/command.hpp"
#include "client/cli/daemon_client.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

/// What keeps the unit's daemon from working as it should, with what to do.
void print_troubles(const JsonView& status) {
    const JsonView storage(status.member("storage"));
    if (storage.boolean("full")) {
        std::cout << "DISK FULL    " << storage.integer_text("free_mib") << " MiB are free, "
                  << storage.integer_text("least_mib")
                  << " must be: new work is refused, reading goes on.\n"
                     "             Make room on the daemon's disk: work resumes by itself.\n";
    }
    const JsonView clock(status.member("clock"));
    if (status.boolean("test_deployment")) {
        std::cout << "TEST         a test deployment, its time is " << printable(clock.text("time"))
                  << ":\n             its clock can be set, so that it proves to nobody when "
                     "something was.\n";
    }
    const std::int64_t ahead = clock.integer("hub_seconds_ahead").value_or(0);
    if (ahead != 0) {
        std::cout << "CLOCK        the hub's is " << std::abs(ahead) << " seconds "
                  << (ahead > 0 ? "ahead of" : "behind")
                  << " this computer's, and the hub's time decides.\n"
                     "             Look at this computer's clock, then at the hub's.\n";
    }
    const JsonView ledger(status.member("ledger"));
    if (ledger.text("state") == "failed") {
        std::cout
            << "CASE LEDGER  is not kept at present: " << printable(ledger.text("fault"))
            << (ledger.has("damaged") ? " of " + printable(ledger.text("damaged")) : "")
            << "\n             Notices come and go meanwhile, and the daemon tries again: see "
               "`tongbao ledger status`.\n";
    }
    const JsonView search(status.member("search"));
    if (search.text("state") == "failed") {
        std::cout << "SEARCH       finds nothing new at present: "
                  << printable(search.text("fault"))
                  << "\n             Notices come and go meanwhile, and the daemon tries again by "
                     "itself.\n";
    }
}

/// What of the register of dispatches is to be completed.
void print_to_chase(const JsonView& dispatches) {
    const std::int64_t open = dispatches.integer("open").value_or(0);
    const std::int64_t bare = dispatches.integer("without_evidence").value_or(0);
    if (open == 0 && bare == 0) return;
    std::cout << "dispatches   " << open << " not registered, " << bare
              << " without evidence: see `tongbao dispatches --open --without-evidence`\n";
}

void print_status(const JsonView& status) {
    const JsonView hub(status.member("hub"));
    const JsonView log(status.member("log"));
    const JsonView charter(status.member("charter"));
    std::cout << "unit         " << printable(status.text("unit")) << '\n'
              << "hub          " << printable(hub.text("url"))
              << (hub.boolean("connected") ? "  connected" : "  not connected") << '\n';
    const std::string last_error = hub.text("last_error");
    if (!last_error.empty())
        std::cout << "last error   " << printable(last_error) << "  (tongbao explain "
                  << printable(last_error) << ")\n";
    std::cout << "log          " << printable(log.text("origin")) << "  "
              << log.integer_text("size") << " entries";
    if (const std::optional<std::int64_t> received = log.integer("received_through")) {
        std::cout << ", received through entry " << *received;
    }
    std::cout << '\n'
              << "charter      " << printable(charter.text("id")) << " version "
              << charter.integer_text("version") << '\n'
              << "outbox       " << status.integer_text("outbox") << " waiting";
    const JsonView minute(status.member("last_minute"));
    const std::int64_t answered = minute.integer("answered").value_or(0);
    if (answered > 0 || status.integer("outbox").value_or(0) > 0) {
        std::cout << ", " << answered << " answered in the last minute";
    }
    std::cout << '\n';
    const std::int64_t held = status.integer("awaiting_endorsement").value_or(0);
    if (held > 0) {
        std::cout << "endorsements " << held << (held == 1 ? " notice waits" : " notices wait")
                  << " to be signed: see `tongbao endorse`\n";
    }
    print_to_chase(JsonView(status.member("dispatches")));
    const JsonView reminders(status.member("reminders"));
    if (const std::optional<std::int64_t> open = reminders.integer("open")) {
        std::cout << "reminders    " << *open << " open: see `tongbao reminders`";
        if (const std::optional<std::int64_t> drafts = reminders.integer("drafts")) {
            std::cout << "; " << *drafts << (*drafts == 1 ? " draft lies" : " drafts lie")
                      << " in the tray: see `tongbao tray`";
        }
        std::cout << '\n';
    }
    const std::int64_t arrived = minute.integer("received").value_or(0);
    if (arrived > 0) {
        const std::int64_t behind =
            log.integer("size").value_or(0) - 1 - log.integer("received_through").value_or(0);
        std::cout << "receiving    " << arrived << " in the last minute, at most "
                  << std::max<std::int64_t>(behind, 0) << " entries of the log to go\n";
    }
    print_troubles(status);
    for (const JsonValue& item : status.array("certificates")) {
        const JsonView certificate(item);
        std::cout << "certificate  " << printable(certificate.text("use")) << "  "
                  << printable(certificate.text("spiffe")) << "  until "
                  << printable(certificate.text("not_after"));
        if (const std::optional<std::int64_t> days = certificate.integer("days_left")) {
            std::cout << ", " << *days << (*days == 1 ? " day left" : " days left");
        }
        if (certificate.text("state") == "waiting_for_enrolment") {
            std::cout << ", waiting for enrolment";
        }
        std::cout << '\n';
    }
}

/// On standard error, so that it is seen with --json too.
void warn_of_certificates(const JsonView& status) {
    for (const JsonValue& item : status.array("certificates")) {
        const JsonView certificate(item);
        const std::optional<std::int64_t> warning = certificate.integer("warning");
        if (!warning) continue;
        const std::string use = printable(certificate.text("use"));
        std::cerr << (*warning <= 7 ? "URGENT: " : "WARNING: ") << "the " << use << " certificate "
                  << (*warning == 0 ? "is over since " : "is good only until ")
                  << printable(certificate.text("not_after"))
                  << ". Have a new one issued and enrolled, put it with its key in place of the "
                     "files under ["
                  << use
                  << "] in the daemon's configuration: the daemon takes it over by itself.\n";
    }
}

/// Keys in force for the unit that it did not ask for; empty if there are none.
std::string unasked_words(const JsonView& status) {
    std::string words;
    for (const JsonValue& item : status.array("keys_not_asked_for")) {
        const JsonView key(item);
        words += "ALARM: a key of this unit is enrolled that the unit did not ask for: " +
                 printable(key.text("spiffe")) + ", entry " + key.integer_text("enrolled") +
                 "\n       certificate " + printable(key.text("certificate")) +
                 "\n       public key  " + printable(key.text("public_key")) + '\n';
    }
    if (words.empty()) return words;
    return words +
           "Whoever holds it can speak for the unit. Ask in the unit who ordered it; if nobody "
           "did, "
           "call the office and have it revoked." +
           '\n' + explain_hint({Errc::key_not_asked_for});
}

/// The alarm's words begin with its code.
std::string alarm_advice(const std::string& alarm) {
    const std::optional<Errc> errc = errc_from_code(alarm.substr(0, alarm.find(':')));
    return errc ? '\n' + explain_hint({*errc}) : std::string();
}

Attempt<void> show_status(DaemonClient& daemon, const Invocation& invocation) {
    const Attempt<Answer> answer = daemon.get("/v1/status");
    if (!answer) return answer.error();
    const JsonView status(answer->json);
    if (invocation.json) {
        std::cout << answer->text << '\n';
    } else {
        print_status(status);
    }
    warn_of_certificates(status);
    const std::string unasked = unasked_words(status);
    const std::string alarm = status.text("alarm");
    if (alarm.empty() && unasked.empty()) return {};
    if (alarm.empty()) return Failure{program::ExitCode::refused, unasked, ""};
    if (!unasked.empty()) std::cerr << unasked << '\n';
    return Failure{
        program::ExitCode::refused,
        "ALARM: what the hub showed does not verify: " + printable(alarm) + alarm_advice(alarm),
        ""};
}

struct TrailArguments {
    std::string id;
    std::string case_number;
};

/// Of a notice or a case.
Attempt<std::string> trail_target(const TrailArguments& arguments) {
    if (arguments.id.empty() == arguments.case_number.empty()) {
        return usage_failure("name one notice, or a case with --case");
    }
    if (arguments.id.empty()) {
        const Attempt<void> good = check_case_argument("--case", arguments.case_number);
        if (!good) return good.error();
        return "/v1/cases/" + arguments.case_number + "/trail";
    }
    const Attempt<std::string> notice = notice_target(arguments.id);
    if (!notice) return notice.error();
    return "/v1/notices/" + *notice + "/trail";
}

/// The event's word; of a notice that was sent late with the limits that it missed.
std::string event_words(const JsonView& event) {
    const std::string late = event.texts("late");
    return event.text("event") + (late.empty() ? "" : " (late: " + late + ')');
}

Attempt<void> show_trail(DaemonClient& daemon, const Invocation& invocation,
                         const TrailArguments& arguments) {
    const Attempt<std::string> target = trail_target(arguments);
    if (!target) return target.error();
    const Attempt<Answer> answer = daemon.get(*target);
    if (!answer) return answer.error();
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    const JsonView trail(answer->json);
    const bool of_case = !arguments.case_number.empty();
    TextTable table(
        of_case ? std::vector<std::string>{"index", "time", "event", "unit", "kind", "notice"}
                : std::vector<std::string>{"index", "time", "event", "unit"});
    for (const JsonValue& item : trail.array("events")) {
        const JsonView event(item);
        std::vector<std::string> row{event.integer_text("index"), event.text("time"),
                                     event_words(event), event.text("unit")};
        if (of_case) {
            row.push_back(event.text("kind"));
            row.push_back(event.integer_text("notice"));
        }
        table.add(std::move(row));
    }
    table.print(std::cout);
    std::cerr << "The daemon verified that each event stands in the log of "
              << trail.integer_text("size") << " entries.\n";
    return {};
}

}  // namespace

void add_status_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const status = app.add_subcommand(
        "status", "the unit's daemon: its hub, log, charter, outbox and certificates");
    status->footer(
        "Example: tongbao status --sandbox ./sandbox --as UNIT\n"
        "Times are UTC (Z). Ends with 1 while the daemon refuses the hub's log, and while the "
        "register has a key of this unit that the unit did not ask for.");
    status->callback([&invocation] {
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return show_status(daemon, invocation); });
    });

    CLI::App* const trail = app.add_subcommand(
        "trail", "every event of a notice or of a case (办理轨迹), as the log has it");
    const auto arguments = std::make_shared<TrailArguments>();
    trail->add_option("id", arguments->id, "the notice: its id or log index");
    trail->add_option("--case", arguments->case_number,
                      "in place of a notice: all notices of this case that the unit may read");
    trail->footer(
        "Example: tongbao trail 12 --sandbox ./sandbox --as UNIT\n"
        "         tongbao trail --case NUMBER --sandbox ./sandbox --as UNIT\n"
        "Times are UTC (Z).");
    trail->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return show_trail(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
