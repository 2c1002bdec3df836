#include "client/daemon/key_copy.hpp"

#include "crypto/merkle_tree.hpp"
#include "program/blocking.hpp"
#include "protocol/json_value.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/object_reader.hpp"

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxRegisterBytes = 64 * 1024 * 1024;
constexpr std::int64_t kMaxIndex = (std::int64_t{1} << 53) - 1;

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
        const auto index = static_cast<std::uint64_t>(row.integer("index", 0, kMaxIndex));
        rows.push_back({LogIndex(index), row.base64("entry")});
        if (auto fault = row.finish()) return *std::move(fault);
    }
    if (auto fault = reader.finish()) return *std::move(fault);
    return rows;
}

}  // namespace

Result<KeyCopy> KeyCopy::open(Services& services) {
    KeyCopy copy(services);
    Result<std::vector<storage::RegisterRow>> rows = services.store.read_register();
    if (!rows) return rows.error();
    copy.rows_ = *std::move(rows);
    for (const storage::RegisterRow& row : copy.rows_) {
        const Result<void> applied = apply(*copy.keys_, row);
        if (!applied) return Errc::storage_corrupt;
    }
    return copy;
}

asio::awaitable<Result<void>> KeyCopy::refresh(HubRequests& requests) {
    const Result<Bytes> answer = co_await requests.get("/v1/register", kMaxRegisterBytes);
    if (!answer) co_return answer.error();
    const auto take = [this, &answer] { return adopt(*answer); };
    co_return co_await program::run_blocking(services_.pool, take);
}

Result<void> KeyCopy::adopt(BytesView answer) {
    const Checked<std::vector<storage::RegisterRow>> shown = read_rows(answer);
    if (!shown) return Errc::bad_log_entry;
    if (shown->size() < rows_.size() || !std::equal(rows_.begin(), rows_.end(), shown->begin())) {
        return Errc::log_forked;
    }
    const std::vector<storage::RegisterRow> more(
        shown->begin() + static_cast<std::ptrdiff_t>(rows_.size()), shown->end());
    auto next = std::make_shared<crypto::KeyRegister>(*keys_);
    for (const storage::RegisterRow& row : more) {
        const Result<void> applied = apply(*next, row);
        if (!applied) return applied.error();
    }
    const Result<void> kept = services_.store.append_register(more);
    if (!kept) return kept.error();
    rows_.insert(rows_.end(), more.begin(), more.end());
    keys_ = std::move(next);
    return {};
}

}  // namespace tongbao::client
