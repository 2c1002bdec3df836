#include "client/cli/command.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/terminal_text.hpp"
#include "client/cli/tray_view.hpp"
#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

struct TrayArguments {
    bool csv{false};
    std::string item;
    std::string reason;
    DraftArguments draft;
    Waiting waiting;
};

constexpr std::size_t kMostDigits = 16;

Attempt<void> check_item(const std::string& item) {
    const bool number = !item.empty() && item.size() <= kMostDigits &&
                        std::all_of(item.begin(), item.end(), is_digit);
    if (number) return {};
    return usage_failure(printable(item) + ": the number of a draft, as `tongbao tray` lists it");
}

void print_incomplete(const JsonView& answer) {
    if (answer.boolean("complete")) return;
    std::cerr << "More is open than the daemon looks through: these are the ones with the earliest "
                 "limits.\n";
}

/// A list of the daemon's, and how it is shown.
struct ShownList {
    const char* route;
    const char* member;
    /// Instead of a table without rows.
    const char* none;
    void (*print)(std::ostream&, const JsonValue::Array&, const TrayRules&);
    void (*print_csv)(std::ostream&, const JsonValue::Array&, const TrayRules&);
};

constexpr ShownList kReminders{"/v1/reminders", "reminders",
                               "Nobody of this unit is reminded of anything.\n", print_reminders,
                               print_reminders_csv};
constexpr ShownList kTray{"/v1/tray", "drafts", "No draft lies in the tray.\n", print_tray,
                          print_tray_csv};

Attempt<void> show_list(DaemonClient& daemon, const Invocation& invocation, const ShownList& list,
                        bool csv) {
    if (csv && invocation.json) return usage_failure("give --json or --csv, not both");
    const Attempt<Answer> answer = daemon.get(list.route);
    if (!answer) return answer.error();
    const JsonView view(answer->json);
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    const Attempt<TrayRules> rules = fetch_tray_rules(daemon, invocation);
    if (!rules) return rules.error();
    const JsonValue::Array& items = view.array(list.member);
    if (csv) {
        list.print_csv(std::cout, items, *rules);
    } else if (items.empty()) {
        std::cout << list.none;
    } else {
        list.print(std::cout, items, *rules);
    }
    std::cout.flush();
    print_incomplete(view);
    return {};
}

/// The draft of that number in the daemon's answer, which it borrows.
Attempt<const JsonValue*> find_draft(const Answer& tray, const std::string& item) {
    for (const JsonValue& each : JsonView(tray.json).array("drafts")) {
        if (JsonView(each).integer_text("item") == item) return &each;
    }
    return Failure{program::ExitCode::refused,
                   "no draft of the number " + printable(item) +
                       " lies in the tray: `tongbao tray` lists those that do",
                   ""};
}

Attempt<void> show_draft(DaemonClient& daemon, const Invocation& invocation,
                         const TrayArguments& arguments) {
    const Attempt<void> good = check_item(arguments.item);
    if (!good) return good.error();
    const Attempt<Answer> tray = daemon.get("/v1/tray");
    if (!tray) return tray.error();
    const Attempt<const JsonValue*> draft = find_draft(*tray, arguments.item);
    if (!draft) return draft.error();
    if (invocation.json) {
        protocol::JsonWriter writer;
        write_json(writer, **draft);
        std::cout << writer.take() << '\n';
        return {};
    }
    const Attempt<TrayRules> rules = fetch_tray_rules(daemon, invocation);
    if (!rules) return rules.error();
    print_draft(std::cout, **draft, *rules);
    return {};
}

Attempt<void> send_from_tray(DaemonClient& daemon, const Invocation& invocation,
                             TrayArguments arguments) {
    const Attempt<void> good = check_item(arguments.item);
    if (!good) return good.error();
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const Attempt<Answer> tray = daemon.get("/v1/tray");
    if (!tray) return tray.error();
    const Attempt<const JsonValue*> item = find_draft(*tray, arguments.item);
    if (!item) return item.error();
    const JsonView draft(JsonView(**item).member("draft"));
    arguments.draft.kind = draft.text("kind");
    arguments.draft.in_reply_to = draft.text("in_reply_to");
    if (arguments.draft.case_number.empty()) arguments.draft.case_number = draft.text("case");
    for (const JsonValue& unit : draft.array("to")) {
        const auto* const text = std::get_if<std::string_view>(&unit.value);
        if (text != nullptr) arguments.draft.to.emplace_back(*text);
    }
    const Attempt<std::string> body = make_draft(arguments.draft, *charter, daemon);
    if (!body) return body.error();
    const Attempt<Answer> queued = daemon.post("/v1/notices", *body);
    if (!queued) return queued.error();
    return report_outcome(daemon, invocation, *queued, arguments.waiting);
}

Attempt<void> discard(DaemonClient& daemon, const Invocation& invocation,
                      const TrayArguments& arguments) {
    const Attempt<void> good = check_item(arguments.item);
    if (!good) return good.error();
    if (!is_utf8(arguments.reason)) return usage_failure("the reason is not UTF-8");
    protocol::JsonWriter writer;
    writer.begin_object().member("reason", arguments.reason).end_object();
    const Attempt<Answer> answer = daemon.remove("/v1/tray/" + arguments.item, writer.take());
    if (!answer) return answer.error();
    if (invocation.json) std::cout << answer->text << '\n';
    std::cerr
        << "discarded: the draft is not sent, and the daemon's running log says who and why\n";
    return {};
}

