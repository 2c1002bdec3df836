#include "hub/upload_sweep.hpp"

namespace tongbao::hub {

static_assert(storage::kUnnamedKept == UploadLedger::kWindow,
              "what counts is there, and what is there counts");

Result<storage::Swept> sweep_uploads(storage::AttachmentStore& attachments,
                                     const storage::HubStore& store, UploadLedger& ledger,
                                     UtcTime now) {
    const auto naming = [&store](const storage::KeptFile& file) {
        return store.naming({file.owner, file.sha256});
    };
    const auto count = [&](const storage::KeptFile& file) {
        ledger.restore(file.owner, file.sha256, file.size, file.used);
        // A notice may have been logged since it was asked: then the ledger was told too early.
        const Result<storage::Naming> again = naming(file);
        if (again && *again == storage::Naming::named) ledger.named(file.owner, file.sha256);
    };
    return storage::sweep_attachments(attachments, now, naming, count);
}

}  // namespace tongbao::hub
