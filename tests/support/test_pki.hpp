#pragma once

#include "crypto/certificate.hpp"
#include "crypto/certificate_authority.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/statement.hpp"
#include "crypto/trust_store.hpp"
#include "domain/log_entry.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::testing {

/// A key with its certificate, and what goes into files for programs.
struct TestHolder {
    crypto::SigningKey key;
    crypto::Certificate certificate;
    /// The certificate, then the issuing authority's.
    std::vector<crypto::Certificate> chain;

    [[nodiscard]] std::string chain_pem() const;
    [[nodiscard]] std::string key_pem() const;
};

/// A trust domain's certification authorities in memory, with certificates for whom a test wants.
/// Everything is valid from a day before now() until a year after it, revocation lists until 30
/// days after it. Throws std::runtime_error if something can't be made.
class TestPki {
public:
    /// A moment on which tests agree, 2026-01-01T00:00:00Z, so that none looks at a clock. Tests of
    /// whole programs, which do, give their own.
    static constexpr UtcTime kNow{std::chrono::milliseconds(1'767'225'600'000)};

    explicit TestPki(std::string_view trust_domain = "test.example", UtcTime now = kNow);

    [[nodiscard]] const TrustDomain& trust_domain() const noexcept { return trust_domain_; }
    [[nodiscard]] UtcTime now() const noexcept { return now_; }
    [[nodiscard]] crypto::Validity validity() const;

    /// For `localhost`, 127.0.0.1 and ::1.
    [[nodiscard]] TestHolder hub() const;
    [[nodiscard]] TestHolder daemon(std::string_view unit) const;
    [[nodiscard]] TestHolder sign(std::string_view unit) const;
    [[nodiscard]] TestHolder post(std::string_view unit, std::string_view post) const;
    [[nodiscard]] TestHolder encrypt(std::string_view unit) const;
    [[nodiscard]] TestHolder auditor(std::string_view name) const;
    /// For any name and validity; the hub's hosts as in hub().
    [[nodiscard]] TestHolder holder(const SpiffeId& id, const crypto::Validity& validity) const;

    /// A signer with the certificate of sign(unit).
    [[nodiscard]] crypto::StatementSigner signer(std::string_view unit) const;

    /// That the sign key `by` consents to the key of `certificate`, a unit's, in the log
    /// `hub.<trust domain>/log`.
    [[nodiscard]] SignedConsent consent(const crypto::SigningKey& by,
                                        const crypto::Certificate& certificate) const;

    /// From the next trust_pem() on, the issuing authority's list has this certificate,
    /// in place of what it said of it before.
    void revoke(const crypto::Certificate& certificate,
                std::optional<UtcTime> compromised_since = std::nullopt);

    /// From the next trust_pem() on, the lists are good until `end`.
    void lists_until(UtcTime end) { lists_end_ = end; }

    /// Both authorities' certificates, and their lists as of now().
    [[nodiscard]] std::string trust_pem() const;
    [[nodiscard]] crypto::TrustStore trust_store() const;

    [[nodiscard]] const crypto::CertificateAuthority& root() const noexcept { return root_; }
    [[nodiscard]] const crypto::CertificateAuthority& issuing() const noexcept { return issuing_; }

private:
    TrustDomain trust_domain_;
    UtcTime now_;
    UtcTime lists_end_;
    crypto::CertificateAuthority root_;
    crypto::CertificateAuthority issuing_;
    std::vector<crypto::Revocation> revoked_;
};

}  // namespace tongbao::testing
