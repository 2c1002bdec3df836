#pragma once

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/trust_store.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"
#include "transport/tls.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::program {

/// The files with which a program shows who it is and judges who others are.
struct TlsFiles {
    std::filesystem::path certificate;  ///< PEM: the leaf, then its issuers without the root
    std::filesystem::path key;          ///< PEM, 0600
    std::filesystem::path trust;        ///< PEM: root, issuing authority, their revocation lists
    /// 0600, its first line; none if the key is not encrypted.
    std::optional<std::filesystem::path> passphrase{};
};

/// What a program holds of them.
struct TlsMaterial {
    std::vector<crypto::Certificate> chain;  ///< at least the leaf
    crypto::SigningKey key;
    std::shared_ptr<const crypto::TrustStore> trust;
};

/// Reads the files.
///
/// Errors, each with the file in `words`: those of read_file and read_key, Errc::bad_certificate,
/// Errc::crl_unusable.
[[nodiscard]] Result<TlsMaterial> read_tls_files(const TlsFiles& files,
                                                 const TrustDomain& trust_domain,
                                                 std::string& words);

/// The hub's end: lets in certificates for which `admit` says so, after the trust store has found
/// them good for a daemon or a log auditor. `clock` outlives all connections.
///
/// Errors: those of crypto::make_server_context.
using Admit = std::function<Result<void>(const crypto::Certificate&)>;
[[nodiscard]] Result<transport::TlsSide> server_side(const TlsMaterial& material,
                                                     const Clock& clock, Admit admit);

/// The end of a daemon or log auditor: lets the trust domain's hub be the server, nobody else.
///
/// Errors: those of crypto::make_client_context.
[[nodiscard]] Result<transport::TlsSide> client_side(const TlsMaterial& material,
                                                     const Clock& clock);

}  // namespace tongbao::program
