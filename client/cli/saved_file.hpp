#pragma once

#include "client/cli/failure.hpp"
#include "crypto/sha256.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace tongbao::client {

/// A name under which a received attachment may be saved: the first 12 digits of its digest, a
/// hyphen, and what is harmless of `name`.
///
/// Of `name`, which anyone may have chosen: the part behind the last slash or backslash, at most
/// 200 bytes cut between characters with its extension kept; control characters, those that turn
/// the direction of writing, bytes that are not UTF-8 and the eight that Windows forbids become
/// underscores; no dot or space at the end. With the digest before it no name is hidden, empty,
/// `..` or a device.
[[nodiscard]] std::string safe_file_name(const Digest& sha256, std::string_view name);

/// A new file that appears under its name only when it is whole and has the digest that it should.
/// Until then it has a temporary name in the same folder, and goes with this object. Mode 0600.
class SavedFile {
public:
    /// Fails with ExitCode::failed if nothing can be written in `folder`.
    [[nodiscard]] static Attempt<SavedFile> create(const std::filesystem::path& folder);

    SavedFile(SavedFile&& other) noexcept;
    SavedFile(const SavedFile&) = delete;
    SavedFile& operator=(const SavedFile&) = delete;
    SavedFile& operator=(SavedFile&&) = delete;
    ~SavedFile();

    /// Errors: Errc::storage_failure.
    [[nodiscard]] Result<void> write(BytesView bytes);

    /// Gives the file the name `name`, never over a file that is there.
    ///
    /// Errors: Errc::attachment_mismatch if its bytes have not the digest `sha256`;
    /// Errc::already_exists if another file has that name, unless its bytes are the same: then that
    /// one stays and this one goes; Errc::storage_failure.
    [[nodiscard]] Result<void> keep_as(const std::string& name, const Digest& sha256);

private:
    SavedFile(int descriptor, std::string temporary)
        : descriptor_(descriptor), temporary_(std::move(temporary)) {}

    int descriptor_;
    std::string temporary_;
    crypto::Sha256 hash_;
};

}  // namespace tongbao::client
