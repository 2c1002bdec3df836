#include "crypto/statement.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kSuite = "tongbao/statement/v1 p256-sha256";
constexpr std::string_view kEndorse = "endorse:";
constexpr std::size_t kMaxOrigin = 255;

/// Takes the next line, which must begin with `name`; gives what follows the name.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(name) || end < name.size()) {
        return std::nullopt;
    }
    const std::string_view value = text.substr(name.size(), end - name.size());
    text.remove_prefix(end + 1);
    return value;
}

bool is_origin(std::string_view text) {
    return !text.empty() && text.size() <= kMaxOrigin &&
           std::all_of(text.begin(), text.end(),
                       [](char character) { return character > ' ' && character <= '~'; });
}

bool is_signer(std::string_view text) {
    const Result<SpiffeId> id = parse_spiffe_id(text);
    return id && (id->use == CertificateUse::sign || id->use == CertificateUse::post);
}

bool is_role(std::string_view text) {
    if (text == kSubmitRole) return true;
    if (!text.starts_with(kEndorse)) return false;
    return parse_identifier(text.substr(kEndorse.size())).has_value();
}

/// From 1 on, without sign or leading zero.
std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (text.empty() || text.front() == '0' || error != std::errc() ||
        end != text.data() + text.size()) {
        return std::nullopt;
    }
    return count;
}

}  // namespace

std::string format_statement(const Statement& statement) {
    return std::string(kSuite) + "\nlog " + statement.origin.value() + "\nsigner " +
           statement.signer + "\nrole " + statement.role + "\ncount " +
           std::to_string(statement.count) + "\nroot " + statement.root.base64() + '\n';
}

Result<Statement> parse_statement(std::string_view text) {
    const auto nothing = take_line(text, kSuite);
    const auto origin = take_line(text, "log ");
    const auto signer = take_line(text, "signer ");
    const auto role = take_line(text, "role ");
    const auto count_text = take_line(text, "count ");
    const auto root_text = take_line(text, "root ");
    if (!nothing || !nothing->empty() || !origin || !signer || !role || !count_text || !root_text ||
        !text.empty()) {
        return Errc::bad_statement;
    }
    const std::optional<std::uint64_t> count = parse_count(*count_text);
    const Result<Digest> root = Digest::from_base64(*root_text);
    if (!is_origin(*origin) || !is_signer(*signer) || !is_role(*role) || !count || !root) {
        return Errc::bad_statement;
    }
    return Statement{LogOrigin(std::string(*origin)), std::string(*signer), std::string(*role),
                     *count, *root};
}

}  // namespace tongbao::crypto
