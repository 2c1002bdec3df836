#include "storage/rocks_db.hpp"

#include "storage/packed_value.hpp"
#include "storage/rocks_options.hpp"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::string_view kFormatKey = "format";

rocksdb::Slice as_slice(BytesView bytes) {
    const std::string_view text = as_text(bytes);
    return {text.data(), text.size()};
}

BytesView as_view(const rocksdb::Slice& slice) {
    return as_bytes(std::string_view(slice.data(), slice.size()));
}

/// RocksDB has no code of its own for a database that is open elsewhere; these are the two messages
/// of its LockFile, for another process and for this one.
bool is_lock_conflict(const rocksdb::Status& status) {
    const std::string text = status.ToString();
    return status.IsIOError() && (text.find("While lock file") != std::string::npos ||
                                  text.find("lock hold by current process") != std::string::npos);
}

Errc errc_of(const rocksdb::Status& status) {
    if (status.IsNotFound()) return Errc::not_found;
    if (status.IsCorruption()) return Errc::storage_corrupt;
    return Errc::storage_failure;
}

/// Makes `folder`, for its owner alone. What is there already keeps its permissions.
Result<void> make_folder(const std::filesystem::path& folder, std::string& words) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    std::filesystem::create_directories(folder, error);
    if (!error) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (!error) return {};
    words = folder.string() + ": " + error.message();
    return Errc::storage_failure;
}

std::string other_format(std::string_view found, const std::string& ours) {
    return "the database's format is '" + std::string(found) + "', this program's is '" + ours +
           "'";
}

}  // namespace

namespace detail {

struct Database {
    std::unique_ptr<rocksdb::DB> rocks;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    /// Whether the values of each of ours are packed.
    std::vector<bool> packed;
    FaultReport report;
    std::atomic<bool> failed{false};

    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() {
        if (!rocks) return;
        for (rocksdb::ColumnFamilyHandle* const family : families) {
            rocks->DestroyColumnFamilyHandle(family).PermitUncheckedError();
        }
        // Every write was synced: a failure here loses nothing.
        rocks->Close().PermitUncheckedError();
    }

    [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
        return families[family.position];
    }

    [[nodiscard]] bool packs(Family family) const { return packed[family.position]; }

    /// The Errc of a status that is not OK; what is worse than "not found" is reported.
    [[nodiscard]] Errc translate(const rocksdb::Status& status, std::string_view place) const {
        const Errc errc = errc_of(status);
        if (errc != Errc::not_found && report)
            report(std::string(place) + ": " + status.ToString());
        return errc;
    }
};

struct Snapshot {
    const Database& database;
    const rocksdb::Snapshot* snapshot;
    rocksdb::ReadOptions options;

