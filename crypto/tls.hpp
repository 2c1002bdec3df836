#pragma once

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/trust_store.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

struct FreeSslContext {
    void operator()(SSL_CTX* context) const noexcept;
};

/// Owns a configured SSL_CTX. release() hands it to Asio's ssl::context, which takes it over.
using SslContextHandle = std::unique_ptr<SSL_CTX, FreeSslContext>;

/// What one end of a connection shows of itself.
struct TlsIdentity {
    /// The leaf, then its issuers without the root: sent as it stands. An explicit chain spares
    /// OpenSSL from building it at each handshake.
    std::vector<Certificate> chain;
    /// The leaf's key.
    const SigningKey& key;
};

// Both ends: TLS 1.3 only, P-256 certificates and ECDSA with SHA-256, key exchange by X25519 or
// P-256, the other end authenticated by a chain of the trust store and its revocation lists at the
// time of a clock, ALPN `http/1.1`. Renegotiation and compression do not exist in TLS 1.3.
//
// No session tickets, no resumption and so no early data: connections last long, a full handshake
// costs about a millisecond, and so each connection proves possession of the key and passes the
// lists in force; a revoked certificate can't come back on an old session.
//
// A context never changes. After a reload of certificates or lists a new one is made for the
// connections to come; those that exist keep theirs, and the caller checks their certificates anew.

/// The hub's side: demands a client certificate. `clock` outlives the context and its connections.
///
/// Errors: Errc::bad_certificate if the chain is empty; Errc::bad_key if the key is not the leaf's;
/// Errc::crypto_failure.
[[nodiscard]] Result<SslContextHandle> make_server_context(const TlsIdentity& identity,
                                                           const TrustStore& trust,
                                                           const Clock& clock);

/// The side of a daemon or a log auditor. expect_host is for each connection. `clock` as above.
///
/// Errors: as make_server_context.
[[nodiscard]] Result<SslContextHandle> make_client_context(const TlsIdentity& identity,
                                                           const TrustStore& trust,
                                                           const Clock& clock);

/// Before the handshake, at the client: the server's certificate must name `host`, a DNS name or an
/// IP address as text; a DNS name is also sent. Wildcards do not count, nor does the common name.
///
/// Errors: Errc::bad_argument for an empty or malformed host; Errc::crypto_failure.
[[nodiscard]] Result<void> expect_host(SSL* connection, std::string_view host);

}  // namespace tongbao::crypto
