#include "crypto/endorsement.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "tests/crypto/statement_data.hpp"
#include "tests/support/command.hpp"
#include "tests/support/odd_statement.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>

namespace tongbao::crypto {
namespace {

using testing::attime_option;
using testing::only;
using testing::TestDirectory;
using testing::TestHolder;
using testing::TestPki;

const LogOrigin kLog("hub.test.example/log");
constexpr std::string_view kNotice = R"({"format":"tongbao/notice/v1"})";

StatementSigner signer_of(TestHolder holder) {
    Result<StatementSigner> made = StatementSigner::make(std::move(holder.key), holder.certificate);
    REQUIRE(made.has_value());
    return *std::move(made);
}

/// The issuer of hsa and a notice to sign.
struct Issuer {
    TestPki pki;
    StatementSigner issuer = signer_of(pki.post("hsa", "issuer"));
    Digest leaf = leaf_hash(as_bytes(kNotice));

    [[nodiscard]] Bytes sign(std::string_view role = "issuer") const {
        const Result<Bytes> made = sign_endorsement(issuer, role, kLog, leaf, pki.now());
        REQUIRE(made.has_value());
        return *made;
    }
    /// What the good one says; tests change it before they sign it.
    [[nodiscard]] Statement said() const {
        return {kLog, "spiffe://test.example/unit/hsa/post/issuer", "endorse:issuer", 1, leaf};
    }
    [[nodiscard]] Result<OpenedEndorsement> open(const Bytes& der) const {
        return open_endorsement(der, kLog, leaf, only(issuer.certificate()));
    }
    [[nodiscard]] Errc refusal(const Statement& statement) const {
        const Result<Bytes> made = issuer.sign(statement, pki.now());
        REQUIRE(made.has_value());
        const auto opened = open(*made);
        REQUIRE(opened.has_error());
        return to_errc(opened.error());
    }
};

}  // namespace

TEST_SUITE("endorsement") {
    TEST_CASE_FIXTURE(Issuer, "one that is signed opens to its role and signer and digests") {
        const Bytes der = sign();
        const auto opened = open(der);
        REQUIRE(opened.has_value());
        CHECK(opened->endorsement.role == "issuer");
        CHECK(format_spiffe_id(opened->endorsement.signer) ==
              "spiffe://test.example/unit/hsa/post/issuer");
        CHECK(opened->certificate == issuer.certificate().digest());
        CHECK(opened->statement == sha256(der));
        const Result<Endorsement> read = read_endorsement(der);
        REQUIRE(read.has_value());
        CHECK(*read == opened->endorsement);
    }

    TEST_CASE_FIXTURE(Issuer, "a unit's seal endorses as a stamp") {
        const StatementSigner seal = pki.signer("hsa");
        const Result<Bytes> made = sign_endorsement(seal, "stamp", kLog, leaf, pki.now());
        REQUIRE(made.has_value());
        const auto opened = open_endorsement(*made, kLog, leaf, only(seal.certificate()));
        REQUIRE(opened.has_value());
        CHECK(opened->endorsement.role == "stamp");
        CHECK(format_spiffe_id(opened->endorsement.signer) ==
              "spiffe://test.example/unit/hsa/sign");
    }

    TEST_CASE_FIXTURE(Issuer, "the openssl command verifies what we sign and finds the notice") {
        const TestDirectory directory("openssl-endorsement");
        directory.write("st.p7s", as_text(sign()));
        directory.write("signer.pem", issuer.certificate().pem());
        directory.write("trust.pem", pki.trust_pem());
        directory.write("notice.json", kNotice);
        const std::string verify =
            "openssl cms -verify -cades -binary -inform DER -in st.p7s -certfile signer.pem "
            "-CAfile trust.pem -crl_check_all -x509_strict -out text";
        const testing::CommandResult verified = directory.run(verify + attime_option(pki.now()));
        CAPTURE(verified.output);
        CHECK(verified.exit_code == 0);
        const std::string root =
            directory.run("(printf '\\0'; cat notice.json) | openssl dgst -sha256 -binary | base64")
                .output;
        CHECK(directory.read("text") ==
              "tongbao/statement/v1 p256-sha256\nlog hub.test.example/log\n"
              "signer spiffe://test.example/unit/hsa/post/issuer\nrole endorse:issuer\n"
              "count 1\nroot " +
                  root);
        // The same command refuses what it should.
        pki.revoke(issuer.certificate());
        directory.write("trust.pem", pki.trust_pem());
        CHECK(directory.run(verify + attime_option(pki.now())).exit_code != 0);
    }

    TEST_CASE("one that the openssl command makes opens") {
        const TestDirectory directory("openssl-endorses");
        const TestPki pki;
        const TestHolder holder = pki.post("hsa", "issuer");
        directory.write("key.pem", holder.key_pem());
        directory.write("signer.pem", holder.certificate.pem());
        directory.write("notice.json", kNotice);
        const testing::CommandResult made = directory.run(
            "root=$( (printf '\\0'; cat notice.json) | openssl dgst -sha256 -binary | base64); "
            "printf 'tongbao/statement/v1 p256-sha256\\nlog hub.test.example/log\\n"
            "signer spiffe://test.example/unit/hsa/post/issuer\\nrole endorse:issuer\\n"
            "count 1\\nroot %s\\n' \"$root\" > text && "
            "openssl cms -sign -binary -nodetach -nocerts -cades -nosmimecap -keyid -md sha256 "
            "-signer signer.pem -inkey key.pem -in text -outform DER -out st.p7s");
        CAPTURE(made.output);
        REQUIRE(made.exit_code == 0);
        const Bytes der = to_bytes(directory.read("st.p7s"));
        const auto opened =
            open_endorsement(der, kLog, leaf_hash(as_bytes(kNotice)), only(holder.certificate));
        REQUIRE(opened.has_value());
        CHECK(opened->endorsement.role == "issuer");
        CHECK(opened->certificate == holder.certificate.digest());
    }
}

TEST_SUITE("endorsement that is refused") {
    TEST_CASE_FIXTURE(Issuer, "one of another notice or log or count or role is refused") {
        REQUIRE(open(*issuer.sign(said(), pki.now())).has_value());
        Statement other = said();
        other.root = leaf_hash(as_bytes("{}"));
        CHECK(refusal(other) == Errc::statement_mismatch);
        other = said();
        other.origin = LogOrigin("hub.other.example/log");
        CHECK(refusal(other) == Errc::statement_mismatch);
        other = said();
        other.count = 2;
        CHECK(refusal(other) == Errc::statement_mismatch);
        other = said();
        other.role = "submit";
        CHECK(refusal(other) == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(Issuer, "the hash of the notice's bytes in place of its leaf's is refused") {
        Statement other = said();
        other.root = sha256(as_bytes(kNotice));
        CHECK(refusal(other) == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(Issuer, "one over a batch with the notice in it is none over the notice") {
        Statement other = said();
        other.count = 2;
        other.root = tree_root(std::array{leaf, leaf_hash(as_bytes("{}"))});
        CHECK(refusal(other) == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(Issuer, "one by another certificate is refused") {
        const StatementSigner other = signer_of(pki.post("hsa", "issuer"));
        const Result<Bytes> made = sign_endorsement(other, "issuer", kLog, leaf, pki.now());
        REQUIRE(made.has_value());
        // The register does not have the other's.
        CHECK(open(*made).error() == Errc::signer_not_enrolled);
        // It gives this one in the place of the other.
        const auto swapped = [this](const Digest&) -> std::optional<Certificate> {
            return issuer.certificate();
        };
        CHECK(open_endorsement(*made, kLog, leaf, swapped).error() == Errc::wrong_signer);
        CHECK(open(sign()).has_value());
    }

    TEST_CASE_FIXTURE(Issuer,
                      "one that names another than its certificate is neither signed nor "
                      "opened") {
        Statement other = said();
        other.signer = "spiffe://test.example/unit/police/post/issuer";
        CHECK(issuer.sign(other, pki.now()).error() == Errc::wrong_signer);
        const TestHolder holder = pki.post("hsa", "issuer");
        const std::array<const TestHolder*, 1> signers{&holder};
        const Bytes der = testing::sign_text(format_statement(other), signers);
        CHECK(open_endorsement(der, kLog, leaf, only(holder.certificate)).error() ==
              Errc::wrong_signer);
    }

    TEST_CASE_FIXTURE(Issuer, "no changed byte and no cut opens") {
        const Bytes good = sign();
        for (std::size_t i = 0; i < good.size(); ++i) {
            CAPTURE(i);
            Bytes bad = good;
            bad[i] ^= 1;
            CHECK(open(bad).has_error());
            CHECK(open(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)))
                      .has_error());
        }
        Bytes longer = good;
        longer.push_back(0);
        CHECK(open(longer).has_error());
        CHECK(open(good).has_value());
    }

    TEST_CASE_FIXTURE(Issuer, "a role that is no identifier is not signed") {
        for (const char* const role :
             {"", "Issuer", "issuer ", "is suer", "endorse:issuer", "签发", "issuer\ncount 1"}) {
            CAPTURE(std::string(role));
            CHECK(sign_endorsement(issuer, role, kLog, leaf, pki.now()).error() ==
                  Errc::bad_statement);
        }
    }

    TEST_CASE_FIXTURE(Issuer, "a batch statement is not read as an endorsement") {
        Statement batch = said();
        batch.role = std::string(kSubmitRole);
        CHECK(read_endorsement(*issuer.sign(batch, pki.now())).error() == Errc::bad_statement);
        CHECK(read_endorsement(to_bytes("no container")).error() == Errc::bad_statement);
        CHECK(read_endorsement({}).error() == Errc::bad_statement);
    }
}

}  // namespace tongbao::crypto
