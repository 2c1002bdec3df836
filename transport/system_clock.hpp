#pragma once

#include "domain/time.hpp"

namespace tongbao::transport {

/// The machine's clock. Any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace tongbao::transport
