#include "client/daemon/compromise.hpp"

#include "client/shown_entry.hpp"
#include "protocol/message_codec.hpp"

namespace tongbao::client {
namespace {

/// What the delivery says of the leaf's log entry; none if its bytes are not there.
const Bytes* entry_of(const protocol::Delivery& delivery, LogIndex index) {
    if (index < delivery.run.first) return nullptr;
    const std::uint64_t offset = index.value() - delivery.run.first.value();
    if (offset >= delivery.run.entries.size()) return nullptr;
    return std::get_if<Bytes>(&delivery.run.entries[offset]);
}

}  // namespace

Result<std::optional<UtcTime>> signed_since_compromise(const storage::DaemonStore& store,
                                                       const CompromisedKeys& keys,
                                                       const storage::InboxRow& row) {
    if (keys.empty()) return std::optional<UtcTime>();
    const Result<Bytes> frame = store.read_delivery(row.batch);
    if (!frame) return frame.error();
    const Result<protocol::Message> message = protocol::decode(*frame);
    const auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    const auto since = keys.find(delivery->signer);
    if (since == keys.end()) return std::optional<UtcTime>();
    const Bytes* const bytes = entry_of(*delivery, row.index);
    if (bytes == nullptr) return Errc::storage_corrupt;
    const Checked<KnownEntry> known = read_shown_entry(*bytes);
    if (!known) return Errc::storage_corrupt;
    if (known->entry.time < since->second) return std::optional<UtcTime>();
    return std::optional(since->second);
}

}  // namespace tongbao::client
