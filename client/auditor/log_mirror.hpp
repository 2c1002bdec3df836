#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/audit_trust.hpp"
#include "client/auditor/log_directory.hpp"
#include "client/auditor/log_source.hpp"
#include "client/auditor/verifier.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace tongbao::client {

/// What a mirror run did.
struct MirrorReport {
    AuditReport audit;
    /// How large the copy was before.
    std::optional<TreeSize> size_before;
    /// Tiles and bundles that were fetched; the others were there.
    std::uint64_t fetched{0};
    /// The hub's log is whole and the copy was not: all of it was fetched anew.
    bool mended{false};
    /// Where what did not verify was kept, as evidence; none if all did.
    std::optional<std::filesystem::path> rejected;
};

/// The head that the copy in `folder` holds; none if there is no copy yet.
///
/// Errors: those of LogDirectory::checkpoint but Errc::not_found, and of crypto::verify_checkpoint.
[[nodiscard]] Result<std::optional<Checkpoint>> copied_head(const std::filesystem::path& folder,
                                                            const AuditTrust& trust);

/// Copies a log into a folder (LogDirectory), verified as verify_log does while it is copied: what
/// the folder has is not fetched again, but verified again, and the log must extend the head that
/// the folder holds, beside those of `request.known`. What is new gathers in `incoming` below the
/// folder, so that a run that was cut off goes on where it was; only what verified moves into its
/// place, the checkpoint last.
///
/// What does not verify with the help of the copy is fetched again from the hub alone: then either
/// the copy was at fault, and is replaced, or the hub's log is, which is kept as `rejected-<size>`
/// while the copy stays as it was. Nothing that was kept so is ever removed.
///
/// One run at a time in a folder: the caller sees to that.
///
/// Errors: those of verify_log and copied_head; Errc::storage_failure where the folder can't be
/// read or written.
[[nodiscard]] Result<MirrorReport> mirror_log(LogSource& source,
                                              const std::filesystem::path& folder,
                                              const AuditTrust& trust, AuditRequest request);

}  // namespace tongbao::client
