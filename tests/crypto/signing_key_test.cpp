#include "crypto/signing_key.hpp"

#include "tests/crypto/statement_data.hpp"
#include "tests/support/command.hpp"

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
             {ed25519, secp256k1, std::string(), statement_data("signer.pem"),
              statement_data("signer.key").substr(0, 100)}) {
            CHECK(SigningKey::from_pem(pem).error() == Errc::bad_key);
        }
        CHECK(SigningKey::from_pem(encrypted).error() == Errc::wrong_passphrase);
    }

    TEST_CASE(
        "a key that we encrypt is scrypt and AES-256 to openssl and opens with its passphrase") {
        const TestDirectory directory("key-encrypted");
        const SigningKey key = *SigningKey::generate();
        const SecretBytes passphrase(as_bytes("口令 with spaces"));
        const SecretBytes pem = key.encrypted_pem(passphrase).value();
        directory.write("key", pem.text());
        directory.write("passphrase", "口令 with spaces\n");
        directory.write("wrong", "口令 with space\n");
        directory.write("public.der", as_text(key.public_der()));
        const auto opened = directory.run(
            "openssl pkey -in key -passin file:passphrase -pubout -outform DER | cmp - public.der");
        CHECK_MESSAGE(opened.exit_code == 0, opened.output);
        CHECK(directory.run("openssl pkey -in key -passin file:wrong -noout").exit_code != 0);
        const std::string parts = directory.run("openssl asn1parse -in key").output;
        for (const std::string part : {":PBES2", ":scrypt", ":aes-256-cbc", ":4000"}) {
            CHECK(parts.find(part) != std::string::npos);
        }
        const Result<SigningKey> again = SigningKey::from_pem(pem.text(), &passphrase);
        REQUIRE(again.has_value());
        CHECK(again->public_der() == key.public_der());
        // Salted: no two are equal.
        CHECK_FALSE(key.encrypted_pem(passphrase)->equals(pem.bytes()));
    }

    TEST_CASE("an encrypted key opens with nothing but its passphrase") {
        const SigningKey key = *SigningKey::generate();
        const SecretBytes passphrase(as_bytes("passphrase"));
        const SecretBytes pem = key.encrypted_pem(passphrase).value();
        CHECK(is_encrypted_key(pem.text()));
        CHECK(SigningKey::from_pem(pem.text()).error() == Errc::wrong_passphrase);
        for (const std::string wrong : {"", "passphrasf", "passphrase ", "Passphrase"}) {
            const SecretBytes given(as_bytes(wrong));
            CHECK(SigningKey::from_pem(pem.text(), &given).error() == Errc::wrong_passphrase);
        }
        const SecretBytes plain = key.private_pem().value();
        CHECK_FALSE(is_encrypted_key(plain.text()));
        CHECK(SigningKey::from_pem(plain.text(), &passphrase).has_value());
        CHECK(key.encrypted_pem(SecretBytes()).error() == Errc::bad_value);
        CHECK(key.encrypted_pem(SecretBytes(kMaxPassphrase + 1)).error() == Errc::bad_value);
    }

    TEST_CASE("a key that openssl encrypted is opened and one in its old weak way is not") {
        const TestDirectory directory("key-theirs");
        directory.write("passphrase", "passphrase\n");
        const SecretBytes passphrase(as_bytes("passphrase"));
        for (const std::string how :
             {"-v2 aes-256-cbc", "-v2 aes-256-cbc -v2prf hmacWithSHA512", "-scrypt"}) {
            CAPTURE(how);
            const auto made = directory.run(
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkcs8 "
                "-topk8 " +
                how + " -passout file:passphrase -out key");
            REQUIRE_MESSAGE(made.exit_code == 0, made.output);
            CHECK(SigningKey::from_pem(directory.read("key"), &passphrase).has_value());
        }
        REQUIRE(directory
                    .run("openssl ecparam -name prime256v1 -genkey -noout | openssl ec -aes256 "
                         "-passout file:passphrase -out key")
                    .exit_code == 0);
        CHECK(directory.read("key").find("Proc-Type: 4,ENCRYPTED") != std::string::npos);
        CHECK(SigningKey::from_pem(directory.read("key"), &passphrase).error() == Errc::bad_key);
    }
}
