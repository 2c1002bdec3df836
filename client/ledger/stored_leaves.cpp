#include "client/ledger/stored_leaves.hpp"

#include "client/shown_entry.hpp"
#include "protocol/json_value.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/object_reader.hpp"

#include <string>
#include <utility>

namespace tongbao::client {

Result<std::vector<LogIndex>> batches_behind(const storage::DaemonStore& store,
                                             std::optional<LogIndex> last, std::size_t limit) {
    // The one that was read stands before those behind it.
    Result<std::vector<LogIndex>> batches =
        store.list_deliveries(last.value_or(LogIndex()), last ? limit + 1 : limit);
    if (!batches) return batches.error();
    if (last) std::erase_if(*batches, [last](LogIndex batch) { return batch <= *last; });
    return batches;
}

Result<protocol::Delivery> read_stored_delivery(const storage::DaemonStore& store, LogIndex batch) {
    const Result<Bytes> frame = store.read_delivery(batch);
    if (!frame) return frame.error();
    Result<protocol::Message> message = protocol::decode(*frame);
    auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    return std::move(*delivery);
}

Result<LogEntry> entry_of_leaf(const protocol::EntryRun& run, LogIndex index) {
    if (index < run.first) return Errc::storage_corrupt;
    const std::uint64_t offset = index.value() - run.first.value();
    if (offset >= run.entries.size()) return Errc::storage_corrupt;
    const auto* const bytes = std::get_if<Bytes>(&run.entries[offset]);
    if (bytes == nullptr) return Errc::storage_corrupt;
    Checked<KnownEntry> known = read_shown_entry(*bytes);
    if (!known) return Errc::storage_corrupt;
    return std::move(known->entry);
}

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

}  // namespace tongbao::client
