#include "client/daemon/search_feed.hpp"

#include "client/daemon/keepers_copy.hpp"
#include "client/ledger/stored_leaves.hpp"
#include "domain/case_events.hpp"
#include "protocol/leaf_json.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using storage::SearchRow;

/// The rows of one delivery, or of own items, that the index gets. A unit may put one large table
/// into a thousand notices of a batch: behind kMostFedBytes of texts the others are found by title
/// and numbers. Each delivery by itself, so that an index made anew finds the same.
class FedRows {
public:
    void add(SearchRow row) {
        for (const storage::SearchText& text : row.texts) bytes_ += text.text.size();
        rows_.push_back(std::move(row));
    }
    [[nodiscard]] bool is_full() const noexcept { return bytes_ >= kMostFedBytes; }
    void move_to(std::vector<SearchRow>& all) {
        std::move(rows_.begin(), rows_.end(), std::back_inserter(all));
    }

private:
    static constexpr std::size_t kMostFedBytes = std::size_t{8} * 1024 * 1024;

    std::vector<SearchRow> rows_;
    std::size_t bytes_{0};
};

/// What the keeper searches of a notice between others. The contents of what is classified are for
/// its parties, though the keeper's ledger follows from them.
SearchedPart searched_at_keeper(const Charter& charter, const Notice& notice) {
    const Kind* const kind = charter.find_kind(notice.kind);
    const bool open = kind != nullptr && (kind->security_class == SecurityClass::l1 ||
                                          kind->security_class == SecurityClass::l2);
    return open ? SearchedPart::whole : SearchedPart::header;
}

Result<void> add_searched(const SearchSources& sources, const Notice& notice, SearchRow row,
                          FedRows& rows) {
    row.id = notice.id.value();
    row.kind = notice.kind;
    row.from = notice.from;
    row.title = notice.title;
    SearchedPart part = row.box == storage::SearchBox::kept
                            ? searched_at_keeper(sources.charter, notice)
                            : SearchedPart::whole;
    if (rows.is_full()) part = SearchedPart::header;
    Result<std::vector<storage::SearchText>> texts =
        searched_texts(sources.charter, notice, row.case_number, sources.read_table, part);
    if (!texts) return texts.error();
    row.texts = *std::move(texts);
    rows.add(std::move(row));
    return {};
}

/// The notices of a delivery as they stand in the inbox.
Result<std::vector<storage::InboxRow>> arrived_with(const storage::DaemonStore& store,
                                                    const protocol::Delivery& delivery) {
    std::optional<LogIndex> last;
    for (const auto& leaf : delivery.leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&leaf);
        if (delivered != nullptr) last = std::max(last.value_or(LogIndex()), delivered->index);
    }
    if (!last) return std::vector<storage::InboxRow>();
    Result<std::vector<storage::InboxRow>> rows =
        store.list_inbox(advanced(*last, 1), delivery.leaves.size());
    if (!rows) return rows.error();
    std::erase_if(
        *rows, [&delivery](const storage::InboxRow& row) { return row.batch != delivery.batch; });
    return rows;
}

/// How a notice that came with a delivery is held; none for one that is not to be found.
Result<std::optional<SearchRow>> row_of_arrived(const SearchSources& sources, const Notice& notice,
                                                const std::vector<storage::InboxRow>& arrived,
                                                const protocol::Delivery& delivery,
                                                LogIndex index) {
    // What the unit sent to itself is found as its own.
    if (notice.from == sources.unit) return std::optional<SearchRow>();
    SearchRow row;
    row.index = index;
    const auto inbox =
        std::find_if(arrived.begin(), arrived.end(),
                     [index](const storage::InboxRow& each) { return each.index == index; });
    if (inbox != arrived.end()) {
        row.case_number = inbox->case_number;
        row.at = inbox->received_at;
        return std::optional(std::move(row));
    }
    const bool kept = sources.charter.parts().ledger.kept_by == sources.unit &&
                      is_keepers_copy(notice, sources.unit) &&
                      is_kept(sources.charter, notice.kind);
    if (!kept) return std::optional<SearchRow>();
    const Result<LogEntry> entry = entry_of_leaf(delivery.run, index);
    if (!entry) return entry.error();
    const auto* const logged = std::get_if<LoggedEvent>(&entry->event);
    if (logged == nullptr) return Errc::storage_corrupt;
    row.box = storage::SearchBox::kept;
    if (logged->case_number) row.case_number = logged->case_number->value();
    row.at = entry->time;
    return std::optional(std::move(row));
}

