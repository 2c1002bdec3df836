#include "client/auditor/log_directory.hpp"

#include "client/auditor/hub_answers.hpp"
#include "program/files.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

constexpr unsigned kReadableByAll = 0644;
constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kRegister = "register.json";
/// Each entry of a bundle may be a batch of its own.
constexpr std::size_t kMaxStatementsBytes = protocol::kTileWidth * (kMaxBatchRecordBytes + 1);

constexpr const char* kTiles = "tile";
constexpr const char* kStatements = "statements";
constexpr const char* kStatementsEnding = ".jsonl";

std::filesystem::path statements_name(std::uint64_t bundle) {
    constexpr std::string_view kLevel = "tile/0/";
    const std::string tile = protocol::format_tile_path({false, 0, bundle, protocol::kTileWidth});
    return std::filesystem::path(kStatements) / (tile.substr(kLevel.size()) + kStatementsEnding);
}

/// What the name of a full tile gets behind it for the folder of its partial ones.
constexpr const char* kPartial = ".p";

bool is_partial(const std::filesystem::path& tile) {
    return tile.parent_path().extension() == kPartial;
}

/// Whether a copy of a log of this size may have this file.
bool belongs(const std::filesystem::path& name, TreeSize size) {
    const std::string folder = name.begin()->string();
    const bool apart =
        folder == LogDirectory::kIncoming || folder.starts_with(LogDirectory::kRejected);
    if (apart || name == kCheckpoint || name == kRegister) return true;
    std::string text = name.string();
    if (folder == kStatements && text.ends_with(kStatementsEnding)) {
        // Named like the full bundle, whether it is full or not.
        text.resize(text.size() - std::string_view(kStatementsEnding).size());
        text.replace(0, std::string_view(kStatements).size(), "tile/entries");
        const std::optional<protocol::TilePath> bundle = protocol::parse_tile_path(text);
        return bundle && bundle->width == protocol::kTileWidth &&
               protocol::tile_width(0, bundle->number, size) > 0;
    }
    const std::optional<protocol::TilePath> tile = protocol::parse_tile_path(text);
    return tile && protocol::tile_width(tile->level, tile->number, size) == tile->width;
}

}  // namespace

Result<std::string> LogDirectory::read(const std::filesystem::path& name,
                                       std::size_t max_bytes) const {
    Result<std::string> text = program::read_file(folder_ / name, max_bytes);
    if (!text && text.error() == Errc::too_large) return Errc::protocol_violation;
    return text;
}

Result<void> LogDirectory::write(const std::filesystem::path& name, std::string_view text) const {
    const std::filesystem::path path = folder_ / name;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return Errc::storage_failure;
    return program::write_file(path, text, kReadableByAll);
}

Result<std::string> LogDirectory::checkpoint() const {
    return read(kCheckpoint, protocol::kMaxCheckpointBytes);
}

Result<Bytes> LogDirectory::tile(const protocol::TilePath& path) const {
    const Result<std::string> text =
        read(protocol::format_tile_path(path), path.entries ? kMaxBundleBytes : kMaxTileBytes);
    if (!text) return text.error();
    const BytesView bytes = as_bytes(*text);
    const bool whole = path.entries || bytes.size() == std::size_t{path.width} * Digest::kSize;
    if (!whole) return Errc::protocol_violation;
    return Bytes(bytes.begin(), bytes.end());
}

Result<std::vector<BatchRecord>> LogDirectory::batches(std::uint64_t bundle) const {
    const Result<std::string> text = read(statements_name(bundle), kMaxStatementsBytes);
    if (!text) return text.error();
    std::vector<BatchRecord> batches;
    for (std::string_view rest = *text; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return Errc::protocol_violation;
        Result<BatchRecord> batch = read_batch_record(as_bytes(rest.substr(0, end)));
        if (!batch) return batch.error();
        batches.push_back(*std::move(batch));
        rest.remove_prefix(end + 1);
    }
    return batches;
}

Result<std::vector<RegisterRow>> LogDirectory::register_entries() const {
    const Result<std::string> text = read(kRegister, kMaxRegisterAnswerBytes);
    if (!text) return text.error();
    return read_register_rows(as_bytes(*text));
}

Result<void> LogDirectory::write_checkpoint(std::string_view note) const {
    return write(kCheckpoint, note);
}

Result<void> LogDirectory::write_tile(const protocol::TilePath& path, BytesView bytes) const {
    return write(protocol::format_tile_path(path), as_text(bytes));
}

Result<void> LogDirectory::write_batches(std::uint64_t bundle,
                                         const std::vector<BatchRecord>& batches) const {
    std::string text;
    for (const BatchRecord& batch : batches) text += write_batch_record(batch) + '\n';
    return write(statements_name(bundle), text);
}

Result<void> LogDirectory::write_register(const std::vector<RegisterRow>& rows) const {
    return write(kRegister, write_register_rows(rows) + '\n');
}