void add_reminders(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand("reminders",
                                                 "what the unit's posts are reminded of (提醒): "
                                                 "steps of escalations that were done for what "
                                                 "is still owed, the oldest first");
    const auto csv = std::make_shared<bool>(false);
    command->add_flag("--csv", *csv, "print CSV, for spreadsheets");
    command->footer(
        "Example: tongbao reminders --sandbox ./sandbox --as UNIT\n"
        "Which posts a step reminds the charter says. Nothing is shown of what is owed no more.\n"
        "Also what the unit sent outside without registering how it went, or without evidence,\n"
        "from the end of the next working day on.\n"
        "Times are those of the charter's zone.\n"
        "Exit codes: 0 good, also if there are none; 1 the hub says other than the notices here;\n"
        "2 wrong arguments; 3 hub or daemon not reachable; 4 the hub's answer can't be read.");
    command->callback([csv, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return show_list(daemon, invocation, kReminders, *csv);
        });
    });
}

using TrayWork = Attempt<void> (*)(DaemonClient&, const Invocation&, const TrayArguments&);

void run_tray_work(CLI::App& command, Invocation& invocation,
                   const std::shared_ptr<TrayArguments>& arguments, TrayWork work) {
    command.add_option("item", arguments->item, "the draft's number, as `tongbao tray` lists it")
        ->required();
    command.callback([arguments, work, &invocation] {
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return work(daemon, invocation, *arguments); });
    });
}

void add_tray_send(CLI::App& tray, Invocation& invocation,
                   const std::shared_ptr<TrayArguments>& arguments) {
    CLI::App* const command =
        tray.add_subcommand("send", "complete a draft and send it as the office's notice");
    DraftArguments& draft = arguments->draft;
    command->add_option("--case", draft.case_number,
                        "case number; left out: that of the notice, as far as it is known here");
    command->add_option("--title", draft.title, "title; left out: the kind's");
    command->add_option("--doc-no", draft.doc_no, "document number");
    command->add_option("--secrecy", draft.secrecy, "secrecy mark; left out: the charter's first");
    command->add_option("--urgency", draft.urgency, "urgency; left out: the kind's");
    command->add_option("--field", draft.fields, "name=value, as with `tongbao send`");
    command->add_option("--fields", draft.fields_file, "a file with a JSON object of fields");
    command->add_option("--attach", draft.attachments, "kind=FILE, as with `tongbao send`");
    command->add_option("--no-attachment", draft.declared_absent,
                        "a kind of attachment of which there is declared to be none");
    add_waiting(*command, arguments->waiting);
    command->footer(
        "Example: tongbao tray send 41 --field NAME=VALUE --sandbox ./sandbox --as office");
    run_tray_work(*command, invocation, arguments,
                  [](DaemonClient& daemon, const Invocation& given, const TrayArguments& all) {
                      return send_from_tray(daemon, given, all);
                  });
}

void add_tray(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand("tray",
                                                 "the office's tray (办公室待办): drafts that "
                                                 "steps of escalations have laid there, and since "
                                                 "when; a person completes and sends them");
    const auto arguments = std::make_shared<TrayArguments>();
    command->add_flag("--csv", arguments->csv, "print CSV, for spreadsheets");
    command->require_subcommand(0, 1);
    CLI::App* const show =
        command->add_subcommand("show", "one draft, what it lacks, and how to send it");
    show->footer("Example: tongbao tray show 41 --sandbox ./sandbox --as office");
    run_tray_work(*show, invocation, arguments, &show_draft);
    add_tray_send(*command, invocation, arguments);
    CLI::App* const gone =
        command->add_subcommand("discard", "take a draft out of the tray unsent, with a reason");
    gone->add_option("--reason", arguments->reason, "why: 1 to 500 characters, kept")->required();
    gone->footer(
        "Example: tongbao tray discard 41 --reason \"settled by telephone\" --sandbox ./sandbox "
        "--as office");
    run_tray_work(*gone, invocation, arguments, &discard);
    command->footer(
        "Example: tongbao tray --sandbox ./sandbox --as office\n"
        "A draft goes when the notice was sent, when nothing is owed any more, or when a person\n"
        "discards it. Times are those of the charter's zone.\n"
        "Exit codes: 0 good, also if there is none; 1 this unit is not the office, no such draft, "
        "or\nrefused; 2 wrong arguments; 3 hub or daemon not reachable; 4 the hub's answer can't "
        "be "
        "read.");
    command->callback([arguments, command, &invocation] {
        if (!command->get_subcommands().empty()) return;
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return show_list(daemon, invocation, kTray, arguments->csv);
        });
    });
}

}  // namespace

void add_tray_commands(CLI::App& app, Invocation& invocation) {
    add_reminders(app, invocation);
    add_tray(app, invocation);
}

}  // namespace tongbao::client
