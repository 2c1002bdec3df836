#include "storage/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <cstddef>
#include <cstdint>

namespace tongbao::storage {
namespace {

constexpr int kMaxOpenFiles = 256;
constexpr double kBloomBits = 10;
constexpr int kTablesToMerge = 8;
constexpr std::size_t kArenaBlock = 64 * 1024;
constexpr double kMemtableBloomRatio = 0.005;
constexpr std::uint64_t kLeastBlob = 512;
constexpr std::uint64_t kMaxWalBytes = 64 * kMebibyte;

}  // namespace

rocksdb::DBOptions database_options(const RocksShape& shape) {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    // Only after check_families has found none that is missing for a reason.
    options.create_missing_column_families = true;
    // The default recovery mode opens a log that is damaged in its middle and silently forgets all
    // that stands behind. This one forgives only what a cut during the last write leaves behind.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.paranoid_checks = true;
    options.verify_sst_unique_id_in_manifest = true;
    options.db_write_buffer_size = shape.write_buffer_bytes;
    // A family that is written seldom would otherwise hold back old logs, and starts would be slow.
    options.max_total_wal_size = kMaxWalBytes;
    options.max_open_files = kMaxOpenFiles;
    options.max_background_jobs = 2;
    options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    options.keep_log_file_num = 4;
    options.max_log_file_size = 4 * kMebibyte;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    return options;
}

rocksdb::ColumnFamilyOptions family_options(const RocksShape& shape) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(shape.block_cache_bytes);
    // Index and filter blocks count as cache too: memory stays bounded however large the log is.
    table.cache_index_and_filter_blocks = true;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits));

    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.write_buffer_size = shape.write_buffer_bytes;
    // A memtable takes memory by the block, which would by itself be an eighth of the buffer or
    // 1 MiB: in a dozen families the first block of each fills half of the buffer they share, or
    // all of it, and they flush again and again.
    options.arena_block_size = kArenaBlock;
    options.max_write_buffer_number = 2;
    // Keys mostly come in their order: where the last one went is where the next one goes.
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
    options.level0_file_num_compaction_trigger = kTablesToMerge;
    options.compression = rocksdb::kLZ4Compression;
    options.paranoid_file_checks = true;
    // What is looked for by key is mostly not there (was this identifier used?): the newest records
    // get a filter too, not only those in files.
    options.memtable_prefix_bloom_size_ratio = kMemtableBloomRatio;
    options.memtable_whole_key_filtering = true;
    // Notices, entries and deliveries are written once and never change: merging moves their keys
    // alone.
    options.enable_blob_files = true;
    options.min_blob_size = kLeastBlob;
    options.blob_compression_type = rocksdb::kLZ4Compression;
    return options;
}

}  // namespace tongbao::storage