    explicit Snapshot(const Database& from) : database(from), snapshot(from.rocks->GetSnapshot()) {
        options.snapshot = snapshot;
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { database.rocks->ReleaseSnapshot(snapshot); }
};

struct Iterator {
    const Database& database;
    std::string family;
    std::unique_ptr<rocksdb::Iterator> rocks;
    /// Whether values are packed, and the last one that was not any more.
    bool packed{false};
    Bytes value{};
    /// Where it begins, if that was said; the iterator points at both.
    Bytes from{};
    rocksdb::Slice bound{};
};

struct Batch {
    const Database& database;
    rocksdb::WriteBatch rocks;
};

}  // namespace detail

Writes::Writes(std::unique_ptr<detail::Batch> batch) : batch_(std::move(batch)) {}
Writes::Writes(Writes&&) noexcept = default;
Writes& Writes::operator=(Writes&&) noexcept = default;
Writes::~Writes() = default;

void Writes::put(Family family, BytesView key, BytesView value) {
    const Bytes packed = batch_->database.packs(family) ? pack(value) : Bytes();
    if (!packed.empty()) value = packed;
    // Fails only for a batch of more than 4 GiB or a family that is not there: the write then does.
    batch_->rocks.Put(batch_->database.handle(family), as_slice(key), as_slice(value))
        .PermitUncheckedError();
}

void Writes::put(Family family, BytesView key, BytesView head, BytesView rest) {
    if (batch_->database.packs(family)) {
        Bytes whole;
        whole.reserve(head.size() + rest.size());
        whole.insert(whole.end(), head.begin(), head.end());
        whole.insert(whole.end(), rest.begin(), rest.end());
        return put(family, key, whole);
    }
    const rocksdb::Slice name = as_slice(key);
    const std::array<rocksdb::Slice, 2> value{as_slice(head), as_slice(rest)};
    batch_->rocks
        .Put(batch_->database.handle(family), rocksdb::SliceParts(&name, 1),
             rocksdb::SliceParts(value.data(), static_cast<int>(value.size())))
        .PermitUncheckedError();
}

void Writes::remove(Family family, BytesView key) {
    batch_->rocks.Delete(batch_->database.handle(family), as_slice(key)).PermitUncheckedError();
}

Cursor::Cursor(std::unique_ptr<detail::Iterator> iterator) : iterator_(std::move(iterator)) {}
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;
Cursor::~Cursor() = default;

void Cursor::seek(BytesView key) {
    iterator_->rocks->Seek(as_slice(key));
}
void Cursor::seek_back(BytesView key) {
    iterator_->rocks->SeekForPrev(as_slice(key));
}
void Cursor::seek_first() {
    iterator_->rocks->SeekToFirst();
}
void Cursor::seek_last() {
    iterator_->rocks->SeekToLast();
}
void Cursor::next() {
    iterator_->rocks->Next();
}
void Cursor::previous() {
    iterator_->rocks->Prev();
}
bool Cursor::valid() const {
    return iterator_->rocks->Valid();
}
BytesView Cursor::key() const {
    return as_view(iterator_->rocks->key());
}
BytesView Cursor::value() const {
    const BytesView stored = as_view(iterator_->rocks->value());
    if (!iterator_->packed) return stored;
    Result<Bytes> value = unpack(stored);
    iterator_->value = value ? *std::move(value) : Bytes();
    return iterator_->value;
}

Result<void> Cursor::finish() const {
    const rocksdb::Status status = iterator_->rocks->status();
    if (!status.ok()) return iterator_->database.translate(status, iterator_->family);
    return {};
}

View::View(std::unique_ptr<detail::Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}
View::View(View&&) noexcept = default;
View& View::operator=(View&&) noexcept = default;
View::~View() = default;

Result<Bytes> View::get(Family family, BytesView key) const {
    const detail::Database& database = snapshot_->database;
    rocksdb::ColumnFamilyHandle* const handle = database.handle(family);
    rocksdb::PinnableSlice value;
    const rocksdb::Status status =
        database.rocks->Get(snapshot_->options, handle, as_slice(key), &value);
    if (!status.ok()) return database.translate(status, handle->GetName());
    if (!database.packs(family)) return to_bytes(as_view(value));
    Result<Bytes> unpacked = unpack(as_view(value));
    if (!unpacked && database.report) database.report(handle->GetName() + ": can't be unpacked");
    return unpacked;
}

Cursor View::cursor(Family family) const {
    return cursor(family, {});
}

Cursor View::cursor(Family family, Bytes from) const {
    const detail::Database& database = snapshot_->database;
    rocksdb::ColumnFamilyHandle* const handle = database.handle(family);
    std::unique_ptr<detail::Iterator> iterator(new detail::Iterator{
        database, handle->GetName(), {}, database.packs(family), {}, std::move(from), {}});
    rocksdb::ReadOptions options = snapshot_->options;
    if (!iterator->from.empty()) {
        iterator->bound = as_slice(iterator->from);
        options.iterate_lower_bound = &iterator->bound;
    }
    iterator->rocks.reset(database.rocks->NewIterator(options, handle));
    return Cursor(std::move(iterator));
}

namespace {

/// The format of a database some of whose families are missing, without writing to it; none if it
/// has none yet.
std::optional<std::string> peek_format(const std::filesystem::path& folder, const RocksShape& shape,
                                       const std::vector<std::string>& present) {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    families.reserve(present.size());
    for (const std::string& name : present) families.emplace_back(name, family_options(shape));
    detail::Database database;
    rocksdb::DB* opened = nullptr;
    rocksdb::DBOptions options = database_options(shape);
    options.create_if_missing = false;
    const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, folder.string(), families,
                                                                &database.families, &opened);
    database.rocks.reset(opened);
    if (!status.ok()) return std::nullopt;  // the opening proper says why
    for (rocksdb::ColumnFamilyHandle* const family : database.families) {
        std::string value;
        if (family->GetName() != shape.families.front()) continue;
        if (opened->Get({}, family, as_slice(as_bytes(kFormatKey)), &value).ok()) return value;
    }
    return std::nullopt;
}

/// Whether the families that a database has are those of this layout, before the opening that makes
/// the missing ones: a database of another layout is to stay as it is. One that was being made when
/// its process died has some of them and no format.
Result<void> check_families(const std::filesystem::path& folder, const RocksShape& shape,
                            std::string& words) {
    std::vector<std::string> present;
    const rocksdb::Status listed =
        rocksdb::DB::ListColumnFamilies(database_options(shape), folder.string(), &present);
    if (!listed.ok()) return {};  // no database yet; else the opening says what it is
    const auto ours = [&shape](const std::string& name) {
        return name == rocksdb::kDefaultColumnFamilyName ||
               std::find(shape.families.begin(), shape.families.end(), name) !=
                   shape.families.end();
    };
    const auto foreign = std::find_if_not(present.begin(), present.end(), ours);
    if (foreign != present.end()) {
        words = "the database has the family '" + *foreign +
                "', which this program does not know: it was made by another program or version";
        return Errc::unknown_format;
    }
    if (present.size() == shape.families.size() + 1) return {};
    const std::optional<std::string> format = peek_format(folder, shape, present);
    if (!format || *format == shape.format) return {};
    words = other_format(*format, shape.format);
    return Errc::unknown_format;
}

}  // namespace

