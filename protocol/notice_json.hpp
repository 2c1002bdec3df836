#pragma once

#include "domain/bytes.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "protocol/json_value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::protocol {

class JsonWriter;
class ObjectReader;

inline constexpr std::string_view kNoticeFormat = "tongbao/notice/v1";

/// Reads a notice from its exact bytes, at most kMaxNoticeBytes.
///
/// Errors: those of read_json; unknown_format, missing_member, unknown_member, wrong_type (null
/// among them), bad_value (an empty text or table, an id or digest of another form, more than
/// kMaxRecipients or kMaxAttachments). Nothing is checked against a charter.
[[nodiscard]] Checked<Notice> read_notice(BytesView text);

/// The same from a value that was read already.
[[nodiscard]] Checked<Notice> notice_from(const JsonValue& value);

/// Writes a notice for the first and only time: what is signed, sent and kept are these bytes.
[[nodiscard]] std::string write_notice(const Notice& notice);

/// The value of one field as JSON, for showing.
[[nodiscard]] std::string write_field_value(const FieldValue& value);

/// Reads the member `name`: an array of units. Faults: wrong_type for what is no text, bad_value
/// for a text that is no unit's id.
[[nodiscard]] std::vector<UnitId> units_from(ObjectReader& reader, std::string_view name);
/// Writes the member `name` as units_from reads it.
void write_units(JsonWriter& writer, std::string_view name, const std::vector<UnitId>& units);

/// Reads the value of one field, as it stands in `fields`. Errors: wrong_type, bad_value.
[[nodiscard]] Checked<FieldValue> field_value_from(const JsonValue& value,
                                                   const std::string& place);

/// Reads the rows of a table that travels as an attachment: an array as it would stand in the field
/// `place`, at most kMaxDetachedTableBytes. Errors: those of read_json, wrong_type, bad_value.
[[nodiscard]] Checked<Table> read_table(BytesView text, const std::string& place);

}  // namespace tongbao::protocol
