#include "program/tls_files.hpp"

#include "crypto/tls.hpp"
#include "program/files.hpp"
#include "program/key_file.hpp"

#include <utility>

namespace tongbao::program {
namespace {

constexpr std::size_t kMaxPemBytes = 4 * 1024 * 1024;

transport::TlsContext share(crypto::SslContextHandle context) {
    return {context.release(), crypto::FreeSslContext()};
}

transport::PeerId peer_id(const crypto::Certificate& certificate) {
    return {format_spiffe_id(*certificate.spiffe()), certificate.digest()};
}

}  // namespace

Result<TlsMaterial> read_tls_files(const TlsFiles& files, const TrustDomain& trust_domain,
                                   std::string& words) {
    words = files.certificate.string();
    const Result<std::string> chain_text = read_file(files.certificate, kMaxPemBytes);
    if (!chain_text) return chain_text.error();
    Result<std::vector<crypto::Certificate>> chain = crypto::read_certificates(*chain_text);
    if (!chain) return chain.error();

    Result<crypto::SigningKey> key = read_key(files.key, files.passphrase, words);
    if (!key) return key.error();

    words = files.trust.string();
    const Result<std::string> trust_text = read_file(files.trust, kMaxPemBytes);
    if (!trust_text) return trust_text.error();
    Result<crypto::TrustStore> trust = crypto::TrustStore::from_pem(trust_domain, *trust_text);
    if (!trust) return trust.error();

    words.clear();
    return TlsMaterial{*std::move(chain), *std::move(key),
                       std::make_shared<const crypto::TrustStore>(*std::move(trust))};
}

Result<transport::TlsSide> server_side(const TlsMaterial& material, const Clock& clock,
                                       Admit admit) {
    Result<crypto::SslContextHandle> context =
        crypto::make_server_context({material.chain, material.key}, *material.trust);
    if (!context) return context.error();
    const auto authenticate = [trust = material.trust, &clock, admit = std::move(admit)](
                                  BytesView der) -> Result<transport::PeerId> {
        const Result<crypto::Certificate> certificate = crypto::Certificate::from_der(der);
        if (!certificate) return certificate.error();
        const Result<SpiffeId>& id = certificate->spiffe();
        if (!id) return id.error();
        if (id->use != CertificateUse::daemon && id->use != CertificateUse::log_auditor) {
            return Errc::certificate_wrong_use;
        }
        const Result<void> trusted = trust->check(*certificate, id->use, clock.now());
        if (!trusted) return trusted.error();
        const Result<void> admitted = admit(*certificate);
        if (!admitted) return admitted.error();
        return peer_id(*certificate);
    };
    const transport::TlsContext shared = share(*std::move(context));
    return transport::TlsSide{[shared] { return shared; }, authenticate};
}

Result<transport::TlsSide> client_side(const TlsMaterial& material, const Clock& clock) {
    Result<crypto::SslContextHandle> context =
        crypto::make_client_context({material.chain, material.key}, *material.trust);
    if (!context) return context.error();
    const auto authenticate = [trust = material.trust,
                               &clock](BytesView der) -> Result<transport::PeerId> {
        const Result<crypto::Certificate> certificate = crypto::Certificate::from_der(der);
        if (!certificate) return certificate.error();
        const Result<void> trusted = trust->check(*certificate, CertificateUse::hub, clock.now());
        if (!trusted) return trusted.error();
        return peer_id(*certificate);
    };
    const transport::TlsContext shared = share(*std::move(context));
    return transport::TlsSide{[shared] { return shared; }, authenticate};
}

}  // namespace tongbao::program
