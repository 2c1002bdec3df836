#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <list>

namespace tongbao::client {

/// Wakes every coroutine that waits for something to change. On one thread, the daemon's.
///
/// Who waits notes rings() first, then looks whether what it waits for is there, then waits: a ring
/// in between is not lost.
class Bell {
public:
    explicit Bell(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    void ring() {
        ++rings_;
        for (boost::asio::steady_timer* const waiting : waiting_) waiting->cancel();
    }

    /// How often it rang.
    [[nodiscard]] std::uint64_t rings() const noexcept { return rings_; }

    /// Waits until it has rung more often than `seen`, but no longer than `limit`; how often it has
    /// rung then.
    [[nodiscard]] boost::asio::awaitable<std::uint64_t> wait(std::uint64_t seen,
                                                             std::chrono::milliseconds limit) {
        if (rings_ != seen) co_return rings_;
        boost::asio::steady_timer timer(executor_, limit);
        const auto place = waiting_.insert(waiting_.end(), &timer);
        constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);
        const auto [error] = co_await timer.async_wait(kAsTuple);
        static_cast<void>(error);  // a ring and the end of the limit are the same to the caller
        waiting_.erase(place);
        co_return rings_;
    }

private:
    boost::asio::any_io_executor executor_;
    std::uint64_t rings_{0};
    std::list<boost::asio::steady_timer*> waiting_;
};

}  // namespace tongbao::client
