#pragma once

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::crypto {

/// What one signature says about a batch: who, in which role, and the RFC 6962 tree over its items.
struct Statement {
    LogOrigin origin;
    /// The SPIFFE URI of the certificate that signs: `/unit/<unit>/sign` or a post's.
    std::string signer;
    /// `submit`, or `endorse:<post or approver>`.
    std::string role;
    /// How many leaves; at least 1.
    std::uint64_t count = 0;
    /// The root over them.
    Digest root;

    friend bool operator==(const Statement&, const Statement&) = default;
};

/// The role of one who hands in a batch.
inline constexpr std::string_view kSubmitRole = "submit";
/// What the role of one who endorses begins with; the post or approver follows.
inline constexpr std::string_view kEndorseRolePrefix = "endorse:";

/// The largest container that open_statement looks at. A usual one has about 600 bytes.
inline constexpr std::size_t kMaxStatementDer = 4096;

/// The six lines, each ending in a newline. The first one fixes every algorithm:
///
///     tongbao/statement/v1 p256-sha256
///     log <origin>
///     signer <SPIFFE URI>
///     role submit | endorse:<post or approver>
///     count <n>
///     root <base64>
[[nodiscard]] std::string format_statement(const Statement& statement);

/// Reads exactly what format_statement writes.
///
/// Errors: Errc::bad_statement for anything else: another suite, an origin that is empty, longer
/// than 255 characters or not of visible ASCII, a signer that is no SPIFFE id for signing, another
/// role, a count of 0, with a leading zero or of more than 64 bits, another line end, a further
/// line.
[[nodiscard]] Result<Statement> parse_statement(std::string_view text);

/// Signs statements with one certificate's key. Moved, never copied; threads may share it.
class StatementSigner {
public:
    /// Errors: Errc::bad_key if the key is not the certificate's; Errc::certificate_wrong_use
    /// unless the certificate was issued for `sign` or `post`; Errc::certificate_wrong_name if it
    /// has no SPIFFE id; Errc::bad_certificate if it has no subject key identifier.
    [[nodiscard]] static Result<StatementSigner> make(SigningKey key, Certificate certificate);

    /// CMS SignedData in DER over the statement's text: content inside, CAdES-BES, no certificates,
    /// one SignerInfo named by its subject key identifier, no unsigned attributes. `claimed` goes
    /// into the signing time, in whole seconds.
    ///
    /// A signature is randomised: two of one statement differ. Costs about 40 µs.
    ///
    /// Errors: Errc::wrong_signer if the statement names another signer; Errc::bad_statement if
    /// parse_statement would refuse its text; Errc::crypto_failure.
    ///
    /// Source: RFC 5652 section 5; RFC 5035 section 3; ETSI EN 319 122-1 section 6 (B-B).
    [[nodiscard]] Result<Bytes> sign(const Statement& statement, UtcTime claimed) const;

    [[nodiscard]] const Certificate& certificate() const noexcept { return certificate_; }
    /// For what a sign key signs beside statements: consents.
    [[nodiscard]] const SigningKey& key() const noexcept { return key_; }

private:
    StatementSigner(SigningKey key, Certificate certificate, std::string signer)
        : key_(std::move(key)), certificate_(std::move(certificate)), signer_(std::move(signer)) {}

    SigningKey key_;
    Certificate certificate_;
    std::string signer_;
};

/// Gives the certificate whose digest is asked for, or none: the register's certificates.
using CertificateFinder = std::function<std::optional<Certificate>(const Digest&)>;

/// A statement whose signature fits.
struct OpenedStatement {
    Statement statement;
    /// Who signed: the same as statement.signer.
    SpiffeId signer;
    /// The digest of the certificate whose key signed.
    Digest certificate;
    /// The signing time, which is only what the signer claims.
    UtcTime claimed_time;
};

/// Opens a container and checks its signature with the certificate that it names and `find` gives.
///
/// The container has one form, that of StatementSigner::sign and of the OpenSSL command line with
/// `-cades -nocerts -nosmimecap -md sha256`, with or without `-keyid`; every byte of it is
/// accounted for, and nothing that another encoding or another algorithm could say is accepted.
/// That is why it is read with DerReader: OpenSSL's parser takes BER, and hides versions and
/// algorithm lists.
///
/// Identity never depends on signature bytes: ECDSA lets anyone turn a signature (r, s) into
/// (r, n - s), which is as good, and OpenSSL makes both kinds. A container changed so opens to the
/// same statement, and duplicates are told by the leaves.
///
/// Not checked here, since it differs from caller to caller: the origin, that the role fits the
/// certificate, the leaves under the root, and the certificate's chain, validity and enrolment
/// (TrustStore and the register; `find` gives only certificates that the caller trusted before).
///
/// Errors: Errc::bad_statement for another form or text; Errc::signer_not_enrolled if `find` gives
/// none; Errc::wrong_signer if the certificate is not the one that the container or the `signer`
/// line names, or is not for signing; Errc::bad_signature. Costs about 50 µs, nearly all of it the
/// one ECDSA verification.
[[nodiscard]] Result<OpenedStatement> open_statement(BytesView der, const CertificateFinder& find);

}  // namespace tongbao::crypto
