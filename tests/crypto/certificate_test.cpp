#include "crypto/certificate.hpp"

#include "tests/crypto/statement_data.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

TEST_SUITE("certificate") {
    TEST_CASE("what a certificate says is read as the openssl command line reads it") {
        const Certificate certificate = statement_signer_certificate();
        // openssl x509 -outform DER | sha256sum; -pubkey | openssl pkey -pubin -outform DER |
        // sha256sum; -subject -nameopt RFC2253; -dates; -serial; -ext subjectKeyIdentifier
        CHECK(certificate.digest().hex() ==
              "6ad867041cd9926f332e2a7c85b42d2a978156e9c47c050228428470ba1e9671");
        CHECK(certificate.public_key_digest().hex() ==
              "6870ac916fa11e1feb00213db6026e804aa58c5739610d4d9fcbce5686490975");
        CHECK(certificate.subject() == "CN=hsa sign,O=Test vectors");
        CHECK(format_utc(certificate.not_before()) == "2026-11-22T05:31:32.000Z");
        CHECK(format_utc(certificate.not_after()) == "2036-11-19T05:31:32.000Z");
        CHECK(certificate.serial() == "1003");
        CHECK(to_hex(certificate.subject_key_id()) == "d5a4a5bfa50d6d66299e2873dd7f583c50cd4ec7");
        REQUIRE(certificate.spiffe().has_value());
        CHECK(format_spiffe_id(*certificate.spiffe()) ==
              "spiffe://guangdong-2020.example/unit/hsa/sign");
        CHECK(certificate.pem() == statement_data("signer.pem"));
        CHECK(*Certificate::from_der(certificate.der()) == certificate);
    }

    TEST_CASE("a certification authority has no SPIFFE id") {
        const Certificate root = *Certificate::from_pem(statement_data("root.pem"));
        CHECK(root.spiffe().error() == Errc::certificate_wrong_name);
    }

    TEST_CASE("exactly one certificate is read") {
        const std::string pem = statement_data("signer.pem");
        const std::string root = statement_data("root.pem");
        CHECK(Certificate::from_pem("a note before\n" + pem + "and after\n").has_value());
        for (const std::string& text :
             {std::string(), std::string("none"), pem + root, pem + statement_data("issuing.crl"),
              statement_data("signer.key"), pem.substr(0, pem.size() - 30),
              pem.substr(0, 100) + "!" + pem.substr(101)}) {
            CHECK(Certificate::from_pem(text).error() == Errc::bad_certificate);
        }
        CHECK(read_certificates(pem + root)->size() == 2);
        CHECK(read_certificates("").error() == Errc::bad_certificate);
        CHECK(read_certificates(pem + statement_data("issuing.crl")).error() ==
              Errc::bad_certificate);
    }

    TEST_CASE("bytes that are cut or have something after them or are not DER are refused") {
        const Certificate certificate = statement_signer_certificate();
        const Bytes der = to_bytes(certificate.der());
        for (std::size_t size = 0; size < der.size(); ++size) {
            REQUIRE(Certificate::from_der(BytesView(der).first(size)).error() ==
                    Errc::bad_certificate);
        }
        Bytes longer = der;
        longer.push_back(0);
        CHECK(Certificate::from_der(longer).error() == Errc::bad_certificate);
        // The outer length in BER's indefinite form.
        REQUIRE(der[1] == 0x82);
        Bytes indefinite{0x30, 0x80};
        indefinite.insert(indefinite.end(), der.begin() + 4, der.end());
        indefinite.insert(indefinite.end(), {0, 0});
        CHECK(Certificate::from_der(indefinite).error() == Errc::bad_certificate);
        CHECK(Certificate::from_der(Bytes(100'000)).error() == Errc::bad_certificate);
    }
}
