#include "crypto/trust_store.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/certificate_profile.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/pem.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace tongbao::crypto {
namespace {

/// 112 bits: no SHA-1, no RSA below 2,048 bits, in any certificate of the chain.
constexpr int kSecurityLevel = 2;

/// Only certificates that the authorities issued are remembered, so this bounds memory, not
/// attackers.
constexpr std::size_t kMaxRemembered = 65'536;

/// The open interval between two moments at which a verdict may change.
struct Window {
    UtcTime after;
    UtcTime before;

    [[nodiscard]] bool contains(UtcTime at) const { return after < at && at < before; }
};

/// The moments at which something begins or ends, in order.
class Boundaries {
public:
    void add(UtcTime time) {
        times_.insert(std::upper_bound(times_.begin(), times_.end(), time), time);
    }

    /// None if `at` is itself a boundary.
    [[nodiscard]] std::optional<Window> around(UtcTime at) const {
        const auto next = std::lower_bound(times_.begin(), times_.end(), at);
        if (next != times_.end() && *next == at) return std::nullopt;
        return Window{next == times_.begin() ? UtcTime::min() : *std::prev(next),
                      next == times_.end() ? UtcTime::max() : *next};
    }

private:
    std::vector<UtcTime> times_;
};

Errc to_errc(int verification_error) {
    switch (verification_error) {
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return Errc::certificate_not_yet_valid;
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return Errc::certificate_expired;
        case X509_V_ERR_CERT_REVOKED:
            return Errc::certificate_revoked;
        case X509_V_ERR_UNABLE_TO_GET_CRL:
        case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
        case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        case X509_V_ERR_CRL_NOT_YET_VALID:
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
        case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
        case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
        case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
        case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
        case X509_V_ERR_DIFFERENT_CRL_SCOPE:
        case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            return Errc::crl_unusable;
        case X509_V_ERR_OUT_OF_MEM:
            return Errc::crypto_failure;
        default:
            return Errc::certificate_untrusted;
    }
}

struct Verdict {
    std::optional<Window> by_lists;
    std::optional<Window> by_register;

    [[nodiscard]] std::optional<Window>& of(RevocationCheck revocation) {
        return revocation == RevocationCheck::by_lists ? by_lists : by_register;
    }
    [[nodiscard]] const std::optional<Window>& of(RevocationCheck revocation) const {
        return revocation == RevocationCheck::by_lists ? by_lists : by_register;
    }
};

}  // namespace

struct TrustStore::State {
    TrustDomain trust_domain;
    X509StoreHandle store;
    bool has_root = false;
    Boundaries certificate_boundaries;
    Boundaries all_boundaries;
    std::vector<Certificate> authorities;
    std::vector<X509CrlHandle> lists;

    std::shared_mutex mutex;
    std::map<Digest, Verdict> remembered;  // under mutex

    [[nodiscard]] Result<void> add_certificate(BytesView der);
    [[nodiscard]] Result<void> add_list(BytesView der);
    /// Keeps the lists that an authority of the store has signed, for revocation_of.
    void forget_foreign_lists();
    [[nodiscard]] Result<void> verify_chain(const Certificate& certificate, UtcTime at,
                                            RevocationCheck revocation) const;
    [[nodiscard]] bool remembers(const Certificate& certificate, UtcTime at,
                                 RevocationCheck revocation);
    void remember(const Certificate& certificate, UtcTime at, RevocationCheck revocation);
};

Result<void> TrustStore::State::add_certificate(BytesView der) {
    const Result<Certificate> certificate = Certificate::from_der(der);
    if (!certificate) return certificate.error();
    X509* const x509 = certificate->native();
    const bool is_authority = X509_get_version(x509) == X509_VERSION_3 && X509_check_ca(x509) == 1;
    if (!is_authority || X509_STORE_add_cert(store.get(), x509) != 1) {
        clear_openssl_errors();
        return Errc::bad_certificate;
    }
    authorities.push_back(*certificate);
    has_root = has_root || (X509_get_extension_flags(x509) & EXFLAG_SS) != 0;
    for (const UtcTime time : {certificate->not_before(), certificate->not_after()}) {
        certificate_boundaries.add(time);
        all_boundaries.add(time);
    }
    return {};
}

Result<void> TrustStore::State::add_list(BytesView der) {
    const unsigned char* position = der.data();
    X509CrlHandle list(d2i_X509_CRL(nullptr, &position, static_cast<long>(der.size())));
    const bool read = list && position == der.data() + der.size();
    const auto last_update =
        read ? read_asn1_time(X509_CRL_get0_lastUpdate(list.get())) : std::nullopt;
    const auto next_update =
        read ? read_asn1_time(X509_CRL_get0_nextUpdate(list.get())) : std::nullopt;
    // RFC 5280 section 5.1.2.5 demands nextUpdate; OpenSSL would take a list without it for ever.
    if (!last_update || !next_update || X509_STORE_add_crl(store.get(), list.get()) != 1) {
        clear_openssl_errors();
        return Errc::crl_unusable;
    }
    all_boundaries.add(*last_update);
    all_boundaries.add(*next_update);
    lists.push_back(std::move(list));
    return {};
}

