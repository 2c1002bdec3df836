#pragma once

#include "domain/result.hpp"
#include "storage/attachment_store.hpp"

#include <filesystem>
#include <memory>

namespace tongbao::storage {

/// Opens or creates an AttachmentStore of plain files: `<root>/<owner>/<first two hex digits>/<64
/// hex digits>`, folders 0700, files 0600. What is being written stands in
/// `<root>/<owner>/partial/`; what a dead process left there is removed now, so only one process
/// may use a root.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Result<std::unique_ptr<AttachmentStore>> open_attachment_files(
    const std::filesystem::path& root);

}  // namespace tongbao::storage
