#include "crypto/certification_request.hpp"

#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using tongbao::testing::TestDirectory;

namespace {

const SpiffeId kSeal = sign_id(TrustDomain("test.example"), UnitId("police"));
constexpr const char* kEcKey = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

/// A request that the openssl command makes of `key`, a file.
std::string made_by_openssl(const TestDirectory& directory, const std::string& names,
                            const std::string& more = "") {
    const auto made =
        directory.run("openssl req -new -key key -subj /CN=police -out request" +
                      (names.empty() ? "" : " -addext subjectAltName=" + names) + more);
    REQUIRE_MESSAGE(made.exit_code == 0, made.output);
    return directory.read("request");
}

}  // namespace

TEST_SUITE("certification request") {
    TEST_CASE("what we make the openssl command verifies and reads") {
        const TestDirectory directory("csr-ours");
        const SigningKey key = *SigningKey::generate();
        directory.write("request", make_certification_request(key, kSeal).value());
        const auto verified =
            directory.run("openssl req -in request -noout -verify -text -nameopt RFC2253");
        CHECK(verified.exit_code == 0);
        CHECK(verified.output.find("URI:spiffe://test.example/unit/police/sign") !=
              std::string::npos);
        CHECK(verified.output.find("CN=police sign,O=test.example") != std::string::npos);
        CHECK(verified.output.find("ecdsa-with-SHA256") != std::string::npos);
        const Result<CertificationRequest> read =
            read_certification_request(directory.read("request"));
        REQUIRE(read.has_value());
        CHECK(read->id == kSeal);
        CHECK(read->public_key == key.public_der());
        CHECK(read->public_key_digest == key.public_digest());
    }

    TEST_CASE("what the openssl command makes is read whatever else it asks for") {
        const TestDirectory directory("csr-theirs");
        REQUIRE(directory.run(std::string(kEcKey) + " -out key").exit_code == 0);
        const std::string pem =
            made_by_openssl(directory, "URI:spiffe://test.example/unit/police/sign",
                            " -sha256 -addext basicConstraints=CA:TRUE");
        const Result<CertificationRequest> read = read_certification_request(pem);
        REQUIRE(read.has_value());
        CHECK(read->id == kSeal);
        const auto digest = directory.run(
            "openssl pkey -in key -pubout -outform DER | openssl dgst -sha256 -r | cut -c1-64 | tr "
            "-d '\\n'");
        CHECK(read->public_key_digest.hex() == digest.output);
    }

    TEST_CASE("a request that is changed anywhere is refused") {
        const SigningKey key = *SigningKey::generate();
        const std::string pem = *make_certification_request(key, kSeal);
        const std::size_t begin = pem.find('\n') + 1;
        const std::size_t end = pem.find("-----END");
        int refused = 0;
        for (std::size_t i = begin; i < end; ++i) {
            if (pem[i] == '\n') continue;
            std::string changed = pem;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            const Result<CertificationRequest> read = read_certification_request(changed);
            if (!read) {
                ++refused;
                continue;
            }
            // Only bits of the last character that stand for no byte.
            CHECK(pem.substr(i + 1).find_first_not_of("=\n") == pem.substr(i + 1).find("-----END"));
            CHECK(read->public_key == key.public_der());
        }
        CHECK(refused > 300);
        CHECK(read_certification_request("").error() == Errc::bad_request);
        CHECK(read_certification_request(pem + pem).error() == Errc::bad_request);
        CHECK(read_certification_request(pem.substr(0, pem.size() / 2)).error() ==
              Errc::bad_request);
    }

    TEST_CASE("another kind of key or signature is refused") {
        const TestDirectory directory("csr-kinds");
        const std::string names = "URI:spiffe://test.example/unit/police/sign";
        for (const std::string kind :
             {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
              "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-algorithm ED25519"}) {
            CAPTURE(kind);
            REQUIRE(directory.run("openssl genpkey " + kind + " -out key").exit_code == 0);
            CHECK(read_certification_request(made_by_openssl(directory, names)).error() ==
                  Errc::bad_key);
        }
        REQUIRE(directory
                    .run(std::string(kEcKey) +
                         " -out plain && openssl pkey -in plain -ec_conv_form compressed -out key")
                    .exit_code == 0);
        CHECK(read_certification_request(made_by_openssl(directory, names)).error() ==
              Errc::bad_key);
        REQUIRE(directory.run("cp plain key").exit_code == 0);
        CHECK(read_certification_request(made_by_openssl(directory, names, " -sha384")).error() ==
              Errc::bad_signature);
    }

    TEST_CASE("names other than one of ours are refused") {
        const TestDirectory directory("csr-names");
        REQUIRE(directory.run(std::string(kEcKey) + " -out key").exit_code == 0);
        const std::string ours = "URI:spiffe://test.example/unit/police/sign";
        for (const std::string& names :
             {std::string(), std::string("DNS:police.example"),
              std::string("URI:https://x.example"), ours + ",DNS:police.example", ours + "," + ours,
              std::string("URI:spiffe://test.example/unit/Police/sign")}) {
            CAPTURE(names);
            CHECK(read_certification_request(made_by_openssl(directory, names)).error() ==
                  Errc::certificate_wrong_name);
        }
    }
}
