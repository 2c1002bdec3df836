#pragma once

#include "domain/bytes.hpp"
#include "domain/reason.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao::protocol {

struct JsonMember;

/// A JSON text, read strictly. Objects keep the order of their members and hold no name twice.
struct JsonValue {
    using Array = std::vector<JsonValue>;
    using Object = std::vector<JsonMember>;
    struct Null {
        friend bool operator==(const Null&, const Null&) = default;
    };

    std::variant<Null, bool, std::int64_t, std::string, Array, Object> value;
};

struct JsonMember {
    std::string name;
    JsonValue value;
};

/// Reads one JSON value of at most `max_bytes`.
///
/// Errors, each with the place where it is (`fields.subjects[2].uscc`): too_large, not_utf8 (also a
/// byte order mark), malformed_json (also a NUL, raw or escaped, an escaped surrogate that stands
/// alone, anything after the value), duplicate_member (compared after unescaping), too_deep (over
/// kMaxJsonDepth), too_large also for an object of more than kMaxJsonMembers, bad_number (a
/// fraction, an exponent, a leading zero, −0, an integer beyond ±(2^53−1)).
///
/// Thread-safe; keeps one parser a thread, whose buffers grow to the largest text read.
[[nodiscard]] Checked<JsonValue> read_json(BytesView text, std::size_t max_bytes);

}  // namespace tongbao::protocol
