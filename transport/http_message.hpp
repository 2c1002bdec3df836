#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::transport {

/// A header field, or a `name=value` pair of a query.
struct Field {
    std::string name;
    std::string value;

    friend bool operator==(const Field&, const Field&) = default;
};

using Fields = std::vector<Field>;

/// The first value of the field called `name`, whatever the case of its letters.
[[nodiscard]] std::optional<std::string_view> find_field(const Fields& fields,
                                                         std::string_view name) noexcept;

/// Whether `left` and `right` agree but for the case of ASCII letters.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// A request without its body, as parse_request_head checked it.
struct RequestHead {
    std::string method;
    /// In origin form, such as `/notices?after=7`: visible ASCII, percent signs well-formed, no
    /// fragment. Not decoded: see path_segments.
    std::string target;
    Fields fields;
    /// None if the body is chunked or there is none.
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    /// Whether the client wants to send another request on this connection.
    bool keep_alive = true;
    /// Whether the client waits for `100 Continue` before it sends the body.
    bool expects_continue = false;

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept {
        return find_field(fields, name);
    }
};

/// An answer without its body.
struct ResponseHead {
    unsigned status = 0;
    Fields fields;
    /// None if the body is chunked or there is none.
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept {
        return find_field(fields, name);
    }
};

/// A whole answer with a small body.
struct Response {
    unsigned status = 200;
    /// Empty: there is no Content-Type field.
    std::string content_type;
    Fields fields;
    Bytes body;
};

/// The path of a target, cut at its slashes and percent-decoded: `/a/%E6%96%87` gives `a`, `文`;
/// `/` gives none. The query is left out.
///
/// Errors: Errc::bad_request for what could be read in two ways: an empty segment (`//`, a slash at
/// the end), `.` and `..` in any spelling, an encoded slash, backslash or control character, and
/// what is not UTF-8 when decoded.
[[nodiscard]] Result<std::vector<std::string>> path_segments(std::string_view target);

/// The query of a target, in its order: `name=value` pairs between `&`, percent-decoded; a plus
/// sign is a plus sign. A name without `=` has an empty value. Names may repeat: the caller
/// decides.
///
/// Errors: Errc::bad_request for a control character or what is not UTF-8, when decoded.
[[nodiscard]] Result<Fields> query_fields(std::string_view target);

/// Bytes outside RFC 3986's unreserved set as `%XX`: for one segment of a path, or one name or
/// value of a query.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace tongbao::transport
