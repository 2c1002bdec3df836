#include "crypto/tls.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <ctime>
#include <utility>

namespace tongbao::crypto {
namespace {

/// A length, then the name: RFC 7301 section 3.1.
constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

constexpr const char* kCipherSuites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:P-256";
constexpr const char* kSignatureAlgorithms = "ECDSA+SHA256";

/// Certificates between the leaf and the root, neither counted: the issuing authority's.
constexpr int kMaxBetween = 1;
constexpr std::size_t kMaxHost = 253;

/// Chooses http/1.1 among what the client offers; a client that offers others only is refused, one
/// that offers nothing is taken at its word.
int choose_protocol(SSL* /*connection*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void* /*context*/) {
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, chosen_size, kHttp11.data(), kHttp11.size(), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

bool set_protocol(SSL_CTX* context) {
    SSL_CTX_set_options(context,
                        SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, kCipherSuites) == 1 &&
           SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
           SSL_CTX_set1_sigalgs_list(context, kSignatureAlgorithms) == 1 &&
           SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1;
}

/// In place of X509_verify_cert, with all that OpenSSL set for this connection: only the time is
/// another one. Source: SSL_CTX_set_cert_verify_callback(3).
int verify_at_clock(X509_STORE_CTX* verification, void* clock) {
    const std::time_t now = to_seconds(static_cast<const Clock*>(clock)->now());
    X509_STORE_CTX_set_time(verification, 0, now);
    return X509_verify_cert(verification);
}

bool set_trust(SSL_CTX* context, const TrustStore& trust, const Clock& clock) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): it comes back as const
    SSL_CTX_set_cert_verify_callback(context, &verify_at_clock, const_cast<Clock*>(&clock));
    SSL_CTX_set_verify_depth(context, kMaxBetween);
    return SSL_CTX_set1_verify_cert_store(context, trust.native()) == 1 &&
           X509_VERIFY_PARAM_set_flags(
               SSL_CTX_get0_param(context),
               X509_V_FLAG_X509_STRICT | X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

bool set_identity(SSL_CTX* context, const TlsIdentity& identity) {
    if (SSL_CTX_use_certificate(context, identity.chain.front().native()) != 1) return false;
    for (const Certificate& issuer : std::span(identity.chain).subspan(1)) {
        if (SSL_CTX_add1_chain_cert(context, issuer.native()) != 1) return false;
    }
    return SSL_CTX_use_PrivateKey(context, identity.key.native()) == 1 &&
           SSL_CTX_check_private_key(context) == 1;
}

Result<SslContextHandle> make_context(const SSL_METHOD* method, const TlsIdentity& identity,
                                      const TrustStore& trust, const Clock& clock) {
    if (identity.chain.empty()) return Errc::bad_certificate;
    if (identity.chain.front().public_key_digest() != identity.key.public_digest()) {
        return Errc::bad_key;
    }
    SslContextHandle context(SSL_CTX_new(method));
    const bool done = context && set_protocol(context.get()) &&
                      set_trust(context.get(), trust, clock) &&
                      set_identity(context.get(), identity);
    clear_openssl_errors();
    if (!done) return Errc::crypto_failure;
    return context;
}

}  // namespace

void FreeSslContext::operator()(SSL_CTX* context) const noexcept {
    SSL_CTX_free(context);
}

Result<SslContextHandle> make_server_context(const TlsIdentity& identity, const TrustStore& trust,
                                             const Clock& clock) {
    Result<SslContextHandle> context = make_context(TLS_server_method(), identity, trust, clock);
    if (context) SSL_CTX_set_alpn_select_cb(context->get(), &choose_protocol, nullptr);
    return context;
}

Result<SslContextHandle> make_client_context(const TlsIdentity& identity, const TrustStore& trust,
                                             const Clock& clock) {
    Result<SslContextHandle> context = make_context(TLS_client_method(), identity, trust, clock);
    if (!context) return context;
    // This one answers 0 for success.
    if (SSL_CTX_set_alpn_protos(context->get(), kHttp11.data(), kHttp11.size()) != 0) {
        clear_openssl_errors();
        return Errc::crypto_failure;
    }
    return context;
}

Result<void> expect_host(SSL* connection, std::string_view host) {
    if (host.empty() || host.size() > kMaxHost || host.find('\0') != std::string_view::npos) {
        return Errc::bad_argument;
    }
    std::string text(host);
    SSL_set_hostflags(connection,
                      X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const Asn1OctetStringHandle address(a2i_IPADDRESS(text.c_str()));
    const bool done =
        address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), text.c_str()) == 1
                : SSL_set1_host(connection, text.c_str()) == 1 &&
                      // what the macro SSL_set_tlsext_host_name does, with an old cast
                      SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                               text.data()) == 1;
    clear_openssl_errors();
    if (!done) return Errc::crypto_failure;
    return {};
}

}  // namespace tongbao::crypto
