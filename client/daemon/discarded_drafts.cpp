#include "client/daemon/discarded_drafts.hpp"

#include "domain/bytes.hpp"
#include "program/files.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

#include <string_view>
#include <utility>

namespace tongbao::client {
namespace {

/// More than a line of the file, or a request, can have.
constexpr std::size_t kMaxDiscardBytes = 8192;

Result<DiscardedDraft> discarded_from(std::string_view line) {
    const Checked<protocol::JsonDocument> value =
        protocol::read_json(as_bytes(line), kMaxDiscardBytes);
    if (!value) return Errc::storage_corrupt;
    protocol::ObjectReader reader(*value, "");
    DiscardedDraft draft;
    draft.item =
        LogIndex(static_cast<std::uint64_t>(reader.integer("item", 0, protocol::kMaxJsonInteger)));
    draft.at = reader.utc_time("at");
    draft.caller = reader.text("caller");
    draft.reason = reader.text("reason");
    if (reader.finish()) return Errc::storage_corrupt;
    return draft;
}

std::string line_of(const DiscardedDraft& draft) {
    protocol::JsonWriter writer;
    writer.begin_object().key("item").number(draft.item.value());
    writer.member("at", format_utc(draft.at))
        .member("caller", draft.caller)
        .member("reason", draft.reason)
        .end_object();
    return writer.take() + '\n';
}

}  // namespace

Result<void> DiscardedDrafts::open() {
    if (open_) return {};
    const Result<std::string> text = program::read_file(file_, kMaxFileBytes);
    if (!text && text.error() != Errc::not_found) return text.error();
    std::set<LogIndex> items;
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return Errc::storage_corrupt;
        const Result<DiscardedDraft> draft = discarded_from(rest.substr(0, end));
        if (!draft || !items.insert(draft->item).second) return Errc::storage_corrupt;
        rest.remove_prefix(end + 1);
    }
    if (text) text_ = *text;
    items_ = std::move(items);
    open_ = true;
    return {};
}

Result<void> DiscardedDrafts::add(const DiscardedDraft& draft) {
    if (contains(draft.item)) return Errc::already_exists;
    std::string text = text_ + line_of(draft);
    if (text.size() > kMaxFileBytes) return Errc::too_large;
    const Result<void> kept = program::write_file(file_, text, 0600);
    if (!kept) return kept.error();
    text_ = std::move(text);
    items_.insert(draft.item);
    return {};
}

Checked<std::string> read_discard_reason(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxDiscardBytes);
    if (!value) return value.error();
    protocol::ObjectReader reader(*value, "");
    std::string reason = reader.text("reason");
    if (auto fault = reader.finish()) return *std::move(fault);
    if (count_code_points(reason) > kMaxDiscardReason) {
        return Reason{Errc::too_large, "reason",
                      "at most " + std::to_string(kMaxDiscardReason) + " characters"};
    }
    return reason;
}

}  // namespace tongbao::client
