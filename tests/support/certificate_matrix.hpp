#pragma once

#include "domain/errc.hpp"
#include "domain/spiffe_id.hpp"
#include "tests/support/odd_certificate.hpp"
#include "tests/support/test_pki.hpp"

#include <span>

namespace tongbao::testing {

/// Who issues the certificate of a row.
enum class RowIssuer {
    issuing,  ///< the trust domain's issuing authority
    foreign,  ///< an authority of the same names under another root
    holder,   ///< a unit with a good certificate of its own, which is no authority
};

/// One way in which a certificate is bad, and the code by which every reader refuses it.
struct CertificateRow {
    const char* name;
    Errc expected;
    /// Puts the fault into a certificate that is good for its use; `now` is the moment of the test.
    void (*spoil)(OddCertificate& certificate, UtcTime now);
    RowIssuer issuer = RowIssuer::issuing;
    /// In the revocation list in force.
    bool revoked = false;
};

/// Every bad certificate that the project knows of. A row is added by adding data.
[[nodiscard]] std::span<const CertificateRow> certificate_matrix();

/// A good certificate of the unit `hsa` for `use`: hub, daemon, log_auditor or sign.
[[nodiscard]] OddCertificate good_certificate(CertificateUse use);

/// The certificate of `row` for `use`, with its key. `pki` revokes it where the row says so: a
/// trust store is made from it afterwards.
[[nodiscard]] OddHolder make_row(const CertificateRow& row, CertificateUse use, TestPki& pki);

}  // namespace tongbao::testing
