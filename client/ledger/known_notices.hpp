#pragma once

#include "domain/charter.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/notice.hpp"
#include "domain/recipient_state.hpp"
#include "domain/result.hpp"
#include "storage/ledger_database.hpp"

#include <optional>
#include <vector>

namespace tongbao::client {

/// A notice of the ledger, read.
struct KnownNotice {
    /// Empty of one without a case.
    Notice notice;
    storage::LedgerNotice row;
    /// What it points at, where its effects ask for that.
    std::optional<AnsweredInCase> answered;
};

/// What a ledger knows of notices by now: for one piece of it.
///
/// Every method may answer the errors of LedgerPiece, and Errc::storage_corrupt where the ledger
/// holds bytes that are no notice.
class KnownNotices {
public:
    /// All outlive the object.
    KnownNotices(const Charter& charter, LedgerRole role, storage::LedgerPiece& piece)
        : charter_(charter), role_(role), piece_(piece) {}

    [[nodiscard]] static Result<KnownNotice> read(storage::LedgerNotice row);
    [[nodiscard]] Result<std::optional<KnownNotice>> at(LogIndex index) const;

    /// What the notice at `index` points at, of what stands before it in the log; `but` is left out
    /// of account. As the hub finds it: identifiers are each sender's own, so of several it is the
    /// one that may be answered so, then the one that the answer goes back to.
    [[nodiscard]] Result<std::optional<KnownNotice>> asked_by(
        const Notice& answer, LogIndex index, std::optional<LogIndex> but = {}) const;

    /// Where the notice stands at the unit, by those of `deeds`, all at it, below `entry`.
    [[nodiscard]] Result<RecipientState> state_at(const KnownNotice& known,
                                                  const std::vector<storage::LedgerDeed>& deeds,
                                                  const UnitId& unit, LogIndex entry) const;
    /// Where it stands after the deed.
    [[nodiscard]] Result<RecipientState> after(const KnownNotice& known,
                                               const storage::LedgerDeed& deed,
                                               RecipientState before) const;

private:
    const Charter& charter_;
    const LedgerRole role_;
    storage::LedgerPiece& piece_;
};

}  // namespace tongbao::client
