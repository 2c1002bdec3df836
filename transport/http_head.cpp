#include "transport/http_head.hpp"

#include "domain/code_points.hpp"

#include <algorithm>
#include <array>

namespace tongbao::transport {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kVersion = "HTTP/1.1";
constexpr std::size_t kMaxMethod = 32;
/// 10^18 is the first number of 19 digits: 18 digits always fit 64 bits.
constexpr std::size_t kMaxLengthDigits = 18;

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Source: RFC 9110 section 5.6.2, tchar.
bool is_token_character(char c) noexcept {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return is_digit(c) || is_letter(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

/// Visible ASCII, spaces and tabs. RFC 9110 section 5.5 lets bytes above 0x7F pass as opaque;
/// nothing here needs them.
bool is_field_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7E); });
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view kSpace = " \t";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// A name or address with an optional port: characters only, no resolving. Source: RFC 3986
/// section 3.2.2.
bool is_host(std::string_view text) noexcept {
    constexpr std::string_view kMarks = "-._~:[]";
    return !text.empty() && std::all_of(text.begin(), text.end(), [kMarks](char c) {
        return is_digit(c) || is_letter(c) || kMarks.find(c) != std::string_view::npos;
    });
}

Result<std::uint64_t> parse_length(std::string_view text) {
    if (text.empty() || text.size() > kMaxLengthDigits) return Errc::bad_request;
    std::uint64_t length = 0;
    for (const char digit : text) {
        if (!is_digit(digit)) return Errc::bad_request;
        length = length * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return length;
}

/// Takes the next line off `rest`, without its CR LF.
Result<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find(kLineEnd);
    if (end == std::string_view::npos) return Errc::bad_request;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + kLineEnd.size());
    return line;
}

/// Reads the lines after the first one, the empty line at the end included.
Result<Fields> parse_fields(std::string_view rest, std::size_t max_fields) {
    Fields fields;
    while (true) {
        const Result<std::string_view> line = take_line(rest);
        if (!line) return line.error();
        if (line->empty()) break;
        if (fields.size() == max_fields) return Errc::too_large;
        // A folded line begins with a space, so its "name" is no token either.
        const std::size_t colon = line->find(':');
        if (colon == std::string_view::npos) return Errc::bad_request;
        const std::string_view name = line->substr(0, colon);
        const std::string_view value = trim(line->substr(colon + 1));
        if (!is_token(name) || !is_field_value(value)) return Errc::bad_request;
        fields.push_back({std::string(name), std::string(value)});
    }
    if (!rest.empty()) return Errc::bad_request;
    return fields;
}

std::size_t count(const Fields& fields, std::string_view name) {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(),
        [name](const Field& field) { return equal_ignoring_case(field.name, name); }));
}

/// Reads where the body ends and whether the connection goes on: the same in both directions.
template <typename Head>
Result<void> read_framing(Head& head) {
    constexpr std::array<std::string_view, 5> kOnce{"Transfer-Encoding", "Content-Length",
                                                    "Content-Type", "Connection", "Upgrade"};
    for (const std::string_view name : kOnce) {
        if (count(head.fields, name) > 1) return Errc::bad_request;
    }
    const auto coding = head.field("Transfer-Encoding");
    const auto length = head.field("Content-Length");
    // A message with both is the classic of request smuggling: RFC 9112 section 6.1.
    if (coding && (length || *coding != "chunked")) return Errc::bad_request;
    head.chunked = coding.has_value();
    if (length) {
        const Result<std::uint64_t> bytes = parse_length(*length);
        if (!bytes) return bytes.error();
        head.content_length = *bytes;
    }
    const auto connection = head.field("Connection");
    head.keep_alive = !connection || !has_token(*connection, "close");
    return {};
}

Result<void> read_request_line(std::string_view line, RequestHead& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Errc::bad_request;
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (head.method.size() > kMaxMethod || !is_token(head.method)) return Errc::bad_request;
    if (!is_origin_form(head.target)) return Errc::bad_request;
    if (version == kVersion) return {};
    const bool other = version.size() == kVersion.size() && version.starts_with("HTTP/") &&
                       is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    return other ? Errc::unsupported_version : Errc::bad_request;
}

Result<void> append_fields(const Fields& fields, std::string& head) {
    constexpr std::array<std::string_view, 6> kOwn{
        "Transfer-Encoding", "Content-Length", "Connection", "Upgrade", "Host", "Expect"};
    for (const Field& field : fields) {
        const bool own = std::any_of(kOwn.begin(), kOwn.end(), [&field](std::string_view name) {
            return equal_ignoring_case(field.name, name);
        });
        if (own || !is_token(field.name) || !is_field_value(field.value)) return Errc::bad_value;
        head.append(field.name).append(": ").append(field.value).append(kLineEnd);
    }
    return {};
}

