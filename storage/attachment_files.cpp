#include "storage/attachment_files.hpp"

#include "storage/file_handle.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::string_view kPartialFolder = "partial";

std::filesystem::path kept_path(const std::filesystem::path& owner_folder, const Digest& sha256) {
    const std::string name = sha256.hex();
    return owner_folder / name.substr(0, 2) / name;
}

/// Marks a file as used now.
bool use_now(const std::filesystem::path& file) {
    const std::array<timespec, 2> now{timespec{0, UTIME_NOW}, timespec{0, UTIME_NOW}};
    return ::utimensat(AT_FDCWD, file.c_str(), now.data(), AT_SYMLINK_NOFOLLOW) == 0;
}

UtcTime used_at(const struct stat& status) {
    using namespace std::chrono;
    const nanoseconds part(status.st_mtim.tv_nsec);
    return UtcTime(seconds(status.st_mtim.tv_sec) + duration_cast<milliseconds>(part));
}

class AttachmentFileWriter final : public AttachmentWriter {
public:
    AttachmentFileWriter(std::filesystem::path owner_folder, std::filesystem::path partial,
                         FileHandle file, const RoomCheck& room, std::mutex& use)
        : owner_folder_(std::move(owner_folder)),
          partial_(std::move(partial)),
          file_(std::move(file)),
          room_(room),
          use_(use) {}

    AttachmentFileWriter(const AttachmentFileWriter&) = delete;
    AttachmentFileWriter& operator=(const AttachmentFileWriter&) = delete;

    // What can't be removed now is removed at the next start.
    ~AttachmentFileWriter() override {
        if (!kept_) ::unlink(partial_.c_str());
    }

    [[nodiscard]] Result<void> write(BytesView bytes) override {
        if (kept_) return Errc::storage_failure;
        if (room_) {
            const Result<void> room = room_(bytes.size());
            if (!room) return room.error();
        }
        return file_.write(bytes);
    }

    [[nodiscard]] Result<void> keep(const Digest& sha256) override {
        if (kept_) return Errc::storage_failure;
        const std::filesystem::path kept = kept_path(owner_folder_, sha256);
        // If we stop here, a file in `partial` is left, and removed at the next start.
        if (const auto synced = file_.sync_data(); !synced) return synced.error();
        // If we stop here, an empty folder is left, which the next file of these digits uses.
        if (const auto made = make_durable_folder(kept.parent_path()); !made) return made.error();
        if (const auto named = give_name(kept); !named) return named.error();
        // If we stop here, a power cut may take the name away again: nobody was told of it. That
        // holds too for a file of this name that another writer has just put there.
        return sync_folder(kept.parent_path());
    }

private:
    /// Or uses the file that has the name already, which a sweep may not take away meanwhile.
    [[nodiscard]] Result<void> give_name(const std::filesystem::path& kept) {
        const std::lock_guard lock(use_);
        if (::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, kept.c_str(), RENAME_NOREPLACE) ==
            0) {
            kept_ = true;
            return {};
        }
        if (errno != EEXIST || !use_now(kept)) return Errc::storage_failure;
        return {};
    }

    std::filesystem::path owner_folder_;
    std::filesystem::path partial_;
    FileHandle file_;
    const RoomCheck room_;
    std::mutex& use_;
    bool kept_{false};
};

class AttachmentFileReader final : public AttachmentReader {
public:
    AttachmentFileReader(FileHandle file, std::uint64_t size)
        : file_(std::move(file)), size_(size) {}

    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] Result<std::size_t> read_some(std::span<std::uint8_t> buffer) override {
        return file_.read(buffer);
    }

private:
    FileHandle file_;
    std::uint64_t size_;
};

class AttachmentFiles final : public AttachmentStore {
public:
    AttachmentFiles(std::filesystem::path root, RoomCheck room)
        : root_(std::move(root)), room_(std::move(room)) {}

    [[nodiscard]] Result<std::unique_ptr<AttachmentWriter>> create(const UnitId& owner) override {
        // A unit's name becomes part of a path: only this form keeps it inside the root.
        if (!parse_unit_id(owner.value())) return Errc::wrong_form;
        if (room_) {
            const Result<void> room = room_(0);
            if (!room) return room.error();
        }
        const std::filesystem::path folder = root_ / owner.value();
        const std::filesystem::path partial = folder / kPartialFolder;
        if (const auto made = make_durable_folder(folder); !made) return made.error();
        if (const auto made = make_durable_folder(partial); !made) return made.error();

        const std::filesystem::path name = partial / std::to_string(next_name_++);
        Result<FileHandle> file = FileHandle::open(name, O_WRONLY | O_CREAT | O_EXCL);
        if (!file) return Errc::storage_failure;
        return std::unique_ptr<AttachmentWriter>(
            std::make_unique<AttachmentFileWriter>(folder, name, std::move(*file), room_, use_));
    }

    [[nodiscard]] Result<std::uint64_t> size(const UnitId& owner,
                                             const Digest& sha256) const override {
        const auto reader = open(owner, sha256);
        if (!reader) return reader.error();
        return (*reader)->size();
    }

