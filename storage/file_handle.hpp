#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <span>

namespace tongbao::storage {

/// An open file, closed at the end of its life. All calls repeat what a signal interrupted.
///
/// Every error is Errc::storage_failure, but where it says otherwise.
class FileHandle {
public:
    FileHandle() = default;
    /// `descriptor` is owned from here on; −1 for none.
    explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
    FileHandle(FileHandle&& other) noexcept;
    FileHandle& operator=(FileHandle&& other) noexcept;
    ~FileHandle();

    /// Opens with `flags` of open(2); follows no symbolic link at the end, and a child process does
    /// not inherit it. A file that is created gets 0600. Errors: Errc::not_found too.
    [[nodiscard]] static Result<FileHandle> open(const std::filesystem::path& path, int flags);

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    /// Writes all of `bytes` where the last write ended.
    [[nodiscard]] Result<void> write(BytesView bytes);
    [[nodiscard]] Result<void> write_at(BytesView bytes, off_t offset);
    /// Reads until `buffer` is full or the file ends; the number of bytes read.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> buffer);
    [[nodiscard]] Result<std::size_t> read_at(std::span<std::uint8_t> buffer, off_t offset) const;
    /// Contents and length are durable when it returns.
    [[nodiscard]] Result<void> sync_data();

private:
    void close() noexcept;

    int descriptor_{-1};
};

/// Makes the names in `folder` durable: what was created, renamed or removed there.
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder);

/// Makes `folder`, 0700, if it is not there; its name is durable when it returns, whoever made it.
/// Its parent must be there. Costs an fsync of the parent.
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<void> make_durable_folder(const std::filesystem::path& folder);

}  // namespace tongbao::storage
