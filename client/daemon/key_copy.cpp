#include "client/daemon/key_copy.hpp"

#include "client/auditor/hub_answers.hpp"
#include "crypto/merkle_tree.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {
namespace {

Result<void> apply(crypto::KeyRegister& keys, const storage::RegisterRow& row) {
    const Checked<LogEntry> entry = protocol::read_log_entry(row.entry);
    if (!entry) return Errc::bad_log_entry;
    const auto* const event = std::get_if<RegisterEvent>(&entry->event);
    if (event == nullptr) return Errc::bad_log_entry;
    return keys.apply(row.index, crypto::leaf_hash(row.entry), *event);
}

Result<std::vector<storage::RegisterRow>> read_rows(BytesView answer) {
    Result<std::vector<RegisterRow>> shown = read_register_rows(answer);
    if (!shown) return Errc::bad_log_entry;
    std::vector<storage::RegisterRow> rows;
    rows.reserve(shown->size());
    for (RegisterRow& row : *shown) rows.push_back({row.index, std::move(row.entry)});
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
    Result<std::vector<storage::RegisterRow>> shown = read_rows(answer);
    if (!shown) return shown.error();
    const auto begins_with = [this, &shown](std::size_t count) {
        return shown->size() >= count &&
               std::equal(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count),
                          shown->begin());
    };
    if (!begins_with(proved_)) return Errc::log_forked;
    const bool older =
        shown->size() < rows_.size() && std::equal(shown->begin(), shown->end(), rows_.begin());
    if (older) return {};
    // Rows that were shown before and never proved may be others now.
    const bool goes_on = begins_with(rows_.size());
    auto next = goes_on ? std::make_unique<crypto::KeyRegister>(*keys_)
                        : std::make_unique<crypto::KeyRegister>();
    for (std::size_t i = goes_on ? rows_.size() : 0; i < shown->size(); ++i) {
        const Result<void> applied = apply(*next, (*shown)[i]);
        if (!applied) return applied.error();
    }
    const Result<void> ours = check_basis(*next);
    if (!ours) return ours.error();
    rows_ = *std::move(shown);
    keys_ = std::move(next);
    return {};
}

Result<void> KeyCopy::check_basis(const crypto::KeyRegister& keys) const {
    if (keys.log_key() != services_.log_key.text()) return Errc::unknown_log_key;
    // Under another name its rules would seem never to have been in force.
    const CharterAdopted ours{services_.charter->id(), services_.charter->version(),
                              services_.charter_digest};
    if (keys.charter() != ours) return Errc::charter_mismatch;
    return {};
}

std::optional<LogIndex> KeyCopy::last() const noexcept {
    if (rows_.empty()) return std::nullopt;
    return rows_.back().index;
}

Result<void> KeyCopy::extend(BytesView answer) {
    const Result<std::vector<storage::RegisterRow>> shown = read_rows(answer);
    if (!shown) return shown.error();
    auto next = std::make_unique<crypto::KeyRegister>(*keys_);
    std::vector<storage::RegisterRow> rows = rows_;
    for (const storage::RegisterRow& row : *shown) {
        if (last() && row.index <= *last()) {
            if (std::find(rows_.begin(), rows_.end(), row) == rows_.end()) return Errc::log_forked;
            continue;
        }
        const Result<void> applied = apply(*next, row);
        if (!applied) return applied.error();
        rows.push_back(row);
    }
    const Result<void> ours = check_basis(*next);
    if (!ours) return ours.error();
    rows_ = std::move(rows);
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
