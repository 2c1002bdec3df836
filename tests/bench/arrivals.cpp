#include "tests/bench/arrivals.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

/// One more than the newest entry in the inbox; 0 if it is empty.
asio::awaitable<std::uint64_t> newest(Local& recipient) {
    const Json inbox = co_await recipient.ask("GET", "/v1/inbox?limit=1", "", 200);
    const Json& rows = inbox.at("notices");
    co_return rows.empty() ? 0 : rows.at(0).at("index").get<std::uint64_t>() + 1;
}

}  // namespace

void Arrivals::expect(std::uint64_t index, Clock::time_point since) {
    for (auto& each : missing_) each.emplace(index, expected_.size());
    expected_.push_back({since, missing_.size()});
}

asio::awaitable<int> Arrivals::begin(std::size_t which) {
    Local recipient(stage_.socket(recipients_[which]));
    first_[which] = co_await newest(recipient);
    co_return 0;
}

asio::awaitable<int> Arrivals::watch(std::size_t which) {
    constexpr std::chrono::milliseconds kPause(5);
    Local recipient(stage_.socket(recipients_[which]));
    asio::steady_timer timer(co_await asio::this_coro::executor);
    auto& missing = missing_[which];
    while (!closed_ || !missing.empty()) {
        if (!missing.empty()) {
            const std::uint64_t end = co_await newest(recipient);
            const Clock::time_point now = Clock::now();
            while (!missing.empty() && missing.begin()->first < end) {
                Expected& arrived = expected_[missing.begin()->second];
                missing.erase(missing.begin());
                // Of several recipients the last one counts.
                if (--arrived.recipients_left > 0) continue;
                samples_.end_to_end.push_back(now - arrived.since);
            }
        }
        timer.expires_after(kPause);
        static_cast<void>(co_await timer.async_wait(asio::use_awaitable));
    }
    co_return 0;
}

asio::awaitable<std::size_t> Arrivals::count(std::size_t which) const {
    constexpr std::size_t kPage = 1000;
    const std::uint64_t first = first_.at(which);
    Local recipient(stage_.socket(recipients_[which]));
    const std::string page = "/v1/inbox?limit=" + std::to_string(kPage);
    std::string target = page;
    std::size_t found = 0;
    for (;;) {
        const Json inbox = co_await recipient.ask("GET", target, "", 200);
        const Json& rows = inbox.at("notices");
        for (const Json& row : rows) {
            if (row.at("index").get<std::uint64_t>() < first) co_return found;
            ++found;
        }
        if (rows.size() < kPage) co_return found;
        const auto last = rows.back().at("index").get<std::uint64_t>();
        target = page + "&before=" + std::to_string(last);
    }
}

}  // namespace tongbao::bench
