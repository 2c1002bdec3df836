#include "client/ca/request_answer.hpp"

#include "client/ca/authority_files.hpp"
#include "client/ca/enrolled_files.hpp"
#include "client/ca/enrolment.hpp"
#include "client/ca/fingerprint.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/trust_store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using std::filesystem::path;

/// A sign certificate of the unit that somebody may have enrolled.
struct KnownSeal {
    crypto::Certificate certificate;
    bool revoked{false};
};

/// Those that this authority issued.
Checked<std::vector<KnownSeal>> issued_seals(const CaFolder& authority, const SpiffeId& id) {
    std::vector<KnownSeal> seals;
    const std::string name = format_spiffe_id(id);
    for (const IssuedCertificate& each : authority.issued()) {
        if (each.spiffe != name) continue;
        const Checked<crypto::Certificate> leaf = authority.read_leaf(each);
        if (!leaf) return leaf.error();
        seals.push_back({*leaf, each.revoked.has_value()});
    }
    return seals;
}

/// Those in the hub's folder that other authorities issued. What can't be read there is for the hub
/// to complain of.
std::vector<KnownSeal> foreign_seals(const path& folder, const SpiffeId& id,
                                     const crypto::TrustStore& trust) {
    std::vector<KnownSeal> seals;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
        if (item.path().extension() != ".pem") continue;
        const Checked<std::string> pem = read_text(item.path(), "");
        if (!pem) continue;
        const Result<crypto::Certificate> seal = crypto::Certificate::from_pem(*pem);
        if (!seal || !seal->spiffe() || *seal->spiffe() != id) continue;
        seals.push_back({*seal, trust.revocation_of(*seal).has_value()});
    }
    return seals;
}

Checked<std::vector<KnownSeal>> known_seals(const CaFolder& authority,
                                            const std::optional<path>& enrolled,
                                            const crypto::TrustStore& trust, const SpiffeId& id) {
    Checked<std::vector<KnownSeal>> seals = issued_seals(authority, id);
    if (!seals || !enrolled) return seals;
    for (KnownSeal& each : foreign_seals(*enrolled, id, trust)) {
        const bool listed = std::any_of(
            seals->begin(), seals->end(),
            [&each](const KnownSeal& seal) { return seal.certificate == each.certificate; });
        if (!listed) seals->push_back(std::move(each));
    }
    return seals;
}

Checked<crypto::TrustStore> read_trust(const CaFolder& authority) {
    const Checked<std::string> pem =
        read_text(authority.trust_file(), "make it anew: tongbao ca crl");
    if (!pem) return pem.error();
    Result<crypto::TrustStore> trust = crypto::TrustStore::from_pem(authority.trust_domain(), *pem);
    if (!trust) return file_reason(trust.error(), authority.trust_file(), "");
    return *std::move(trust);
}

Checked<void> check_consenter(const EnrolmentRequest& request,
                              const std::vector<KnownSeal>& seals) {
    const std::optional<Digest> by = request.consenting_key();
    bool revoked = false;
    for (const KnownSeal& seal : seals) {
        if (by != seal.certificate.public_key_digest()) continue;
        revoked = revoked || seal.revoked;
        if (seal.revoked) continue;
        if (crypto::open_key_consent(*request.consent, seal.certificate.public_key_der())) {
            return {};
        }
        return Reason{Errc::consent_invalid, "consent",
                      "its signature is not that of the unit's sign key"};
    }
    if (revoked) {
        return Reason{Errc::certificate_revoked, "consent",
                      "the sign key that consents was revoked: the unit's next sign key is a first "
                      "one again (ca enrol without --with)"};
    }
    return Reason{Errc::signer_not_enrolled, "consent",
                  "nobody here knows the sign key that consents; is its certificate another "
                  "authority's, name the hub's folder with --enrolled"};
}

Checked<void> check_first(const EnrolmentRequest& request, const std::vector<KnownSeal>& seals) {
    for (const KnownSeal& seal : seals) {
        const bool same =
            seal.certificate.public_key_digest() == request.first_key()->public_key_digest;
        if (seal.revoked || same) continue;
        return Reason{Errc::consent_missing, "consent",
                      request.unit.value() + " has a sign key (certificate " +
                          seal.certificate.serial() +
                          "): let it consent (ca enrol --with), or revoke it if it is lost"};
    }
    return {};
}

