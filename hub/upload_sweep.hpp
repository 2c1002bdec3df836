#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "hub/upload_ledger.hpp"
#include "storage/attachment_store.hpp"
#include "storage/attachment_sweep.hpp"
#include "storage/hub_store.hpp"

namespace tongbao::hub {

/// Sweeps the uploads (storage/attachment_sweep.hpp) that no logged notice of their owner names.
/// Those that are younger count in the ledger, as they did before a hub that starts anew ended.
///
/// Errors: those of storage::sweep_attachments and the store.
[[nodiscard]] Result<storage::Swept> sweep_uploads(storage::AttachmentStore& attachments,
                                                   const storage::HubStore& store,
                                                   UploadLedger& ledger, UtcTime now);

}  // namespace tongbao::hub
