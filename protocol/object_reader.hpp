#pragma once

#include "domain/digest.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"
#include "protocol/json_value.hpp"
#include "protocol/limits.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::protocol {

/// Reads the members of one JSON object by name and type. What is wrong answers an empty value, and
/// the first such thing is kept, so that a caller tests once, at the end.
///
/// Faults: missing_member, wrong_type, bad_value, unknown_member (by finish()); places are
/// `<place>.<name>`. A member whose value is null is of the wrong type everywhere. Borrows the
/// value: keep it alive.
class ObjectReader {
public:
    /// `value` should be an object; wrong_type at `place` if it is not, too_large if it has more
    /// members than read_json allows.
    ObjectReader(const JsonValue& value, std::string place);

    [[nodiscard]] bool has(std::string_view name) const;

    /// A text that is not empty.
    std::string text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    /// Exactly this text: the `format` member.
    void literal(std::string_view name, std::string_view expected, Errc otherwise);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high);
    bool boolean(std::string_view name);
    const JsonValue::Array& array(std::string_view name);
    const JsonValue::Object& object(std::string_view name);
    /// The value as it is, or nullptr with a fault.
    const JsonValue* value(std::string_view name);

    Digest digest_hex(std::string_view name);
    UtcTime utc_time(std::string_view name);
    Uuid uuid(std::string_view name);
    /// Base64 of exactly `size` bytes.
    Bytes base64(std::string_view name, std::size_t size);
    Bytes base64(std::string_view name);

    /// Sets the fault unless there is one already.
    void fail(Errc code, std::string_view name, std::string explanation = {});

    /// Every member must have been asked for. The fault, if there is one.
    [[nodiscard]] std::optional<Reason> finish();

    [[nodiscard]] const std::optional<Reason>& fault() const { return fault_; }
    [[nodiscard]] std::string place_of(std::string_view name) const;

private:
    const JsonValue* find(std::string_view name, bool required);

    /// As text(), without a copy.
    std::string_view text_view(std::string_view name);

    const JsonValue::Object* object_{nullptr};
    std::string place_;
    std::bitset<kMaxJsonMembers> read_;
    std::optional<Reason> fault_;
};

}  // namespace tongbao::protocol
