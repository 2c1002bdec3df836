#include "client/daemon/own_files.hpp"

#include "program/files.hpp"
#include "program/key_file.hpp"

#include <utility>

namespace tongbao::client {
namespace {

constexpr std::size_t kMaxPemBytes = 64 * 1024;

std::vector<std::filesystem::path> seal_paths(const DaemonConfig& config) {
    std::vector<std::filesystem::path> paths{config.sign_certificate, config.sign_key};
    if (config.sign_passphrase) paths.push_back(*config.sign_passphrase);
    return paths;
}

OwnCertificate own(const char* use, const crypto::Certificate& certificate, bool waiting) {
    return {use, format_spiffe_id(*certificate.spiffe()), certificate.not_after(), waiting};
}

}  // namespace

OwnFiles::OwnFiles(const DaemonConfig& config, const TrustDomain& trust_domain, const Clock& clock,
                   program::Logging& logging)
    : config_(config),
      trust_domain_(trust_domain),
      clock_(clock),
      logging_(logging),
      tls_files_(program::paths_of(config.tls)),
      seal_files_(seal_paths(config)) {}

Result<void> OwnFiles::open(std::string& words) {
    Result<program::TlsMaterial> material =
        program::read_tls_files(config_.tls, trust_domain_, words);
    if (!material) return material.error();
    words = config_.tls.certificate.string() + ": is not unit " + config_.unit.value() + "'s";
    const Result<SpiffeId>& id = material->chain.front().spiffe();
    if (!id || *id != daemon_id(trust_domain_, config_.unit)) return Errc::certificate_wrong_name;
    words = config_.tls.certificate.string();
    trust_.set(material->trust);
    const auto offered = tls_.offer(*std::move(material), clock_);
    if (!offered) return offered.error();
    Result<crypto::StatementSigner> seal = read_seal(words);
    if (!seal) return seal.error();
    seals_ = std::make_unique<SealKeys>(
        std::make_shared<const crypto::StatementSigner>(*std::move(seal)));
    words.clear();
    return {};
}

Result<crypto::StatementSigner> OwnFiles::read_seal(std::string& words) const {
    words = config_.sign_certificate.string();
    const Result<std::string> pem = program::read_file(config_.sign_certificate, kMaxPemBytes);
    if (!pem) return pem.error();
    Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*pem);
    if (!certificate) return certificate.error();
    if (!certificate->spiffe() || *certificate->spiffe() != sign_id(trust_domain_, config_.unit)) {
        return Errc::certificate_wrong_name;
    }
    Result<crypto::SigningKey> key =
        program::read_key(config_.sign_key, config_.sign_passphrase, words);
    if (!key) return key.error();
    return crypto::StatementSigner::make(*std::move(key), *std::move(certificate));
}

Result<OwnFiles::Taken> OwnFiles::take_tls(std::string& words) {
    Result<program::TlsMaterial> material =
        program::read_tls_files(config_.tls, trust_domain_, words);
    if (!material) return material.error();
    const Result<void> good =
        program::check_material(*material, daemon_id(trust_domain_, config_.unit), clock_.now());
    if (!good) {
        const bool by_trust =
            good.error() == Errc::certificate_untrusted || good.error() == Errc::crl_unusable;
        words = by_trust ? config_.tls.trust.string() + " for " + config_.tls.certificate.string()
                         : config_.tls.certificate.string();
        return good.error();
    }
    words = config_.tls.certificate.string() + " and " + config_.tls.key.string();
    const std::shared_ptr<const crypto::TrustStore> trust = material->trust;
    const auto offered = tls_.offer(*std::move(material), clock_);
    if (!offered) return offered.error();
    trust_.set(trust);
    return offered->has_value() ? Taken::waits : Taken::as_before;
}

Result<OwnFiles::Taken> OwnFiles::take_seal(std::string& words) {
    Result<crypto::StatementSigner> seal = read_seal(words);
    if (!seal) return seal.error();
    const Result<void> trusted =
        trust_.get()->check(seal->certificate(), CertificateUse::sign, clock_.now());
    // An issuer that nobody knows will be nobody's to enrol; what else may be wrong, the register
    // says.
    if (!trusted && trusted.error() == Errc::certificate_untrusted) {
        words = config_.sign_certificate.string();
        return trusted.error();
    }
    const bool waits =
        seals_->offer(std::make_shared<const crypto::StatementSigner>(*std::move(seal)));
    return waits ? Taken::waits : Taken::as_before;
}

bool OwnFiles::look() {
    bool news = false;
    std::string words;
    if (tls_files_.look()) {
        const Result<Taken> taken = take_tls(words);
        news = tell(tls_files_, "tls", taken, words);
    }
    if (seal_files_.look()) {
        const Result<Taken> taken = take_seal(words);
        news = tell(seal_files_, "sign", taken, words) || news;
    }
    return news;
}

bool OwnFiles::tell(program::WatchedFiles& files, const char* use, const Result<Taken>& taken,
                    const std::string& words) {
    if (taken) {
        files.good();
        logging_.info("files_taken_over", {{"use", use}});
        const bool waits = *taken == Taken::waits;
        if (waits) {
            logging_.info("certificate_waits_for_enrolment",
                          {{"use", use},
                           {"consequence", "the one before goes on until the register enrols it"}});
        }
        return waits;
    }
    const Errc errc = to_errc(taken.error());
    if (files.bad(std::string(code(errc)) + ' ' + words)) {
        logging_.error("files_not_taken_over",
                       {{"use", use},
                        {"file", words},
                        {"code", std::string(code(errc))},
                        {"what", std::string(sentence(errc))},
                        {"consequence", "what was read before stays in use"},
                        {"do",
                         "put a whole and right file in its place; it is taken over by itself. "
                         "tongbao explain " +
                             std::string(code(errc))}});
    }
    return false;
}

void OwnFiles::settle(const crypto::KeyRegister& keys) {
    if (seals_->settle(keys)) {
        logging_.info("certificate_in_use",
                      {{"use", "sign"},
                       {"not_after", format_utc(seals_->in_use()->certificate().not_after())}});
    }
    if (tls_.settle(keys)) {
        logging_.info("certificate_in_use",
                      {{"use", "tls"},
                       {"not_after", format_utc(tls_.in_use()->certificate.not_after())},
                       {"consequence", "from the next connection on"}});
    }
}

std::vector<Digest> OwnFiles::public_keys() const {
    std::vector<Digest> all{tls_.in_use()->certificate.public_key_digest(),
                            seals_->in_use()->certificate().public_key_digest()};
    if (const auto waiting = tls_.waiting()) {
        all.push_back(waiting->certificate.public_key_digest());
    }
    if (const auto waiting = seals_->waiting()) {
        all.push_back(waiting->certificate().public_key_digest());
    }
    return all;
}

std::vector<OwnCertificate> OwnFiles::certificates() const {
    std::vector<OwnCertificate> all{own("tls", tls_.in_use()->certificate, false)};
    if (const auto waiting = tls_.waiting()) all.push_back(own("tls", waiting->certificate, true));
    all.push_back(own("sign", seals_->in_use()->certificate(), seals_->refused()));
    if (const auto waiting = seals_->waiting()) {
        all.push_back(own("sign", waiting->certificate(), true));
    }
    return all;
}

}  // namespace tongbao::client
