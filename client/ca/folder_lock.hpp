#pragma once

#include "domain/reason.hpp"

#include <filesystem>
#include <utility>

namespace tongbao::client {

/// Keeps every other command of ours out of a folder while it lives; the system lets go of it if
/// the process dies. Nothing is written.
class FolderLock {
public:
    /// Errors: Errc::not_found if there is no such folder; Errc::already_running if another command
    /// works in it; Errc::storage_failure.
    [[nodiscard]] static Checked<FolderLock> take(const std::filesystem::path& folder);

    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FolderLock& operator=(FolderLock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace tongbao::client
