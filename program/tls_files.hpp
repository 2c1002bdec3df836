#pragma once

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/tls.hpp"
#include "crypto/trust_store.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"
#include "program/newest.hpp"
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

/// All of them that there are: those to watch (WatchedFiles).
[[nodiscard]] std::vector<std::filesystem::path> paths_of(const TlsFiles& files);

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

/// One end of a connection as it is made at a time: what it shows and whom it trusts. Replaced as a
/// whole when the files change; connections that exist keep what they were made with.
struct TlsEnd {
    transport::TlsContext context;
    std::shared_ptr<const crypto::TrustStore> trust;
    /// The leaf that it shows.
    crypto::Certificate certificate;
};

/// The handshake judges certificates by `clock`, which outlives the end and its connections.
///
/// Errors: those of crypto::make_server_context and crypto::make_client_context.
[[nodiscard]] Result<TlsEnd> make_server_end(const TlsMaterial& material, const Clock& clock);
[[nodiscard]] Result<TlsEnd> make_client_end(const TlsMaterial& material, const Clock& clock);
[[nodiscard]] Result<TlsEnd> make_client_end(const crypto::TlsIdentity& identity,
                                             std::shared_ptr<const crypto::TrustStore> trust,
                                             const Clock& clock);

/// Whether new material may take the place of what is in use: its leaf is `own`'s, and the trust
/// store has what is needed to judge that leaf: a trust file without the authority that issued it
/// or without its lists would shut everybody out. A leaf that is expired or revoked is no reason:
/// the lists that say so must count.
///
/// Errors: Errc::bad_certificate without a leaf, Errc::certificate_wrong_name,
/// Errc::certificate_untrusted, Errc::crl_unusable, those of check_profile.
[[nodiscard]] Result<void> check_material(const TlsMaterial& material, const SpiffeId& own,
                                          UtcTime now);

/// The hub's end: lets in certificates for which `admit` says so, after the trust store has found
/// them good for a daemon or a log auditor. Each connection takes the newest of `ends`. Both
/// outlive all connections.
using Admit = std::function<Result<void>(const crypto::Certificate&)>;
[[nodiscard]] transport::TlsSide server_side(const Newest<TlsEnd>& ends, const Clock& clock,
                                             Admit admit);

/// The end of a daemon or log auditor: lets the trust domain's hub be the server, nobody else.
/// `next` gives the end for each connection, from any thread; `clock` outlives all connections.
[[nodiscard]] transport::TlsSide client_side(std::function<std::shared_ptr<const TlsEnd>()> next,
                                             const Clock& clock);

/// The same ends with files that do not change.
///
/// Errors: those of make_server_end and make_client_end.
[[nodiscard]] Result<transport::TlsSide> server_side(const TlsMaterial& material,
                                                     const Clock& clock, Admit admit);
[[nodiscard]] Result<transport::TlsSide> client_side(const TlsMaterial& material,
                                                     const Clock& clock);

}  // namespace tongbao::program
