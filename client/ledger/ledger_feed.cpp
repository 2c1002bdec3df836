#include "client/ledger/ledger_feed.hpp"

#include "client/ledger/hand_in_fold.hpp"
#include "client/ledger/ledger_fold.hpp"
#include "client/ledger/stored_leaves.hpp"
#include "crypto/sha256.hpp"
#include "protocol/leaf_json.hpp"

#include <utility>

namespace tongbao::client {
namespace {

/// One piece of a ledger while it is fed.
class Feeding {
public:
    Feeding(const Charter& charter, LedgerRole role, storage::LedgerPiece& piece)
        : charter_(charter), role_(role), piece_(piece), fold_(charter, role, piece) {}

    Result<void> take(const protocol::Delivery& delivery) {
        for (const auto& leaf : delivery.leaves) {
            const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&leaf);
            if (delivered == nullptr) continue;
            const Result<void> taken = take(*delivered, delivery.run);
            if (!taken) return taken.error();
        }
        return {};
    }

    Result<void> take(const storage::SentItem& item) {
        if (item.state != storage::SentState::accepted) return {};
        if (!item.index) return Errc::storage_corrupt;
        const Result<OwnEntry> entry = own_entry_of(item);
        if (!entry) return entry.error();
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
        if (!leaf) return Errc::storage_corrupt;
        const NoticeRef ref{crypto::sha256(item.bytes), *item.index};
        if (const auto* const act = std::get_if<Act>(&*leaf)) {
            if (role_ == LedgerRole::keeper) return {};
            return fold_.take(FedAct{*act, ref, entry->at});
        }
        const FedNotice fed{std::get<Notice>(*leaf), item.bytes, ref, entry->case_number,
                            entry->at};
        // Of cases the keeper is delivered its own too, in the log's order.
        if (role_ == LedgerRole::keeper) return fold_hand_in(charter_, fed, piece_);
        return take(fed);
    }

    Result<void> finish() { return fold_.finish(); }

private:
    Result<void> take(const FedNotice& fed) {
        const Result<void> handed_in = fold_hand_in(charter_, fed, piece_);
        if (!handed_in) return handed_in.error();
        return fold_.take(fed);
    }

    Result<void> take(const protocol::DeliveredLeaf& delivered, const protocol::EntryRun& run) {
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered.bytes);
        if (!leaf) return Errc::storage_corrupt;
        const Result<LogEntry> entry = entry_of_leaf(run, delivered.index);
        if (!entry) return entry.error();
        if (const auto* const logged = std::get_if<LoggedEvent>(&entry->event)) {
            const auto* const notice = std::get_if<Notice>(&*leaf);
            if (notice == nullptr) return Errc::storage_corrupt;
            return take(FedNotice{*notice,
                                  delivered.bytes,
                                  {logged->leaf.sha256, delivered.index},
                                  logged->case_number,
                                  entry->time});
        }
        const auto* const acted = std::get_if<ActEvent>(&entry->event);
        const auto* const act = std::get_if<Act>(&*leaf);
        if (acted == nullptr || act == nullptr) return Errc::storage_corrupt;
        return fold_.take(FedAct{*act, {acted->leaf.sha256, delivered.index}, entry->time});
    }

    const Charter& charter_;
    const LedgerRole role_;
    storage::LedgerPiece& piece_;
    LedgerFold fold_;
};

}  // namespace

LedgerRole ledger_role(const Charter& charter, const UnitId& unit) {
    return charter.parts().ledger.kept_by == unit ? LedgerRole::keeper : LedgerRole::follower;
}

Result<FeedStep> feed_ledger(storage::LedgerDatabase& ledger, const storage::DaemonStore& store,
                             const Charter& charter, LedgerRole role, const FeedPiece& piece) {
    Result<storage::LedgerPositions> positions = ledger.positions();
    if (!positions) return positions.error();
    const Result<std::vector<LogIndex>> batches =
        batches_behind(store, positions->batch, piece.deliveries);
    if (!batches) return batches.error();
    const Result<std::vector<storage::SentItem>> own =
        store.read_settled(positions->settled, piece.own);
    if (!own) return own.error();
    if (batches->empty() && own->empty()) return FeedStep::up_to_date;
    const Result<std::unique_ptr<storage::LedgerPiece>> writing = ledger.begin();
    if (!writing) return writing.error();
    Feeding feeding(charter, role, **writing);
    for (const LogIndex batch : *batches) {
        const Result<protocol::Delivery> delivery = read_stored_delivery(store, batch);
        if (!delivery) return delivery.error();
        const Result<void> fed = feeding.take(*delivery);
        if (!fed) return fed.error();
        positions->batch = batch;
    }
    for (const storage::SentItem& item : *own) {
        const Result<void> fed = feeding.take(item);
        if (!fed) return fed.error();
        positions->settled = item.sequence;
    }
    const Result<void> finished = feeding.finish();
    if (!finished) return finished.error();
    const Result<void> moved = (*writing)->set_positions(*positions);
    if (!moved) return moved.error();
    const Result<void> committed = (*writing)->commit();
    if (!committed) return committed.error();
    return FeedStep::more;
}

}  // namespace tongbao::client
