#pragma once

#include "domain/bytes.hpp"
#include "domain/reason.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::protocol {

struct JsonMember;

/// A value in a JSON text. Objects keep the order of their members and hold no name twice. Texts
/// and names borrow their characters from the JsonDocument that holds the value.
struct JsonValue {
    using Array = std::vector<JsonValue>;
    using Object = std::vector<JsonMember>;
    struct Null {
        friend bool operator==(const Null&, const Null&) = default;
    };

    std::variant<Null, bool, std::int64_t, std::string_view, Array, Object> value;
};

struct JsonMember {
    std::string_view name;
    JsonValue value;
};

/// A JSON text, read strictly: its value, and the characters of all texts in it, which take one
/// allocation however many there are.
class JsonDocument {
public:
    /// `characters` holds what the texts and names of `root` look at.
    JsonDocument(std::unique_ptr<char[]> characters, JsonValue root)
        : characters_(std::move(characters)), root_(std::move(root)) {}

    /// The value. Lives as long as the document, wherever that is moved to.
    [[nodiscard]] const JsonValue& root() const& { return root_; }
    const JsonValue& root() const&& = delete;

    /// A document stands for its value.
    operator const JsonValue&() const& { return root_; }  // NOLINT(google-explicit-constructor)
    operator const JsonValue&() const&& = delete;

private:
    std::unique_ptr<char[]> characters_;
    JsonValue root_;
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
[[nodiscard]] Checked<JsonDocument> read_json(BytesView text, std::size_t max_bytes);

}  // namespace tongbao::protocol
