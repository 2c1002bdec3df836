#include "tests/bench/exchange.hpp"

#include "transport/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include <deque>
#include <memory>
#include <stdexcept>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
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
        if (expected != 0 && response->status != expected) {
            throw std::runtime_error(std::string(as_text(response->body)));
        }
        Json json = Json::parse(as_text(response->body));
        json["http_status"] = response->status;
        co_return json;
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

asio::awaitable<void> wait_until_accepted(Local& sender, const std::string& id) {
    const Json sent = co_await sender.ask("GET", "/v1/sent/" + id + "?wait=60", "", 200);
    if (sent.at("state") != "accepted") throw std::runtime_error(sent.dump());
}

asio::awaitable<void> wait_until_arrived(Local& recipient, const std::string& id) {
    for (;;) {
        const Json shown = co_await recipient.ask("GET", "/v1/notices/" + id, "", 0);
        if (shown.at("http_status") == 200) co_return;
    }
}

/// What the connections of a pipelined run share.
struct Run {
    Exchange exchange;
    std::size_t count;
    std::size_t next{0};
    Clock::time_point start{Clock::now()};
    Samples samples;
};

/// Hands `burst` notices over, one after the other, waits until the last of them is durable and has
/// arrived, and begins again. Measured is each burst's last notice, which has the others before it.
asio::awaitable<int> lane(Run& run, std::size_t burst) {
    Local sender(run.exchange.sender);
    Local recipient(run.exchange.recipient);
    while (run.next < run.count) {
        std::string last;
        Clock::time_point handed = Clock::now();
        for (std::size_t i = 0; i < burst && run.next < run.count; ++i) {
            handed = Clock::now();
            last = co_await hand_over(sender, run.next++);
        }
        if (last.empty()) break;
        co_await wait_until_accepted(sender, last);
        run.samples.durable.push_back(Clock::now() - handed);
        co_await wait_until_arrived(recipient, last);
        run.samples.end_to_end.push_back(Clock::now() - handed);
    }
    co_return 0;
}

}  // namespace

asio::awaitable<Samples> one_at_a_time(Exchange exchange, std::size_t count) {
    Local sender(exchange.sender);
    Local recipient(exchange.recipient);
    Samples samples;
    const auto start = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        const auto handed = Clock::now();
        const std::string id = co_await hand_over(sender, i);
        co_await wait_until_accepted(sender, id);
        samples.durable.push_back(Clock::now() - handed);
        co_await wait_until_arrived(recipient, id);
        samples.end_to_end.push_back(Clock::now() - handed);
    }
    samples.notices = count;
    samples.whole = Clock::now() - start;
    co_return samples;
}

asio::awaitable<Samples> pipelined(Exchange exchange, std::size_t count, std::size_t window) {
    constexpr std::size_t kLanes = 8;
    Run run{std::move(exchange), count, 0, Clock::now(), {}};
    const std::size_t burst = window / kLanes;
    const auto done =
        co_await (lane(run, burst) && lane(run, burst) && lane(run, burst) && lane(run, burst) &&
                  lane(run, burst) && lane(run, burst) && lane(run, burst) && lane(run, burst));
    static_cast<void>(done);
    run.samples.notices = count;
    run.samples.whole = Clock::now() - run.start;
    co_return run.samples;
}

}  // namespace tongbao::bench
