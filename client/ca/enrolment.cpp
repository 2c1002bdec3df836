#include "client/ca/enrolment.hpp"

#include "client/ca/authority_files.hpp"
#include "client/ca/enrolled_files.hpp"
#include "crypto/certification_request.hpp"
#include "crypto/key_consent.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using std::filesystem::path;

/// A new key and the place that it gets.
struct NewKey {
    SpiffeId id;
    crypto::SigningKey key;
    path file;
};

Checked<void> check_order(const EnrolmentOrder& order) {
    const std::size_t count = order.make.size() + order.certificates.size();
    if (count == 0 || count > crypto::kMaxConsentedKeys) {
        return Reason{Errc::bad_argument, "", "a request is for 1 to 32 keys"};
    }
    for (const crypto::Certificate& certificate : order.certificates) {
        const Result<SpiffeId>& id = certificate.spiffe();
        if (!id || id->unit != order.unit || id->trust_domain != order.trust_domain) {
            return Reason{Errc::certificate_wrong_name, certificate.subject(),
                          "this certificate is not of the unit " + order.unit.value() + " in " +
                              order.trust_domain.value()};
        }
    }
    return {};
}

Checked<void> check_consenter(const EnrolmentOrder& order, const Consenter& previous) {
    const Result<SpiffeId>& id = previous.certificate.spiffe();
    if (id && *id == sign_id(order.trust_domain, order.unit) &&
        previous.certificate.public_key_digest() == previous.key.public_digest()) {
        return {};
    }
    return Reason{Errc::wrong_signer, previous.certificate.subject(),
                  "who consents is the unit's present sign key, with its own certificate"};
}

Checked<std::vector<NewKey>> make_keys(const EnrolmentOrder& order) {
    std::error_code error;
    std::filesystem::create_directories(order.folder, error);
    if (error) return file_reason(Errc::storage_failure, order.folder, kWriteCure);
    std::vector<path> files{request_file(order.folder)};
    for (const SpiffeId& id : order.make) files.push_back(order.folder / (file_stem(id) + ".key"));
    for (const path& file : files) {
        const Checked<void> free = check_new_file(file);
        if (!free) return free.error();
    }
    std::vector<NewKey> keys;
    for (std::size_t i = 0; i < order.make.size(); ++i) {
        Result<crypto::SigningKey> key = crypto::SigningKey::generate();
        if (!key) return file_reason(key.error(), files[i + 1], "");
        keys.push_back({order.make[i], *std::move(key), files[i + 1]});
    }
    return keys;
}

const crypto::SigningKey* consenting_key(const std::vector<NewKey>& keys,
                                         const std::optional<Consenter>& previous) {
    if (previous) return &previous->key;
    const auto sign = std::find_if(keys.begin(), keys.end(), [](const NewKey& each) {
        return each.id.use == CertificateUse::sign;
    });
    return sign == keys.end() ? nullptr : &sign->key;
}

Checked<EnrolmentRequest> make_request(const EnrolmentOrder& order, const std::vector<NewKey>& keys,
                                       const crypto::SigningKey& by, UtcTime now) {
    EnrolmentRequest request{order.trust_domain, order.unit, {}, std::nullopt};
    for (const NewKey& each : keys) {
        Result<std::string> pem = crypto::make_certification_request(each.key, each.id);
        if (!pem) return file_reason(pem.error(), each.file, "");
        request.keys.push_back({each.id, each.key.public_der(), each.key.public_digest(),
                                *std::move(pem), std::nullopt});
    }
    for (const crypto::Certificate& each : order.certificates) {
        request.keys.push_back(
            {*each.spiffe(), to_bytes(each.public_key_der()), each.public_key_digest(), "", each});
    }
    crypto::KeyConsent consent{
        log_origin(order.trust_domain), order.unit, by.public_digest(), now, {}};
    for (const RequestedKey& key : request.keys) {
        if (key.public_key_digest == by.public_digest()) continue;
        consent.keys.push_back({key.id, key.public_key_digest});
    }
    if (consent.keys.empty()) return request;
    Result<SignedConsent> consented = crypto::sign_key_consent(consent, by);
    if (!consented) return file_reason(consented.error(), request_file(order.folder), "");
    request.consent = *std::move(consented);
    return request;
}

}  // namespace

path request_file(const path& folder) {
    return folder / "request.json";
}

std::string file_stem(const SpiffeId& id) {
    return id.post ? "post-" + id.post->value() : std::string(use_name(id.use));
}

Checked<EnrolmentRequest> enrol(const EnrolmentOrder& order,
                                const std::optional<Consenter>& previous, UtcTime now,
                                const crypto::SecretBytes* passphrase) {
    const Checked<void> good = check_order(order);
    if (!good) return good.error();
    if (previous) {
        const Checked<void> fits = check_consenter(order, *previous);
        if (!fits) return fits.error();
    }
    const Checked<std::vector<NewKey>> keys = make_keys(order);
    if (!keys) return keys.error();
    const crypto::SigningKey* const by = consenting_key(*keys, previous);
    if (by == nullptr) {
        return Reason{Errc::consent_missing, order.unit.value(),
                      "name the unit's sign key with --with and --with-key, or let a first one be "
                      "made (--use sign)"};
    }
    Checked<EnrolmentRequest> request = make_request(order, *keys, *by, now);
    if (!request) return request.error();
    for (const NewKey& each : *keys) {
        const Checked<void> written = create_key_file(each.file, each.key, passphrase);
        if (!written) return written.error();
    }
    // If we stop here, there are keys that nobody asked a certificate for: harmless, and the next
    // try is told that they are there.
    const Checked<void> written = create_new(request_file(order.folder),
                                             format_enrolment_request(*request) + '\n', kReadable);
    if (!written) return written.error();
    return request;
}

}  // namespace tongbao::client
