#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tongbao::program {

/// How often a service looks whether its files changed.
inline constexpr std::chrono::seconds kLookAtFiles{2};

/// Files that are taken over when they change, and what is said of those that can't be.
///
/// Files that belong together are replaced one after the other, and some programs write in place:
/// so what is bad is looked at again at the next look, and told only if it still is. What was told
/// is not told again until it changes. Files are compared by inode, size and times, not by what is
/// in them. For one thread at a time.
class WatchedFiles {
public:
    /// Remembers the files as they are now: make the object before they are read first. A path that
    /// is a folder stands for the files in it, not for those in folders of it.
    explicit WatchedFiles(std::vector<std::filesystem::path> paths);

    /// Whether the files are to be read: they changed since the last look, or that found them bad.
    [[nodiscard]] bool look();

    /// What was read is good, and nothing is to be told any more.
    void good();

    /// What was read is bad, as `words` say.
    ///
    /// @returns whether that is to be told now.
    [[nodiscard]] bool bad(const std::string& words);

private:
    struct Stamp {
        std::uint64_t inode{0};
        std::uint64_t size{0};
        std::int64_t modified{0};  ///< nanoseconds since 1970
        std::int64_t changed{0};   ///< of the inode

        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    using Stamps = std::map<std::filesystem::path, Stamp>;

    [[nodiscard]] Stamps take() const;
    static void add(const std::filesystem::path& path, Stamps& stamps);

    std::vector<std::filesystem::path> paths_;
    Stamps stamps_;
    /// What is bad, and whether it was told; empty if all is good.
    std::string words_;
    bool told_{false};
    /// A file changed so shortly before the last look that it may have changed after it within the
    /// same tick of the file system's clock.
    bool fresh_{false};
};

}  // namespace tongbao::program
