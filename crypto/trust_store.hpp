#pragma once

#include "crypto/certificate.hpp"
#include "crypto/revocation_list.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string_view>

namespace tongbao::crypto {

/// Who says whether a certificate was revoked.
enum class RevocationCheck {
    /// The revocation lists of the trust file, which must be in force at the time asked for: for
    /// connections and for statements that arrive now.
    by_lists,
    /// Nobody here. For a statement that the log already holds: the lists that were in force then
    /// have been replaced since, and the order of the register's entries (`key_enrolled`, `logged`,
    /// `key_revoked`) says what they would say. The caller must ask the register.
    by_register,
};

/// What one trust domain trusts: its roots, its issuing authorities and their revocation lists.
///
/// Immutable but for its memory of good verdicts, so threads may share it. When a trust file
/// changes a new TrustStore takes its place; nothing needs to be forgotten.
class TrustStore {
public:
    /// Reads CERTIFICATE and X509 CRL blocks in any order. A certificate issued to itself is a
    /// root.
    ///
    /// Errors: Errc::bad_certificate if there is no root, a block is neither, or a certificate is
    /// not a certification authority; Errc::crl_unusable for a list that can't be read. A missing
    /// or outdated list is no error here: check() says so.
    [[nodiscard]] static Result<TrustStore> from_pem(TrustDomain trust_domain,
                                                     std::string_view pem);

    TrustStore(TrustStore&&) noexcept;
    TrustStore& operator=(TrustStore&&) noexcept;
    TrustStore(const TrustStore&) = delete;
    TrustStore& operator=(const TrustStore&) = delete;
    ~TrustStore();

    [[nodiscard]] const TrustDomain& trust_domain() const noexcept;

    /// Checks that at `at` the certificate has the form of its use (check_profile), was issued for
    /// `expected` under this trust domain, is in its validity, chains to a root, and was not
    /// revoked.
    ///
    /// Errors: those of check_profile; Errc::certificate_wrong_use if its use is another;
    /// Errc::certificate_wrong_name under another trust domain; Errc::certificate_not_yet_valid;
    /// Errc::certificate_expired; Errc::certificate_revoked; Errc::crl_unusable if a list is
    /// missing, not in force at `at` or wrongly signed; Errc::certificate_untrusted for the rest.
    ///
    /// Costs about 200 µs; a good verdict is remembered, and costs less than 1 µs again while no
    /// certificate of the store, no list, and not the certificate itself begins or ends in between.
    [[nodiscard]] Result<void> check(const Certificate& certificate, CertificateUse expected,
                                     UtcTime at,
                                     RevocationCheck revocation = RevocationCheck::by_lists) const;

    /// What the lists say of a certificate that was revoked, whatever its validity and theirs: a
    /// revocation is for good. A list counts if a certificate of the trust file whose subject is
    /// the list's issuer has signed it. None if no list of the certificate's issuer names it.
    [[nodiscard]] std::optional<ListedRevocation> revocation_of(
        const Certificate& certificate) const;

    /// For crypto/tls and tests alone: the certificates and lists as OpenSSL holds them.
    [[nodiscard]] X509_STORE* native() const noexcept;

private:
    struct State;
    explicit TrustStore(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace tongbao::crypto
