#include "tests/bench/exchange.hpp"

#include "transport/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <exception>
#include <map>
#include <memory>
#include <stdexcept>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::size_t kMaxBody = 4 * 1024 * 1024;

transport::Limits limits() {
    using std::chrono::seconds;
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = kMaxBody,
            .drain_bytes = kMaxBody,
            .websocket_message_bytes = kMaxBody,
            .handshake = seconds(10),
            .header = seconds(10),
            .body = seconds(30),
            .idle = seconds(90),
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

/// A connection to a daemon's local API.
class Local {
public:
    explicit Local(std::string socket) : socket_(std::move(socket)) {}

    asio::awaitable<Json> ask(std::string method, std::string target, std::string body,
                              unsigned expected) {
        if (!client_) {
            auto client = co_await transport::connect_unix(socket_, limits());
            if (!client) throw std::runtime_error("no connection to " + socket_);
            client_ = *std::move(client);
        }
        transport::ClientRequest request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.body = to_bytes(body);
        const auto response = co_await client_->exchange(request, kMaxBody);
        if (!response) throw std::runtime_error("no answer from " + socket_);
        if (response->status != expected) {
            throw std::runtime_error(std::string(as_text(response->body)));
        }
        co_return Json::parse(as_text(response->body));
    }

private:
    std::string socket_;
    std::unique_ptr<transport::HttpClient> client_;
};

std::string draft(std::size_t number) {
    // About a kilobyte in all, as notices of this kind have.
    return Json{{"kind", "agenda_item"},
                {"fields", {{"summary", std::to_string(number) + std::string(600, 'x')}}}}
        .dump();
}

asio::awaitable<std::string> hand_over(Local& sender, std::size_t number) {
    const Json queued = co_await sender.ask("POST", "/v1/notices", draft(number), 202);
    co_return queued.at("id").get<std::string>();
}

/// What the connections of a run share.
struct Run {
    Exchange exchange;
    std::size_t count;
    std::size_t next{0};
    Clock::time_point start{Clock::now()};
    /// Those that the recipient was not seen to have.
    std::map<std::string, Clock::time_point> missing;
    Samples samples;
};

/// Hands over one notice after the other, each when the one before is durable.
asio::awaitable<int> lane(Run& run) {
    Local sender(run.exchange.sender);
    while (run.next < run.count) {
        const Clock::time_point at = Clock::now();
        const std::string id = co_await hand_over(sender, run.next++);
        run.missing.emplace(id, at);
        const Json sent = co_await sender.ask("GET", "/v1/sent/" + id + "?wait=60", "", 200);
        if (sent.at("state") != "accepted") throw std::runtime_error(sent.dump());
        run.samples.durable.push_back(Clock::now() - at);
    }
    co_return 0;
}

/// Looks at the recipient's newest notices every few milliseconds until none is missing. Looking
/// more often would slow down what is measured.
asio::awaitable<int> watch(Run& run) {
    constexpr std::chrono::milliseconds kPause(2);
    Local recipient(run.exchange.recipient);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (run.samples.end_to_end.size() < run.count) {
        const std::string newest = "/v1/inbox?limit=" + std::to_string(run.missing.size() + 1);
        const Json inbox = co_await recipient.ask("GET", newest, "", 200);
        const Clock::time_point now = Clock::now();
        for (const Json& row : inbox.at("notices")) {
            const auto found = run.missing.find(row.at("id").get<std::string>());
            if (found == run.missing.end()) continue;
            run.samples.end_to_end.push_back(now - found->second);
            run.missing.erase(found);
        }
        timer.expires_after(kPause);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return 0;
}

}  // namespace

Samples closed_loop(Exchange exchange, std::size_t count, std::size_t window) {
    Run run{std::move(exchange), count, 0, Clock::now(), {}, {}};
    asio::io_context io;
    std::exception_ptr failed;
    const auto ended = [&](const std::exception_ptr& error, int) {
        if (!error || failed) return;
        failed = error;
        io.stop();
    };
    for (std::size_t lanes = window; lanes > 0; --lanes) asio::co_spawn(io, lane(run), ended);
    asio::co_spawn(io, watch(run), ended);
    io.run();
    if (failed) std::rethrow_exception(failed);
    run.samples.notices = count;
    run.samples.whole = Clock::now() - run.start;
    return std::move(run.samples);
}

}  // namespace tongbao::bench