Checked<void> check_confirmed(const EnrolmentRequest& request,
                              const std::optional<std::string>& confirmed) {
    const RequestedKey* const first = request.first_key();
    if (first == nullptr) return {};
    if (!confirmed) {
        return Reason{Errc::bad_argument, "--confirmed",
                      "this is the unit's first sign key: ring the unit under a number that you "
                      "know and give the code that it reads out"};
    }
    const Result<std::string> code = parse_fingerprint_code(*confirmed);
    if (!code) {
        return Reason{Errc::bad_argument, "--confirmed",
                      "a code has 24 hexadecimal digits in six groups"};
    }
    if (*code == fingerprint_code(first->public_key_digest)) return {};
    return Reason{Errc::fingerprint_mismatch, "--confirmed",
                  "it is not the code of the sign key in this request: throw the request away"};
}

Checked<void> make_folder(const path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return file_reason(Errc::storage_failure, folder, kWriteCure);
    return {};
}

Checked<void> pass_on(const path& out, const path& source) {
    const Checked<std::string> text = read_text(source, "");
    if (!text) return text.error();
    return replace_file(out / source.filename(), *text, kReadable);
}

}  // namespace

Checked<void> check_request(const EnrolmentRequest& request, const CaFolder& authority,
                            const std::optional<path>& enrolled, UtcTime now) {
    if (request.trust_domain != authority.trust_domain()) {
        return Reason{Errc::certificate_wrong_name, "trust_domain",
                      "this authority is for " + authority.trust_domain().value()};
    }
    const Checked<crypto::TrustStore> trust = read_trust(authority);
    if (!trust) return trust.error();
    for (std::size_t i = 0; i < request.keys.size(); ++i) {
        const RequestedKey& key = request.keys[i];
        if (!key.certificate) continue;
        const Result<void> trusted = trust->check(*key.certificate, key.id.use, now);
        if (trusted) continue;
        return Reason{to_errc(trusted.error()), "keys[" + std::to_string(i) + "].certificate",
                      "`tongbao ca inspect` says what its profile misses; its authority and its "
                      "revocation lists belong into trust.pem"};
    }
    const Checked<std::vector<KnownSeal>> seals =
        known_seals(authority, enrolled, *trust, sign_id(request.trust_domain, request.unit));
    if (!seals) return seals.error();
    return request.first_key() == nullptr ? check_consenter(request, *seals)
                                          : check_first(request, *seals);
}

Checked<std::vector<AnsweredKey>> answer_request(const EnrolmentRequest& request,
                                                 CaFolder& authority, const AnswerOrder& order,
                                                 UtcTime now) {
    const Checked<void> good = check_request(request, authority, order.enrolled, now);
    if (!good) return good.error();
    const Checked<void> confirmed = check_confirmed(request, order.confirmed);
    if (!confirmed) return confirmed.error();
    const path enrolled = order.enrolled ? *order.enrolled : order.out / "enrol";
    for (const path& folder : {order.out, enrolled}) {
        if (order.enrolled && folder == enrolled) continue;  // the hub's own, which is there
        const Checked<void> made = make_folder(folder);
        if (!made) return made.error();
    }
    for (const RequestedKey& key : request.keys) {
        if (key.certificate) continue;
        const Checked<void> free = check_new_file(order.out / (file_stem(key.id) + ".pem"));
        if (!free) return free.error();
    }
    const std::optional<Digest> by = request.consenting_key();
    // The key that consents first: a hub that looks into its folder between two files finds it
    // there.
    std::vector<RequestedKey> keys = request.keys;
    std::stable_partition(keys.begin(), keys.end(),
                          [&by](const RequestedKey& key) { return by == key.public_key_digest; });
    std::vector<AnsweredKey> answered;
    for (const RequestedKey& key : keys) {
        Checked<crypto::Certificate> certificate =
            key.certificate ? Checked<crypto::Certificate>(*key.certificate)
                            : authority.certify({key.id, key.public_key, order.days}, now);
        if (!certificate) return certificate.error();
        const bool consents = by == key.public_key_digest;
        const Checked<void> put =
            put_enrolled(enrolled, *certificate, consents ? std::nullopt : request.consent);
        if (!put) return put.error();
        answered.push_back({key.id, *certificate, std::nullopt});
        if (key.certificate) continue;
        const path file = order.out / (file_stem(key.id) + ".pem");
        const Checked<void> written =
            create_new(file, authority.certificate_file(*certificate), kReadable);
        if (!written) return written.error();
        answered.back().file = file;
    }
    for (const path& file : {authority.trust_file(), authority.log_verifier_key_file()}) {
        const Checked<void> passed = pass_on(order.out, file);
        if (!passed) return passed.error();
    }
    return answered;
}

}  // namespace tongbao::client
