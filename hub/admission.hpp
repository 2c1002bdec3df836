#pragma once

#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "hub/deployment.hpp"
#include "hub/verified_batch.hpp"
#include "program/logging.hpp"
#include "protocol/message.hpp"
#include "storage/attachment_store.hpp"

#include <span>

namespace tongbao::hub {

/// From bytes to VerifiedBatch, or the reason why not. Thread-safe; costs one signature check a
/// batch (about 60 µs) and a parse a leaf; reads the attachment folders.
class Admission {
public:
    /// All outlive the object.
    Admission(const Deployment& deployment, storage::AttachmentStore& attachments,
              const Clock& clock)
        : deployment_(deployment), attachments_(attachments), clock_(clock) {}

    /// Judges a batch that came over the connection of `unit`.
    ///
    /// The statement is judged first; what is wrong with it refuses the whole batch, and nothing in
    /// it is looked at: Errc::too_many_leaves (none, or more than kMaxLeavesPerBatch),
    /// Errc::too_large, Errc::bad_statement, Errc::signer_not_enrolled (also a revoked key),
    /// Errc::wrong_signer, Errc::bad_signature, Errc::statement_mismatch (another log, role, count
    /// or root), the errors of TrustStore::check, Errc::sender_mismatch (signed by another unit
    /// than the one connected), Errc::repeated_leaf (two equal leaves or ids). So does
    /// Errc::storage_failure if the disk does not tell whether an attachment is there: the batch
    /// may come again.
    ///
    /// Otherwise each leaf has its own reasons: it can't be read; Errc::sender_mismatch; the
    /// charter's rules as far as the hub may look; Errc::attachment_not_uploaded;
    /// Errc::endorsement_missing and Errc::endorsement_invalid, by what the charter asks for: each
    /// endorsement costs one signature check more.
    [[nodiscard]] Checked<VerifiedBatch> admit(const UnitId& unit, protocol::Submit submit) const;

private:
    [[nodiscard]] Checked<Digest> check_statement(const UnitId& unit, BytesView statement,
                                                  std::span<const Digest> leaf_hashes) const;
    /// Errors: Errc::storage_failure.
    [[nodiscard]] Result<AdmittedLeaf> judge(const UnitId& unit, Bytes bytes,
                                             const Digest& leaf_hash,
                                             std::span<const Bytes> endorsements) const;
    [[nodiscard]] Result<Reasons> missing_attachments(const Notice& notice) const;
    /// Puts what is good of `statements` into the leaf, and what is not among its reasons.
    void judge_endorsements(AdmittedLeaf& leaf, std::span<const Bytes> statements) const;

    const Deployment& deployment_;
    storage::AttachmentStore& attachments_;
    const Clock& clock_;
};

/// Says in the running log that a batch of `unit` was refused as a whole: the audit log has no
/// entry of it.
void log_refused(program::Logging& logging, const UnitId& unit, const Reason& reason);

}  // namespace tongbao::hub
