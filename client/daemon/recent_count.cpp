#include "client/daemon/recent_count.hpp"

#include <chrono>

namespace tongbao::client {
namespace {

constexpr std::int64_t kKept = 60;

std::int64_t second_of(UtcTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

void RecentCount::add(UtcTime now, std::uint64_t count) {
    const std::int64_t number = second_of(now);
    // A clock that went back: what it counted before is of no minute that it knows.
    while (!seconds_.empty() && seconds_.back().number > number) seconds_.pop_back();
    while (!seconds_.empty() && seconds_.front().number <= number - kKept) seconds_.pop_front();
    if (seconds_.empty() || seconds_.back().number != number) seconds_.push_back({number, 0});
    seconds_.back().count += count;
}

std::uint64_t RecentCount::last_minute(UtcTime now) const {
    const std::int64_t number = second_of(now);
    std::uint64_t sum = 0;
    for (const Second& each : seconds_) {
        if (each.number > number - kKept && each.number <= number) sum += each.count;
    }
    return sum;
}

}  // namespace tongbao::client
