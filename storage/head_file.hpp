#pragma once

#include "domain/result.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {

/// The log's newest signed head, kept outside the database, so that an old copy of the database put
/// back is noticed at the next start. Two slots are written in turn, each in place: a write that
/// was cut leaves the other one whole.
///
/// Not thread-safe: the sequencer's alone.
class HeadFile {
public:
    /// Opens or creates the file, 0600.
    /// Errors: Errc::storage_failure.
    [[nodiscard]] static Result<std::unique_ptr<HeadFile>> open(const std::filesystem::path& path);

    virtual ~HeadFile() = default;

    /// The texts of the slots that are whole (by their checksum), at most two, newest first. Which
    /// of them is genuine, the signature inside says.
    [[nodiscard]] virtual std::vector<std::string> read() const = 0;

    /// Replaces the older slot by `signed_checkpoint` (at most 4,000 bytes). Survives the end of
    /// this process when it returns; survives a power cut after the next sync().
    /// Errors: Errc::storage_failure, Errc::too_large.
    [[nodiscard]] virtual Result<void> write(std::string_view signed_checkpoint) = 0;

    /// Errors: Errc::storage_failure.
    [[nodiscard]] virtual Result<void> sync() = 0;
};

}  // namespace tongbao::storage
