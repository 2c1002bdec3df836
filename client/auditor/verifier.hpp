#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/audit_trust.hpp"
#include "client/auditor/log_source.hpp"
#include "domain/checkpoint.hpp"
#include "domain/log_entry.hpp"
#include "domain/result.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace tongbao::client {

/// What is asked of a verification.
struct AuditRequest {
    /// The unit whose certificate asks, whose own notices the hub must then show; none: a log
    /// auditor, who reads no contents.
    std::optional<UnitId> unit;
    /// Earlier heads, verified with the log's key: the log must extend each.
    std::vector<Checkpoint> known;
    /// Sees each entry that can be read, in order, before the root is known: what it keeps is worth
    /// something only if the report is without findings.
    std::function<void(LogIndex, const LogEntry&)> observe;
    /// Told how many entries of how many were checked, every so often.
    std::function<void(TreeSize done, TreeSize size)> progress;
};

/// Verifies a whole log from its bytes, trusting nothing that `source` answers:
///
/// - the checkpoint is signed by the log's key and extends the known heads;
/// - the root over the hashes of all entries is the checkpoint's, and the tiles are of these
/// hashes;
/// - every entry has the form of one, and times never decrease;
/// - the register's entries follow one on the other, and name the charter and log key known here;
/// - every signed entry rests on a statement that opens with a certificate which was in force at
///   that entry and valid at its time, is of the sender's unit, and covers the leaf named;
/// - no leaf was accepted twice; acts and replies are of those who received what they speak of, and
///   what the hub says of their clocks is in order;
/// - the notices whose contents the caller may read are those that were logged, and the hub gives
///   every one that the caller sent or received.
///
/// What does not hold is a finding in the report, not an error. Streams by bundles: memory grows by
/// about a hundred bytes a notice. Costs about 10 µs an entry and 100 µs a batch beside the
/// requests: one for 256 entries, one for their tile, one for each batch.
///
/// Errors: those of the source which are not answer_lacking(): nothing was found out then.
[[nodiscard]] Result<AuditReport> verify_log(LogSource& source, const AuditTrust& trust,
                                             const AuditRequest& request);

}  // namespace tongbao::client
