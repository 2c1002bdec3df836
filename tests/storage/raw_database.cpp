#include "tests/storage/raw_database.hpp"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace tongbao::storage {
namespace {

void require(const rocksdb::Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

class RawDatabase {
public:
    explicit RawDatabase(const std::filesystem::path& folder) {
        std::vector<std::string> names;
        require(rocksdb::DB::ListColumnFamilies({}, folder.string(), &names));
        std::vector<rocksdb::ColumnFamilyDescriptor> families;
        for (const std::string& name : names) {
            families.emplace_back(name, rocksdb::ColumnFamilyOptions());
        }
        rocksdb::DB* opened = nullptr;
        require(rocksdb::DB::Open({}, folder.string(), families, &handles_, &opened));
        database_.reset(opened);
    }
    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;
    ~RawDatabase() {
        for (auto* const handle : handles_) {
            database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
        }
    }

    rocksdb::DB& operator*() { return *database_; }
    rocksdb::ColumnFamilyHandle* family(const std::string& name) {
        const auto found = std::find_if(handles_.begin(), handles_.end(),
                                        [&](const auto* each) { return each->GetName() == name; });
        if (found == handles_.end()) throw std::runtime_error("no family " + name);
        return *found;
    }

private:
    std::unique_ptr<rocksdb::DB> database_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace

std::vector<RawRecord> read_raw(const std::filesystem::path& folder, const std::string& family) {
    RawDatabase database(folder);
    const std::unique_ptr<rocksdb::Iterator> each(
        (*database).NewIterator({}, database.family(family)));
    std::vector<RawRecord> records;
    for (each->SeekToFirst(); each->Valid(); each->Next()) {
        records.push_back({each->key().ToString(), each->value().ToString()});
    }
    require(each->status());
    return records;
}

void put_raw(const std::filesystem::path& folder, const std::string& family,
             const RawRecord& record) {
    RawDatabase database(folder);
    require((*database).Put({}, database.family(family), record.key, record.value));
}

void remove_raw(const std::filesystem::path& folder, const std::string& family,
                const std::string& key) {
    RawDatabase database(folder);
    require((*database).Delete({}, database.family(family), key));
}

void flip_byte(const std::filesystem::path& file, std::uintmax_t position) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.exceptions(std::ios::badbit | std::ios::failbit);
    stream.seekg(static_cast<std::streamoff>(position));
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(static_cast<std::streamoff>(position));
    stream.put(byte);
}

std::vector<std::filesystem::path> files_of_kind(const std::filesystem::path& folder,
                                                 const std::string& extension) {
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::directory_iterator(folder)) {
        if (each.path().extension() == extension) files.push_back(each.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace tongbao::storage
