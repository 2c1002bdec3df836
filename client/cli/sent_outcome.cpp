#include "client/cli/sent_outcome.hpp"

#include "client/cli/explanations.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/uuid.hpp"
#include "transport/http_message.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

/// The most that the daemon waits for one request.
constexpr std::int64_t kMaxPoll = 60;
constexpr std::int64_t kMaxWait = 3600;
constexpr std::size_t kMaxIndexDigits = 19;
constexpr std::string_view kAwaiting = "awaiting_endorsement";

bool is_queued(const Answer& sent) {
    return JsonView(sent.json).text("state") == "queued";
}

/// What the daemon says of it when it is queued no more, or when `seconds` are over.
Attempt<Answer> await_word(DaemonClient& daemon, const std::string& id, std::int64_t seconds) {
    while (true) {
        const std::int64_t share = std::min(seconds, kMaxPoll);
        Attempt<Answer> sent = daemon.get(
            "/v1/sent/" + transport::percent_encode(id) + "?wait=" + std::to_string(share),
            std::chrono::seconds(share));
        seconds -= share;
        if (!sent || !is_queued(*sent) || seconds <= 0) return sent;
    }
}

void print(const Invocation& invocation, const Answer& sent) {
    if (invocation.json) {
        std::cout << sent.text << '\n';
        return;
    }
    const JsonView view(sent.json);
    std::cout << "id     " << printable(view.text("id")) << '\n'
              << "state  " << printable(view.text("state")) << '\n';
    const std::optional<std::int64_t> index = view.integer("index");
    if (index) std::cout << "index  " << *index << '\n';
    const std::string case_number = view.text("case");
    if (!case_number.empty()) std::cout << "case   " << printable(case_number) << '\n';
}

/// The reasons of an answer, also those whose codes this program does not know.
std::string refusal_lines(const JsonView& sent) {
    std::string lines;
    std::vector<Errc> codes;
    for (const protocol::JsonValue& item : sent.array("reasons")) {
        const JsonView reason(item);
        if (const std::optional<Errc> known = errc_from_code(reason.text("code"))) {
            codes.push_back(*known);
        }
        const std::string place = reason.text("place");
        const std::string explanation = reason.text("explanation");
        lines += lines.empty() ? "" : "\n";
        lines += printable(reason.text("code")) + "  " + (place.empty() ? "-" : printable(place)) +
                 "  " + printable(explanation.empty() ? reason.text("title") : explanation);
    }
    if (lines.empty()) return "the hub refused it without a reason: its operator can tell why";
    const std::string hint = explain_hint(codes);
    return hint.empty() ? lines : lines + '\n' + hint;
}

/// Who must still sign a notice that waits for endorsements.
std::string missing_lines(const JsonView& held, const std::string& id) {
    std::string lines = "it is kept, and sent once these have signed it:\n";
    for (const protocol::JsonValue& item : held.array("endorsements")) {
        const JsonView each(item);
        if (each.boolean("given")) continue;
        lines += "  " + printable(each.text("role")) + "  " + printable(each.text("signer")) + '\n';
    }
    return lines + "see `tongbao endorse " + printable(id) + " --help`\n";
}

}  // namespace

void add_waiting(CLI::App& command, Waiting& waiting) {
    CLI::Option* const wait =
        command.add_option("--wait", waiting.seconds, "seconds to wait for the hub's word")
            ->check(CLI::Range(std::int64_t{0}, kMaxWait))
            ->capture_default_str();
    command.add_flag("--no-wait", waiting.none, "end as soon as the daemon has it on disk")
        ->excludes(wait);
}

Attempt<void> report_outcome(DaemonClient& daemon, const Invocation& invocation,
                             const Answer& queued, const Waiting& waiting) {
    const std::string id = JsonView(queued.json).text("id");
    if (id.empty()) {
        return Failure{ExitCode::failed,
                       "the daemon's answer can't be read (no id): is it of the same version as "
                       "this program?",
                       ""};
    }
    if (JsonView(queued.json).text("state") == kAwaiting) {
        print(invocation, queued);
        std::cerr << missing_lines(JsonView(queued.json), id);
        return {};
    }
    if (waiting.none) {
        print(invocation, queued);
        return {};
    }
    const Attempt<Answer> sent = await_word(daemon, id, waiting.seconds);
    if (!sent) {
        Failure failure = sent.error();
        failure.words += "\nit was handed over before as " + printable(id);
        return failure;
    }
    print(invocation, *sent);
    const JsonView view(sent->json);
    if (view.text("state") == "refused") {
        return Failure{ExitCode::refused, refusal_lines(view), ""};
    }
    if (!is_queued(*sent)) return {};
    return Failure{ExitCode::unavailable,
                   "the hub has not answered within " + std::to_string(waiting.seconds) +
                       " seconds; the daemon goes on trying: see `tongbao sent`",
                   ""};
}

Attempt<std::string> notice_target(const std::string& id) {
    const bool index = !id.empty() && id.size() <= kMaxIndexDigits &&
                       id.find_first_not_of("0123456789") == std::string::npos;
    if (index || Uuid::parse(id)) return id;
    return usage_failure(printable(id) +
                         ": give a notice's id, such as 0190163d-8694-739b-aea5-966c26f8ad91, or "
                         "its index in the log");
}

}  // namespace tongbao::client
