#include "domain/spiffe_id.hpp"

#include "domain/code_points.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao {
namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr std::size_t kMaxTrustDomain = 255;
constexpr std::size_t kMaxAuditorName = 63;

struct UseName {
    CertificateUse use;
    std::string_view name;
};

constexpr std::array kUseNames{
    UseName{CertificateUse::hub, "hub"},
    UseName{CertificateUse::daemon, "daemon"},
    UseName{CertificateUse::sign, "sign"},
    UseName{CertificateUse::post, "post"},
    UseName{CertificateUse::encrypt, "encrypt"},
    UseName{CertificateUse::log_auditor, "log-auditor"},
};

constexpr bool is_letter_or_digit(char character) {
    return is_lower(character) || is_digit(character);
}

/// Takes the text before the next slash, and the slash; all of it if there is none.
std::string_view take_segment(std::string_view& path) {
    const std::size_t end = path.find('/');
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    return segment;
}

/// `path` is what follows `/unit/`.
Result<SpiffeId> parse_unit_path(TrustDomain trust_domain, std::string_view path) {
    Result<UnitId> unit = parse_unit_id(take_segment(path));
    if (!unit) return Errc::certificate_wrong_name;
    if (path == "daemon") return daemon_id(std::move(trust_domain), *std::move(unit));
    if (path == "sign") return sign_id(std::move(trust_domain), *std::move(unit));
    if (path == "encrypt") return encrypt_id(std::move(trust_domain), *std::move(unit));
    if (take_segment(path) != "post") return Errc::certificate_wrong_name;
    Result<std::string> post = parse_identifier(path);
    if (!post) return Errc::certificate_wrong_name;
    return post_id(std::move(trust_domain), *std::move(unit), PostId(*std::move(post)));
}

SpiffeId unit_member(TrustDomain trust_domain, CertificateUse use, UnitId unit) {
    return {std::move(trust_domain), use, std::move(unit), std::nullopt, std::nullopt};
}

}  // namespace

std::string_view use_name(CertificateUse use) noexcept {
    return std::find_if(kUseNames.begin(), kUseNames.end(),
                        [use](const UseName& each) { return each.use == use; })
        ->name;
}

Result<CertificateUse> parse_use(std::string_view name) {
    const auto found = std::find_if(kUseNames.begin(), kUseNames.end(),
                                    [name](const UseName& each) { return each.name == name; });
    if (found == kUseNames.end()) return Errc::unknown_type;
    return found->use;
}

Result<TrustDomain> parse_trust_domain(std::string_view text) {
    const bool ends_well = !text.empty() && text.size() <= kMaxTrustDomain &&
                           is_letter_or_digit(text.front()) && is_letter_or_digit(text.back());
    const bool all_allowed = std::all_of(text.begin(), text.end(), [](char character) {
        return is_letter_or_digit(character) || character == '.' || character == '-';
    });
    if (!ends_well || !all_allowed) return Errc::wrong_form;
    return TrustDomain(std::string(text));
}

Result<std::string> parse_auditor_name(std::string_view text) {
    const bool begins_well =
        !text.empty() && text.size() <= kMaxAuditorName && is_lower(text.front());
    const bool all_allowed = std::all_of(text.begin(), text.end(), [](char character) {
        return is_letter_or_digit(character) || character == '_' || character == '-';
    });
    if (!begins_well || !all_allowed) return Errc::wrong_form;
    return std::string(text);
}

SpiffeId hub_id(TrustDomain trust_domain) {
    return {std::move(trust_domain), CertificateUse::hub, std::nullopt, std::nullopt, std::nullopt};
}

SpiffeId daemon_id(TrustDomain trust_domain, UnitId unit) {
    return unit_member(std::move(trust_domain), CertificateUse::daemon, std::move(unit));
}

SpiffeId sign_id(TrustDomain trust_domain, UnitId unit) {
    return unit_member(std::move(trust_domain), CertificateUse::sign, std::move(unit));
}

SpiffeId post_id(TrustDomain trust_domain, UnitId unit, PostId post) {
    return {std::move(trust_domain), CertificateUse::post, std::move(unit), std::move(post),
            std::nullopt};
}

SpiffeId encrypt_id(TrustDomain trust_domain, UnitId unit) {
    return unit_member(std::move(trust_domain), CertificateUse::encrypt, std::move(unit));
}

SpiffeId auditor_id(TrustDomain trust_domain, std::string name) {
    return {std::move(trust_domain), CertificateUse::log_auditor, std::nullopt, std::nullopt,
            std::move(name)};
}

std::string format_spiffe_id(const SpiffeId& id) {
    std::string text = std::string(kScheme) + id.trust_domain.value() + '/';
    if (id.unit) text += "unit/" + id.unit->value() + '/';
    text += use_name(id.use);
    if (id.post) text += '/' + id.post->value();
    if (id.auditor) text += '/' + *id.auditor;
    return text;
}

Result<SpiffeId> parse_spiffe_id(std::string_view text) {
    if (!text.starts_with(kScheme)) return Errc::certificate_wrong_name;
    text.remove_prefix(kScheme.size());
    Result<TrustDomain> trust_domain = parse_trust_domain(take_segment(text));
    if (!trust_domain) return Errc::certificate_wrong_name;
    if (text == "hub") return hub_id(*std::move(trust_domain));
    const std::string_view first = take_segment(text);
    if (first == "unit") return parse_unit_path(*std::move(trust_domain), text);
    if (first != "log-auditor") return Errc::certificate_wrong_name;
    Result<std::string> auditor = parse_auditor_name(text);
    if (!auditor) return Errc::certificate_wrong_name;
    return auditor_id(*std::move(trust_domain), *std::move(auditor));
}

}  // namespace tongbao
