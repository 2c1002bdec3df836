#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/strong.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao {

/// The name under which one charter's certificates stand, such as `guangdong-2020.example`.
using TrustDomain = Strong<std::string, struct TrustDomainTag>;

/// What a certificate was issued for. One key serves one use.
enum class CertificateUse {
    hub,          ///< the hub's end of a connection
    daemon,       ///< a unit's end of a connection
    sign,         ///< a unit's seal on batches
    post,         ///< the signature of an officer who holds a post
    encrypt,      ///< what is encrypted to a unit
    log_auditor,  ///< a log auditor's end of a connection
};

/// `hub`, `daemon`, `sign`, `post`, `encrypt` or `log-auditor`.
[[nodiscard]] std::string_view use_name(CertificateUse use) noexcept;

/// Errors: Errc::unknown_type if `name` is not one that use_name gives.
[[nodiscard]] Result<CertificateUse> parse_use(std::string_view name);

/// Who a certificate speaks for: the one SPIFFE URI among its names.
///
/// Made by the named functions below, which set exactly the members that the use has.
struct SpiffeId {
    TrustDomain trust_domain;
    CertificateUse use{};
    std::optional<UnitId> unit;            ///< daemon, sign, post, encrypt
    std::optional<PostId> post;            ///< post
    std::optional<std::string> auditor{};  ///< log_auditor

    friend bool operator==(const SpiffeId&, const SpiffeId&) = default;
};

/// Reads a trust domain: letters in lower case, digits, dots and hyphens, at most 255 of them,
/// beginning and ending with a letter or digit, as the charters' schema has it.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<TrustDomain> parse_trust_domain(std::string_view text);

/// Reads a log auditor's name: `[a-z][a-z0-9_-]*`, at most 63 characters.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<std::string> parse_auditor_name(std::string_view text);

[[nodiscard]] SpiffeId hub_id(TrustDomain trust_domain);
[[nodiscard]] SpiffeId daemon_id(TrustDomain trust_domain, UnitId unit);
[[nodiscard]] SpiffeId sign_id(TrustDomain trust_domain, UnitId unit);
[[nodiscard]] SpiffeId post_id(TrustDomain trust_domain, UnitId unit, PostId post);
[[nodiscard]] SpiffeId encrypt_id(TrustDomain trust_domain, UnitId unit);
[[nodiscard]] SpiffeId auditor_id(TrustDomain trust_domain, std::string name);

/// `spiffe://<trust domain>` and the use's path: `/hub`, `/unit/<unit>/daemon`,
/// `/unit/<unit>/sign`, `/unit/<unit>/post/<post>`, `/unit/<unit>/encrypt`,
/// `/log-auditor/<name>`.
[[nodiscard]] std::string format_spiffe_id(const SpiffeId& id);

/// Reads exactly what format_spiffe_id writes. One identity has one spelling: no upper case, port,
/// user, query, fragment, percent sign, empty segment or slash at the end.
///
/// Errors: Errc::certificate_wrong_name. Source: SPIFFE-ID sections 2 and 2.2, narrowed.
[[nodiscard]] Result<SpiffeId> parse_spiffe_id(std::string_view text);

}  // namespace tongbao
