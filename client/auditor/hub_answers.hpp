#pragma once

#include "client/auditor/log_source.hpp"
#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "protocol/limits.hpp"
#include "protocol/tile_path.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::client {

/// Reads the hub's answer to `GET /v1/batches/<index>`: first, entries, signer, statement and the
/// leaves, each with its leaf_hash and perhaps its index.
///
/// Errors: Errc::protocol_violation.
[[nodiscard]] Result<BatchRecord> read_batch_record(BytesView json);

/// Writes what read_batch_record reads, in one line.
[[nodiscard]] std::string write_batch_record(const BatchRecord& batch);

/// Reads the hub's answer to `GET /v1/register`: the entries with their indexes.
///
/// Errors: Errc::protocol_violation.
[[nodiscard]] Result<std::vector<RegisterRow>> read_register_rows(BytesView json);

/// Writes what read_register_rows reads, in one line.
[[nodiscard]] std::string write_register_rows(const std::vector<RegisterRow>& rows);

/// What stands before each entry of a bundle: its length.
inline constexpr std::size_t kEntryLengthBytes = 2;

/// The entries of a bundle; they point into it.
struct SplitBundle {
    std::vector<BytesView> entries;
    /// Bytes behind the last entry that is whole.
    std::size_t left_over{0};
};

/// Takes apart an entry bundle: each entry after its length, 16 bits, big-endian. How many entries
/// must be there, the caller knows. Source: C2SP tlog-tiles 0.1.0.
[[nodiscard]] SplitBundle split_bundle(BytesView bundle);

/// The hashes of a tile. Errors: Errc::protocol_violation unless `tile` is a multiple of 32 bytes.
[[nodiscard]] Result<std::vector<Digest>> split_tile(BytesView tile);

/// The largest answers that are read.
inline constexpr std::size_t kMaxTileBytes = protocol::kTileWidth * Digest::kSize;
inline constexpr std::size_t kMaxBundleBytes =
    protocol::kTileWidth * (protocol::kMaxLogEntryBytes + kEntryLengthBytes);
inline constexpr std::size_t kMaxBatchRecordBytes = 512 * 1024;
inline constexpr std::size_t kMaxRegisterAnswerBytes = 64 * 1024 * 1024;

}  // namespace tongbao::client
