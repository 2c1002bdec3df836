#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "protocol/message.hpp"
#include "storage/daemon_store.hpp"

#include <optional>
#include <vector>

namespace tongbao::client {

/// A notice that this unit sent or received, found again.
struct ArchivedNotice {
    Notice notice;
    Bytes bytes;
    Digest sha256;
    /// None while it waits in the outbox, and of one that was refused without an entry.
    std::optional<LogIndex> index;
    /// As it arrived; none for one of our own.
    std::optional<storage::InboxRow> inbox;
    /// As it was sent; none for one that arrived, or waits for endorsements.
    std::optional<storage::SentItem> sent;
    /// The containers of its endorsements, DER; of one that waits, those that it has.
    std::vector<Bytes> endorsements{};
    /// Of one that the unit only keeps: the case that its entry says.
    std::optional<CaseNumber> kept_case{};
    /// The limits of its sending that it was late for, as its entry says.
    std::vector<std::string> late{};
};

/// The case that a notice of `delivery` belongs to: that of its header, else that of its entry, at
/// `index`, which may name one where the header names none.
[[nodiscard]] std::optional<CaseNumber> case_of(const Notice& notice, LogIndex index,
                                                const protocol::Delivery& delivery);

/// Finds notices by id or place in what the daemon keeps. Reads the store; thread-safe.
class NoticeArchive {
public:
    /// `store` outlives the object.
    explicit NoticeArchive(const storage::DaemonStore& store) : store_(store) {}

    /// One of our own if there is one, sent or held, else the one that arrived.
    ///
    /// Errors: Errc::not_found; Errc::id_conflict if several senders chose the same id, so that
    /// only the place in the log tells them apart; Errc::storage_corrupt; those of the store.
    [[nodiscard]] Result<ArchivedNotice> find(const Uuid& id) const;

    /// The notice at `index` of the log: one of our own, one that arrived, or one that the unit
    /// only keeps as the keeper of the case ledger, which has neither `inbox` nor `sent`. Errors:
    /// as find.
    [[nodiscard]] Result<ArchivedNotice> find_at(LogIndex index) const;

    /// The row of the notice that arrived and stands at `index` of the log. Errors:
    /// Errc::not_found; those of the store.
    [[nodiscard]] Result<storage::InboxRow> row_at(LogIndex index) const;

    /// An arrived notice by its row. Errors: as find.
    [[nodiscard]] Result<ArchivedNotice> open(storage::InboxRow row) const;

private:
    [[nodiscard]] Result<ArchivedNotice> open_kept(LogIndex index) const;

    const storage::DaemonStore& store_;
};

}  // namespace tongbao::client
