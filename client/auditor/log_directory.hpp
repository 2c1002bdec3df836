#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/log_source.hpp"
#include "domain/bytes.hpp"
#include "domain/checkpoint.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "protocol/tile_path.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {

/// A copy of a log in files, which any reader of tlog-tiles takes for the log itself:
///
///     checkpoint                    the newest head, a signed note
///     tile/<level>/<number>         hashes; `<number>.p/<width>` while a tile is not full
///     tile/entries/<number>         entries, each after its length in two bytes
///
/// and beside it what a hub serves under other paths:
///
///     statements/<number>.jsonl     the batches whose first entry is in that bundle, a line each,
///                                   as `GET /v1/batches/<index>` shows them
///     register.json                 what `GET /v1/register` showed
///
/// Numbers are written as in tile paths: `x001/x234/067`. Nothing that is read here is believed.
/// For one thread; one process writes. Source: C2SP tlog-tiles 0.1.0.
class LogDirectory {
public:
    /// Folders in a copy that are no part of it: what is on its way, and what did not verify.
    static constexpr const char* kIncoming = "incoming";
    static constexpr const char* kRejected = "rejected-";

    explicit LogDirectory(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Errors of all that read: Errc::not_found, Errc::protocol_violation for a file that is too
    /// large or not in its form, Errc::storage_failure.
    [[nodiscard]] Result<std::string> checkpoint() const;
    /// The tile of this very width.
    [[nodiscard]] Result<Bytes> tile(const protocol::TilePath& path) const;
    /// The batches whose first entry is in this bundle, in the order of their entries.
    [[nodiscard]] Result<std::vector<BatchRecord>> batches(std::uint64_t bundle) const;
    [[nodiscard]] Result<std::vector<RegisterRow>> register_entries() const;

    /// Each file is there wholly or not at all. Errors of all that write: Errc::storage_failure.
    [[nodiscard]] Result<void> write_checkpoint(std::string_view note) const;
    [[nodiscard]] Result<void> write_tile(const protocol::TilePath& path, BytesView bytes) const;
    [[nodiscard]] Result<void> write_batches(std::uint64_t bundle,
                                             const std::vector<BatchRecord>& batches) const;
    [[nodiscard]] Result<void> write_register(const std::vector<RegisterRow>& rows) const;

    /// Moves the files of `from` that belong to a log of the size of `head` over those here; `from`
    /// lies in the same file system and goes. Then writes `note`, the head's, and removes the
    /// partial tiles of earlier heads. Cut off at any point it can be done again; a reader should
    /// wait.
    [[nodiscard]] Result<void> take_over(const LogDirectory& from, const Checkpoint& head,
                                         std::string_view note) const;

    /// Adds a finding (Errc::protocol_violation) for each file that is no part of a log of this
    /// size, in the order of their names. `incoming` and what was rejected don't count: they are no
    /// part of the copy. Errors: Errc::storage_failure.
    [[nodiscard]] Result<void> check_files(TreeSize size, Findings& findings) const;

    /// Removes all tiles that are not full.
    [[nodiscard]] Result<void> forget_partial_tiles() const;

private:
    [[nodiscard]] Result<std::string> read(const std::filesystem::path& name,
                                           std::size_t max_bytes) const;
    [[nodiscard]] Result<void> write(const std::filesystem::path& name,
                                     std::string_view text) const;
    [[nodiscard]] Result<void> remove_tiles(
        const std::function<bool(const std::filesystem::path&)>& obsolete) const;
    /// All that are there, by their names in the folder, in no order; none without the folder.
    [[nodiscard]] Result<std::vector<std::filesystem::path>> files() const;

    std::filesystem::path folder_;
};

/// The log of a LogDirectory. Errors: those of LogDirectory; Errc::not_permitted for notices, whose
/// contents no copy holds.
class DirectoryLogSource final : public LogSource {
public:
    explicit DirectoryLogSource(LogDirectory directory) : directory_(std::move(directory)) {}

    [[nodiscard]] Result<std::string> checkpoint() override;
    [[nodiscard]] Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width) override;
    [[nodiscard]] Result<Bytes> entries(std::uint64_t number, std::uint16_t width) override;
    [[nodiscard]] Result<BatchRecord> batch(LogIndex index) override;
    [[nodiscard]] Result<std::vector<RegisterRow>> register_entries() override;
    [[nodiscard]] Result<Bytes> notice(LogIndex index) override;

private:
    [[nodiscard]] Result<Bytes> read_tile(protocol::TilePath path) const;

    LogDirectory directory_;
    /// Those of the bundle asked for last.
    std::uint64_t bundle_{0};
    Result<std::vector<BatchRecord>> batches_{Errc::not_found};
    bool any_{false};
};

}  // namespace tongbao::client
