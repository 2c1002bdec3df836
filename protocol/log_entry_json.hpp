#pragma once

#include "domain/bytes.hpp"
#include "domain/log_entry.hpp"
#include "domain/reason.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::protocol {

inline constexpr std::string_view kLogEntryFormat = "tongbao/log-entry/v1";

/// The exact bytes of an entry, compact, members in a fixed order; at most kMaxLogEntryBytes for
/// any entry within the limits of notices and acts. docs/LOG_FORMAT.md lists the members.
[[nodiscard]] std::string write_log_entry(const LogEntry& entry);

/// Reads an entry back. Errors: those of read_json; unknown_format, missing_member, unknown_member,
/// wrong_type, bad_value (also reasons out of order or twice, more notices than the act may name).
[[nodiscard]] Checked<LogEntry> read_log_entry(BytesView text);

/// The entry that write_log_entry writes of `event`, at some time and with some salt, if `text` is
/// exactly that. None says nothing of the text but that it isn't: read it. Who knows what an entry
/// must say finds out so for a fraction of what reading it costs.
[[nodiscard]] std::optional<LogEntry> recognise_log_entry(BytesView text, const LogEvent& event);

/// The word of an event: `logged`, `refused`, `delivered` …, `replied`, `escalated`, `overdue`,
/// `closed`, `opaque`, `charter_adopted`, `log_key`, `key_enrolled`, `key_revoked`.
[[nodiscard]] std::string_view event_word(const LogEvent& event) noexcept;

/// Whether an event of this version has that word.
[[nodiscard]] bool is_event_word(std::string_view text) noexcept;

}  // namespace tongbao::protocol
