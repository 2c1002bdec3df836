#pragma once

#include "domain/log_entry.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <string>
#include <string_view>

namespace tongbao::protocol {

// The members of what the hub logs by itself of a notice's clocks, and what they share with the
// other events of log_entry_json.

void write_event(JsonWriter& writer, const EscalatedEvent& event);
void write_event(JsonWriter& writer, const ClosedEvent& event);

/// `escalated` or `overdue`.
[[nodiscard]] std::string_view event_word(const EscalatedEvent& event) noexcept;

/// The members of the event of this word, `escalated` or `overdue`.
[[nodiscard]] EscalatedEvent escalated_from(ObjectReader& reader, std::string_view word);
[[nodiscard]] ClosedEvent closed_from(ObjectReader& reader);

/// An object of exactly `sha256` and `index`.
void write_notice_ref(JsonWriter& writer, const NoticeRef& ref);
[[nodiscard]] NoticeRef notice_ref_from(ObjectReader& outer, const JsonValue& value,
                                        std::string place);
[[nodiscard]] NoticeRef notice_ref_from(ObjectReader& reader, std::string_view name);

[[nodiscard]] UnitId unit_from(ObjectReader& reader, std::string_view name);

}  // namespace tongbao::protocol
