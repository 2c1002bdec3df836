#pragma once

#include "domain/ids.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace tongbao::hub {

/// Tells the streams of a unit that its mailbox has something new. Thread-safe.
class MailBell {
public:
    /// Called from the sequencer's thread: must not block.
    using Listener = std::function<void()>;

    /// Listens while it lives.
    class Subscription {
    public:
        Subscription(MailBell& bell, UnitId unit, std::uint64_t number)
            : bell_(bell), unit_(std::move(unit)), number_(number) {}
        ~Subscription() { bell_.remove(unit_, number_); }
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;
        Subscription(Subscription&&) = delete;
        Subscription& operator=(Subscription&&) = delete;

    private:
        MailBell& bell_;
        UnitId unit_;
        std::uint64_t number_;
    };

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(const UnitId& unit, Listener listener) {
        const std::lock_guard lock(mutex_);
        const std::uint64_t number = next_++;
        listeners_[unit].emplace(number, std::move(listener));
        return std::make_unique<Subscription>(*this, unit, number);
    }

    void ring(const std::set<UnitId>& units) {
        const std::lock_guard lock(mutex_);
        for (const UnitId& unit : units) {
            const auto found = listeners_.find(unit);
            if (found == listeners_.end()) continue;
            for (const auto& [number, listener] : found->second) listener();
        }
    }

private:
    void remove(const UnitId& unit, std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        const auto found = listeners_.find(unit);
        if (found == listeners_.end()) return;
        found->second.erase(number);
        if (found->second.empty()) listeners_.erase(found);
    }

    std::mutex mutex_;
    std::uint64_t next_{0};
    std::map<UnitId, std::map<std::uint64_t, Listener>> listeners_;
};

}  // namespace tongbao::hub