Result<void> read_delivered_texts(const SearchSources& sources, LogIndex batch, FedRows& rows) {
    const Result<protocol::Delivery> delivery = read_stored_delivery(sources.store, batch);
    if (!delivery) return delivery.error();
    const Result<std::vector<storage::InboxRow>> arrived = arrived_with(sources.store, *delivery);
    if (!arrived) return arrived.error();
    for (const auto& each : delivery->leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&each);
        if (delivered == nullptr) continue;
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered->bytes);
        if (!leaf) return Errc::storage_corrupt;
        const auto* const notice = std::get_if<Notice>(&*leaf);
        if (notice == nullptr) continue;
        Result<std::optional<SearchRow>> row =
            row_of_arrived(sources, *notice, *arrived, *delivery, delivered->index);
        if (!row) return row.error();
        if (!*row) continue;
        const Result<void> added = add_searched(sources, *notice, **std::move(row), rows);
        if (!added) return added.error();
    }
    return {};
}

Result<void> read_own_texts(const SearchSources& sources, const storage::SentItem& item,
                            FedRows& rows) {
    if (item.is_act || item.state != storage::SentState::accepted) return {};
    const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
    const auto* const notice = leaf ? std::get_if<Notice>(&*leaf) : nullptr;
    if (notice == nullptr || !item.index) return Errc::storage_corrupt;
    const Result<OwnEntry> entry = own_entry_of(item);
    if (!entry) return entry.error();
    SearchRow row;
    row.index = *item.index;
    row.box = storage::SearchBox::sent;
    // The entry's, so that what opened a case is found by its number; else what the unit named.
    const std::optional<CaseNumber>& number =
        entry->case_number ? entry->case_number : notice->case_number;
    if (number) row.case_number = number->value();
    row.at = item.queued_at;
    return add_searched(sources, *notice, std::move(row), rows);
}

/// Whether the index has read more than there is.
Result<void> check_not_ahead(const storage::DaemonStore& store,
                             const storage::SearchPositions& positions) {
    const Result<std::optional<LogIndex>> newest = store.resume_position();
    if (!newest) return newest.error();
    if (positions.batch && (!*newest || **newest < *positions.batch)) return Errc::storage_corrupt;
    const Result<std::uint64_t> settled = store.settled_through();
    if (!settled) return settled.error();
    if (*settled < positions.settled) return Errc::storage_corrupt;
    return {};
}

}  // namespace

Result<SearchStep> feed_search(storage::SearchIndex& index, const SearchSources& sources,
                               const SearchPieceSize& piece) {
    Result<storage::SearchPositions> positions = index.positions();
    if (!positions) return positions.error();
    const Result<void> behind = check_not_ahead(sources.store, *positions);
    if (!behind) return behind.error();
    const Result<std::vector<LogIndex>> batches =
        batches_behind(sources.store, positions->batch, piece.deliveries);
    if (!batches) return batches.error();
    const Result<std::vector<storage::SentItem>> own =
        sources.store.read_settled(positions->settled, piece.own);
    if (!own) return own.error();
    if (batches->empty() && own->empty()) return SearchStep::up_to_date;
    std::vector<SearchRow> rows;
    for (const LogIndex batch : *batches) {
        FedRows fed;
        const Result<void> read = read_delivered_texts(sources, batch, fed);
        if (!read) return read.error();
        fed.move_to(rows);
        positions->batch = batch;
    }
    for (const storage::SentItem& item : *own) {
        FedRows fed;
        const Result<void> read = read_own_texts(sources, item, fed);
        if (!read) return read.error();
        fed.move_to(rows);
        positions->settled = item.sequence;
    }
    const Result<void> added = index.add(rows, *positions);
    if (!added) return added.error();
    return SearchStep::more;
}

}  // namespace tongbao::client
