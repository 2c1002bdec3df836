#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::storage {

/// One record of a family, as RocksDB has it.
struct RawRecord {
    std::string key;
    std::string value;
};

/// What whoever has the disk can do: reads and changes a closed database with RocksDB alone, past
/// every rule of this project.
[[nodiscard]] std::vector<RawRecord> read_raw(const std::filesystem::path& folder,
                                              const std::string& family);
void put_raw(const std::filesystem::path& folder, const std::string& family,
             const RawRecord& record);
void remove_raw(const std::filesystem::path& folder, const std::string& family,
                const std::string& key);

/// Flips the lowest bit of the byte at `position` of a file.
void flip_byte(const std::filesystem::path& file, std::uintmax_t position);

/// The files in `folder` whose name ends in `extension`, by name.
[[nodiscard]] std::vector<std::filesystem::path> files_of_kind(const std::filesystem::path& folder,
                                                               const std::string& extension);

}  // namespace tongbao::storage
