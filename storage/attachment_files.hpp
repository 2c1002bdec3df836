#pragma once

#include "domain/result.hpp"
#include "storage/attachment_store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace tongbao::storage {

/// Whether so many bytes more may be written: Errc::storage_full if the disk has too little room.
/// Called by any thread.
using RoomCheck = std::function<Result<void>(std::uint64_t bytes)>;

/// Opens or creates an AttachmentStore of plain files: `<root>/<owner>/<first two hex digits>/<64
/// hex digits>`, folders 0700, files 0600. What is being written stands in
/// `<root>/<owner>/partial/`; what a dead process left there is removed now, so only one process
/// may use a root. `room` is asked before a file is begun and before each piece of it: what it says
/// is what create() and write() answer then, and the file comes to nothing. None: there is room.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<std::unique_ptr<AttachmentStore>> open_attachment_files(
    const std::filesystem::path& root, RoomCheck room = {});

}  // namespace tongbao::storage
