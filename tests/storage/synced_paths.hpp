#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace tongbao::storage {

/// Which files and folders this program has synced since this object was made, by the names that
/// they had then. One object at a time, used by one thread; synced_paths.cpp stands in for the
/// system's fsync and fdatasync.
class SyncedPaths {
public:
    SyncedPaths();
    SyncedPaths(const SyncedPaths&) = delete;
    SyncedPaths& operator=(const SyncedPaths&) = delete;
    ~SyncedPaths();

    [[nodiscard]] bool has(const std::filesystem::path& path) const {
        return paths_.contains(path.string());
    }

    void note(int descriptor);

private:
    std::set<std::string> paths_;
};

}  // namespace tongbao::storage
