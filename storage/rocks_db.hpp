#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "storage/fault_report.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {

namespace detail {
struct Database;
struct Snapshot;
struct Iterator;
struct Batch;
}  // namespace detail

/// A column family, by its position in the list that the database was opened with.
struct Family {
    std::size_t position{0};
};

/// The first family of every database: what there is only one of.
inline constexpr Family kMeta{0};

/// How much memory a database takes, and what it keeps.
struct RocksShape {
    /// The families' names, in the order of their positions.
    std::vector<std::string> families;
    /// The names of those whose values are packed (packed_value.hpp): long ones, made of texts that
    /// are much alike.
    std::vector<std::string> packed{};
    std::size_t block_cache_bytes{0};
    /// All families' write buffers together; while one is written out, up to twice as much.
    std::size_t write_buffer_bytes{0};
    /// Stands in kMeta under the key `format`; written into an empty database, and a
    /// database that has another is not opened.
    std::string format;
};

/// The changes of one atomic write, in their order. Belongs to the database that made it.
class Writes {
public:
    Writes(Writes&&) noexcept;
    Writes& operator=(Writes&&) noexcept;
    ~Writes();

    void put(Family family, BytesView key, BytesView value);
    /// The same of a long value that begins with `head`, without joining them first.
    void put(Family family, BytesView key, BytesView head, BytesView rest);
    void remove(Family family, BytesView key);

private:
    friend class RocksDb;
    explicit Writes(std::unique_ptr<detail::Batch> batch);

    std::unique_ptr<detail::Batch> batch_;
};

/// Walks the keys of one family in their order, in the state of the view that made it. Key and
/// value stand until the next step, or until the value is asked for again. Not thread-safe.
class Cursor {
public:
    Cursor(Cursor&&) noexcept;
    Cursor& operator=(Cursor&&) noexcept;
    ~Cursor();

    /// To the first key that is not less than `key`.
    void seek(BytesView key);
    /// To the last key that is not greater than `key`.
    void seek_back(BytesView key);
    void seek_first();
    void seek_last();
    void next();
    void previous();

    /// False at the end, and after an error: ask finish() which.
    [[nodiscard]] bool valid() const;
    [[nodiscard]] BytesView key() const;
    /// Unpacked, if the family is a packed one, each time it is asked for; empty, which no such
    /// value is, if it can't be.
    [[nodiscard]] BytesView value() const;

    /// Errors: Errc::storage_failure, Errc::storage_corrupt if the walk ended by one.
    [[nodiscard]] Result<void> finish() const;

private:
    friend class View;
    explicit Cursor(std::unique_ptr<detail::Iterator> iterator);

    std::unique_ptr<detail::Iterator> iterator_;
};

/// The database as it was at one moment; may not outlive it. Any number of threads may share one.
class View {
public:
    View(View&&) noexcept;
    View& operator=(View&&) noexcept;
    ~View();

    /// Errors: Errc::not_found, Errc::storage_failure, Errc::storage_corrupt.
    [[nodiscard]] Result<Bytes> get(Family family, BytesView key) const;
    [[nodiscard]] Cursor cursor(Family family) const;
    /// One that finds nothing before `from`. Rows that were removed cost a walk each until they are
    /// merged away: of a queue one says where it begins.
    [[nodiscard]] Cursor cursor(Family family, Bytes from) const;

private:
    friend class RocksDb;
    explicit View(std::unique_ptr<detail::Snapshot> snapshot);

    std::unique_ptr<detail::Snapshot> snapshot_;
};

/// A RocksDB database with the options that this project's promises need, and its statuses as Errc.
/// Throws nothing but std::bad_alloc. Thread-safe.
class RocksDb {
public:
    /// Opens or creates the database in `folder` (0700 if created). A write-ahead log whose tail
    /// was cut is read up to its last whole write; one that is damaged elsewhere is refused.
    ///
    /// Errors: Errc::already_running if another process, or this one, has it open;
    /// Errc::unknown_format; Errc::storage_corrupt; Errc::storage_failure. `words` then says what
    /// and where.
    [[nodiscard]] static Result<std::unique_ptr<RocksDb>> open(const std::filesystem::path& folder,
                                                               const RocksShape& shape,
                                                               FaultReport report,
                                                               std::string& words);

    RocksDb(const RocksDb&) = delete;
    RocksDb& operator=(const RocksDb&) = delete;
    ~RocksDb();

    /// With room for about `bytes` at once: a long batch is not to be copied as it grows.
    [[nodiscard]] Writes new_writes(std::size_t bytes = 0) const;

    /// Writes all changes or none, durable when it returns.
    ///
    /// Errors: Errc::storage_failure, Errc::storage_corrupt: what is on disk is unknown, and every
    /// further write fails.
    [[nodiscard]] Result<void> write(Writes writes);

    [[nodiscard]] View view() const;

    /// Errc::storage_corrupt, for bytes of `family` that have another form than this project
    /// writes; `words` says which, for the report.
    [[nodiscard]] Errc corrupt(Family family, std::string_view words) const;

private:
    explicit RocksDb(std::unique_ptr<detail::Database> database);
    [[nodiscard]] Result<void> settle_format(const std::string& format, std::string& words);

    std::unique_ptr<detail::Database> database_;
};

}  // namespace tongbao::storage
