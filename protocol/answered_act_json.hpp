#pragma once

#include "domain/log_entry.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <string_view>

namespace tongbao::protocol {

/// Writes the members of a `corrected`, `withdrawn`, `extended`, `urged` or `supervised` entry.
void write_event(JsonWriter& writer, const AnsweredActEvent& event);

/// Reads what write_event wrote of the act; faults stay in the reader. Members that the act does
/// not have are unknown ones.
[[nodiscard]] AnsweredActEvent answered_act_from(ObjectReader& reader, AnsweredAct act);

}  // namespace tongbao::protocol
