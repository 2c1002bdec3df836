#include "tests/bench/exchange.hpp"

#include "tests/bench/run_all.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

/// What the connections of a run share.
struct Run {
    const Stage& stage;
    const Load& load;
    Samples samples;
    Arrivals arrivals;
    std::size_t next{0};
    std::size_t lanes_left{0};
    Clock::time_point start{};

    Run(const Stage& the_stage, const Load& the_load)
        : stage(the_stage), load(the_load), arrivals(the_stage, the_load.recipients, samples) {}
};

/// The id of the last notice that an answer to drafts names.
std::string last_id(const Json& answer) {
    if (answer.contains("id")) return answer.at("id");
    for (const Json& each : answer.at("notices")) {
        if (!each.contains("id")) throw std::runtime_error(each.dump());
    }
    return answer.at("notices").back().at("id");
}

/// Hands over `count` notices from `first` on and waits until they are durable at the hub: those
/// of one daemon get their places in the order in which they were handed over.
asio::awaitable<int> hand_over(Run& run, Local& sender, std::size_t first, std::size_t count,
                               Clock::time_point since) {
    const Load& load = run.load;
    std::string body = drafts(load.recipients, first, count);
    const unsigned expected = count == 1 ? 202 : 200;
    const Json answer = co_await sender.ask("POST", "/v1/notices", std::move(body), expected);
    std::string target = "/v1/sent/" + last_id(answer) + "?wait=60";
    const Json sent = co_await sender.ask("GET", std::move(target), "", 200);
    if (sent.at("state") != "accepted") throw std::runtime_error(sent.dump());
    run.samples.durable.push_back(Clock::now() - since);
    run.arrivals.expect(sent.at("index").get<std::uint64_t>(), since);
    co_return 0;
}

asio::awaitable<int> lane(Run& run, std::string unit) {
    Local sender(run.stage.socket(unit));
    asio::steady_timer timer(co_await asio::this_coro::executor);
    const Load& load = run.load;
    while (run.next < load.notices) {
        const std::size_t first = run.next;
        const std::size_t count = std::min(load.at_once, load.notices - first);
        run.next += count;
        Clock::time_point since = Clock::now();
        if (load.rate) {
            const std::chrono::duration<double> due(static_cast<double>(first) / *load.rate);
            since = run.start + std::chrono::duration_cast<Clock::duration>(due);
            timer.expires_at(since);
            static_cast<void>(co_await timer.async_wait(asio::use_awaitable));
        }
        static_cast<void>(co_await hand_over(run, sender, first, count, since));
    }
    if (--run.lanes_left == 0) run.arrivals.close();
    co_return 0;
}

}  // namespace

Samples run_local(const Stage& stage, const Load& load) {
    Run run(stage, load);
    const std::size_t recipients = load.recipients.size();
    std::vector<asio::awaitable<int>> tasks;
    for (std::size_t i = 0; i < recipients; ++i) tasks.push_back(run.arrivals.begin(i));
    run_all(std::move(tasks));

    tasks.clear();
    for (std::size_t i = 0; i < recipients; ++i) tasks.push_back(run.arrivals.watch(i));
    run.lanes_left = load.senders.size() * load.window;
    for (std::size_t i = 0; i < run.lanes_left; ++i) {
        tasks.push_back(lane(run, load.senders[i % load.senders.size()]));
    }
    run.start = Clock::now();
    run_all(std::move(tasks));
    run.samples.notices = load.notices;
    run.samples.whole = Clock::now() - run.start;
    check_arrived(run.arrivals, load.recipients, load.notices);
    return std::move(run.samples);
}

}  // namespace tongbao::bench
