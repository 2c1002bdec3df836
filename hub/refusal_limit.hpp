#pragma once

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <map>

namespace tongbao::hub {

/// How many `refused` entries one unit may cause: enough for every honest mistake, too few to fill
/// the log. Begins anew each hour. Not thread-safe: the sequencer's alone.
class RefusalLimit {
public:
    explicit RefusalLimit(std::uint32_t per_hour) : per_hour_(per_hour) {}

    /// Counts one; whether it may still be logged.
    [[nodiscard]] bool allow(const UnitId& unit, UtcTime now) {
        const auto hour = std::chrono::floor<std::chrono::hours>(now);
        if (hour != hour_) counts_.clear();
        hour_ = hour;
        return ++counts_[unit] <= per_hour_;
    }

private:
    std::uint32_t per_hour_;
    std::chrono::sys_time<std::chrono::hours> hour_{};
    std::map<UnitId, std::uint32_t> counts_;
};

}  // namespace tongbao::hub
