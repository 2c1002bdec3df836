#pragma once

#include "program/free_space.hpp"

#include <atomic>

namespace tongbao::testing {

/// A disk whose room a test sets. Thread-safe.
class FakeSpace final : public program::FreeSpace {
public:
    explicit FakeSpace(std::uint64_t bytes) : bytes_(bytes) {}

    void set(std::uint64_t bytes) { bytes_ = bytes; }
    /// The system does not tell.
    void fail(bool failing) { failing_ = failing; }

    [[nodiscard]] Result<std::uint64_t> bytes() const override {
        if (failing_) return Errc::storage_failure;
        return bytes_.load();
    }

private:
    std::atomic<std::uint64_t> bytes_;
    std::atomic<bool> failing_{false};
};

}  // namespace tongbao::testing
