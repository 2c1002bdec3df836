#pragma once

#include "crypto/certificate.hpp"
#include "crypto/statement.hpp"
#include "domain/bytes.hpp"

#include <string>

namespace tongbao::testing {

/// A file of tests/data/statement. Throws std::runtime_error if it can't be read.
[[nodiscard]] std::string statement_data(const std::string& name);

/// The batch sizes that are there.
inline constexpr int kStatementBatches[] = {1, 2, 3, 5};

/// The certificate that signed all of them.
[[nodiscard]] crypto::Certificate statement_signer_certificate();

/// Gives `certificate` when asked for it, and nothing else.
[[nodiscard]] crypto::CertificateFinder only(crypto::Certificate certificate);

}  // namespace tongbao::testing
