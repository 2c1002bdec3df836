#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "transport/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>

// The heads of HTTP/1.1 messages (RFC 9112), read more strictly than the standard asks. Beast's
// parser accepts folded lines, several codings, a missing Host and more; where two programs can
// read a head differently, requests can be smuggled past one of them. So: what has more than one
// reading is refused.

namespace tongbao::transport {

/// Finds the end of a head while its bytes arrive. Each byte is looked at once, however small the
/// pieces are.
class HeadScanner {
public:
    /// `data` is all that has arrived since the head began. Gives the size of the head with its
    /// empty line, or none while it is not complete.
    ///
    /// Errors: Errc::bad_request as soon as a line ends otherwise than in CR LF, or for a NUL.
    [[nodiscard]] Result<std::optional<std::size_t>> scan(BytesView data);

private:
    std::size_t scanned_ = 0;
};

/// Reads the head of a request, the empty line included.
///
/// Accepted is: HTTP/1.1; a method of at most 32 token characters; a target in origin form; at most
/// `max_fields` fields of visible ASCII, spaces and tabs, none folded; exactly one Host;
/// Transfer-Encoding absent or exactly `chunked`; at most one Content-Length, of digits, and not
/// with Transfer-Encoding; at most one each of Content-Type, Connection, Upgrade and Expect, the
/// last only with `100-continue`.
///
/// Errors: Errc::unsupported_version for another version of HTTP; Errc::too_large for too many
/// fields; Errc::bad_request for all else.
[[nodiscard]] Result<RequestHead> parse_request_head(std::string_view head, std::size_t max_fields);

/// Reads the head of an answer by the same rules (there is no Host in it).
///
/// Errors: as parse_request_head, but Errc::protocol_violation for Errc::bad_request.
[[nodiscard]] Result<ResponseHead> parse_response_head(std::string_view head,
                                                       std::size_t max_fields);

/// The first line and `fields` of a request or an answer, without the empty line.
///
/// Errors: Errc::bad_value for a name or value that may not stand in a head, or for a field of
/// the transport's own: Transfer-Encoding, Content-Length, Connection, Upgrade, Host, Expect.
[[nodiscard]] Result<std::string> format_request_head(std::string_view method,
                                                      std::string_view target,
                                                      const Fields& fields);
[[nodiscard]] Result<std::string> format_response_head(unsigned status, const Fields& fields);

/// Whether one of the comma-separated members of a field's `value` is `token` in any case.
[[nodiscard]] bool has_token(std::string_view value, std::string_view token) noexcept;

/// Whether `target` is in origin form, with RFC 3986's characters only.
[[nodiscard]] bool is_origin_form(std::string_view target) noexcept;

}  // namespace tongbao::transport