std::string_view reason_phrase(unsigned status) noexcept {
    struct Row {
        unsigned status;
        std::string_view phrase;
    };
    constexpr std::array kRows{
        Row{200, "OK"},
        Row{201, "Created"},
        Row{202, "Accepted"},
        Row{204, "No Content"},
        Row{206, "Partial Content"},
        Row{304, "Not Modified"},
        Row{400, "Bad Request"},
        Row{403, "Forbidden"},
        Row{404, "Not Found"},
        Row{405, "Method Not Allowed"},
        Row{408, "Request Timeout"},
        Row{409, "Conflict"},
        Row{413, "Content Too Large"},
        Row{422, "Unprocessable Content"},
        Row{426, "Upgrade Required"},
        Row{429, "Too Many Requests"},
        Row{431, "Request Header Fields Too Large"},
        Row{500, "Internal Server Error"},
        Row{503, "Service Unavailable"},
        Row{505, "HTTP Version Not Supported"},
        Row{507, "Insufficient Storage"},
    };
    const auto* const row = std::find_if(
        kRows.begin(), kRows.end(), [status](const Row& each) { return each.status == status; });
    return row == kRows.end() ? std::string_view() : row->phrase;
}

}  // namespace

Result<std::optional<std::size_t>> HeadScanner::scan(BytesView data) {
    for (; scanned_ < data.size(); ++scanned_) {
        const std::size_t i = scanned_;
        const bool after_return = i > 0 && data[i - 1] == '\r';
        // A bare line feed and a bare carriage return are line ends to some and text to others.
        if ((data[i] == '\n') != after_return || data[i] == '\0') return Errc::bad_request;
        const bool empty_line = data[i] == '\n' && i >= 3 && data[i - 2] == '\n';
        if (empty_line) return std::optional<std::size_t>(i + 1);
    }
    return std::optional<std::size_t>();
}

bool has_token(std::string_view value, std::string_view token) noexcept {
    while (!value.empty()) {
        const std::size_t end = std::min(value.find(','), value.size());
        if (equal_ignoring_case(trim(value.substr(0, end)), token)) return true;
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return false;
}

bool is_origin_form(std::string_view target) noexcept {
    // RFC 3986 section 3.3: unreserved, sub-delims, ":", "@"; with "/" and "?" as separators.
    constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/?";
    if (target.empty() || target.front() != '/') return false;
    for (std::size_t i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (c == '%') {
            if (target.size() - i < 3 || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) {
                return false;
            }
            i += 2;
        } else if (!is_digit(c) && !is_letter(c) && kMarks.find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

Result<RequestHead> parse_request_head(std::string_view head, std::size_t max_fields) {
    RequestHead request;
    const Result<std::string_view> line = take_line(head);
    if (!line) return line.error();
    const Result<void> first = read_request_line(*line, request);
    if (!first) return first.error();
    Result<Fields> fields = parse_fields(head, max_fields);
    if (!fields) return fields.error();
    request.fields = *std::move(fields);

    const Result<void> framing = read_framing(request);
    if (!framing) return framing.error();
    const auto host = request.field("Host");
    if (count(request.fields, "Host") != 1 || !is_host(*host)) return Errc::bad_request;
    if (const auto expect = request.field("Expect")) {
        const bool known = equal_ignoring_case(*expect, "100-continue");
        if (!known || count(request.fields, "Expect") != 1) return Errc::bad_request;
        request.expects_continue = request.chunked || request.content_length.value_or(0) > 0;
    }
    return request;
}

Result<ResponseHead> parse_response_head(std::string_view head, std::size_t max_fields) {
    const auto translate = [](const boost::system::error_code& error) {
        return error == Errc::bad_request ? Errc::protocol_violation : to_errc(error);
    };
    ResponseHead response;
    const Result<std::string_view> line = take_line(head);
    if (!line) return translate(line.error());
    // status-line = HTTP-version SP status-code SP [ reason-phrase ]
    if (!line->starts_with("HTTP/")) return Errc::protocol_violation;
    if (!line->starts_with(kVersion)) return Errc::unsupported_version;
    const std::string_view rest = line->substr(kVersion.size());
    const bool well_formed = rest.size() >= 5 && rest[0] == ' ' && rest[1] >= '1' &&
                             rest[1] <= '5' && is_digit(rest[2]) && is_digit(rest[3]) &&
                             rest[4] == ' ' && is_field_value(rest.substr(5));
    if (!well_formed) return Errc::protocol_violation;
    for (const char digit : rest.substr(1, 3)) {
        response.status = response.status * 10 + static_cast<unsigned>(digit - '0');
    }
    Result<Fields> fields = parse_fields(head, max_fields);
    if (!fields) return translate(fields.error());
    response.fields = *std::move(fields);
    const Result<void> framing = read_framing(response);
    if (!framing) return translate(framing.error());
    return response;
}

Result<std::string> format_request_head(std::string_view method, std::string_view target,
                                        const Fields& fields) {
    if (!is_token(method) || !is_origin_form(target)) return Errc::bad_value;
    std::string head;
    head.append(method).append(" ").append(target).append(" ").append(kVersion).append(kLineEnd);
    const Result<void> appended = append_fields(fields, head);
    if (!appended) return appended.error();
    return head;
}

Result<std::string> format_response_head(unsigned status, const Fields& fields) {
    if (status < 200 || status > 599) return Errc::bad_value;
    std::string head;
    head.append(kVersion).append(" ").append(std::to_string(status)).append(" ");
    head.append(reason_phrase(status)).append(kLineEnd);
    const Result<void> appended = append_fields(fields, head);
    if (!appended) return appended.error();
    return head;
}

}  // namespace tongbao::transport
