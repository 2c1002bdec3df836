#include "tests/support/test_pki.hpp"

#include "crypto/key_consent.hpp"
#include "tests/support/must.hpp"

#include <utility>

namespace tongbao::testing {
namespace {

using std::chrono::days;

}  // namespace

std::string TestHolder::chain_pem() const {
    std::string text;
    for (const crypto::Certificate& each : chain) text += each.pem();
    return text;
}

std::string TestHolder::key_pem() const {
    return std::string(must(key.private_pem()).text());
}

TestPki::TestPki(std::string_view trust_domain, UtcTime now)
    : trust_domain_(must(parse_trust_domain(trust_domain))),
      now_(now),
      lists_end_(now + days(30)),
      root_(must(crypto::CertificateAuthority::make_root(trust_domain_, validity()))),
      issuing_(must(root_.make_issuing(trust_domain_, validity()))) {}

crypto::Validity TestPki::validity() const {
    return {now_ - days(1), now_ + days(365)};
}

TestHolder TestPki::holder(const SpiffeId& id, const crypto::Validity& validity) const {
    crypto::SigningKey key = must(crypto::SigningKey::generate());
    crypto::CertificateRequest request{id, validity, key.public_der()};
    if (id.use == CertificateUse::hub) {
        request.dns_names = {"localhost"};
        request.ip_addresses = {"127.0.0.1", "::1"};
    }
    const crypto::Certificate certificate = must(issuing_.issue(request));
    return {std::move(key), certificate, {certificate, issuing_.certificate()}};
}

TestHolder TestPki::hub() const {
    return holder(hub_id(trust_domain_), validity());
}

TestHolder TestPki::daemon(std::string_view unit) const {
    return holder(daemon_id(trust_domain_, must(parse_unit_id(unit))), validity());
}

TestHolder TestPki::sign(std::string_view unit) const {
    return holder(sign_id(trust_domain_, must(parse_unit_id(unit))), validity());
}

TestHolder TestPki::post(std::string_view unit, std::string_view post) const {
    return holder(
        post_id(trust_domain_, must(parse_unit_id(unit)), PostId(must(parse_identifier(post)))),
        validity());
}

TestHolder TestPki::encrypt(std::string_view unit) const {
    return holder(encrypt_id(trust_domain_, must(parse_unit_id(unit))), validity());
}

TestHolder TestPki::auditor(std::string_view name) const {
    return holder(auditor_id(trust_domain_, must(parse_auditor_name(name))), validity());
}

crypto::StatementSigner TestPki::signer(std::string_view unit) const {
    TestHolder holder = sign(unit);
    return must(crypto::StatementSigner::make(std::move(holder.key), holder.certificate));
}

SignedConsent TestPki::consent(const crypto::SigningKey& by,
                               const crypto::Certificate& certificate) const {
    const SpiffeId id = must(certificate.spiffe());
    const crypto::KeyConsent said{LogOrigin("hub." + trust_domain_.value() + "/log"),
                                  id.unit.value(),
                                  by.public_digest(),
                                  now_,
                                  {{id, certificate.public_key_digest()}}};
    return must(crypto::sign_key_consent(said, by));
}

void TestPki::revoke(const crypto::Certificate& certificate,
                     std::optional<UtcTime> compromised_since) {
    std::erase_if(revoked_, [&certificate](const crypto::Revocation& each) {
        return each.serial == certificate.serial();
    });
    revoked_.push_back({certificate.serial(), now_ - days(1),
                        crypto::RevocationReason::key_compromise, compromised_since});
}

std::string TestPki::trust_pem() const {
    const UtcTime begin = now_ - days(1);
    const UtcTime end = lists_end_;
    return issuing_.certificate().pem() + root_.certificate().pem() +
           must(issuing_.revocation_list(revoked_, 1 + revoked_.size(), begin, end)) +
           must(root_.revocation_list({}, 1, begin, end));
}

crypto::TrustStore TestPki::trust_store() const {
    return must(crypto::TrustStore::from_pem(trust_domain_, trust_pem()));
}

}  // namespace tongbao::testing
