#pragma once

#include "domain/bytes.hpp"
#include "domain/notice.hpp"
#include "domain/uuid.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace tongbao::client {

/// What notices of this unit say that were read while they were checked and will soon be sent: so
/// that the outbox, which stores their bytes, need not read them again. Holds only so many of
/// them, the newest; of the others, and after a start, the bytes are read. Thread-safe.
class ReadNotices {
public:
    /// Bytes of notices, as they are written, whose contents are held at most.
    static constexpr std::size_t kMaxBytes = 4 * kMebibyte;

    /// Holds what a notice says whose identifier was made just now and names nothing else, and
    /// which takes `size` bytes.
    void keep(Notice notice, std::size_t size) {
        if (size > kMaxBytes) return;
        const std::lock_guard lock(mutex_);
        // Identifiers begin with their time: the first is the oldest, which may never be asked for.
        while (size > kMaxBytes - bytes_) {
            bytes_ -= notices_.begin()->second.size;
            notices_.erase(notices_.begin());
        }
        const Uuid id = notice.id.value();
        if (notices_.try_emplace(id, Held{std::move(notice), size}).second) bytes_ += size;
    }

    /// The notice, which is not held any more; none if it was not.
    [[nodiscard]] std::optional<Notice> take(const Uuid& id) {
        const std::lock_guard lock(mutex_);
        const auto found = notices_.find(id);
        if (found == notices_.end()) return std::nullopt;
        bytes_ -= found->second.size;
        return std::move(notices_.extract(found).mapped().notice);
    }

private:
    struct Held {
        Notice notice;
        std::size_t size;
    };

    std::mutex mutex_;
    std::map<Uuid, Held> notices_;
    std::size_t bytes_{0};
};

}  // namespace tongbao::client
