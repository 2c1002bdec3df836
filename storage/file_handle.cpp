#include "storage/file_handle.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

/// Calls `step(done)`, which moves some bytes and answers as read(2) and write(2) do, until `total`
/// are moved or nothing more comes.
template <typename Step>
Result<std::size_t> move_all(std::size_t total, const Step& step) {
    std::size_t done = 0;
    while (done < total) {
        const ssize_t moved = step(done);
        if (moved < 0 && errno == EINTR) continue;
        if (moved < 0) return Errc::storage_failure;
        if (moved == 0) break;
        done += static_cast<std::size_t>(moved);
    }
    return done;
}

Result<void> all_of(const Result<std::size_t>& moved, std::size_t total) {
    if (!moved) return moved.error();
    if (*moved != total) return Errc::storage_failure;
    return {};
}

}  // namespace

FileHandle::FileHandle(FileHandle&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

FileHandle::~FileHandle() {
    close();
}

void FileHandle::close() noexcept {
    // What must be durable was synced before; close(2) has nothing to add.
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

Result<FileHandle> FileHandle::open(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode);
    if (descriptor < 0) return errno == ENOENT ? Errc::not_found : Errc::storage_failure;
    return FileHandle(descriptor);
}

Result<void> FileHandle::write(BytesView bytes) {
    const auto moved = move_all(bytes.size(), [&](std::size_t done) {
        return ::write(descriptor_, bytes.data() + done, bytes.size() - done);
    });
    return all_of(moved, bytes.size());
}

Result<void> FileHandle::write_at(BytesView bytes, off_t offset) {
    const auto moved = move_all(bytes.size(), [&](std::size_t done) {
        return ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                        offset + static_cast<off_t>(done));
    });
    return all_of(moved, bytes.size());
}

Result<std::size_t> FileHandle::read(std::span<std::uint8_t> buffer) {
    return move_all(buffer.size(), [&](std::size_t done) {
        return ::read(descriptor_, buffer.data() + done, buffer.size() - done);
    });
}

Result<std::size_t> FileHandle::read_at(std::span<std::uint8_t> buffer, off_t offset) const {
    return move_all(buffer.size(), [&](std::size_t done) {
        return ::pread(descriptor_, buffer.data() + done, buffer.size() - done,
                       offset + static_cast<off_t>(done));
    });
}

Result<void> FileHandle::sync_data() {
    if (::fdatasync(descriptor_) != 0) return Errc::storage_failure;
    return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    // The parent of a relative path of one name is empty.
    const Result<FileHandle> handle =
        FileHandle::open(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (!handle || ::fsync(handle->descriptor()) != 0) return Errc::storage_failure;
    return {};
}

Result<void> make_durable_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) return Errc::storage_failure;
    // One that is there may have been made a moment ago, by a thread that has not synced it yet, or
    // by a process that died before it could.
    return sync_folder(folder.parent_path());
}

}  // namespace tongbao::storage
