#include "client/shown_entry.hpp"

#include "crypto/sha256.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"

#include <utility>

namespace tongbao::client {
namespace {

Reason other_record(const char* words) {
    return {Errc::entry_mismatch, "record", words};
}

}  // namespace

Checked<TellingBytes> open_shown_entry(BytesView shown) {
    const protocol::ShownEntry parts = protocol::split_shown_entry(shown);
    if (!parts.record) return TellingBytes{parts.entry, std::nullopt};
    const Checked<LogEntry> entry = protocol::read_log_entry(parts.entry);
    if (!entry) return entry.error();
    const auto* const opaque = std::get_if<OpaqueEvent>(&entry->event);
    if (opaque == nullptr) return other_record("the entry hides nothing");
    if (crypto::sha256(*parts.record) != opaque->record) {
        return other_record("is not the one that the entry hides");
    }
    return TellingBytes{*parts.record, entry->time};
}

Checked<KnownEntry> read_shown_entry(BytesView shown) {
    const Checked<TellingBytes> telling = open_shown_entry(shown);
    if (!telling) return telling.error();
    Checked<LogEntry> entry = protocol::read_log_entry(telling->bytes);
    if (!entry) return entry.error();
    const bool hidden = telling->hidden_at.has_value();
    if (hidden && entry->time != *telling->hidden_at) {
        return other_record("is of another time than the entry");
    }
    if (hidden && std::holds_alternative<OpaqueEvent>(entry->event)) {
        return other_record("hides something itself");
    }
    return KnownEntry{*std::move(entry), hidden};
}

}  // namespace tongbao::client
