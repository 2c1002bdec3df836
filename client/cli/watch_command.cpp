#include "client/cli/command.hpp"
#include "client/cli/daemon_client.hpp"
#include "client/cli/event_reader.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

struct WatchArguments {
    std::string after;
    std::uint64_t count{0};
};

std::string number_text(const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : "-";
}

/// One line for a person; what is not known of the event's name is shown as it came.
std::string line_of(const ReadEvent& event, const JsonView& data) {
    if (event.name == "arrived") {
        return number_text(data.integer("index")) + "  from " + data.text("from") + "  " +
               data.text("kind") + "  " + data.text("title");
    }
    if (event.name == "acted") {
        std::string line = number_text(data.integer("index")) + "  " + data.text("unit") + "  " +
                           data.text("act") + "  on";
        for (const protocol::JsonValue& each : data.array("notices")) {
            const auto* const notice = std::get_if<std::int64_t>(&each.value);
            if (notice != nullptr) line += ' ' + std::to_string(*notice);
        }
        return data.text("reason").empty() ? line : line + ": " + data.text("reason");
    }
    if (event.name == "accepted") {
        return number_text(data.integer("index")) + "  " + data.text("kind") + data.text("act") +
               "  " + data.text("id");
    }
    if (event.name == "refused") {
        std::string line = data.text("kind") + data.text("act") + "  " + data.text("id") + ":";
        for (const protocol::JsonValue& each : data.array("reasons")) {
            const JsonView reason(each);
            line += ' ' + reason.text("code");
            if (!reason.text("place").empty()) line += " (" + reason.text("place") + ')';
        }
        return line;
    }
    if (event.name == "connected") {
        return "the log has " + number_text(data.integer("log_size")) + " entries";
    }
    if (event.name == "reminder") {
        const std::string posts = data.texts("posts");
        return number_text(data.integer("entry")) + "  " + data.text("deed") + "  " +
               (posts.empty() ? "the unit" : posts) + ": " + data.text("unit") + " owes " +
               (data.text("reply").empty() ? "a receipt" : data.text("reply")) + " of " +
               number_text(JsonView(data.member("notice")).integer("index"));
    }
    if (event.name == "disconnected") return data.text("code") + ": " + data.text("title");
    if (event.name == "alarm") return data.text("alarm");
    return event.data;
}

void print(const ReadEvent& event, const Invocation& invocation) {
    constexpr std::size_t kNameWidth = 14;
    if (invocation.json) {
        protocol::JsonWriter writer;
        writer.begin_object().member("event", event.name).member("id", event.id);
        writer.key("data").raw(event.data).end_object();
        std::cout << writer.take() << std::endl;
        return;
    }
    const Checked<protocol::JsonDocument> data =
        protocol::read_json(as_bytes(event.data), event.data.size());
    const std::string line = data ? line_of(event, JsonView(*data)) : event.data;
    std::string name = printable(event.name);
    if (name.size() < kNameWidth) name.resize(kNameWidth, ' ');
    std::cout << name << printable(line) << std::endl;
}

Attempt<void> watch(DaemonClient& daemon, const Invocation& invocation,
                    const WatchArguments& arguments) {
    EventReader reader;
    std::uint64_t left = arguments.count;
    std::string last = arguments.after;
    bool done = false;
    const auto sink = [&](BytesView bytes) -> Result<void> {
        const Result<std::vector<ReadEvent>> events = reader.take(bytes);
        if (!events) return events.error();
        for (const ReadEvent& event : *events) {
            print(event, invocation);
            last = event.id;
            done = arguments.count != 0 && --left == 0;
            // There is no other way to end a download from inside.
            if (done || !std::cout) return Errc::connection_closed;
        }
        return {};
    };
    const Attempt<void> read = daemon.events(arguments.after, sink);
    if (done || !std::cout) return {};
    Failure failure =
        read ? Failure{program::ExitCode::unavailable, "the daemon has stopped", ""} : read.error();
    if (!last.empty() && failure.exit_code == program::ExitCode::unavailable) {
        failure.words += "\nTo go on where this ended: tongbao watch --after " + printable(last);
    }
    return failure;
}

}  // namespace

void add_watch_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "watch",
        "print what happens at the unit's daemon, as it happens: what arrives, what "
        "others do with it, what becomes of what was sent, alarms");
    const auto arguments = std::make_shared<WatchArguments>();
    command->add_option("--after", arguments->after,
                        "go on behind this event's id (shown with --json); 0.0: from the first");
    command->add_option("--count", arguments->count, "end after so many events; 0: never")
        ->capture_default_str();
    command->footer(
        "Example: tongbao watch --json --sandbox ./sandbox --as UNIT\n"
        "Ends with 3 when the daemon stops, and says how to go on.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return watch(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
