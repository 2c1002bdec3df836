#pragma once

#include "storage/rocks_db.hpp"

#include <rocksdb/options.h>

/// How RocksDB is set up here: what must not be lost is in the first, what makes it fast in the
/// second. rocks_db's alone.
namespace tongbao::storage {

[[nodiscard]] rocksdb::DBOptions database_options(const RocksShape& shape);

/// The same for every family, whose records are alike in what matters: keys that mostly ascend,
/// values that are written once.
[[nodiscard]] rocksdb::ColumnFamilyOptions family_options(const RocksShape& shape);

}  // namespace tongbao::storage
