#include "program/free_space.hpp"

#include "domain/bytes.hpp"

#include <sys/statvfs.h>

#include <cerrno>

namespace tongbao::program {

Result<std::uint64_t> DiskSpace::bytes() const {
    struct statvfs status {};
    int answer = 0;
    do {
        answer = ::statvfs(folder_.c_str(), &status);
    } while (answer != 0 && errno == EINTR);
    if (answer != 0) return Errc::storage_failure;
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

SpaceState SpaceWatermark::measure(std::uint64_t bytes) {
    const Result<std::uint64_t> free = space_.bytes();
    const std::lock_guard lock(mutex_);
    if (!free) return {full_, 0, least_};
    // Written as a difference: `bytes` is any number that a peer named.
    const std::uint64_t kept = full_ ? least_ + least_ / 8 : least_;
    const bool full = *free < kept || *free - kept < bytes;
    const SpaceState state{full, *free, least_};
    if (full == full_) return state;
    full_ = full;
    if (tell_) tell_(state);
    return state;
}

Result<void> SpaceWatermark::admit(std::uint64_t bytes) {
    if (measure(bytes).full) return Errc::storage_full;
    return {};
}

SpaceState SpaceWatermark::look() {
    return measure(0);
}

SpaceWatermark::Tell log_space(Logging& logging, const std::filesystem::path& folder) {
    return [&logging, folder = folder.string()](const SpaceState& state) {
        const std::string free = std::to_string(state.free / kMebibyte);
        const std::string least = std::to_string(state.least / kMebibyte);
        if (state.full) {
            logging.error("storage_full",
                          {{"folder", folder},
                           {"free_mib", free},
                           {"least_mib", least},
                           {"consequence", "new work is refused, reading goes on"},
                           {"do", "make room on this disk: work then resumes by itself"}});
        } else {
            logging.info("storage_has_room",
                         {{"folder", folder}, {"free_mib", free}, {"consequence", "work goes on"}});
        }
    };
}

std::uint64_t read_free_space(ConfigTable& limits) {
    constexpr std::int64_t kMost = 1024 * 1024;
    const std::int64_t mebibytes =
        limits.integer("free_space_mib", 1, kMost, std::int64_t{kUsualFreeSpaceMib});
    return static_cast<std::uint64_t>(mebibytes) * kMebibyte;
}

}  // namespace tongbao::program