Result<std::vector<std::filesystem::path>> LogDirectory::files() const {
    std::vector<std::filesystem::path> names;
    std::error_code error;
    if (!std::filesystem::exists(folder_, error)) return names;
    std::filesystem::recursive_directory_iterator each(folder_, error);
    for (const std::filesystem::recursive_directory_iterator end; !error && each != end;
         each.increment(error)) {
        if (each->is_regular_file(error)) {
            names.push_back(each->path().lexically_relative(folder_));
        }
    }
    if (error) return Errc::storage_failure;
    return names;
}

Result<void> LogDirectory::take_over(const LogDirectory& from, const Checkpoint& head,
                                     std::string_view note) const {
    const Result<std::vector<std::filesystem::path>> names = from.files();
    if (!names) return names.error();
    std::error_code error;
    std::set<std::filesystem::path> touched;
    for (const std::filesystem::path& name : *names) {
        // What a run that was cut off was writing, or had of a later head, stays behind.
        if (name == kCheckpoint || !belongs(name, head.size)) continue;
        const std::filesystem::path to = folder_ / name;
        std::filesystem::create_directories(to.parent_path(), error);
        if (!error) std::filesystem::rename(from.folder_ / name, to, error);
        if (error) return Errc::storage_failure;
        for (std::filesystem::path folder = name; !folder.empty();) {
            folder = folder.parent_path();
            touched.insert(folder_ / folder);
        }
    }
    // If we stop here the copy has more than its head speaks of, and the next run goes on.
    for (const std::filesystem::path& folder : touched) {
        const Result<void> synced = program::sync_folder(folder);
        if (!synced) return synced.error();
    }
    const Result<void> written = write_checkpoint(note);
    if (!written) return written.error();
    // If we stop here tiles are left that are not needed: the next run removes them.
    const Result<void> removed = remove_tiles([&head](const std::filesystem::path& name) {
        return is_partial(name) && !belongs(name, head.size);
    });
    if (!removed) return removed.error();
    std::filesystem::remove_all(from.folder_, error);
    return {};
}

Result<void> LogDirectory::check_files(TreeSize size, Findings& findings) const {
    Result<std::vector<std::filesystem::path>> names = files();
    if (!names) return names.error();
    std::sort(names->begin(), names->end());
    for (const std::filesystem::path& name : *names) {
        if (belongs(name, size)) continue;
        findings.add(Errc::protocol_violation,
                     name.string() + " is no part of a log of this size: take it away");
    }
    return {};
}

Result<void> LogDirectory::remove_tiles(
    const std::function<bool(const std::filesystem::path&)>& obsolete) const {
    const Result<std::vector<std::filesystem::path>> names = files();
    if (!names) return names.error();
    std::error_code error;
    for (const std::filesystem::path& name : *names) {
        if (*name.begin() != kTiles || !obsolete(name)) continue;
        std::filesystem::remove(folder_ / name, error);
        if (error) return Errc::storage_failure;
        // The folder of partial tiles goes with the last of them.
        std::error_code not_empty;
        if (is_partial(name)) std::filesystem::remove((folder_ / name).parent_path(), not_empty);
    }
    return {};
}

Result<void> LogDirectory::forget_partial_tiles() const {
    return remove_tiles(is_partial);
}

Result<std::string> DirectoryLogSource::checkpoint() {
    return directory_.checkpoint();
}

Result<Bytes> DirectoryLogSource::read_tile(protocol::TilePath path) const {
    Result<Bytes> bytes = directory_.tile(path);
    if (bytes || bytes.error() != Errc::not_found) return bytes;
    path.width = protocol::kTileWidth;
    return directory_.tile(path);
}

Result<Bytes> DirectoryLogSource::tile(std::uint8_t level, std::uint64_t number,
                                       std::uint16_t width) {
    return read_tile({false, level, number, width});
}

Result<Bytes> DirectoryLogSource::entries(std::uint64_t number, std::uint16_t width) {
    return read_tile({true, 0, number, width});
}

Result<BatchRecord> DirectoryLogSource::batch(LogIndex index) {
    const std::uint64_t bundle = index.value() / protocol::kTileWidth;
    if (!any_ || bundle != bundle_) {
        batches_ = directory_.batches(bundle);
        bundle_ = bundle;
        any_ = true;
    }
    if (!batches_) return batches_.error();
    const auto found =
        std::find_if(batches_->begin(), batches_->end(), [index](const BatchRecord& batch) {
            return batch.first <= index && index < advanced(batch.first, batch.entry_count);
        });
    if (found == batches_->end()) return Errc::not_found;
    return *found;
}

Result<std::vector<RegisterRow>> DirectoryLogSource::register_entries() {
    return directory_.register_entries();
}

Result<Bytes> DirectoryLogSource::notice(LogIndex /*index*/) {
    return Errc::not_permitted;
}

}  // namespace tongbao::client
