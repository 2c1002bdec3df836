#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace tongbao::storage {

/// Where files are in memory alone, if there is such a place. To sync them costs nothing, and a
/// killed process leaves them behind as it does on a disk.
[[nodiscard]] inline std::filesystem::path memory_path() {
    const std::filesystem::path shared = "/dev/shm";
    std::error_code none;
    return std::filesystem::is_directory(shared, none) ? shared
                                                       : std::filesystem::temp_directory_path();
}

/// A new, empty folder, removed with all it holds at the end of its life.
class TemporaryFolder {
public:
    explicit TemporaryFolder(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
        std::string pattern = (parent / "tongbao-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace tongbao::storage
