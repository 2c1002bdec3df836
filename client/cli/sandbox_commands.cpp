#include "client/cli/command.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "client/sandbox/sandbox.hpp"
#include "protocol/json_writer.hpp"
#include "transport/system_clock.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct SandboxArguments {
    std::string folder;
    std::string charter;
    std::vector<std::string> local;
    std::optional<std::string> clock;
    std::uint16_t port{0};
    std::int64_t patience{60};
};

std::string_view words_for(SandboxBefore before) {
    switch (before) {
        case SandboxBefore::nothing:
            return "A new sandbox runs";
        case SandboxBefore::stopped:
            return "The sandbox that was here runs again, keys and data kept";
        case SandboxBefore::partly:
            return "What was missing of the sandbox runs again";
        case SandboxBefore::running:
            return "The sandbox runs already, and is ready";
    }
    return "";
}

Attempt<void> up(const SandboxArguments& arguments, const Invocation& invocation) {
    constexpr mode_t kNobodyElse = 077;
    ::umask(kNobodyElse);
    SandboxOrder order;
    order.folder = arguments.folder;
    if (!arguments.charter.empty()) order.charter = arguments.charter;
    order.local = arguments.local;
    order.clock = arguments.clock;
    order.port = arguments.port;
    order.patience = std::chrono::seconds(arguments.patience);
    const transport::SystemClock clock;
    const Checked<SandboxUp> up =
        sandbox_up(order, program::ShippedFiles::beside_this_program(), clock,
                   [](std::string_view line) { std::cerr << printable(line) << '\n'; });
    if (!up) return local_failure(up.error());
    const std::string file = sandbox_json(up->sandbox.charter_file.parent_path()).string();
    if (invocation.json) {
        std::cout << format_sandbox(up->sandbox) << '\n';
    } else {
        std::cout << file << '\n';
    }
    std::cerr << words_for(up->before) << ": hub at " << up->sandbox.hub_url << ", units";
    for (const auto& [id, unit] : up->sandbox.units) std::cerr << ' ' << id;
    const std::string folder = printable(arguments.folder);
    std::cerr << ".\nTry: tongbao status --sandbox " << folder << " --as "
              << up->sandbox.units.begin()->first << "\nStop it: tongbao sandbox down --dir "
              << folder << '\n';
    return {};
}

Attempt<void> clock(const SandboxArguments& arguments, const Invocation& invocation) {
    const Checked<UtcTime> now = sandbox_clock(arguments.folder, arguments.clock);
    if (!now) return local_failure(now.error());
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object().member("time", format_utc(*now)).end_object();
        std::cout << json.take() << '\n';
    } else {
        std::cout << format_utc(*now) << '\n';
    }
    return {};
}

void print_parts(const std::vector<SandboxPart>& parts, const Invocation& invocation) {
    if (!invocation.json) {
        TextTable table({"part", "pid", "state", "address", "log"});
        for (const SandboxPart& part : parts) {
            table.add({part.name, part.pid == 0 ? "" : std::to_string(part.pid), part.state,
                       part.address, part.log_file});
        }
        table.print(std::cout);
        return;
    }
    protocol::JsonWriter json;
    json.begin_array();
    for (const SandboxPart& part : parts) {
        json.begin_object().member("part", part.name).key("pid").number(part.pid);
        json.member("state", part.state)
            .member("address", part.address)
            .member("log", part.log_file)
            .end_object();
    }
    std::cout << json.end_array().take() << '\n';
}

Attempt<void> status(const SandboxArguments& arguments, const Invocation& invocation) {
    const Checked<std::vector<SandboxPart>> parts = sandbox_status(arguments.folder);
    if (!parts) return local_failure(parts.error());
    print_parts(*parts, invocation);
    const bool good = std::all_of(parts->begin(), parts->end(), [](const SandboxPart& part) {
        return part.state == "running" || part.state == "connected";
    });
    if (good) return {};
    const bool on_purpose = std::all_of(parts->begin(), parts->end(), [](const SandboxPart& part) {
        return part.state == kStopped;
    });
    const std::string up = "`tongbao sandbox up --dir " + printable(arguments.folder) + '`';
    if (on_purpose) return Failure{ExitCode::refused, "It is stopped: " + up + " starts it.", ""};
    return Failure{
        ExitCode::refused,
        "Not all of it runs and is connected. The logs say why; " + up + " starts what is missing.",
        ""};
}