void TrustStore::State::forget_foreign_lists() {
    std::erase_if(lists, [this](const X509CrlHandle& list) {
        return std::none_of(authorities.begin(), authorities.end(),
                            [&list](const Certificate& authority) {
                                return X509_NAME_cmp(X509_get_subject_name(authority.native()),
                                                     X509_CRL_get_issuer(list.get())) == 0 &&
                                       X509_CRL_verify(list.get(), authority.native_key()) == 1;
                            });
    });
    clear_openssl_errors();
}

Result<void> TrustStore::State::verify_chain(const Certificate& certificate, UtcTime at,
                                             RevocationCheck revocation) const {
    const X509StoreCtxHandle context(X509_STORE_CTX_new());
    if (!context ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate.native(), nullptr) != 1) {
        clear_openssl_errors();
        return Errc::crypto_failure;
    }
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
    unsigned long flags = X509_V_FLAG_X509_STRICT;
    if (revocation == RevocationCheck::by_lists) {
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
    }
    X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
    X509_VERIFY_PARAM_set_time(parameters, to_seconds(at));
    if (X509_VERIFY_PARAM_set_flags(parameters, flags) != 1) return Errc::crypto_failure;
    const bool good = X509_verify_cert(context.get()) == 1;
    clear_openssl_errors();
    if (!good) return to_errc(X509_STORE_CTX_get_error(context.get()));
    return {};
}

bool TrustStore::State::remembers(const Certificate& certificate, UtcTime at,
                                  RevocationCheck revocation) {
    const std::shared_lock lock(mutex);
    const auto found = remembered.find(certificate.digest());
    if (found == remembered.end()) return false;
    const std::optional<Window>& window = std::as_const(found->second).of(revocation);
    return window && window->contains(at);
}

void TrustStore::State::remember(const Certificate& certificate, UtcTime at,
                                 RevocationCheck revocation) {
    Boundaries boundaries =
        revocation == RevocationCheck::by_lists ? all_boundaries : certificate_boundaries;
    boundaries.add(certificate.not_before());
    boundaries.add(certificate.not_after());
    const std::optional<Window> window = boundaries.around(at);
    if (!window) return;
    const std::unique_lock lock(mutex);
    if (remembered.size() >= kMaxRemembered) remembered.clear();
    remembered[certificate.digest()].of(revocation) = window;
}

Result<TrustStore> TrustStore::from_pem(TrustDomain trust_domain, std::string_view pem) {
    const Result<std::vector<PemBlock>> blocks = read_pem(pem);
    if (!blocks) return Errc::bad_certificate;
    auto state = std::make_unique<State>();
    state->trust_domain = std::move(trust_domain);
    state->store.reset(X509_STORE_new());
    if (!state->store) return Errc::crypto_failure;
    for (const PemBlock& block : *blocks) {
        if (block.label != kCertificateLabel && block.label != kRevocationListLabel) {
            return Errc::bad_certificate;
        }
        const Result<void> added = block.label == kCertificateLabel
                                       ? state->add_certificate(block.data)
                                       : state->add_list(block.data);
        if (!added) return added.error();
    }
    if (!state->has_root) return Errc::bad_certificate;
    state->forget_foreign_lists();
    return TrustStore(std::move(state));
}

TrustStore::TrustStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;
TrustStore::~TrustStore() = default;

const TrustDomain& TrustStore::trust_domain() const noexcept {
    return state_->trust_domain;
}
X509_STORE* TrustStore::native() const noexcept {
    return state_->store.get();
}

std::optional<ListedRevocation> TrustStore::revocation_of(const Certificate& certificate) const {
    X509* const x509 = certificate.native();
    std::optional<ListedRevocation> found;
    for (const X509CrlHandle& list : state_->lists) {
        if (X509_NAME_cmp(X509_get_issuer_name(x509), X509_CRL_get_issuer(list.get())) != 0) {
            continue;
        }
        X509_REVOKED* line = nullptr;
        // 2 is for one that a delta list takes off again, of which there are none here.
        if (X509_CRL_get0_by_serial(list.get(), &line, X509_get_serialNumber(x509)) != 1) continue;
        const std::optional<ListedRevocation> said = read_revocation(line);
        if (!said) continue;
        if (!found) found = said;
        found->time = std::min(found->time, said->time);
        if (said->compromised_since) {
            found->compromised_since =
                found->compromised_since
                    ? std::min(*found->compromised_since, *said->compromised_since)
                    : said->compromised_since;
        }
    }
    clear_openssl_errors();
    return found;
}

Result<void> TrustStore::check(const Certificate& certificate, CertificateUse expected, UtcTime at,
                               RevocationCheck revocation) const {
    const Result<SpiffeId>& id = certificate.spiffe();
    if (!id) return id.error();
    if (id->use != expected) return Errc::certificate_wrong_use;
    if (id->trust_domain != state_->trust_domain) return Errc::certificate_wrong_name;
    if (state_->remembers(certificate, at, revocation)) return {};

    const Result<void> profile = check_profile(certificate);
    if (!profile) return profile.error();
    // Said here because OpenSSL looks at the lists first: the lists of a time long past are gone,
    // and an expired certificate would be answered with crl_unusable.
    if (at < certificate.not_before()) return Errc::certificate_not_yet_valid;
    if (at >= certificate.not_after()) return Errc::certificate_expired;
    const Result<void> chain = state_->verify_chain(certificate, at, revocation);
    if (!chain) return chain.error();
    state_->remember(certificate, at, revocation);
    return {};
}

}  // namespace tongbao::crypto
