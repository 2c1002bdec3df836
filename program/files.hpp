#pragma once

#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::program {

/// The contents of a regular file of at most `max_bytes`, as long as it is when it is opened.
///
/// Errors: Errc::not_found, Errc::too_large, Errc::storage_failure.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes);

/// A file of a folder.
struct FolderFile {
    std::string name;  ///< without the folder
    std::string contents;
};

/// The regular files of `folder` whose names end in `ending`, not those of folders in it, in the
/// order of their names: at most `max_files`, each of at most `max_bytes`.
///
/// Errors, with the folder's or the file's path as place: Errc::not_found, Errc::too_large for a
/// file and for too many, Errc::storage_failure.
[[nodiscard]] Checked<std::vector<FolderFile>> read_folder(const std::filesystem::path& folder,
                                                           std::string_view ending,
                                                           std::size_t max_files,
                                                           std::size_t max_bytes);

/// As read_file, for a file that holds a secret: the answer is the only copy in memory, for the
/// caller to wipe (crypto::wipe_memory).
///
/// Errors: those of read_file; Errc::not_permitted if anybody but its owner may read or write it.
[[nodiscard]] Result<std::string> read_secret_file(const std::filesystem::path& path,
                                                   std::size_t max_bytes);

/// Writes a file so that it is there wholly or not at all: a temporary name, synced, renamed.
///
/// `mode` is the file's mode, such as 0600. Errors: Errc::storage_failure.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view contents,
                                      unsigned mode);

/// Makes the names in a folder durable: what was made, renamed or removed there.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder);

/// As write_file, but never over a file that is there. Errors: Errc::already_exists too.
[[nodiscard]] Result<void> create_file(const std::filesystem::path& path, std::string_view contents,
                                       unsigned mode);

}  // namespace tongbao::program