Attempt<void> down(const SandboxArguments& arguments, const Invocation& invocation) {
    const Checked<std::vector<SandboxPart>> parts = sandbox_down(arguments.folder);
    if (!parts) return local_failure(parts.error());
    print_parts(*parts, invocation);
    const bool left = std::any_of(parts->begin(), parts->end(), [](const SandboxPart& part) {
        return part.state == kCannotBeKilled;
    });
    if (left)
        return Failure{ExitCode::failed,
                       "Some processes can't be killed: end them by their pid, as the "
                       "user who started them.",
                       ""};
    return {};
}

using SandboxWork = Attempt<void> (*)(const SandboxArguments&, const Invocation&);

CLI::App* add_command(CLI::App& parent, Invocation& invocation,
                      const std::shared_ptr<SandboxArguments>& arguments, const char* name,
                      const char* description, SandboxWork work) {
    CLI::App* const command = parent.add_subcommand(name, description);
    command->add_option("--dir", arguments->folder, "the sandbox's folder")->required();
    command->callback([arguments, work, &invocation] {
        run_locally(invocation, [&] { return work(*arguments, invocation); });
    });
    return command;
}

}  // namespace

void add_sandbox_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const parent = app.add_subcommand(
        "sandbox", "a whole deployment on this machine, to try Tongbao and to test it");
    parent->require_subcommand(1);
    parent->footer("Example: tongbao sandbox up --charter CHARTER --dir ./sandbox");

    const auto up_arguments = std::make_shared<SandboxArguments>();
    CLI::App* const up_command =
        add_command(*parent, invocation, up_arguments, "up",
                    "make a hub and all units of a charter, and start them", up);
    up_command->add_option("--charter", up_arguments->charter,
                           "a shipped charter's name, or a file; not needed the second time");
    up_command->add_option("--local", up_arguments->local,
                           "a local unit that takes part too: local.<division>.<system>; may be "
                           "given several times");
    up_command->add_option(
        "--port", up_arguments->port,
        "the hub's port; any free one unless said, and the same as before while a "
        "daemon runs");
    up_command->add_option("--clock", up_arguments->clock,
                           "for tests: the clock of all its programs stands at this time, such as "
                           "2020-09-30T09:00+08:00, until it is set on; with ` running` behind it "
                           "runs on from there");
    up_command
        ->add_option("--wait", up_arguments->patience,
                     "seconds that all may take to be ready; 60 unless said")
        ->check(CLI::Range(1, 3600));
    up_command->footer(
        "Example: tongbao sandbox up --charter CHARTER --dir ./sandbox\n"
        "Everything listens on this machine alone. A sandbox that was stopped is started again "
        "with\n"
        "its keys and data; if some of its processes run, only the others are started, and the "
        "hub\n"
        "keeps its port if a daemon runs. Shipped charters are looked for at\n"
        "../../../domain/charters and ../share/tongbao/charters from where this program lies.\n"
        "Prints the path of sandbox.json.\n"
        "Exit codes: 0 all is ready, 2 wrong arguments, 3 not ready in time, 4 a process ended.");

    add_command(*parent, invocation, std::make_shared<SandboxArguments>(), "status",
                "the sandbox's processes and how they are", status)
        ->footer(
            "Example: tongbao sandbox status --dir ./sandbox\n"
            "Exit codes: 0 all run and are connected, 1 not all, 2 no sandbox there.");
    const auto clock_arguments = std::make_shared<SandboxArguments>();
    CLI::App* const clock_command =
        add_command(*parent, invocation, clock_arguments, "clock",
                    "what time it is in a sandbox that was made with --clock, or set it on", clock);
    clock_command->add_option("--set", clock_arguments->clock,
                              "the new time, as of `up --clock`; never an earlier one");
    clock_command->footer(
        "Example: tongbao sandbox clock --dir ./sandbox --set 2020-10-09T09:00+08:00\n"
        "The running programs look at it by themselves: what is due is done within a second or "
        "two.\n"
        "Exit codes: 0 done, 2 no time, an earlier one, or no sandbox with such a clock there.");
    add_command(*parent, invocation, std::make_shared<SandboxArguments>(), "down",
                "stop exactly the sandbox's processes; nothing is deleted", down)
        ->footer(
            "Example: tongbao sandbox down --dir ./sandbox\n"
            "What has not ended after 15 seconds is killed. Doing it twice is no fault.\n"
            "Exit codes: 0 all are stopped, 2 no sandbox there, 4 a process can't be killed.");
}

}  // namespace tongbao::client
