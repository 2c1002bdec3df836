#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/audit_trust.hpp"
#include "client/auditor/log_source.hpp"
#include "crypto/key_register.hpp"
#include "crypto/statement.hpp"
#include "domain/log_entry.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace tongbao::client {

/// Checks that signed entries rest on a signature: each batch's statement once, each entry's place
/// in its batch. Entries come in the order of the log, after the register entries before them.
class StatementCheck {
public:
    /// All outlive this. `keys` is the register as of the entry that is being checked.
    StatementCheck(LogSource& source, const AuditTrust& trust, const crypto::KeyRegister& keys,
                   AuditReport& report)
        : source_(source), trust_(trust), keys_(keys), report_(report) {}

    /// Checks the `logged`, act or `refused` entry at `index`.
    ///
    /// Errors: those of LogSource::batch which are not answer_lacking().
    [[nodiscard]] Result<void> check_signed(LogIndex index, UtcTime time, const UnitId& from,
                                            const SignedLeaf& leaf);

    /// Checks the endorsements of the `logged` entry at `index`, for which check_signed was called
    /// before.
    void check_endorsed(LogIndex index, UtcTime time, const LoggedEvent& event);

    /// Checks that the `replied` entry at `index` was caused by the batch that its answer is in.
    ///
    /// Errors: as check_signed.
    [[nodiscard]] Result<void> check_reply(LogIndex index, LogIndex answer);

    /// When no more entries come.
    void finish() { leave(); }

private:
    struct Current {
        BatchRecord record;
        /// SHA-256 of the statement's container.
        Digest statement;
        std::optional<crypto::OpenedStatement> opened;
        /// Which of the record's leaves an entry was seen for.
        std::vector<bool> seen;

        [[nodiscard]] bool covers(LogIndex index) const noexcept {
            return record.first <= index &&
                   index < LogIndex(record.first.value() + record.entry_count);
        }
    };

    /// Makes the batch of the entry at `index` the current one, if the hub has it.
    [[nodiscard]] Result<void> enter(LogIndex index);
    void leave();
    void check_record(LogIndex index);
    void open(LogIndex index);
    [[nodiscard]] std::optional<Errc> mismatch(const crypto::OpenedStatement& opened,
                                               const char*& words) const;
    void check_signer(LogIndex index, UtcTime time, const UnitId& from, const SignedLeaf& leaf);
    void check_place(LogIndex index, const SignedLeaf& leaf);

    LogSource& source_;
    const AuditTrust& trust_;
    const crypto::KeyRegister& keys_;
    AuditReport& report_;
    std::optional<Current> current_;
    /// Where the run of the batch before ended.
    LogIndex previous_end_;
};

}  // namespace tongbao::client
