#include "client/ledger/ledger_feed.hpp"

#include "client/ledger/ledger_fold.hpp"
#include "crypto/sha256.hpp"
#include "protocol/json_value.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/object_reader.hpp"

#include <string>
#include <utility>

namespace tongbao::client {
namespace {

/// The entry of the leaf at `index`, which every delivery that was stored brings.
Result<LogEntry> entry_of_leaf(const protocol::EntryRun& run, LogIndex index) {
    if (index < run.first) return Errc::storage_corrupt;
    const std::uint64_t offset = index.value() - run.first.value();
    if (offset >= run.entries.size()) return Errc::storage_corrupt;
    const auto* const bytes = std::get_if<Bytes>(&run.entries[offset]);
    if (bytes == nullptr) return Errc::storage_corrupt;
    Checked<LogEntry> entry = protocol::read_log_entry(*bytes);
    if (!entry) return Errc::storage_corrupt;
    return *std::move(entry);
}

Result<void> feed_leaf(LedgerFold& fold, const protocol::DeliveredLeaf& delivered,
                       const protocol::EntryRun& run) {
    const Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered.bytes);
    if (!leaf) return Errc::storage_corrupt;
    const Result<LogEntry> entry = entry_of_leaf(run, delivered.index);
    if (!entry) return entry.error();
    if (const auto* const logged = std::get_if<LoggedEvent>(&entry->event)) {
        const auto* const notice = std::get_if<Notice>(&*leaf);
        if (notice == nullptr) return Errc::storage_corrupt;
        return fold.take(FedNotice{*notice,
                                   delivered.bytes,
                                   {logged->leaf.sha256, delivered.index},
                                   logged->case_number,
                                   entry->time});
    }
    const auto* const acted = std::get_if<ActEvent>(&entry->event);
    const auto* const act = std::get_if<Act>(&*leaf);
    if (acted == nullptr || act == nullptr) return Errc::storage_corrupt;
    return fold.take(FedAct{*act, {acted->leaf.sha256, delivered.index}, entry->time});
}

Result<void> feed_delivery(LedgerFold& fold, const storage::DaemonStore& store, LogIndex batch) {
    const Result<Bytes> frame = store.read_delivery(batch);
    if (!frame) return frame.error();
    const Result<protocol::Message> message = protocol::decode(*frame);
    const auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    for (const auto& leaf : delivery->leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&leaf);
        if (delivered == nullptr) continue;
        const Result<void> fed = feed_leaf(fold, *delivered, delivery->run);
        if (!fed) return fed.error();
    }
    return {};
}

/// What the hub's answer says of an accepted item's entry.
struct OwnEntry {
    std::optional<CaseNumber> case_number;
    UtcTime at{};
};

Result<OwnEntry> own_entry_of(const storage::SentItem& item) {
    const Checked<protocol::JsonDocument> outcome =
        protocol::read_json(as_bytes(item.outcome), item.outcome.size());
    if (!outcome) return Errc::storage_corrupt;
    protocol::ObjectReader reader(*outcome, "");
    OwnEntry entry;
    if (std::optional<std::string> number = reader.optional_text("case")) {
        entry.case_number = CaseNumber(*std::move(number));
    }
    const std::optional<std::string> logged = reader.optional_text("logged_at");
    // Of what was settled before answers were kept with their entry's time, the nearest known.
    const Result<UtcTime> at = logged ? parse_utc(*logged) : Result<UtcTime>(item.queued_at);
    if (!at) return Errc::storage_corrupt;
    entry.at = *at;
    return entry;
}

Result<void> feed_own(LedgerFold& fold, const storage::SentItem& item) {
    if (item.state != storage::SentState::accepted) return {};
    if (!item.index) return Errc::storage_corrupt;
    const Result<OwnEntry> entry = own_entry_of(item);
    if (!entry) return entry.error();
    const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
    if (!leaf) return Errc::storage_corrupt;
    const NoticeRef ref{crypto::sha256(item.bytes), *item.index};
    if (const auto* const act = std::get_if<Act>(&*leaf)) {
        return fold.take(FedAct{*act, ref, entry->at});
    }
    return fold.take(
        FedNotice{std::get<Notice>(*leaf), item.bytes, ref, entry->case_number, entry->at});
}

/// The batches behind the one that was read last, at most `limit`.
Result<std::vector<LogIndex>> batches_behind(const storage::DaemonStore& store,
                                             std::optional<LogIndex> last, std::size_t limit) {
    // The one that was read stands before those behind it.
    Result<std::vector<LogIndex>> batches =
        store.list_deliveries(last.value_or(LogIndex()), last ? limit + 1 : limit);
    if (!batches) return batches.error();
    if (last) std::erase_if(*batches, [last](LogIndex batch) { return batch <= *last; });
    return batches;
}

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
    std::vector<storage::SentItem> own;
    if (role == LedgerRole::follower) {
        Result<std::vector<storage::SentItem>> settled =
            store.read_settled(positions->settled, piece.own);
        if (!settled) return settled.error();
        own = *std::move(settled);
    }
    if (batches->empty() && own.empty()) return FeedStep::up_to_date;
    const Result<std::unique_ptr<storage::LedgerPiece>> writing = ledger.begin();
    if (!writing) return writing.error();
    LedgerFold fold(charter, role, **writing);
    for (const LogIndex batch : *batches) {
        const Result<void> fed = feed_delivery(fold, store, batch);
        if (!fed) return fed.error();
        positions->batch = batch;
    }
    for (const storage::SentItem& item : own) {
        const Result<void> fed = feed_own(fold, item);
        if (!fed) return fed.error();
        positions->settled = item.sequence;
    }
    const Result<void> finished = fold.finish();
    if (!finished) return finished.error();
    const Result<void> moved = (*writing)->set_positions(*positions);
    if (!moved) return moved.error();
    const Result<void> committed = (*writing)->commit();
    if (!committed) return committed.error();
    return FeedStep::more;
}

}  // namespace tongbao::client
