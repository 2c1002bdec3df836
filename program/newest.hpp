#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tongbao::program {

/// What is replaced as a whole while others read it, such as the trust store. A reader takes the
/// newest once for each piece of work and keeps that as long as the work lasts; it never keeps a
/// reference into it without the pointer. Thread-safe.
template <typename T>
class Newest {
public:
    Newest() = default;
    explicit Newest(std::shared_ptr<const T> first) : value_(std::move(first)) {}

    /// Null until something was set.
    [[nodiscard]] std::shared_ptr<const T> get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }

    void set(std::shared_ptr<const T> next) {
        {
            const std::lock_guard lock(mutex_);
            value_.swap(next);
        }
        // The one before ends here, outside the lock, unless somebody still reads it.
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace tongbao::program
