#include "client/ledger/ledger_feed.hpp"

#include "client/ledger/hand_in_fold.hpp"
#include "client/ledger/ledger_fold.hpp"
#include "client/ledger/stored_leaves.hpp"
#include "crypto/sha256.hpp"
#include "protocol/leaf_json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

/// A leaf of the daemon's database, read, with what its entry says of it.
struct StoredLeaf {
    protocol::Leaf leaf;
    /// Exact.
    BytesView bytes;
    NoticeRef ref;
    std::optional<CaseNumber> case_number;
    UtcTime at{};
};

/// The leaves of a delivery that are this unit's to read; they borrow its bytes. Errors:
/// Errc::storage_corrupt.
Result<std::vector<StoredLeaf>> leaves_of(const protocol::Delivery& delivery) {
    std::vector<StoredLeaf> leaves;
    for (const auto& each : delivery.leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&each);
        if (delivered == nullptr) continue;
        Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered->bytes);
        if (!leaf) return Errc::storage_corrupt;
        const Result<LogEntry> entry = entry_of_leaf(delivery.run, delivered->index);
        if (!entry) return entry.error();
        const auto* const logged = std::get_if<LoggedEvent>(&entry->event);
        const auto* const acted = std::get_if<ActEvent>(&entry->event);
        const bool is_notice = std::holds_alternative<Notice>(*leaf);
        if (is_notice ? logged == nullptr : acted == nullptr) return Errc::storage_corrupt;
        const Digest& sha256 = is_notice ? logged->leaf.sha256 : acted->leaf.sha256;
        leaves.push_back({*std::move(leaf),
                          delivered->bytes,
                          {sha256, delivered->index},
                          is_notice ? logged->case_number : std::nullopt,
                          entry->time});
    }
    return leaves;
}

/// One of the unit's own, which the log accepted; it borrows the item's bytes. Errors:
/// Errc::storage_corrupt.
Result<StoredLeaf> own_leaf(const storage::SentItem& item) {
    if (!item.index) return Errc::storage_corrupt;
    const Result<OwnEntry> entry = own_entry_of(item);
    if (!entry) return entry.error();
    Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
    if (!leaf) return Errc::storage_corrupt;
    return StoredLeaf{*std::move(leaf),
                      item.bytes,
                      {crypto::sha256(item.bytes), *item.index},
                      entry->case_number,
                      entry->at};
}

FedNotice fed_notice_of(const StoredLeaf& leaf) {
    return {std::get<Notice>(leaf.leaf), leaf.bytes, leaf.ref, leaf.case_number, leaf.at};
}

/// One piece of a ledger while it is fed.
class Feeding {
public:
    Feeding(const Charter& charter, LedgerRole role, storage::LedgerPiece& piece)
        : charter_(charter), role_(role), piece_(piece), fold_(charter, role, piece) {}

    Result<void> take(const StoredLeaf& leaf) {
        if (const auto* const act = std::get_if<Act>(&leaf.leaf)) {
            return fold_.take(FedAct{*act, leaf.ref, leaf.at});
        }
        const FedNotice fed = fed_notice_of(leaf);
        const Result<void> handed_in = fold_hand_in(charter_, fed, piece_);
        if (!handed_in) return handed_in.error();
        return fold_.take(fed);
    }

    Result<void> take_own(const StoredLeaf& leaf) {
        if (role_ == LedgerRole::follower) return take(leaf);
        // Of cases the keeper is delivered its own too, in the log's order.
        if (std::holds_alternative<Act>(leaf.leaf)) return {};
        return fold_hand_in(charter_, fed_notice_of(leaf), piece_);
    }

    Result<void> finish() { return fold_.finish(); }

private:
    const Charter& charter_;
    const LedgerRole role_;
    storage::LedgerPiece& piece_;
    LedgerFold fold_;
};

/// Of the ledger itself.
Reason own_fault(const boost::system::error_code& error) {
    return {to_errc(error), {}, {}};
}

/// Of what the daemon's database holds.
Reason store_fault(const boost::system::error_code& error, std::string place) {
    return {to_errc(error), std::move(place), {}};
}

Checked<void> feed_delivery(Feeding& feeding, const storage::DaemonStore& store, LogIndex batch) {
    const std::string place = "delivery " + std::to_string(batch.value());
    const Result<protocol::Delivery> delivery = read_stored_delivery(store, batch);
    if (!delivery) return store_fault(delivery.error(), place);
    const Result<std::vector<StoredLeaf>> leaves = leaves_of(*delivery);
    if (!leaves) return store_fault(leaves.error(), place);
    for (const StoredLeaf& leaf : *leaves) {
        const Result<void> taken = feeding.take(leaf);
        if (!taken) return own_fault(taken.error());
    }
    return {};
}

Checked<void> feed_own(Feeding& feeding, const storage::SentItem& item) {
    if (item.state != storage::SentState::accepted) return {};
    const Result<StoredLeaf> leaf = own_leaf(item);
    if (!leaf) return store_fault(leaf.error(), "sent item " + std::to_string(item.sequence));
    const Result<void> taken = feeding.take_own(*leaf);
    if (!taken) return own_fault(taken.error());
    return {};
}

}  // namespace

LedgerRole ledger_role(const Charter& charter, const UnitId& unit) {
    return charter.parts().ledger.kept_by == unit ? LedgerRole::keeper : LedgerRole::follower;
}

Checked<FeedStep> feed_ledger(storage::LedgerDatabase& ledger, const storage::DaemonStore& store,
                              const Charter& charter, LedgerRole role, const FeedPiece& piece) {
    Result<storage::LedgerPositions> positions = ledger.positions();
    if (!positions) return own_fault(positions.error());
    const Result<std::vector<LogIndex>> batches =
        batches_behind(store, positions->batch, piece.deliveries);
    if (!batches) return store_fault(batches.error(), "the list of deliveries");
    const Result<std::vector<storage::SentItem>> own =
        store.read_settled(positions->settled, piece.own);
    if (!own) return store_fault(own.error(), "the list of sent items");
    if (batches->empty() && own->empty()) return FeedStep::up_to_date;
    const Result<std::unique_ptr<storage::LedgerPiece>> writing = ledger.begin();
    if (!writing) return own_fault(writing.error());
    Feeding feeding(charter, role, **writing);
    const storage::LedgerPositions before = *positions;
    // What stands before something that can't be read is written all the same, so that the ledger
    // stands right in front of it. Nothing of that itself was taken by then.
    const auto stops = [&before, &positions](const Checked<void>& fed) {
        return !fed && (fed.error().place.empty() || *positions == before);
    };
    Checked<void> fed;
    for (const LogIndex batch : *batches) {
        fed = feed_delivery(feeding, store, batch);
        if (stops(fed)) return fed.error();
        if (!fed) break;
        positions->batch = batch;
    }
    for (const storage::SentItem& item : *own) {
        if (!fed) break;
        fed = feed_own(feeding, item);
        if (stops(fed)) return fed.error();
        if (fed) positions->settled = item.sequence;
    }
    const Result<void> finished = feeding.finish();
    if (!finished) return own_fault(finished.error());
    const Result<void> moved = (*writing)->set_positions(*positions);
    if (!moved) return own_fault(moved.error());
    const Result<void> committed = (*writing)->commit();
    if (!committed) return own_fault(committed.error());
    return FeedStep::more;
}

}  // namespace tongbao::client
