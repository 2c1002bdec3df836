#include "crypto/certificate_authority.hpp"

#include "crypto/certificate_profile.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;
using std::chrono::days;

TEST_SUITE("certificate authority") {
    TEST_CASE("every certificate that it issues has the form of its use") {
        const TestPki pki;
        for (const Certificate& certificate :
             {pki.hub().certificate, pki.daemon("hsa").certificate, pki.sign("hsa").certificate,
              pki.post("hsa", "convener").certificate, pki.encrypt("hsa").certificate,
              pki.auditor("auditor-1").certificate,
              // 990000 is no division: no province's code begins with 99.
              pki.sign("local.990000." + std::string(63, 'a')).certificate}) {
            CAPTURE(certificate.subject());
            CHECK(check_profile(certificate).has_value());
        }
    }

    TEST_CASE("serial numbers are 16 octets and no two are equal") {
        const TestPki pki;
        std::set<std::string> serials;
        for (int i = 0; i < 20; ++i) {
            const Certificate certificate = pki.sign("hsa").certificate;
            CHECK(certificate.serial().size() == 32);
            serials.insert(certificate.serial());
        }
        CHECK(serials.size() == 20);
    }

    TEST_CASE("names that do not fit the use are refused") {
        const TestPki pki;
        const SigningKey key = *SigningKey::generate();
        CertificateRequest request{hub_id(pki.trust_domain()), pki.validity(), key.public_der()};
        CHECK(pki.issuing().issue(request).error() == Errc::certificate_wrong_name);
        for (const std::string& dns :
             {std::string(), std::string("*.example"), std::string("Hub.example"),
              std::string("hub..example"), std::string(".example"), std::string("example."),
              std::string("-a.example"), std::string("a-.example"), std::string("a b"),
              std::string("hub\0.example", 12), std::string(254, 'a')}) {
            CAPTURE(dns);
            request.dns_names = {dns};
            CHECK(pki.issuing().issue(request).error() == Errc::certificate_wrong_name);
        }
        request.dns_names = {"hub.example", "localhost"};
        CHECK(pki.issuing().issue(request).has_value());
        for (const char* const ip : {"", "localhost", "127.0.0", "127.0.0.256", "::g"}) {
            CAPTURE(ip);
            request.ip_addresses = {ip};
            CHECK(pki.issuing().issue(request).error() == Errc::certificate_wrong_name);
        }
        request.ip_addresses = {"192.0.2.1", "2001:db8::1"};
        CHECK(pki.issuing().issue(request).has_value());
        request.id = daemon_id(pki.trust_domain(), UnitId("hsa"));
        CHECK(pki.issuing().issue(request).error() == Errc::certificate_wrong_name);
    }

    TEST_CASE("an empty validity and a key that is none are refused") {
        const TestPki pki;
        const SigningKey key = *SigningKey::generate();
        const SpiffeId id = sign_id(pki.trust_domain(), UnitId("hsa"));
        const UtcTime now = pki.now();
        CHECK(pki.issuing().issue({id, {now, now}, key.public_der()}).error() == Errc::bad_time);
        CHECK(pki.issuing()
                  .issue({id, {now, now + std::chrono::milliseconds(999)}, key.public_der()})
                  .error() == Errc::bad_time);
        Bytes cut = key.public_der();
        cut.pop_back();
        CHECK(pki.issuing().issue({id, pki.validity(), cut}).error() == Errc::bad_key);
        Bytes longer = key.public_der();
        longer.push_back(0);
        CHECK(pki.issuing().issue({id, pki.validity(), longer}).error() == Errc::bad_key);
        CHECK(CertificateAuthority::make_root(pki.trust_domain(), {now, now}).error() ==
              Errc::bad_time);
    }

    TEST_CASE("only a root makes issuing authorities") {
        const TestPki pki;
        CHECK(pki.issuing().make_issuing(pki.trust_domain(), pki.validity()).error() ==
              Errc::certificate_wrong_use);
    }

    TEST_CASE("an authority is loaded from its certificate and its own key") {
        const TestPki pki;
        const SecretBytes pem = *pki.issuing().key().private_pem();
        const auto loaded = CertificateAuthority::load(pki.issuing().certificate(),
                                                       *SigningKey::from_pem(pem.text()));
        REQUIRE(loaded.has_value());
        const SigningKey key = *SigningKey::generate();
        const Certificate issued = *loaded->issue(
            {sign_id(pki.trust_domain(), UnitId("hsa")), pki.validity(), key.public_der()});
        CHECK(pki.trust_store().check(issued, CertificateUse::sign, pki.now()).has_value());
        CHECK(
            CertificateAuthority::load(pki.root().certificate(), *SigningKey::from_pem(pem.text()))
                .error() == Errc::bad_key);
    }

    TEST_CASE("a list with a serial that is none or that is never in force is refused") {
        const TestPki pki;
        const UtcTime now = pki.now();
        for (const char* const serial : {"", "1", "-01", "AB", "xy"}) {
            const Revocation revocation{serial, now, RevocationReason::unspecified};
            CHECK(pki.issuing()
                      .revocation_list(std::span(&revocation, 1), 1, now, now + days(1))
                      .error() == Errc::bad_encoding);
        }
        CHECK(pki.issuing().revocation_list({}, 1, now, now).error() == Errc::bad_time);
    }
}
