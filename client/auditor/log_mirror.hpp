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
    /// Where what did not verify was kept, as evidence; none if all did.
    std::optional<std::filesystem::path> rejected;
};

/// Copies a log into a folder (LogDirectory), verified as verify_log does while it is copied: what
/// the folder has is not fetched again, but verified again, and the log must extend the head that
/// the folder holds. What is new gathers in `incoming` below the folder, so that a run that was cut
/// off goes on where it was; only what verified moves into its place, the checkpoint last. What did
/// not is kept as `rejected-<size>`, and the copy stays as it was.
///
/// `request.known` is one more head that it must extend; the greater of the two is taken.
///
/// Errors: those of verify_log; Errc::storage_failure where the folder can't be read or written;
/// those of crypto::verify_checkpoint for a `checkpoint` in the folder that is not by the log's
/// key.
[[nodiscard]] Result<MirrorReport> mirror_log(LogSource& source,
                                              const std::filesystem::path& folder,
                                              const AuditTrust& trust, AuditRequest request);

}  // namespace tongbao::client
