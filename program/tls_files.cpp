#include "program/tls_files.hpp"

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

std::vector<std::filesystem::path> paths_of(const TlsFiles& files) {
    std::vector<std::filesystem::path> paths{files.certificate, files.key, files.trust};
    if (files.passphrase) paths.push_back(*files.passphrase);
    return paths;
}

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

Result<TlsEnd> make_server_end(const TlsMaterial& material, const Clock& clock) {
    Result<crypto::SslContextHandle> context =
        crypto::make_server_context({material.chain, material.key}, *material.trust, clock);
    if (!context) return context.error();
    return TlsEnd{share(*std::move(context)), material.trust, material.chain.front()};
}

Result<TlsEnd> make_client_end(const TlsMaterial& material, const Clock& clock) {
    return make_client_end({material.chain, material.key}, material.trust, clock);
}

Result<TlsEnd> make_client_end(const crypto::TlsIdentity& identity,
                               std::shared_ptr<const crypto::TrustStore> trust,
                               const Clock& clock) {
    Result<crypto::SslContextHandle> context = crypto::make_client_context(identity, *trust, clock);
    if (!context) return context.error();
    return TlsEnd{share(*std::move(context)), std::move(trust), identity.chain.front()};
}

Result<void> check_material(const TlsMaterial& material, const SpiffeId& own, UtcTime now) {
    if (material.chain.empty()) return Errc::bad_certificate;
    const crypto::Certificate& leaf = material.chain.front();
    const Result<SpiffeId>& id = leaf.spiffe();
    if (!id) return id.error();
    if (*id != own) return Errc::certificate_wrong_name;
    const Result<void> trusted = material.trust->check(leaf, own.use, now);
    if (trusted) return {};
    const Errc errc = to_errc(trusted.error());
    const bool takes_effect = errc == Errc::certificate_expired ||
                              errc == Errc::certificate_not_yet_valid ||
                              errc == Errc::certificate_revoked;
    if (takes_effect) return {};
    return errc;
}

transport::TlsSide server_side(const Newest<TlsEnd>& ends, const Clock& clock, Admit admit) {
    const auto authenticate =
        [&ends, &clock, admit = std::move(admit)](BytesView der) -> Result<transport::PeerId> {
        const Result<crypto::Certificate> certificate = crypto::Certificate::from_der(der);
        if (!certificate) return certificate.error();
        const Result<SpiffeId>& id = certificate->spiffe();
        if (!id) return id.error();
        if (id->use != CertificateUse::daemon && id->use != CertificateUse::log_auditor) {
            return Errc::certificate_wrong_use;
        }
        // By the newest lists, whatever the handshake began with.
        const Result<void> trusted = ends.get()->trust->check(*certificate, id->use, clock.now());
        if (!trusted) return trusted.error();
        const Result<void> admitted = admit(*certificate);
        if (!admitted) return admitted.error();
        return peer_id(*certificate);
    };
    return {[&ends] { return ends.get()->context; }, authenticate};
}

transport::TlsSide client_side(std::function<std::shared_ptr<const TlsEnd>()> next,
                               const Clock& clock) {
    const auto authenticate = [next, &clock](BytesView der) -> Result<transport::PeerId> {
        const Result<crypto::Certificate> certificate = crypto::Certificate::from_der(der);
        if (!certificate) return certificate.error();
        const Result<void> trusted =
            next()->trust->check(*certificate, CertificateUse::hub, clock.now());
        if (!trusted) return trusted.error();
        return peer_id(*certificate);
    };
    return {[next = std::move(next)] { return next()->context; }, authenticate};
}

Result<transport::TlsSide> server_side(const TlsMaterial& material, const Clock& clock,
                                       Admit admit) {
    Result<TlsEnd> end = make_server_end(material, clock);
    if (!end) return end.error();
    const auto ends =
        std::make_shared<const Newest<TlsEnd>>(std::make_shared<const TlsEnd>(*std::move(end)));
    transport::TlsSide side = server_side(*ends, clock, std::move(admit));
    // The side keeps what it refers to.
    side.context = [ends, context = std::move(side.context)] { return context(); };
    side.authenticate = [ends, authenticate = std::move(side.authenticate)](BytesView der) {
        return authenticate(der);
    };
    return side;
}

Result<transport::TlsSide> client_side(const TlsMaterial& material, const Clock& clock) {
    Result<TlsEnd> end = make_client_end(material, clock);
    if (!end) return end.error();
    auto only = std::make_shared<const TlsEnd>(*std::move(end));
    return client_side([only] { return only; }, clock);
}

}  // namespace tongbao::program
