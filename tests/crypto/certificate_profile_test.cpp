#include "crypto/certificate_profile.hpp"

#include "tests/support/odd_certificate.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

TEST_SUITE("certificate profile") {
    struct Profile {
        TestPki pki{};
        OddCertificate odd{};

        Result<void> verdict() const {
            const Certificate certificate = odd.issue(pki.issuing());
            // Whatever the profile refuses the trust store refuses for the same reason.
            const Result<void> profile = check_profile(certificate);
            const TrustStore store = pki.trust_store();
            if (!profile && certificate.spiffe()) {
                CHECK(store.check(certificate, certificate.spiffe()->use, pki.now()).error() ==
                      profile.error());
            }
            return profile;
        }
    };

    TEST_CASE_FIXTURE(Profile, "a certificate without a deviation passes") {
        CHECK(verdict().has_value());
        odd.basic_constraints = "";
        CHECK(verdict().has_value());
    }

    TEST_CASE_FIXTURE(Profile, "missing or foreign or further extended key usages are refused") {
        for (const char* usages :
             {"", "anyExtendedKeyUsage", "1.3.6.1.5.5.7.3.36", "emailProtection",
              "1.3.6.1.5.5.7.3.36,emailProtection,anyExtendedKeyUsage",
              "1.3.6.1.5.5.7.3.36,emailProtection,clientAuth", "1.3.6.1.5.5.7.3.36,clientAuth",
              "emailProtection,emailProtection"}) {
            CAPTURE(usages);
            odd.extended_key_usage = usages;
            CHECK(verdict().error() == Errc::certificate_wrong_use);
        }
        odd.extended_key_usage = "emailProtection,1.3.6.1.5.5.7.3.36";
        CHECK(verdict().has_value());
    }

    TEST_CASE_FIXTURE(Profile, "missing or foreign or further key usages are refused") {
        for (const char* usages :
             {"", "digitalSignature", "nonRepudiation",
              "digitalSignature,nonRepudiation,keyAgreement",
              "digitalSignature,nonRepudiation,keyCertSign", "keyEncipherment"}) {
            CAPTURE(usages);
            odd.key_usage = usages;
            CHECK(verdict().error() == Errc::certificate_wrong_use);
        }
    }

    TEST_CASE_FIXTURE(Profile, "a certification authority is no leaf") {
        odd.basic_constraints = "critical,CA:TRUE";
        CHECK(verdict().error() == Errc::certificate_wrong_use);
        CHECK(check_profile(pki.issuing().certificate()).error() == Errc::certificate_wrong_name);
    }

    TEST_CASE_FIXTURE(Profile, "names other than one SPIFFE URI are refused") {
        for (const char* names :
             {"", "DNS:a.example", "URI:https://test.example/unit/hsa/sign",
              "URI:spiffe://test.example/unit/hsa/sign,URI:spiffe://test.example/unit/psd/sign",
              "URI:spiffe://test.example/unit/hsa/sign,URI:https://a.example/",
              "URI:spiffe://test.example/unit/hsa/sign,DNS:a.example",
              "URI:spiffe://test.example/unit/hsa/sign,IP:127.0.0.1",
              "URI:spiffe://test.example/unit/hsa/sign,email:a@a.example",
              "URI:spiffe://test.example/unit/hsa/sign/",
              "URI:spiffe://Test.example/unit/hsa/sign"}) {
            CAPTURE(names);
            odd.names = names;
            CHECK(verdict().error() == Errc::certificate_wrong_name);
        }
    }

    TEST_CASE_FIXTURE(Profile, "the hub has a host name or address and no other kind of name") {
        odd.key_usage = "digitalSignature";
        odd.extended_key_usage = "serverAuth";
        const std::string uri = "URI:spiffe://test.example/hub";
        for (const char* more : {",DNS:hub.example", ",IP:127.0.0.1", ",DNS:hub.example,IP:::1"}) {
            odd.names = uri + more;
            CHECK(verdict().has_value());
        }
        for (const char* more : {"", ",email:a@a.example", ",DNS:hub.example,RID:1.2.3"}) {
            odd.names = uri + more;
            CHECK(verdict().error() == Errc::certificate_wrong_name);
        }
    }

    TEST_CASE_FIXTURE(Profile, "version 1 is refused") {
        // X509_verify_cert accepts it. Without extensions it has no name at all.
        odd.version = 0;
        odd.names = odd.basic_constraints = odd.key_usage = odd.extended_key_usage = "";
        CHECK(verdict().error() == Errc::certificate_wrong_name);
    }

    TEST_CASE_FIXTURE(Profile,
                      "serial numbers of zero or below or of more than 20 octets are refused") {
        // 2^159 - 1 is the largest number of 20 octets, 2^159 the smallest of 21.
        for (const char* serial :
             {"0", "-1", "-4660", "730750818665451459101842416358141509827966271488",
              "1461501637330902918203684832716283019655932542976"}) {
            CAPTURE(serial);
            odd.serial = serial;
            CHECK(verdict().error() == Errc::bad_certificate);
        }
        for (const char* serial :
             {"1", "128", "730750818665451459101842416358141509827966271487"}) {
            CAPTURE(serial);
            odd.serial = serial;
            CHECK(verdict().has_value());
        }
    }

    TEST_CASE_FIXTURE(Profile, "keys other than P-256 in its one encoding are refused") {
        for (const char* curve : {"RSA", "P-384", "P-521", "secp256k1"}) {
            CAPTURE(curve);
            odd.curve = curve;
            CHECK(verdict().error() == Errc::bad_certificate);
        }
        odd = OddCertificate{};
        odd.compressed_point = true;
        CHECK(verdict().error() == Errc::bad_certificate);
    }

    TEST_CASE_FIXTURE(Profile, "a signature by another digest is refused") {
        for (const char* digest : {"SHA384", "SHA512"}) {
            odd.digest = digest;
            CHECK(verdict().error() == Errc::bad_certificate);
        }
    }

    TEST_CASE_FIXTURE(Profile, "a certificate issued to its issuer is refused") {
        odd.self_issued = true;
        CHECK(verdict().error() == Errc::bad_certificate);
    }
}
