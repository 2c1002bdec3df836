#include "client/cli/command.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/fetched_files.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/notice_view.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/table.hpp"
#include "protocol/notice_json.hpp"

#include <iostream>
#include <memory>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

Attempt<void> list_inbox(DaemonClient& daemon, const Invocation& invocation, std::int64_t limit) {
    const Attempt<Answer> answer = daemon.get("/v1/inbox?limit=" + std::to_string(limit));
    if (!answer) return answer.error();
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    bool flagged = false;
    TextTable table({"index", "received at", "from", "kind", "title", "case", "state", "id"});
    for (const JsonValue& item : JsonView(answer->json).array("notices")) {
        const JsonView notice(item);
        std::string marks = notice.boolean("copy") ? " (copy)" : "";
        if (notice.has("late")) marks += " (late)";
        if (!notice.text("signed_since_compromise").empty()) flagged = true;
        const std::string mark = notice.text("signed_since_compromise").empty() ? "" : " (!)";
        table.add({notice.integer_text("index"), notice.text("received_at"),
                   notice.text("from") + mark, notice.text("kind") + marks, notice.text("title"),
                   notice.text("case"), notice.texts("state"), notice.text("id")});
    }
    table.print(std::cout);
    if (flagged) {
        std::cerr
            << "(!) signed by a key after somebody else may have had it: ask the sender whether "
               "the notice is his. `tongbao show` says since when.\n";
    }
    return {};
}

Attempt<void> list_sent(DaemonClient& daemon, const Invocation& invocation, std::int64_t limit) {
    const Attempt<Answer> answer = daemon.get("/v1/sent?limit=" + std::to_string(limit));
    if (!answer) return answer.error();
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    TextTable table({"index", "queued at", "to", "kind", "title", "case", "state", "id"});
    for (const JsonValue& item : JsonView(answer->json).array("notices")) {
        const JsonView notice(item);
        const std::string copies = notice.texts("cc");
        table.add({notice.integer_text("index"), notice.text("queued_at"),
                   notice.texts("to") + (copies.empty() ? "" : ", cc " + copies),
                   notice.text("kind") + notice.text("act") + (notice.has("late") ? " (late)" : ""),
                   notice.text("title"), notice.text("case"), notice.text("state"),
                   notice.text("id")});
    }
    table.print(std::cout);
    return {};
}

struct ShowArguments {
    std::string id;
    bool unmask{false};
};

Attempt<void> show(DaemonClient& daemon, const Invocation& invocation,
                   const ShowArguments& arguments) {
    const Attempt<std::string> target = notice_target(arguments.id);
    if (!target) return target.error();
    // The daemon notes who had personal data shown whole.
    const Attempt<Answer> answer =
        daemon.get("/v1/notices/" + *target + (arguments.unmask ? "?unmask=true" : ""));
    if (!answer) return answer.error();
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    const JsonView view(answer->json);
    const Checked<Notice> notice = protocol::notice_from(view.member("notice"));
    if (!notice) {
        return Failure{program::ExitCode::failed,
                       "the daemon's answer can't be read:\n" + reason_lines({notice.error()}), ""};
    }
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    print_notice_place(std::cout, view, *charter);
    const MaskingDone masking = print_notice(std::cout, *notice, *charter,
                                             arguments.unmask ? Masking::shown : Masking::masked);
    print_notice_acts(std::cout, view);
    if (masking == MaskingDone::some) {
        std::cerr << "Masked values show six characters at the front and four at the end; "
                     "--unmask shows them whole.\n";
    }
    return {};
}

using List = Attempt<void> (*)(DaemonClient&, const Invocation&, std::int64_t);

void add_list(CLI::App& app, Invocation& invocation, const std::string& name,
              const std::string& description, List list) {
    constexpr std::int64_t kListed = 100;
    CLI::App* const command = app.add_subcommand(name, description);
    const auto limit = std::make_shared<std::int64_t>(kListed);
    command->add_option("--limit", *limit, "how many at most")
        ->check(CLI::Range(std::int64_t{1}, kMaxListed))
        ->capture_default_str();
    command->footer("Example: tongbao " + name +
                    " --limit 20 --sandbox ./sandbox --as UNIT\nTimes are UTC (Z). What was sent "
                    "after a limit of its sending is (late).");
    command->callback([limit, list, &invocation] {
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return list(daemon, invocation, *limit); });
    });
}

void add_show(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "show", "a notice: its header, fields, attachments, and what was done to it");
    const auto arguments = std::make_shared<ShowArguments>();
    command->add_option("id", arguments->id, "the notice: its id or log index")->required();
    command->add_flag("--unmask", arguments->unmask,
                      "show whole what the charter masks, such as identity numbers");
    command->footer(
        "Example: tongbao show 12 --sandbox ./sandbox --as UNIT\n"
        "Times are UTC (Z). With --json nothing is masked: it is the notice as it was signed.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return show(daemon, invocation, *arguments); });
    });
}

void add_fetch(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand("fetch", "save a notice's attachments as files");
    const auto arguments = std::make_shared<FetchArguments>();
    command->add_option("id", arguments->id, "the notice: its id or log index")->required();
    command->add_option("--out", arguments->folder, "the folder to save them in; made if missing")
        ->capture_default_str();
    command->add_option("--attachment", arguments->attachment,
                        "the SHA-256 of the one attachment to save");
    command->add_flag("--proof", arguments->proof,
                      "save what proves the notice to a stranger too: notice.json, statement.p7s, "
                      "signer.pem, perhaps path.txt");
    command->footer(
        "Example: tongbao fetch 12 --out ./received --sandbox ./sandbox --as UNIT\n"
        "Files are named by the start of their SHA-256 and what is harmless of the sender's name\n"
        "for them. No file that is there is written over. With --proof it says which two commands\n"
        "of OpenSSL check what was saved.");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return fetch(daemon, invocation, *arguments);
        });
    });
}

}  // namespace

void add_inbox_commands(CLI::App& app, Invocation& invocation) {
    add_list(app, invocation, "inbox", "what the unit received, newest first", &list_inbox);
    add_list(app, invocation, "sent", "what the unit sent, newest first", &list_sent);
    add_show(app, invocation);
    add_fetch(app, invocation);
}

}  // namespace tongbao::client
