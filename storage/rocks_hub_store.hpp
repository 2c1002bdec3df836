#pragma once

#include "domain/result.hpp"
#include "storage/fault_report.hpp"
#include "storage/hub_store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace tongbao::storage {

/// Opens or creates the hub's database in `folder`: a HubStore on RocksDB, where a commit is one
/// synced write batch. What is open is locked until the store is destroyed.
///
/// Checks that the entries end where the last checkpoint says; that they are the right ones, only
/// the signed head kept outside and a check of the whole log can say. Takes at most about 64 MiB of
/// cache and 64 MiB of write buffers.
///
/// Errors: Errc::already_running, Errc::unknown_format, Errc::storage_corrupt,
/// Errc::storage_failure; `words` then says what and where, for the log. Later faults go to
/// `report`.
[[nodiscard]] Result<std::unique_ptr<HubStore>> open_hub_store(const std::filesystem::path& folder,
                                                               std::string& words,
                                                               FaultReport report = {});

}  // namespace tongbao::storage
