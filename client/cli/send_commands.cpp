#include "client/cli/command.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/sent_outcome.hpp"

#include <memory>

namespace tongbao::client {
namespace {

struct SendArguments {
    /// Of reply: the notice that is answered.
    std::string asked;
    DraftArguments draft;
    Waiting waiting;
};

void add_draft_options(CLI::App& command, SendArguments& arguments) {
    DraftArguments& draft = arguments.draft;
    command.add_option("--kind", draft.kind, "the kind of notice, as the charter names it")
        ->required();
    command.add_option("--to", draft.to,
                       "a unit it goes to; left out: the one that the kind allows");
    command.add_option("--cc", draft.cc, "a unit that gets a copy; left out: as the charter says");
    command.add_option("--case", draft.case_number, "case number");
    command.add_option("--title", draft.title, "title; left out: the kind's");
    command.add_option("--doc-no", draft.doc_no, "document number");
    command.add_option("--secrecy", draft.secrecy, "secrecy mark; left out: the charter's first");
    command.add_option("--urgency", draft.urgency, "urgency; left out: the kind's");
    command.add_option("--field", draft.fields,
                       "name=value, typed by the charter: true or false, whole numbers (money in "
                       "fen), a table as JSON or @FILE, else text");
    command.add_option("--fields", draft.fields_file, "a file with a JSON object of fields");
    command.add_option("--attach", draft.attachments,
                       "kind=FILE: a file of at most 64 MiB, for one of the kind's attachments");
    command.add_option("--no-attachment", draft.declared_absent,
                       "a kind of attachment of which there is declared to be none");
    add_waiting(command, arguments.waiting);
}

Attempt<void> send_draft(DaemonClient& daemon, const Invocation& invocation,
                         const SendArguments& arguments, const Charter& charter) {
    const Attempt<std::string> draft = make_draft(arguments.draft, charter, daemon);
    if (!draft) return draft.error();
    const Attempt<Answer> queued = daemon.post("/v1/notices", *draft);
    if (!queued) return queued.error();
    return report_outcome(daemon, invocation, *queued, arguments.waiting);
}

Attempt<void> send(DaemonClient& daemon, const Invocation& invocation,
                   const SendArguments& arguments) {
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    return send_draft(daemon, invocation, arguments, *charter);
}

Attempt<void> reply(DaemonClient& daemon, const Invocation& invocation, SendArguments arguments) {
    const Attempt<std::string> target = notice_target(arguments.asked);
    if (!target) return target.error();
    const Attempt<Answer> asked = daemon.get("/v1/notices/" + *target);
    if (!asked) return asked.error();
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();

    const JsonView found(asked->json);
    const JsonView notice(found.member("notice"));
    arguments.draft.in_reply_to = notice.text("id");
    const Kind* const kind = charter->find_kind(KindId(arguments.draft.kind));
    const bool takes_case = kind != nullptr && kind->case_use != CaseUse::none;
    if (arguments.draft.case_number.empty() && takes_case) {
        // The notice itself names none if the case was opened for it.
        arguments.draft.case_number = found.text("case");
    }
    return send_draft(daemon, invocation, arguments, *charter);
}

void add_send(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand("send", "send a notice");
    const auto arguments = std::make_shared<SendArguments>();
    add_draft_options(*command, *arguments);
    command->footer(
        "Example: tongbao send --kind KIND --to UNIT --field summary=\"in short\" \\\n"
        "             --attach report=report.pdf --sandbox ./sandbox --as UNIT\n"
        "`tongbao charter show` lists the kinds with their fields and attachments.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return send(daemon, invocation, *arguments); });
    });
}

void add_reply(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "reply", "answer a notice: goes to its sender, under its case, unless said otherwise");
    const auto arguments = std::make_shared<SendArguments>();
    command->add_option("id", arguments->asked, "the notice that is answered: its id or log index")
        ->required();
    add_draft_options(*command, *arguments);
    command->footer(
        "Example: tongbao reply 12 --kind KIND --field decision=filed \\\n"
        "             --attach decision=decision.pdf --sandbox ./sandbox --as UNIT");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return reply(daemon, invocation, *arguments);
        });
    });
}

}  // namespace

void add_send_commands(CLI::App& app, Invocation& invocation) {
    add_send(app, invocation);
    add_reply(app, invocation);
}

}  // namespace tongbao::client