Result<std::unique_ptr<RocksDb>> RocksDb::open(const std::filesystem::path& folder,
                                               const RocksShape& shape, FaultReport report,
                                               std::string& words) {
    if (const auto made = make_folder(folder, words); !made) return made.error();
    if (const auto known = check_families(folder, shape, words); !known) return known.error();

    const rocksdb::ColumnFamilyOptions options = family_options(shape);
    auto database = std::make_unique<detail::Database>();
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : shape.families) {
        families.emplace_back(name, options);
        const bool packed =
            std::find(shape.packed.begin(), shape.packed.end(), name) != shape.packed.end();
        database->packed.push_back(packed);
        // What is packed already would only be tried again.
        if (packed) families.back().options.blob_compression_type = rocksdb::kNoCompression;
    }
    // RocksDB insists on this one; nothing is kept in it.
    families.emplace_back(rocksdb::kDefaultColumnFamilyName, options);

    database->report = std::move(report);
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(database_options(shape), folder.string(),
                                                     families, &database->families, &opened);
    database->rocks.reset(opened);
    if (!status.ok()) {
        words = status.ToString();
        return is_lock_conflict(status) ? Errc::already_running : errc_of(status);
    }
    std::unique_ptr<RocksDb> result(new RocksDb(std::move(database)));
    if (const auto settled = result->settle_format(shape.format, words); !settled) {
        return settled.error();
    }
    return result;
}

Result<void> RocksDb::settle_format(const std::string& format, std::string& words) {
    const View now = view();
    const Result<Bytes> found = now.get(kMeta, as_bytes(kFormatKey));
    if (found && as_text(*found) == format) return {};
    if (found) {
        words = other_format(as_text(*found), format);
        return Errc::unknown_format;
    }
    if (found.error() != Errc::not_found) return found.error();

    // Without the key, only an empty database is one of ours.
    for (std::size_t i = 0; i + 1 < database_->families.size(); ++i) {
        Cursor cursor = now.cursor(Family{i});
        cursor.seek_first();
        if (cursor.valid()) {
            words = "the database has contents but no format";
            return Errc::storage_corrupt;
        }
        if (const auto ended = cursor.finish(); !ended) return ended.error();
    }
    // If we stop here, the database is still empty and the next start comes here again.
    Writes writes = new_writes();
    writes.put(kMeta, as_bytes(kFormatKey), as_bytes(format));
    return write(std::move(writes));
}

RocksDb::RocksDb(std::unique_ptr<detail::Database> database) : database_(std::move(database)) {}
RocksDb::~RocksDb() = default;

Writes RocksDb::new_writes(std::size_t bytes) const {
    return Writes(
        std::unique_ptr<detail::Batch>(new detail::Batch{*database_, rocksdb::WriteBatch(bytes)}));
}

Result<void> RocksDb::write(Writes writes) {
    if (database_->failed) return Errc::storage_failure;
    rocksdb::WriteOptions options;
    options.sync = true;
    const rocksdb::Status status = database_->rocks->Write(options, &writes.batch_->rocks);
    if (status.ok()) return {};
    // After a failed sync nobody knows what is on disk, and a second one that succeeds proves
    // nothing about the first.
    database_->failed = true;
    return database_->translate(status, "write");
}

View RocksDb::view() const {
    return View(std::make_unique<detail::Snapshot>(*database_));
}

Errc RocksDb::corrupt(Family family, std::string_view words) const {
    if (database_->report) {
        database_->report(database_->handle(family)->GetName() + ": " + std::string(words));
    }
    return Errc::storage_corrupt;
}

}  // namespace tongbao::storage
