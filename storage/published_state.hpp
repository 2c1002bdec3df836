#pragma once

#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/rocks_db.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tongbao::storage {

/// In kMeta: the checkpoint of the last commit.
inline constexpr std::string_view kCheckpointKey = "checkpoint";

/// What readers of the hub's store see: the state after one commit. Kept until the last of them has
/// let go of it.
struct Published {
    TreeSize size;
    std::string checkpoint;
    View view;
};

/// The state that the last commit left, if the entries end where its checkpoint says.
///
/// Errors: Errc::storage_corrupt, and those of the database, with `words`.
[[nodiscard]] Result<std::shared_ptr<const Published>> last_published(const RocksDb& database,
                                                                      Family entries,
                                                                      std::string& words);

}  // namespace tongbao::storage
