#pragma once

#include "client/daemon/services.hpp"
#include "domain/notice.hpp"
#include "storage/attachment_sweep.hpp"

#include <variant>
#include <vector>

/// The files of the unit that its notices name, and those that none does.
namespace tongbao::client {

/// Adds the files that the notice names.
inline void add_files(const Notice& notice, std::vector<Digest>& files) {
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        if (attachment != nullptr) files.push_back(attachment->sha256);
    }
}

/// Removes the files that no notice named within storage::kUnnamedKept, and says so in the running
/// log. Blocks as storage::sweep_attachments does.
///
/// Errors: those of storage::sweep_attachments and the store.
[[nodiscard]] Result<storage::Swept> sweep_files(storage::AttachmentStore& attachments,
                                                 const storage::DaemonStore& store, UtcTime now,
                                                 program::Logging& logging);

}  // namespace tongbao::client
