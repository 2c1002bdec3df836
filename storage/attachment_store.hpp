#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace tongbao::storage {

/// How much of a file its users write or read at once.
inline constexpr std::size_t kAttachmentPieceBytes = 64 * 1024;

/// A file being written. Destroyed before keep(): nothing remains. Not thread-safe.
class AttachmentWriter {
public:
    virtual ~AttachmentWriter() = default;

    /// Errors: Errc::storage_failure; Errc::storage_full if the disk has too little room.
    [[nodiscard]] virtual Result<void> write(BytesView bytes) = 0;

    /// Syncs the file and gives it the name `sha256`, which the caller computed over all that was
    /// written; durable when it returns. A file of that name that is there already stays.
    /// Errors: Errc::storage_failure.
    [[nodiscard]] virtual Result<void> keep(const Digest& sha256) = 0;
};

/// A file being read. Not thread-safe.
class AttachmentReader {
public:
    virtual ~AttachmentReader() = default;

    [[nodiscard]] virtual std::uint64_t size() const = 0;

    /// Reads on from where the last call ended; 0 bytes at the end. Errors: Errc::storage_failure.
    [[nodiscard]] virtual Result<std::size_t> read_some(std::span<std::uint8_t> buffer) = 0;
};

/// A kept file as a sweep sees it.
struct KeptFile {
    UnitId owner;
    Digest sha256;
    std::uint64_t size{0};
    UtcTime used;  ///< when it was kept, or last touched: by the computer's clock
};

/// What a store of notices says of a file.
enum class Naming {
    named,    ///< a notice names it
    unnamed,  ///< none does
    unknown,  ///< the store is older than its record of what notices name
};

enum class Removal {
    removed,
    in_use,  ///< touched meanwhile
};

/// Attachments as files named by their digest, one folder an owner: what one unit uploaded is not
/// there for another, so that nobody learns from an answer what others hold, or gets a file by
/// knowing its digest. Thread-safe.
class AttachmentStore {
public:
    virtual ~AttachmentStore() = default;

    /// Errors: Errc::storage_failure; Errc::storage_full if the disk has too little room;
    /// Errc::wrong_form if `owner` is not one that parse_unit_id takes.
    [[nodiscard]] virtual Result<std::unique_ptr<AttachmentWriter>> create(const UnitId& owner) = 0;

    /// The size of a kept file. Errors: Errc::not_found, Errc::storage_failure.
    [[nodiscard]] virtual Result<std::uint64_t> size(const UnitId& owner,
                                                     const Digest& sha256) const = 0;

    /// Errors: Errc::not_found, Errc::storage_failure.
    [[nodiscard]] virtual Result<std::unique_ptr<AttachmentReader>> open(
        const UnitId& owner, const Digest& sha256) const = 0;

    /// As size(), and the file counts as used now: whoever is about to name it may rely on it for
    /// as long as a sweep spares what was used lately. Not durable: after a power cut it may count
    /// as used before. Errors: those of size().
    [[nodiscard]] virtual Result<std::uint64_t> touch(const UnitId& owner,
                                                      const Digest& sha256) = 0;

    /// Calls `look` for each kept file, in no order. Files may come and go meanwhile. Blocks for as
    /// long as `look` does and reads the folders: a second for some 100,000 files.
    /// Errors: Errc::storage_failure.
    [[nodiscard]] virtual Result<void> visit(
        const std::function<void(const KeptFile&)>& look) const = 0;

    /// Removes a kept file that was not used at `since` or later. A power cut may bring it back.
    /// Errors: Errc::not_found, Errc::storage_failure.
    [[nodiscard]] virtual Result<Removal> remove_unused(const UnitId& owner, const Digest& sha256,
                                                        UtcTime since) = 0;
};

}  // namespace tongbao::storage
