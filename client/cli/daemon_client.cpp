#include "client/cli/daemon_client.hpp"

#include "client/cli/configuration.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/json_view.hpp"
#include "protocol/limits.hpp"
#include "protocol/problem.hpp"
#include "transport/run_to_end.hpp"

#include <iostream>
#include <limits>
#include <utility>

namespace tongbao::client {

namespace asio = boost::asio;
using program::ExitCode;

namespace {

/// A thousand of the longest rows that the daemon lists, and a case of a hundred thousand entries.
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024 * 1024;

transport::Limits limits_for(std::chrono::seconds wait) {
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = protocol::kMaxAttachmentBytes,
            .drain_bytes = 64 * 1024,
            .websocket_message_bytes = 1024,
            .handshake = protocol::kHandshakeLimit,
            .header = protocol::kHeaderLimit,
            .body = protocol::kBodyLimit,
            .idle = protocol::kIdleLimit + wait,
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

Failure unreadable(const std::string& what) {
    return Failure{ExitCode::failed,
                   "the daemon's answer can't be read (" + what +
                       "): is it of the same version as this program?",
                   ""};
}

Failure refusal(unsigned status, const std::string& body) {
    const Checked<protocol::Problem> problem = protocol::read_problem(as_bytes(body));
    if (!problem) return unreadable("status " + std::to_string(status));
    Failure failure = failure_of(*problem);
    failure.problem = body;
    return failure;
}

}  // namespace

/// One request, and what came of it. Lives in the caller until the connection is closed.
struct DaemonClient::Exchange {
    transport::ClientRequest request;
    std::chrono::seconds wait{};
    std::size_t max_body{kMaxAnswerBytes};
    /// The body may come for as long, and be as long, as it likes.
    bool endless{false};
    /// Where the body of a good answer goes, piece by piece; else to `body`.
    Sink sink{};

