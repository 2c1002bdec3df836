#include "client/daemon/sent_late.hpp"

#include "client/ledger/stored_leaves.hpp"
#include "domain/log_entry.hpp"
#include "domain/send_limit.hpp"
#include "protocol/json_value.hpp"
#include "protocol/object_reader.hpp"

#include <utility>
#include <variant>

namespace tongbao::client {

std::vector<std::string> late_in(const protocol::Delivery& delivery, LogIndex index) {
    const Result<LogEntry> entry = entry_of_leaf(delivery.run, index);
    if (!entry) return {};
    const auto* const logged = std::get_if<LoggedEvent>(&entry->event);
    return logged == nullptr ? std::vector<std::string>() : logged->late;
}

std::vector<std::string> late_in(const storage::SentItem& item) {
    std::vector<std::string> late;
    if (item.state != storage::SentState::accepted) return late;
    const Checked<protocol::JsonDocument> outcome =
        protocol::read_json(as_bytes(item.outcome), item.outcome.size());
    if (!outcome) return late;
    protocol::ObjectReader reader(*outcome, "");
    if (!reader.has("late")) return late;
    for (const protocol::JsonValue& each : reader.array("late")) {
        const auto* const rule = std::get_if<std::string_view>(&each.value);
        if (rule != nullptr) late.emplace_back(*rule);
    }
    return late;
}

Result<std::vector<std::string>> LateRows::of(const storage::InboxRow& row) {
    const Kind* const kind = charter_.find_kind(row.kind);
    if (kind != nullptr && !has_send_rules(*kind)) return std::vector<std::string>();
    if (batch_ != row.batch) {
        Result<protocol::Delivery> delivery = read_stored_delivery(store_, row.batch);
        if (!delivery) return delivery.error();
        delivery_ = *std::move(delivery);
        batch_ = row.batch;
    }
    return late_in(delivery_, row.index);
}

}  // namespace tongbao::client
