#include "program/watched_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace tongbao::program {
namespace {

/// Longer than a tick of any kernel's clock for files.
constexpr std::int64_t kTick = 100'000'000;
constexpr std::int64_t kNanosecondsInSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * kNanosecondsInSecond + time.tv_nsec;
}

std::int64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return nanoseconds(time);
}

}  // namespace

WatchedFiles::WatchedFiles(std::vector<std::filesystem::path> paths)
    : paths_(std::move(paths)), stamps_(take()) {}

void WatchedFiles::add(const std::filesystem::path& path, Stamps& stamps) {
    struct stat found {};
    // Not there: has no stamp. A folder in the folder is none of ours.
    if (::stat(path.c_str(), &found) != 0 || S_ISDIR(found.st_mode)) return;
    stamps[path] = {found.st_ino, static_cast<std::uint64_t>(found.st_size),
                    nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
}

WatchedFiles::Stamps WatchedFiles::take() const {
    Stamps stamps;
    for (const std::filesystem::path& path : paths_) {
        std::error_code error;
        if (!std::filesystem::is_directory(path, error)) {
            add(path, stamps);
            continue;
        }
        std::filesystem::directory_iterator each(path, error);
        for (const std::filesystem::directory_iterator end; !error && each != end;
             each.increment(error)) {
            add(each->path(), stamps);
        }
    }
    return stamps;
}

bool WatchedFiles::look() {
    const std::int64_t time = now();
    Stamps stamps = take();
    const bool changed = stamps != stamps_;
    const bool again = std::exchange(fresh_, false) || !words_.empty();
    if (changed) {
        fresh_ = std::any_of(stamps.begin(), stamps.end(), [time](const auto& each) {
            return each.second.changed > time - kTick;
        });
        stamps_ = std::move(stamps);
    }
    return changed || again;
}

void WatchedFiles::good() {
    words_.clear();
    told_ = false;
}

bool WatchedFiles::bad(const std::string& words) {
    if (words != words_) {
        words_ = words;
        told_ = false;
        return false;
    }
    return !std::exchange(told_, true);
}

}  // namespace tongbao::program
