#pragma once

#include "domain/time.hpp"

#include <cstdint>
#include <deque>

namespace tongbao::client {

/// How much of something happened within the last minute, to the second: what a person sees of how
/// fast a daemon catches up. Keeps at most 61 numbers. Not thread-safe.
class RecentCount {
public:
    void add(UtcTime now, std::uint64_t count);

    /// What was added in the 60 seconds before `now`; nothing of what a clock that went back since
    /// then calls the future.
    [[nodiscard]] std::uint64_t last_minute(UtcTime now) const;

private:
    struct Second {
        std::int64_t number;  ///< since 1970
        std::uint64_t count;
    };

    std::deque<Second> seconds_;
};

}  // namespace tongbao::client
