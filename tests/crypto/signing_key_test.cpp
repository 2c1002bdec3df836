#include "crypto/signing_key.hpp"

#include "tests/crypto/statement_data.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

TEST_SUITE("signing key") {
    TEST_CASE(
        "a key of the openssl command line is read and its public half is the certificate's") {
        const Result<SigningKey> key = SigningKey::from_pem(statement_data("signer.key"));
        REQUIRE(key.has_value());
        CHECK(key->public_digest() == statement_signer_certificate().public_key_digest());
        CHECK(key->public_der().size() == 91);
        // Older files have SEC 1; either is written as PKCS#8.
        CHECK(key->private_pem()->text().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    }

    TEST_CASE("a new key is written and read back and no two are equal") {
        const SigningKey key = *SigningKey::generate();
        const SigningKey again = *SigningKey::from_pem(key.private_pem()->text());
        CHECK(again.public_der() == key.public_der());
        CHECK(SigningKey::generate()->public_der() != key.public_der());
    }

    TEST_CASE("other keys and encrypted keys and none are refused without asking for a password") {
        // openssl genpkey -algorithm ED25519; openssl ecparam -name secp256k1 -genkey -noout |
        // openssl pkcs8 -topk8 -nocrypt; openssl genpkey -algorithm EC -aes-128-cbc; used nowhere.
        const std::string ed25519 =
            "-----BEGIN PRIVATE KEY-----\n"
            "MC4CAQAwBQYDK2VwBCIEIHgVSse80vSLvefh4aseIGFy5kHvmarz4umH+ObA0550\n"
            "-----END PRIVATE KEY-----\n";
        const std::string secp256k1 =
            "-----BEGIN PRIVATE KEY-----\n"
            "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgBTyoXpmDgG+KbQ2HG86O\n"
            "J9pRxAQ3TrzFTFA0dlcadxahRANCAAT8vZ2VgQ61QYw0UytJciPs7wlA+1Hvfyn4\n"
            "bDtVmadcUEzuPV0I7nWfyXPCPqomqbI3DKtnIUWSH2b34MgqNFCH\n"
            "-----END PRIVATE KEY-----\n";
        const std::string encrypted =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
            "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAijwWuPD5ZQrQICCAAw\n"
            "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEJh5J4vfBkfd7y7B22EGhmQEgZAh\n"
            "XrbUUtwajrawFnkYb7GPkBB9erkLaoif2ldH+zuMzzQr1Ug7Y4z35p3pUFZpLz1m\n"
            "R2H68e0oRoeGCP8AGopfF9gS1CRZt5yUMvGdeeIu72nyrBCmjRMGDLWl4OMzgoBx\n"
            "75aKYyWn4aC3PdaEQNRzpkTCxecK6vDf33gsQeSK/LvJoUO5j4lNR+dh6/6dRO4=\n"
            "-----END ENCRYPTED PRIVATE KEY-----\n";
        for (const std::string& pem :
             {ed25519, secp256k1, encrypted, std::string(), statement_data("signer.pem"),
              statement_data("signer.key").substr(0, 100)}) {
            CHECK(SigningKey::from_pem(pem).error() == Errc::bad_key);
        }
    }
}
