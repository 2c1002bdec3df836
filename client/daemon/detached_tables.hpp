#pragma once

#include "client/daemon/services.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "storage/attachment_store.hpp"

#include <optional>

namespace tongbao::client {

/// Reads the unit's file as a table; none if it is not here or is none. Blocks.
///
/// Errors: Errc::storage_failure, Errc::storage_corrupt.
[[nodiscard]] Result<std::optional<Table>> read_detached_table(
    const storage::AttachmentStore& attachments, const UnitId& unit, const Digest& sha256);

/// What is wrong with the rows of the notice's tables that travel as attachments, as far as the
/// files are here: as if the rows stood in the notice. Errc::too_large for a file that is no table
/// of this size, the faults of read_table for one that is none at all. Blocks.
[[nodiscard]] Reasons check_detached_tables(const Services& services, const Notice& notice);

}  // namespace tongbao::client