    [[nodiscard]] Result<std::unique_ptr<AttachmentReader>> open(
        const UnitId& owner, const Digest& sha256) const override {
        if (!parse_unit_id(owner.value())) return Errc::not_found;
        Result<FileHandle> file =
            FileHandle::open(kept_path(root_ / owner.value(), sha256), O_RDONLY);
        if (!file) return file.error();
        struct stat status {};
        if (::fstat(file->descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) {
            return Errc::storage_failure;
        }
        return std::unique_ptr<AttachmentReader>(std::make_unique<AttachmentFileReader>(
            std::move(*file), static_cast<std::uint64_t>(status.st_size)));
    }

    [[nodiscard]] Result<std::uint64_t> touch(const UnitId& owner, const Digest& sha256) override {
        if (!parse_unit_id(owner.value())) return Errc::not_found;
        const std::lock_guard lock(use_);
        const Result<std::uint64_t> there = size(owner, sha256);
        if (!there) return there.error();
        if (!use_now(kept_path(root_ / owner.value(), sha256))) return Errc::storage_failure;
        return there;
    }

    [[nodiscard]] Result<void> visit(
        const std::function<void(const KeptFile&)>& look) const override;

    [[nodiscard]] Result<Removal> remove_unused(const UnitId& owner, const Digest& sha256,
                                                UtcTime since) override {
        if (!parse_unit_id(owner.value())) return Errc::not_found;
        const std::filesystem::path kept = kept_path(root_ / owner.value(), sha256);
        const std::lock_guard lock(use_);
        struct stat status {};
        if (::lstat(kept.c_str(), &status) != 0) {
            return errno == ENOENT ? Errc::not_found : Errc::storage_failure;
        }
        if (!S_ISREG(status.st_mode)) return Errc::storage_failure;
        if (used_at(status) >= since) return Removal::in_use;
        if (::unlink(kept.c_str()) != 0) return Errc::storage_failure;
        return Removal::removed;
    }

private:
    std::filesystem::path root_;
    const RoomCheck room_;
    /// Held while a file is found to be used or not, so that none is removed in between.
    std::mutex use_;
    /// Unique in this process, and `partial` was emptied when it began.
    std::atomic<std::uint64_t> next_name_{0};
};

Result<void> AttachmentFiles::visit(const std::function<void(const KeptFile&)>& look) const {
    std::error_code error;
    for (std::filesystem::directory_iterator owner(root_, error), end; !error && owner != end;
         owner.increment(error)) {
        const Result<UnitId> unit = parse_unit_id(owner->path().filename().string());
        std::error_code absent;
        if (!unit || !is_directory(owner->symlink_status(absent))) continue;
        for (std::filesystem::directory_iterator shelf(owner->path(), error);
             !error && shelf != end; shelf.increment(error)) {
            const std::string digits = shelf->path().filename().string();
            if (digits == kPartialFolder || !is_directory(shelf->symlink_status(absent))) continue;
            for (std::filesystem::directory_iterator file(shelf->path(), error);
                 !error && file != end; file.increment(error)) {
                const Result<Digest> sha256 = Digest::from_hex(file->path().filename().string());
                struct stat status {};
                // What is none of ours stays where it is.
                if (!sha256 || ::lstat(file->path().c_str(), &status) != 0 ||
                    !S_ISREG(status.st_mode)) {
                    continue;
                }
                look({*unit, *sha256, static_cast<std::uint64_t>(status.st_size), used_at(status)});
            }
        }
    }
    if (error) return Errc::storage_failure;
    return {};
}

/// Removes what stands in each owner's `partial`.
Result<void> remove_leftovers(const std::filesystem::path& root) {
    std::error_code error;
    for (std::filesystem::directory_iterator owner(root, error), end; !error && owner != end;
         owner.increment(error)) {
        const std::filesystem::path partial = owner->path() / kPartialFolder;
        // Not through a link: it may lead to files that are none of ours.
        std::error_code absent;
        if (!is_directory(std::filesystem::symlink_status(partial, absent))) continue;
        for (std::filesystem::directory_iterator file(partial, error); !error && file != end;
             file.increment(error)) {
            if (is_directory(file->symlink_status(absent))) continue;
            std::filesystem::remove(file->path(), error);
            if (error) return Errc::storage_failure;
        }
        if (error) return Errc::storage_failure;
    }
    if (error) return Errc::storage_failure;
    return {};
}

}  // namespace

Result<std::unique_ptr<AttachmentStore>> open_attachment_files(const std::filesystem::path& given,
                                                               RoomCheck room) {
    // `folder/` is `folder`, whose name is to be made durable in its parent.
    const std::filesystem::path root = given.has_filename() ? given : given.parent_path();
    if (const auto made = make_durable_folder(root); !made) return made.error();
    if (const auto removed = remove_leftovers(root); !removed) return removed.error();
    return std::unique_ptr<AttachmentStore>(
        std::make_unique<AttachmentFiles>(root, std::move(room)));
}

}  // namespace tongbao::storage
