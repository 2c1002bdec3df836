#include "client/daemon/key_copy.hpp"

#include "crypto/merkle_tree.hpp"
#include "protocol/json_value.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

Result<void> apply(crypto::KeyRegister& keys, const storage::RegisterRow& row) {
    const Checked<LogEntry> entry = protocol::read_log_entry(row.entry);
    if (!entry) return Errc::bad_log_entry;
    const auto* const event = std::get_if<RegisterEvent>(&entry->event);
    if (event == nullptr) return Errc::bad_log_entry;
    return keys.apply(row.index, crypto::leaf_hash(row.entry), *event);
}

/// `{"entries": [{"index": …, "entry": base64}, …]}`
Checked<std::vector<storage::RegisterRow>> read_rows(BytesView answer) {
    const Checked<protocol::JsonValue> value = protocol::read_json(answer, kMaxRegisterBytes);
    if (!value) return value.error();
    protocol::ObjectReader reader(*value, "");
    std::vector<storage::RegisterRow> rows;
    for (const protocol::JsonValue& item : reader.array("entries")) {
        protocol::ObjectReader row(item, "entries[" + std::to_string(rows.size()) + ']');
        const auto index =
            static_cast<std::uint64_t>(row.integer("index", 0, protocol::kMaxJsonInteger));
        rows.push_back({LogIndex(index), row.base64("entry")});
        if (auto fault = row.finish()) return *std::move(fault);
    }
    if (auto fault = reader.finish()) return *std::move(fault);
    return rows;
}

}  // namespace

Result<KeyCopy> KeyCopy::open(const Services& services) {
    KeyCopy copy(services);
    Result<std::vector<storage::RegisterRow>> rows = services.store.read_register();
    if (!rows) return rows.error();
    copy.rows_ = *std::move(rows);
    copy.proved_ = copy.rows_.size();
    for (const storage::RegisterRow& row : copy.rows_) {
        const Result<void> applied = apply(*copy.keys_, row);
        if (!applied) return Errc::storage_corrupt;
    }
    return copy;
}

Result<void> KeyCopy::adopt(BytesView answer) {
    Checked<std::vector<storage::RegisterRow>> shown = read_rows(answer);
    if (!shown) return Errc::bad_log_entry;
    const auto begins_with = [this, &shown](std::size_t count) {
        return shown->size() >= count &&
               std::equal(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count),
                          shown->begin());
    };
    if (!begins_with(proved_)) return Errc::log_forked;
    // Rows that were shown before and never proved may be others now.
    const bool goes_on = begins_with(rows_.size());
    auto next = goes_on ? std::make_unique<crypto::KeyRegister>(*keys_)
                        : std::make_unique<crypto::KeyRegister>();
    for (std::size_t i = goes_on ? rows_.size() : 0; i < shown->size(); ++i) {
        const Result<void> applied = apply(*next, (*shown)[i]);
        if (!applied) return applied.error();
    }
    if (next->log_key() != services_.log_key.text()) return Errc::unknown_log_key;
    if (!next->charter() || next->charter()->sha256 != services_.charter_digest) {
        return Errc::charter_mismatch;
    }
    rows_ = *std::move(shown);
    keys_ = std::move(next);
    return {};
}

Result<void> KeyCopy::keep(const Digest& head) {
    const std::optional<LogIndex> last = keys_->index_of(head);
    if (!last) return Errc::not_found;
    const auto end = std::find_if(rows_.begin(), rows_.end(),
                                  [&last](const auto& row) { return row.index > *last; });
    const auto count = static_cast<std::size_t>(end - rows_.begin());
    if (count <= proved_) return {};
    const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(proved_);
    const Result<void> kept = services_.store.append_register({first, end});
    if (!kept) return kept.error();
    proved_ = count;
    return {};
}

}  // namespace tongbao::client
