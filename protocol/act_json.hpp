#pragma once

#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/reason.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::protocol {

inline constexpr std::string_view kActFormat = "tongbao/act/v1";

/// Reads an act from its exact bytes, at most kMaxActBytes.
///
/// Errors: those of read_json; unknown_format, missing_member, unknown_member, wrong_type,
/// bad_value (an unknown act, no notice or more than the act may name, a notice named twice, a
/// reason, a unit or a dispatch of an act that has none, a dispatch at no time).
[[nodiscard]] Checked<Act> read_act(BytesView text);

/// The same from a value that was read already.
[[nodiscard]] Checked<Act> act_from(const JsonValue& value);

[[nodiscard]] std::string write_act(const Act& act);

/// Whether an act of that kind says why.
[[nodiscard]] bool may_have_reason(ActKind kind) noexcept;

/// Reads the member `unit`, which closed_by_sender must have and no other act may: the recipient at
/// whom the notice is closed. Faults become the reader's: missing_member, wrong_type, bad_value.
[[nodiscard]] std::optional<UnitId> read_closed_at(ObjectReader& reader, ActKind kind);

/// Reads `{"to", "method", "at", "number"?, "evidence"?}`, which stands at `place`.
///
/// Errors: missing_member, unknown_member, wrong_type, bad_value.
[[nodiscard]] Checked<Dispatch> read_dispatch(const JsonValue& value, const std::string& place);
/// Writes it as the member `dispatch` of the object that is open.
void write_dispatch(JsonWriter& writer, const Dispatch& dispatch);

}  // namespace tongbao::protocol
