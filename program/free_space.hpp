#pragma once

#include "domain/result.hpp"
#include "program/config_file.hpp"
#include "program/logging.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

namespace tongbao::program {

/// How much room a disk has. Thread-safe.
class FreeSpace {
public:
    virtual ~FreeSpace() = default;

    /// Bytes that this process may still write. Errors: Errc::storage_failure if the system does
    /// not tell.
    [[nodiscard]] virtual Result<std::uint64_t> bytes() const = 0;
};

/// The room on the file system of a folder. Source: POSIX.1-2017 statvfs(); what is reserved for
/// root does not count (f_bavail).
class DiskSpace final : public FreeSpace {
public:
    explicit DiskSpace(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] Result<std::uint64_t> bytes() const override;

private:
    std::filesystem::path folder_;
};

/// What a watermark knows of its disk.
struct SpaceState {
    /// New work is refused.
    bool full{false};
    /// Bytes that were free at the last look; 0 if the system did not tell.
    std::uint64_t free{0};
    /// Bytes that must stay free.
    std::uint64_t least{0};
};

/// Refuses new work while the disk has less room than a watermark: the database aborts the process
/// when it finds no room at all, so what was admitted must always fit. Once full, it takes an
/// eighth more than the watermark to be admitted again, so that it does not change with every file.
/// A disk that does not tell is taken to have room: what fails then is the write. Thread-safe; a
/// look costs one system call.
class SpaceWatermark {
public:
    /// Called at each change between full and not full, one call after the other: must not block,
    /// nor ask the watermark.
    using Tell = std::function<void(const SpaceState&)>;

    /// `space` outlives the object. `least`: bytes that must stay free.
    SpaceWatermark(const FreeSpace& space, std::uint64_t least, Tell tell)
        : space_(space), least_(least), tell_(std::move(tell)) {}

    /// Whether `bytes` may be written and the watermark stays free.
    ///
    /// Errors: Errc::storage_full.
    [[nodiscard]] Result<void> admit(std::uint64_t bytes = 0);

    /// Looks anew, for those who wait for room or show it.
    [[nodiscard]] SpaceState look();

private:
    [[nodiscard]] SpaceState measure(std::uint64_t bytes);

    const FreeSpace& space_;
    const std::uint64_t least_;
    const Tell tell_;
    std::mutex mutex_;
    bool full_{false};
};

/// Says in the running log that the disk of `folder` has too little room, and that it has enough
/// again. `logging` outlives what is answered.
[[nodiscard]] SpaceWatermark::Tell log_space(Logging& logging, const std::filesystem::path& folder);

/// What must stay free if the configuration does not say: what was admitted and waits (64 MiB at
/// most), the database's log and buffers, and what it needs to merge its files.
inline constexpr std::uint64_t kUsualFreeSpaceMib = 512;

/// Reads `free_space_mib` of a service's `[limits]`, from 1 to 1,048,576: in bytes.
[[nodiscard]] std::uint64_t read_free_space(ConfigTable& limits);

}  // namespace tongbao::program
