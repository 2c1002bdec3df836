#pragma once

#include "tests/bench/local.hpp"
#include "tests/bench/stage.hpp"
#include "tests/bench/summary.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tongbao::bench {

using Clock = std::chrono::steady_clock;

/// Watches the inboxes of the recipients for what senders were told is in the log. Deliveries come
/// in the log's order, so whoever shows an entry has all before it. Looks every few milliseconds,
/// which is how exact `end_to_end` is; more often would slow down what is measured. On one thread.
class Arrivals {
public:
    /// Both outlive the object.
    Arrivals(const Stage& stage, const std::vector<std::string>& recipients, Samples& samples)
        : stage_(stage), recipients_(recipients), samples_(samples), missing_(recipients.size()) {}

    /// The notices handed over at `since`, the last of which is log entry `index`, are durable.
    void expect(std::uint64_t index, Clock::time_point since);
    /// Nothing more is handed over: watch() ends when all has arrived.
    void close() { closed_ = true; }

    /// Watches recipient number `which` to the end.
    [[nodiscard]] boost::asio::awaitable<int> watch(std::size_t which);

    /// How many notices recipient `which` has in its inbox behind what was there at first. Reads
    /// the whole inbox: after the run.
    [[nodiscard]] boost::asio::awaitable<std::size_t> count(std::size_t which) const;

    /// The newest entry of the inbox of recipient `which` now is where counting begins.
    [[nodiscard]] boost::asio::awaitable<int> begin(std::size_t which);

private:
    struct Expected {
        Clock::time_point since;
        std::size_t recipients_left;
    };

    const Stage& stage_;
    const std::vector<std::string>& recipients_;
    Samples& samples_;
    std::vector<Expected> expected_;
    /// By recipient: log entries that were not seen there, with their places in expected_.
    std::vector<std::multimap<std::uint64_t, std::size_t>> missing_;
    std::map<std::size_t, std::uint64_t> first_;
    bool closed_{false};
};

}  // namespace tongbao::bench
