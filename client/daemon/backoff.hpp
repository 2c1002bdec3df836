#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace tongbao::client {

/// The pauses between attempts that fail one after the other: the longest doubles with each, up to
/// half a minute, and each lasts from half to all of it, so that units that lost the hub together
/// do not come back together. On one thread.
class Backoff {
public:
    static constexpr std::chrono::milliseconds kFirst{200};
    static constexpr std::chrono::milliseconds kLongest{30'000};

    explicit Backoff(std::uint32_t seed = std::random_device()()) : jitter_(seed) {}

    /// How long to wait after one more failure.
    [[nodiscard]] std::chrono::milliseconds next() {
        const auto longest = longest_;
        longest_ = std::min(kLongest, longest_ * 2);
        std::uniform_int_distribution<std::int64_t> spread(longest.count() / 2, longest.count());
        return std::chrono::milliseconds(spread(jitter_));
    }

    /// Something got done: the next failure is the first again.
    void progress() { longest_ = kFirst; }

private:
    std::chrono::milliseconds longest_{kFirst};
    std::minstd_rand jitter_;
};

}  // namespace tongbao::client
