#include "protocol/log_entry_json.hpp"

#include <algorithm>

// What an entry says is known but for its time and salt: then it need not be read.

namespace tongbao::protocol {

std::optional<LogEntry> recognise_log_entry(BytesView text, const LogEvent& event) {
    // Time and salt have one length and stand before all that the event says.
    constexpr std::size_t kTimeLength = std::string_view("2026-11-22T09:30:00.123Z").size();
    constexpr std::size_t kSaltLength = 24;
    constexpr std::string_view kBeforeFormat = R"({"format":")";
    constexpr std::string_view kBeforeEvent = R"(","event":")";
    constexpr std::string_view kBeforeTime = R"(","time":")";
    constexpr std::string_view kBeforeSalt = R"(","salt":")";
    const std::string_view all = as_text(text);
    const std::size_t time_at = kBeforeFormat.size() + kLogEntryFormat.size() +
                                kBeforeEvent.size() + event_word(event).size() + kBeforeTime.size();
    const std::size_t salt_at = time_at + kTimeLength + kBeforeSalt.size();
    if (all.size() < salt_at + kSaltLength) return std::nullopt;
    const Result<UtcTime> time = parse_utc(all.substr(time_at, kTimeLength));
    const Result<Bytes> salt = from_base64(all.substr(salt_at, kSaltLength));
    LogEntry entry;
    if (!time || !salt || salt->size() != entry.salt.size()) return std::nullopt;
    entry.time = *time;
    std::copy(salt->begin(), salt->end(), entry.salt.begin());
    entry.event = event;
    if (write_log_entry(entry) != all) return std::nullopt;
    return entry;
}

}  // namespace tongbao::protocol
