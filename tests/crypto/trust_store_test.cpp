#include "crypto/trust_store.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/pem.hpp"
#include "tests/support/command.hpp"
#include "tests/support/odd_certificate.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <thread>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

/// A revocation list of `issuer` that never says when the next one comes, signed by `key`.
std::string endless_list(const Certificate& issuer, const SigningKey& key, UtcTime from) {
    const X509CrlHandle list(X509_CRL_new());
    const Asn1TimeHandle since = make_asn1_time(from);
    REQUIRE(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
    REQUIRE(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.native())) == 1);
    REQUIRE(X509_CRL_set1_lastUpdate(list.get(), since.get()) == 1);
    REQUIRE(X509_CRL_sign(list.get(), key.native(), EVP_sha256()) > 0);
    unsigned char* der = nullptr;
    const int size = i2d_X509_CRL(list.get(), &der);
    REQUIRE(size > 0);
    const OpensslBufferHandle owned(der);
    return write_pem("X509 CRL", BytesView(der, static_cast<std::size_t>(size)));
}

}  // namespace

TEST_SUITE("trust store") {
    struct Trust {
        TestPki pki{};
        TrustStore store = pki.trust_store();
        UtcTime now = pki.now();
    };

    TEST_CASE_FIXTURE(Trust, "a certificate of each use is accepted for that use and no other") {
        const std::vector<std::pair<CertificateUse, Certificate>> all{
            {CertificateUse::hub, pki.hub().certificate},
            {CertificateUse::daemon, pki.daemon("hsa").certificate},
            {CertificateUse::sign, pki.sign("hsa").certificate},
            {CertificateUse::post, pki.post("hsa", "convener").certificate},
            {CertificateUse::encrypt, pki.encrypt("hsa").certificate},
            {CertificateUse::log_auditor, pki.auditor("auditor-1").certificate}};
        for (const auto& [use, certificate] : all) {
            for (const auto& [expected, ignored] : all) {
                const Result<void> checked = store.check(certificate, expected, now);
                if (use == expected) {
                    CHECK(checked.has_value());
                } else {
                    CHECK(checked.error() == Errc::certificate_wrong_use);
                }
            }
        }
    }

    TEST_CASE_FIXTURE(Trust, "the good odd certificate is accepted so that each change counts") {
        const Certificate certificate = OddCertificate{}.issue(pki.issuing());
        CHECK(store.check(certificate, CertificateUse::sign, now).has_value());
    }

    TEST_CASE_FIXTURE(Trust, "a certificate counts from its first moment up to its last") {
        const Validity validity{now + 10h, now + 20h};
        const Certificate certificate =
            pki.holder(sign_id(pki.trust_domain(), UnitId("hsa")), validity).certificate;
        const auto at = [&](UtcTime time) {
            return store.check(certificate, CertificateUse::sign, time);
        };
        CHECK(at(now + 10h - 1ms).error() == Errc::certificate_not_yet_valid);
        CHECK(at(now + 10h).has_value());
        CHECK(at(now + 15h).has_value());
        CHECK(at(now + 20h - 1ms).has_value());
        CHECK(at(now + 20h).error() == Errc::certificate_expired);
        // Also after a good verdict was remembered.
        CHECK(at(now).error() == Errc::certificate_not_yet_valid);
        CHECK(at(now + days(29)).error() == Errc::certificate_expired);
    }

    TEST_CASE_FIXTURE(Trust, "a revoked certificate is refused by lists and left to the register") {
        const Certificate revoked = pki.daemon("hsa").certificate;
        const Certificate other = pki.daemon("hsa").certificate;
        pki.revoke(revoked);
        const TrustStore after = pki.trust_store();
        CHECK(store.check(revoked, CertificateUse::daemon, now).has_value());
        CHECK(after.check(revoked, CertificateUse::daemon, now).error() ==
              Errc::certificate_revoked);
        CHECK(after.check(other, CertificateUse::daemon, now).has_value());
        CHECK(after.check(revoked, CertificateUse::daemon, now, RevocationCheck::by_register)
                  .has_value());
        // The verdict that asked nobody does not stand in for the one that asks the lists.
        CHECK(after.check(revoked, CertificateUse::daemon, now).error() ==
              Errc::certificate_revoked);
    }

    TEST_CASE_FIXTURE(Trust, "a list that is missing or out of date or early is not passed over") {
        const Certificate certificate = pki.daemon("hsa").certificate;
        const std::string authorities =
            pki.issuing().certificate().pem() + pki.root().certificate().pem();
        const auto list = [&](const CertificateAuthority& authority, UtcTime from, UtcTime to) {
            return *authority.revocation_list({}, 1, from, to);
        };
        const std::string root_list = list(pki.root(), now - 1h, now + days(90));
        const auto verdict = [&](const std::string& lists, UtcTime at) {
            const Result<TrustStore> other =
                TrustStore::from_pem(pki.trust_domain(), authorities + lists);
            REQUIRE(other.has_value());
            return other->check(certificate, CertificateUse::daemon, at);
        };
        CHECK(verdict("", now).error() == Errc::crl_unusable);
        CHECK(verdict(root_list, now).error() == Errc::crl_unusable);
        CHECK(verdict(list(pki.issuing(), now - 1h, now + 1h), now).error() == Errc::crl_unusable);
        CHECK(verdict(root_list + list(pki.issuing(), now - 1h, now + 1h), now).has_value());
        CHECK(verdict(root_list + list(pki.issuing(), now - 2h, now - 1h), now).error() ==
              Errc::crl_unusable);
        CHECK(verdict(root_list + list(pki.issuing(), now + 1h, now + 2h), now).error() ==
              Errc::crl_unusable);
        const TestHolder other = pki.sign("hsa");
        CHECK(TrustStore::from_pem(pki.trust_domain(),
                                   authorities + root_list +
                                       endless_list(pki.issuing().certificate(), other.key, now))
                  .error() == Errc::crl_unusable);
        // A list of the same name by another key.
        const TestPki foreign;
        CHECK(verdict(root_list + list(foreign.issuing(), now - 1h, now + 1h), now).error() ==
              Errc::crl_unusable);
    }

    TEST_CASE_FIXTURE(Trust, "a remembered verdict ends with the list and with a list to come") {
        const Certificate certificate = pki.daemon("hsa").certificate;
        const Revocation revocation{certificate.serial(), now + 2h, RevocationReason::superseded};
        const std::string pem =
            pki.issuing().certificate().pem() + pki.root().certificate().pem() +
            *pki.root().revocation_list({}, 1, now - 1h, now + days(90)) +
            *pki.issuing().revocation_list({}, 1, now - 1h, now + 4h) +
            *pki.issuing().revocation_list(std::span(&revocation, 1), 2, now + 2h, now + 6h);
        const Result<TrustStore> other = TrustStore::from_pem(pki.trust_domain(), pem);
        REQUIRE(other.has_value());
        const auto at = [&](UtcTime time) {
            return other->check(certificate, CertificateUse::daemon, time);
        };
        CHECK(at(now).has_value());
        CHECK(at(now + 1h).has_value());
        CHECK(at(now + 3h).error() == Errc::certificate_revoked);
        CHECK(at(now + 7h).error() == Errc::crl_unusable);
    }

    TEST_CASE_FIXTURE(Trust, "another root or another trust domain is refused") {
        const TestPki foreign("test.example");
        CHECK(store.check(foreign.daemon("hsa").certificate, CertificateUse::daemon, now).error() ==
              Errc::certificate_untrusted);
        const SpiffeId stranger = daemon_id(TrustDomain("other.example"), UnitId("hsa"));
        const Certificate certificate = pki.holder(stranger, pki.validity()).certificate;
        CHECK(store.check(certificate, CertificateUse::daemon, now).error() ==
              Errc::certificate_wrong_name);
    }

    TEST_CASE_FIXTURE(Trust, "a certificate whose signature has a flipped bit is refused") {
        Bytes der = to_bytes(pki.daemon("hsa").certificate.der());
        der.back() ^= 1;
        const Result<Certificate> altered = Certificate::from_der(der);
        if (!altered) return;  // the bit broke the form of the signature
        CHECK(store.check(*altered, CertificateUse::daemon, now).error() ==
              Errc::certificate_untrusted);
    }

    TEST_CASE_FIXTURE(Trust, "a holder of a certificate can't issue another") {
        const TestHolder holder = pki.sign("hsa");
        CHECK(
            CertificateAuthority::load(holder.certificate, *SigningKey::from_pem(holder.key_pem()))
                .error() == Errc::certificate_wrong_use);
    }

    TEST_CASE_FIXTURE(Trust, "a trust file without a root or with something else is refused") {
        const auto read = [&](const std::string& pem) {
            return TrustStore::from_pem(pki.trust_domain(), pem);
        };
        CHECK(read("").error() == Errc::bad_certificate);
        CHECK(read(pki.issuing().certificate().pem()).error() == Errc::bad_certificate);
        CHECK(read(pki.root().certificate().pem() + pki.sign("hsa").certificate.pem()).error() ==
              Errc::bad_certificate);
        CHECK(read(pki.root().certificate().pem() + pki.sign("hsa").key_pem()).error() ==
              Errc::bad_certificate);
        const std::string all = pki.trust_pem();
        CHECK(read(all.substr(0, all.size() - 40)).error() == Errc::bad_certificate);
        CHECK(read(pki.root().certificate().pem() +
                   "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")
                  .error() == Errc::crl_unusable);
        CHECK(read(all).has_value());
    }

    TEST_CASE_FIXTURE(Trust, "threads may ask at once") {
        const Certificate good = pki.daemon("hsa").certificate;
        const Certificate bad = TestPki().daemon("hsa").certificate;
        std::vector<std::thread> threads;
        std::vector<int> right(4);
        for (int& count : right) {
            threads.emplace_back([&] {
                for (int i = 0; i < 50; ++i) {
                    const bool good_passes =
                        store.check(good, CertificateUse::daemon, now).has_value();
                    const bool bad_fails =
                        store.check(bad, CertificateUse::daemon, now).has_error();
                    count += good_passes && bad_fails ? 1 : 0;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        for (const int count : right) CHECK(count == 50);
    }

    TEST_CASE("a list says since when a key is compromised and openssl reads it too") {
        TestPki pki;
        const Certificate lost = pki.sign("hsa").certificate;
        const Certificate plain = pki.sign("psd").certificate;
        const Certificate good = pki.sign("police").certificate;
        // 2025-12-31T21:00:00Z
        const UtcTime since = pki.now() - std::chrono::hours(3);
        pki.revoke(lost, since);
        pki.revoke(plain);
        const TrustStore store = pki.trust_store();
        REQUIRE(store.revocation_of(lost).has_value());
        CHECK(store.revocation_of(lost)->compromised_since == since);
        CHECK(store.revocation_of(lost)->time == pki.now() - days(1));
        REQUIRE(store.revocation_of(plain).has_value());
        CHECK_FALSE(store.revocation_of(plain)->compromised_since.has_value());
        CHECK_FALSE(store.revocation_of(good).has_value());
        CHECK(store.check(lost, CertificateUse::sign, pki.now()).error() ==
              Errc::certificate_revoked);

        const TestDirectory directory("trust-store-invalidity");
        directory.write("trust.pem", pki.trust_pem());
        const std::string text = directory.run("openssl crl -in trust.pem -noout -text").output;
        CHECK(text.find("Invalidity Date: \n                Dec 31 21:00:00 2025 GMT") !=
              std::string::npos);
    }

    TEST_CASE("a list that the issuer has not signed names nobody") {
        TestPki pki;
        const Certificate certificate = pki.sign("hsa").certificate;
        const std::string good = pki.trust_pem();
        const Revocation line{certificate.serial(), pki.now(), RevocationReason::unspecified};
        const std::string list =
            *pki.issuing().revocation_list(std::span(&line, 1), 7, pki.now(), pki.now() + days(1));
        CHECK(TrustStore::from_pem(pki.trust_domain(), good + list)
                  ->revocation_of(certificate)
                  .has_value());
        Bytes forged = read_pem(list)->front().data;
        forged.back() ^= 1;
        const TrustStore store =
            *TrustStore::from_pem(pki.trust_domain(), good + write_pem("X509 CRL", forged));
        CHECK_FALSE(store.revocation_of(certificate).has_value());

        // Nor does another authority's list, whatever number it names.
        const TestPki other;
        const std::string foreign = *other.issuing().revocation_list(
            std::span(&line, 1), 7, pki.now(), pki.now() + days(1));
        CHECK_FALSE(TrustStore::from_pem(pki.trust_domain(), good + other.trust_pem() + foreign)
                        ->revocation_of(certificate)
                        .has_value());
    }
}
