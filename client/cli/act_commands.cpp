#include "client/cli/command.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "protocol/json_writer.hpp"

#include <memory>

namespace tongbao::client {
namespace {

struct ActArguments {
    std::string id;
    std::string reason;
    Waiting waiting;
};

Attempt<void> act(DaemonClient& daemon, const Invocation& invocation, ActKind kind,
                  const ActArguments& arguments) {
    const Attempt<std::string> target = notice_target(arguments.id);
    if (!target) return target.error();
    if (!is_utf8(arguments.reason)) return usage_failure("the reason is not UTF-8");
    protocol::JsonWriter writer;
    writer.begin_object().member("act", word(kind));
    if (!arguments.reason.empty()) writer.member("reason", arguments.reason);
    writer.end_object();
    const Attempt<Answer> queued = daemon.post("/v1/notices/" + *target + "/acts", writer.take());
    if (!queued) return queued.error();
    return report_outcome(daemon, invocation, *queued, arguments.waiting);
}

struct ActCommand {
    const char* name;
    ActKind kind;
    const char* description;
    const char* example;
};

void add_act(CLI::App& app, Invocation& invocation, const ActCommand& act_command) {
    CLI::App* const command = app.add_subcommand(act_command.name, act_command.description);
    const auto arguments = std::make_shared<ActArguments>();
    command->add_option("id", arguments->id, "the notice: its id or log index")->required();
    if (act_command.kind == ActKind::declined) {
        command->add_option("--reason", arguments->reason, "why, in words")->required();
    }
    add_waiting(*command, arguments->waiting);
    command->footer(act_command.example);
    command->callback([arguments, kind = act_command.kind, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return act(daemon, invocation, kind, *arguments);
        });
    });
}

}  // namespace

void add_act_commands(CLI::App& app, Invocation& invocation) {
    add_act(app, invocation,
            {"sign-for", ActKind::signed_for, "sign for a notice (签收): a person took note of it",
             "Example: tongbao sign-for 12 --sandbox ./sandbox --as UNIT"});
    add_act(app, invocation,
            {"take-up", ActKind::taken_up, "take a notice up (受理)",
             "Example: tongbao take-up 12 --sandbox ./sandbox --as UNIT"});
    add_act(app, invocation,
            {"decline", ActKind::declined, "decline to take a notice up (不予受理), with a reason",
             "Example: tongbao decline 12 --reason \"...\" --sandbox ./sandbox --as UNIT"});
    add_act(app, invocation,
            {"open", ActKind::opened, "say that a person looked at the notice's contents",
             "Example: tongbao open 12 --sandbox ./sandbox --as UNIT"});
}

}  // namespace tongbao::client
