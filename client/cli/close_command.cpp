#include "client/cli/command.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "protocol/json_writer.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

struct CloseArguments {
    std::string id;
    std::string reason;
    std::optional<std::string> unit;
    Waiting waiting;
};

/// Those to whom the notice is addressed, copies not among them.
Attempt<std::vector<std::string>> recipients_of(DaemonClient& daemon, const std::string& target) {
    const Attempt<Answer> shown = daemon.get("/v1/notices/" + target);
    if (!shown) return shown.error();
    std::vector<std::string> units;
    const JsonView notice(JsonView(shown->json).member("notice"));
    for (const protocol::JsonValue& item : notice.array("to")) {
        const auto* const unit = std::get_if<std::string_view>(&item.value);
        if (unit != nullptr) units.emplace_back(*unit);
    }
    return units;
}

Attempt<void> close_at(DaemonClient& daemon, const Invocation& invocation,
                       const CloseArguments& arguments, const std::string& target,
                       const std::string& unit) {
    protocol::JsonWriter writer;
    writer.begin_object()
        .member("act", word(ActKind::closed_by_sender))
        .member("unit", unit)
        .member("reason", arguments.reason)
        .end_object();
    const Attempt<Answer> queued = daemon.post("/v1/notices/" + target + "/acts", writer.take());
    if (!queued) return queued.error();
    if (!invocation.json) std::cout << "unit   " << printable(unit) << '\n';
    return report_outcome(daemon, invocation, *queued, arguments.waiting);
}

/// Where nothing is open any more it is refused, and closed at the others all the same.
Attempt<void> close_at_all(DaemonClient& daemon, const Invocation& invocation,
                           const CloseArguments& arguments, const std::string& target) {
    const Attempt<std::vector<std::string>> units = recipients_of(daemon, target);
    if (!units) return units.error();
    std::string refusals;
    bool any = false;
    for (const std::string& unit : *units) {
        const Attempt<void> closed = close_at(daemon, invocation, arguments, target, unit);
        if (!closed && closed.error().exit_code != program::ExitCode::refused) {
            return closed.error();
        }
        any = any || closed.has_value();
        if (closed) continue;
        refusals += refusals.empty() ? "" : "\n";
        refusals += "not closed at " + printable(unit) + ":\n" + closed.error().words;
    }
    if (!any) return Failure{program::ExitCode::refused, refusals, ""};
    if (!refusals.empty()) std::cerr << refusals << '\n';
    return {};
}

Attempt<void> close_notice(DaemonClient& daemon, const Invocation& invocation,
                           const CloseArguments& arguments) {
    const Attempt<std::string> target = notice_target(arguments.id);
    if (!target) return target.error();
    if (!is_utf8(arguments.reason)) return usage_failure("the reason is not UTF-8");
    if (!arguments.unit) return close_at_all(daemon, invocation, arguments, *target);
    return close_at(daemon, invocation, arguments, *target, *arguments.unit);
}

}  // namespace

void add_close_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "close", "close a notice of this unit (关闭): nothing more is owed for it");
    const auto arguments = std::make_shared<CloseArguments>();
    command->add_option("id", arguments->id, "the notice of this unit: its id or log index")
        ->required();
    command->add_option("--reason", arguments->reason, "why, in words")->required();
    command->add_option("--unit", arguments->unit,
                        "the recipient at whom it is closed; unless said, each where something is "
                        "open");
    add_waiting(*command, arguments->waiting);
    command->footer(
        "Example: tongbao close 12 --unit UNIT2 --reason \"...\" --sandbox ./sandbox --as UNIT\n"
        "Its clocks there end, and nothing is owed again if an answer is taken back later; what\n"
        "was overdue stays so. Recipients read the reason, the log does not.\n"
        "Exit codes: 0 closed at one at least, 1 refused, 2 wrong arguments, 3 no answer in time.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return close_notice(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