    unsigned status{0};
    std::string body{};
};

namespace {

asio::awaitable<Result<void>> drain_into(transport::BodyReader& body, const Sink& sink) {
    constexpr std::size_t kPiece = std::size_t{64} * 1024;
    Bytes buffer(kPiece);
    while (true) {
        const Result<std::size_t> size = co_await body.read_some(buffer);
        if (!size) co_return size.error();
        if (*size == 0) co_return Result<void>();
        const Result<void> taken = sink(BytesView(buffer).first(*size));
        if (!taken) co_return taken.error();
    }
}

/// `Talk` is DaemonClient::Exchange, which only that class may name.
template <typename Talk>
asio::awaitable<Result<void>> talk(std::string socket, Talk* exchange) {
    transport::Limits limits = limits_for(exchange->wait);
    if (exchange->endless) {
        limits.body = exchange->wait;
        limits.body_bytes = std::numeric_limits<std::uint64_t>::max();
    }
    const auto client = co_await transport::connect_unix(std::move(socket), limits);
    if (!client) co_return client.error();
    const Result<transport::ResponseHead> head = co_await (*client)->send(exchange->request);
    if (!head) co_return head.error();
    exchange->status = head->status;
    const bool good = head->status >= 200 && head->status < 300;
    if (good && exchange->sink) {
        const Result<void> drained = co_await drain_into((*client)->body(), exchange->sink);
        if (!drained) co_return drained.error();
    } else {
        const Result<Bytes> body = co_await (*client)->body().read_all(exchange->max_body);
        if (!body) co_return body.error();
        exchange->body = as_text(*body);
    }
    // The answer is there whole: how the connection ends does not matter any more.
    [[maybe_unused]] const Result<void> closed = co_await (*client)->close();
    co_return Result<void>();
}

}  // namespace

DaemonClient::DaemonClient(std::filesystem::path socket, std::string advice)
    : socket_(std::move(socket)), advice_(std::move(advice)) {}

Attempt<void> DaemonClient::run(Exchange& exchange) {
    const Result<void> outcome = transport::run_to_end(talk(socket_.string(), &exchange));
    if (outcome) {
        if (exchange.status >= 200 && exchange.status < 300) return {};
        return refusal(exchange.status, exchange.body);
    }
    const Errc errc = to_errc(outcome.error());
    const std::string at = socket_.string() + ": ";
    if (errc == Errc::not_running) {
        return Failure{ExitCode::unavailable, at + "no daemon answers here. " + advice_, ""};
    }
    if (errc == Errc::not_permitted) {
        return Failure{ExitCode::unavailable,
                       at + "this user may not talk to the daemon: its own user, root and the "
                            "group that its api_group names may",
                       ""};
    }
    if (errc == Errc::bad_value) {
        return usage_failure(at + "is no path that a socket can have (at most 107 bytes)");
    }
    if (errc == Errc::wrong_length) {
        return Failure{ExitCode::failed, "the file changed while it was read", ""};
    }
    return Failure{exit_code_of(errc),
                   at + std::string(sentence(errc)) + '\n' + explain_hint({errc}), ""};
}

Attempt<Answer> DaemonClient::run_json(Exchange& exchange) {
    const Attempt<void> done = run(exchange);
    if (!done) return done.error();
    Checked<protocol::JsonDocument> value =
        protocol::read_json(as_bytes(exchange.body), kMaxAnswerBytes);
    if (!value) return unreadable(std::string(code(value.error().code)));
    return Answer{std::move(exchange.body), *std::move(value)};
}

Attempt<Answer> DaemonClient::get(const std::string& target, std::chrono::seconds wait) {
    Exchange exchange;
    exchange.request.target = target;
    exchange.wait = wait;
    return run_json(exchange);
}

Attempt<Answer> DaemonClient::post(const std::string& target, const std::string& json,
                                   std::chrono::seconds wait) {
    Exchange exchange;
    exchange.wait = wait;
    exchange.request.method = "POST";
    exchange.request.target = target;
    exchange.request.fields = {{"Content-Type", "application/json"}};
    exchange.request.body = to_bytes(json);
    return run_json(exchange);
}

Attempt<Answer> DaemonClient::remove(const std::string& target, const std::string& json) {
    Exchange exchange;
    exchange.request.method = "DELETE";
    exchange.request.target = target;
    if (!json.empty()) {
        exchange.request.fields = {{"Content-Type", "application/json"}};
        exchange.request.body = to_bytes(json);
    }
    return run_json(exchange);
}

Attempt<Digest> DaemonClient::upload(const LocalFile& file) {
    Exchange exchange;
    exchange.request.method = "POST";
    exchange.request.target = "/v1/attachments";
    exchange.request.fields = {{"Content-Type", "application/octet-stream"}};
    exchange.request.source = file.source();
    exchange.request.source_length = file.size();
    const Attempt<Answer> answer = run_json(exchange);
    if (!answer) return answer.error();
    const Result<Digest> digest = Digest::from_hex(JsonView(answer->json).text("sha256"));
    if (!digest) return unreadable("no digest");
    return *digest;
}

Attempt<std::string> DaemonClient::text(const std::string& target, std::size_t max_bytes) {
    Exchange exchange;
    exchange.request.target = target;
    exchange.max_body = max_bytes;
    const Attempt<void> done = run(exchange);
    if (!done) return done.error();
    return std::move(exchange.body);
}

Attempt<void> DaemonClient::download(const std::string& target, const Sink& sink) {
    Exchange exchange;
    exchange.request.target = target;
    exchange.sink = sink;
    return run(exchange);
}

Attempt<void> DaemonClient::events(const std::string& after, const Sink& sink) {
    // Events may be days apart; a daemon that is gone closes the socket.
    constexpr std::chrono::hours kYear{24 * 365};
    Exchange exchange;
    exchange.request.target = "/v1/events";
    if (!after.empty()) exchange.request.fields = {{"Last-Event-ID", after}};
    exchange.wait = kYear;
    exchange.endless = true;
    exchange.sink = sink;
    return run(exchange);
}

void run_with_daemon(Invocation& invocation, const DaemonWork& work) {
    std::string words;
    const Result<UnitAccess> access = unit_access(invocation, words);
    if (!access) {
        std::cerr << words << '\n';
        invocation.exit_code = ExitCode::usage;
        return;
    }
    const std::string advice =
        invocation.sandbox
            ? "See `tongbao sandbox status --dir " + invocation.sandbox->string() +
                  "`; `tongbao sandbox up` starts one."
            : "Start it with `tongbaod --config FILE`, FILE being the daemon's configuration.";
    DaemonClient daemon(access->socket, advice);
    const Attempt<void> done = work(daemon);
    std::cout.flush();
    if (done) return;
    const Failure& failure = done.error();
    if (invocation.json && !failure.problem.empty()) {
        std::cout << failure.problem << '\n' << std::flush;
    }
    if (!failure.words.empty()) std::cerr << failure.words << '\n';
    invocation.exit_code = failure.exit_code;
}

}  // namespace tongbao::client
