#pragma once

#include "domain/time_zone.hpp"

namespace tongbao::testing {

/// A time zone whose clocks never change: UTC+08:00 unless told otherwise, as Asia/Shanghai's since
/// 1991.
class FixedZone final : public TimeZone {
public:
    explicit FixedZone(std::chrono::minutes offset = std::chrono::hours(8)) : offset_(offset) {}

    [[nodiscard]] std::chrono::seconds offset_at(UtcTime /*time*/) const override {
        return offset_;
    }
    [[nodiscard]] UtcTime start_of(LocalDay day) const override {
        return UtcTime(day.time_since_epoch()) - offset_;
    }

private:
    std::chrono::minutes offset_;
};

}  // namespace tongbao::testing
