#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/attachment_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace tongbao::storage {

/// For so long a file is kept that no notice names: who brought it may still name it.
inline constexpr std::chrono::hours kUnnamedKept{24};

/// What a sweep took away.
struct Swept {
    std::uint64_t files{0};
    std::uint64_t bytes{0};
};

/// Removes the kept files that no notice names and that were not used for kUnnamedKept before
/// `now`. `naming` says whether a notice names a file; `spared`, if not empty, is told of those
/// that none names and that are younger. Never removes a file that is named, nor one that an
/// upload, a draft, a delivery or an admission relies on: all of them touch it, and are done long
/// before the time is over. Where nothing is known of a file (Naming::unknown), it stays.
///
/// If it stops half-way, some are removed, and the next sweep removes the others. Blocks as
/// AttachmentStore::visit does; beside anything else.
///
/// Errors: those of `naming`; Errc::storage_failure. What can't be removed is left for the next.
[[nodiscard]] Result<Swept> sweep_attachments(
    AttachmentStore& attachments, UtcTime now,
    const std::function<Result<Naming>(const KeptFile&)>& naming,
    const std::function<void(const KeptFile&)>& spared = {});

}  // namespace tongbao::storage
