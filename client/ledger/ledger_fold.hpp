#pragma once

#include "client/ledger/known_notices.hpp"
#include "domain/act.hpp"
#include "domain/case_events.hpp"
#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "storage/ledger_database.hpp"

#include <map>
#include <optional>
#include <vector>

namespace tongbao::client {

/// A notice with its place in the log, and the case that its entry names. Borrows.
struct FedNotice {
    const Notice& notice;
    /// Exact.
    BytesView bytes;
    NoticeRef ref;
    std::optional<CaseNumber> case_number;
    /// The entry's time.
    UtcTime at{};
};

/// An act with its place in the log. Borrows.
struct FedAct {
    const Act& act;
    NoticeRef ref;
    UtcTime at{};
};

/// Writes leaves into a piece of the ledger. What the ledger holds afterwards follows from the set
/// of leaves that a follower gave, in whatever order; the keeper gives them in the log's order, and
/// each event is judged once, against what was written before it.
///
/// Of a notice that came late the events are made anew, with those of what points at it.
///
/// Every method may answer the errors of LedgerPiece, and Errc::storage_corrupt where the ledger
/// holds bytes that are no notice.
class LedgerFold {
public:
    /// All outlive the object.
    LedgerFold(const Charter& charter, LedgerRole role, storage::LedgerPiece& piece)
        : charter_(charter), role_(role), piece_(piece), known_(charter, role, piece) {}

    /// One that was given before changes nothing.
    [[nodiscard]] Result<void> take(const FedNotice& fed);
    [[nodiscard]] Result<void> take(const FedAct& fed);

    /// Puts the columns of all cases that changed. Once, behind all that is taken.
    [[nodiscard]] Result<void> finish();

private:
    using Deeds = std::vector<storage::LedgerDeed>;

    [[nodiscard]] Result<void> add_ignored(const FedNotice& fed);
    [[nodiscard]] Result<void> add_known(const FedNotice& fed);
    [[nodiscard]] Result<void> write_first(const KnownNotice& known,
                                           const std::optional<KnownNotice>& asked);
    [[nodiscard]] Result<void> settle_waiting(const KnownNotice& known);
    [[nodiscard]] Result<void> move_answer(const storage::LedgerNotice& answer,
                                           const KnownNotice& arrived);
    [[nodiscard]] Result<void> take_deed(const storage::LedgerDeed& deed);
    [[nodiscard]] Result<void> write_act(const KnownNotice& known, const storage::LedgerDeed& deed,
                                         RecipientState before);
    [[nodiscard]] Result<void> rewrite(LogIndex notice);
    [[nodiscard]] Result<void> rewrite_deed(const KnownNotice& known,
                                            const storage::LedgerDeed& deed, RecipientState& state);

    [[nodiscard]] Result<void> write(const std::vector<CaseEvent>& events, std::uint32_t place,
                                     std::optional<LogIndex> only = {});
    [[nodiscard]] Result<void> write(const CaseEvent& event, std::uint32_t place);

    const Charter& charter_;
    const LedgerRole role_;
    storage::LedgerPiece& piece_;
    const KnownNotices known_;
    /// Of a case that changed: whether links behind its end are all that was added.
    enum class Change : std::uint8_t { links, more };
    std::map<CaseNumber, Change> changed_;
};

}  // namespace tongbao::client
