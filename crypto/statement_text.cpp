#include "crypto/statement.hpp"
#include "crypto/text_lines.hpp"

#include <charconv>
#include <optional>
#include <system_error>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kStatementSuite = "tongbao/statement/v1 p256-sha256";

bool is_signer(std::string_view text) {
    const Result<SpiffeId> id = parse_spiffe_id(text);
    return id && (id->use == CertificateUse::sign || id->use == CertificateUse::post);
}

bool is_role(std::string_view text) {
    if (text == kSubmitRole) return true;
    if (!text.starts_with(kEndorseRolePrefix)) return false;
    return parse_identifier(text.substr(kEndorseRolePrefix.size())).has_value();
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
    std::string text(kStatementSuite);
    text += "\nlog " + statement.origin.value() + "\nsigner " + statement.signer + "\nrole " +
            statement.role + "\ncount " + std::to_string(statement.count) + "\nroot " +
            statement.root.base64() + '\n';
    return text;
}

Result<Statement> parse_statement(std::string_view text) {
    const auto nothing = take_line(text, kStatementSuite);
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
    if (!is_log_origin(*origin) || !is_signer(*signer) || !is_role(*role) || !count || !root) {
        return Errc::bad_statement;
    }
    return Statement{LogOrigin(std::string(*origin)), std::string(*signer), std::string(*role),
                     *count, *root};
}

}  // namespace tongbao::crypto
