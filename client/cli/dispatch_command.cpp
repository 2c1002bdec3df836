#include "client/cli/command.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/sent_outcome.hpp"
#include "crypto/sha256.hpp"
#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "program/files.hpp"
#include "protocol/act_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

struct DispatchArguments {
    std::string id;
    std::string unit;
    std::string method;
    std::optional<std::string> at;
    std::optional<std::string> number;
    std::optional<std::string> evidence;
    Waiting waiting;
};

Attempt<Dispatch> dispatch_of(const DispatchArguments& arguments, const Invocation& invocation) {
    if (!is_utf8(arguments.method) || !is_utf8(arguments.number.value_or(""))) {
        return usage_failure("method and number are UTF-8");
    }
    Dispatch dispatch;
    dispatch.to = UnitId(arguments.unit);
    dispatch.method = arguments.method;
    dispatch.number = arguments.number;
    if (arguments.at) {
        dispatch.at = *arguments.at;
    } else {
        const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
        if (!clock) return clock.error();
        dispatch.at = format_utc((*clock)->now());
    }
    if (arguments.evidence) {
        const Result<std::string> file =
            program::read_file(*arguments.evidence, protocol::kMaxAttachmentBytes);
        if (!file) return usage_failure("the evidence can't be read: " + *arguments.evidence);
        dispatch.evidence = crypto::sha256(as_bytes(*file));
    }
    return dispatch;
}

Attempt<void> dispatch(DaemonClient& daemon, const Invocation& invocation,
                       const DispatchArguments& arguments) {
    const Attempt<std::string> target = notice_target(arguments.id);
    if (!target) return target.error();
    const Attempt<Dispatch> said = dispatch_of(arguments, invocation);
    if (!said) return said.error();
    protocol::JsonWriter writer;
    writer.begin_object().member("act", word(ActKind::dispatched));
    protocol::write_dispatch(writer, *said);
    writer.end_object();
    const Attempt<Answer> queued = daemon.post("/v1/notices/" + *target + "/acts", writer.take());
    if (!queued) return queued.error();
    return report_outcome(daemon, invocation, *queued, arguments.waiting);
}

}  // namespace

void add_dispatch_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "dispatch", "register how a notice went to a recipient to whom the hub delivers nothing");
    const auto arguments = std::make_shared<DispatchArguments>();
    command->add_option("id", arguments->id, "the notice of this unit: its id or log index")
        ->required();
    command->add_option("--unit", arguments->unit, "the recipient that it went to")->required();
    command
        ->add_option("--method", arguments->method,
                     "how, in words: one line of 1 to 100 characters")
        ->required();
    command->add_option("--at", arguments->at,
                        "when, such as 2020-10-13T09:30+08:00; now unless said");
    command->add_option("--number", arguments->number,
                        "the number of the letter, the posting or the publication");
    command->add_option("--evidence", arguments->evidence,
                        "a file of at most 64 MiB that shows it: its SHA-256 is signed, the file "
                        "stays here");
    add_waiting(*command, arguments->waiting);
    command->footer(
        "Example: tongbao dispatch 12 --unit UNIT2 --method \"by hand\" --evidence receipt.pdf\n"
        "--sandbox ./sandbox --as UNIT\n"
        "Once for each such recipient; a second time only to add the evidence.\n"
        "Exit codes: 0 registered, 1 refused, 2 wrong arguments, 3 no answer in time.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return dispatch(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
