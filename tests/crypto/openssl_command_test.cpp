// What we make is accepted by the OpenSSL command line, as a stranger would check it.

#include "crypto/merkle_tree.hpp"
#include "crypto/statement.hpp"
#include "tests/support/command.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;
using std::chrono::days;

TEST_SUITE("openssl command") {
    TEST_CASE("a statement that we sign is verified and its text and root are found again") {
        const TestDirectory directory("openssl-cms");
        const TestPki pki;
        const StatementSigner signer = pki.signer("hsa");
        constexpr std::string_view kNotice = R"({"format":"tongbao/notice/v1"})";
        const Statement statement{LogOrigin("hub.test.example/log"),
                                  "spiffe://test.example/unit/hsa/sign", "submit", 1,
                                  leaf_hash(as_bytes(kNotice))};
        directory.write("st.p7s", as_text(*signer.sign(statement, pki.now())));
        directory.write("signer.pem", signer.certificate().pem());
        directory.write("trust.pem", pki.trust_pem());
        directory.write("notice.json", kNotice);

        const std::string verify =
            "openssl cms -verify -cades -binary -inform DER -in st.p7s -certfile signer.pem "
            "-CAfile trust.pem -crl_check_all -x509_strict -out text";
        const CommandResult verified = directory.run(verify + attime_option(pki.now()));
        CAPTURE(verified.output);
        CHECK(verified.exit_code == 0);
        CHECK(directory.read("text") == format_statement(statement));
        const CommandResult root = directory.run(
            "(printf '\\0'; cat notice.json) | openssl dgst -sha256 -binary | base64");
        CHECK("root " + root.output == directory.run("grep '^root ' text").output);

        // The same command refuses what it should.
        CHECK(directory.run(verify + attime_option(pki.now() + days(400))).exit_code != 0);
        directory.write("trust.pem", TestPki().trust_pem());
        CHECK(directory.run(verify + attime_option(pki.now())).exit_code != 0);
    }

    TEST_CASE("a certificate that we issue is verified for its purpose and refused once revoked") {
        const TestDirectory directory("openssl-verify");
        TestPki pki;
        directory.write("trust.pem", pki.trust_pem());
        directory.write("hub.pem", pki.hub().certificate.pem());
        const Certificate daemon = pki.daemon("hsa").certificate;
        directory.write("daemon.pem", daemon.pem());
        const std::string verify = "openssl verify -x509_strict -crl_check_all -auth_level 2" +
                                   attime_option(pki.now()) + " -CAfile trust.pem ";
        const CommandResult hub = directory.run(
            verify + "-purpose sslserver -verify_hostname localhost -verify_ip 127.0.0.1 hub.pem");
        CAPTURE(hub.output);
        CHECK(hub.exit_code == 0);
        const CommandResult client = directory.run(verify + "-purpose sslclient daemon.pem");
        CAPTURE(client.output);
        CHECK(client.exit_code == 0);
        CHECK(directory.run(verify + "-purpose sslserver daemon.pem").exit_code != 0);

        pki.revoke(daemon);
        directory.write("trust.pem", pki.trust_pem());
        const CommandResult revoked = directory.run(verify + "-purpose sslclient daemon.pem");
        CHECK(revoked.exit_code != 0);
        CHECK(revoked.output.find("certificate revoked") != std::string::npos);
    }

    TEST_CASE("a key that we write is read") {
        const TestDirectory directory("openssl-pkey");
        const TestHolder holder = TestPki().sign("hsa");
        directory.write("key.pem", holder.key_pem());
        directory.write("certificate.pem", holder.certificate.pem());
        CHECK(directory.run("openssl pkey -in key.pem -noout -check").exit_code == 0);
        const std::string from_key = directory.run("openssl pkey -in key.pem -pubout").output;
        CHECK(from_key == directory.run("openssl x509 -in certificate.pem -pubkey -noout").output);
    }
}
