#pragma once

#include "domain/uuid.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <map>

namespace tongbao::client {

/// How long a coroutine waits for a bell before it looks again by itself.
inline constexpr std::chrono::milliseconds kLookAgain{60'000};

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

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }

private:
    boost::asio::any_io_executor executor_;
    std::uint64_t rings_{0};
    std::list<boost::asio::steady_timer*> waiting_;
};

/// Rings for each item that left the outbox apart: of a hundred callers who wait for a notice each,
/// only those wake whose notice it was. On one thread, the daemon's.
class SettledBell {
public:
    explicit SettledBell(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Wakes those who wait for this item.
    void ring(const Uuid& item) {
        const auto [first, last] = watching_.equal_range(item);
        for (auto each = first; each != last; ++each) each->second->ring();
    }

    /// One who waits for an item. Made before it is looked whether the item is settled: a ring in
    /// between is not lost. The bell outlives it.
    class Watch {
    public:
        Watch(SettledBell& bell, const Uuid& item)
            : bell_(bell), own_(bell.executor_), place_(bell.watching_.emplace(item, &own_)) {}
        ~Watch() { bell_.watching_.erase(place_); }
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        Watch(Watch&&) = delete;
        Watch& operator=(Watch&&) = delete;

        /// Waits until the bell has rung for the item, but no longer than `limit`; how often it has
        /// rung then.
        [[nodiscard]] boost::asio::awaitable<std::uint64_t> wait(std::chrono::milliseconds limit) {
            return own_.wait(0, limit);
        }

    private:
        SettledBell& bell_;
        Bell own_;
        std::multimap<Uuid, Bell*>::iterator place_;
    };

private:
    boost::asio::any_io_executor executor_;
    std::multimap<Uuid, Bell*> watching_;
};

}  // namespace tongbao::client
