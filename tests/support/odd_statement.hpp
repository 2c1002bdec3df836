#pragma once

#include "crypto/openssl_handle.hpp"
#include "crypto/statement.hpp"
#include "domain/bytes.hpp"
#include "domain/errc.hpp"
#include "tests/support/test_pki.hpp"

#include <span>
#include <string_view>

namespace tongbao::testing {

/// The flags of CMS_sign with which a container is a batch statement's: those of
/// `openssl cms -sign -binary -nodetach -nocerts -cades -nosmimecap -keyid`.
inline constexpr unsigned kStatementFlags =
    CMS_BINARY | CMS_NOCERTS | CMS_NOSMIMECAP | CMS_USE_KEYID | CMS_CADES;

/// Signs `text`, whatever it says, as the OpenSSL command line would with these flags. Throws
/// std::runtime_error if OpenSSL can't. So do the functions below.
[[nodiscard]] Bytes sign_text(std::string_view text, std::span<const TestHolder* const> signers,
                              unsigned flags = kStatementFlags,
                              const EVP_MD* digest = EVP_sha256());

/// The same container with (r, n - s) in the place of the signature (r, s), which is as good.
[[nodiscard]] Bytes mirrored_signature(BytesView container);

/// Who and what the rows of the matrix are made from.
struct StatementStage {
    /// The unit that is connected; its key is enrolled.
    const TestHolder& signer;
    /// Another unit, enrolled too; its URI.
    const TestHolder& other_unit;
    /// One of the unit's that nobody enrolled.
    const TestHolder& stranger;
    /// What the good statement says.
    crypto::Statement said;

    /// The good statement.
    [[nodiscard]] Bytes good() const;
};

/// One container that is not the one statement, and the code by which it is refused.
struct StatementRow {
    const char* name;
    Errc expected;
    Bytes (*make)(const StatementStage& stage);
};

/// Every bad statement that the project knows of. A row is added by adding data.
[[nodiscard]] std::span<const StatementRow> statement_matrix();

}  // namespace tongbao::testing
