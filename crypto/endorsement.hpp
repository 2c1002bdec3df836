#pragma once

#include "crypto/statement.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/endorsement.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <string_view>

namespace tongbao::crypto {

/// Signs one notice as `role`: a batch statement of count 1 whose root is the notice's leaf hash,
/// with the role `endorse:<role>`, by the signer's certificate.
///
/// Errors: those of StatementSigner::sign, Errc::bad_statement also for a role that is no
/// identifier.
[[nodiscard]] Result<Bytes> sign_endorsement(const StatementSigner& signer, std::string_view role,
                                             const LogOrigin& origin, const Digest& leaf_hash,
                                             UtcTime claimed);

/// An endorsement whose signature fits.
struct OpenedEndorsement {
    Endorsement endorsement;
    /// The digest of the certificate whose key signed.
    Digest certificate;
    /// Which signature it is: the digest of the container.
    Digest statement;
};

/// Opens an endorsement of the notice whose leaf hash this is, for this log. The certificate's
/// chain, validity and enrolment are the caller's to check, as for open_statement; whether the
/// charter asks for it says check_endorsements.
///
/// Errors: those of open_statement; Errc::statement_mismatch for one of another log or notice, one
/// over several, or one in the role of a batch.
[[nodiscard]] Result<OpenedEndorsement> open_endorsement(BytesView der, const LogOrigin& origin,
                                                         const Digest& leaf_hash,
                                                         const CertificateFinder& find);

/// What a container says of itself, for showing what was checked before: nothing is verified.
///
/// Errors: Errc::bad_statement.
[[nodiscard]] Result<Endorsement> read_endorsement(BytesView der);

}  // namespace tongbao::crypto
