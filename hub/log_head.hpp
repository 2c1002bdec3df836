#pragma once

#include "domain/checkpoint.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace tongbao::hub {

/// A state of the log and the signed note that says so.
struct SignedHead {
    Checkpoint checkpoint;
    std::string note;
};

/// The newest signed head, handed from the sequencer to everybody who shows it. Thread-safe.
class LogHead {
public:
    [[nodiscard]] std::shared_ptr<const SignedHead> get() const {
        const std::lock_guard lock(mutex_);
        return head_;
    }

    void set(SignedHead head) {
        auto next = std::make_shared<const SignedHead>(std::move(head));
        const std::lock_guard lock(mutex_);
        head_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const SignedHead> head_;
};

}  // namespace tongbao::hub
