#pragma once

#include "domain/result.hpp"
#include "storage/daemon_store.hpp"
#include "storage/fault_report.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace tongbao::storage {

/// Opens or creates a daemon's database in `folder`: a DaemonStore on RocksDB, where every writing
/// call is one synced write batch. What is open is locked until the store is destroyed. Takes at
/// most about 16 MiB of cache and 16 MiB of write buffers.
///
/// Errors: Errc::already_running, Errc::unknown_format, Errc::storage_corrupt,
/// Errc::storage_failure; `words` then says what and where, for the log. Later faults go to
/// `report`.
[[nodiscard]] Result<std::unique_ptr<DaemonStore>> open_daemon_store(
    const std::filesystem::path& folder, std::string& words, FaultReport report = {});

}  // namespace tongbao::storage
