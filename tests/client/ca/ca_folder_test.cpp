#include "client/ca/ca_folder.hpp"

#include "crypto/certificate.hpp"
#include "crypto/trust_store.hpp"
#include "crypto/verifier_key.hpp"
#include "tests/client/ca/sample_office.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using std::chrono::days;
using tongbao::testing::TestDirectory;

namespace {

struct NewFolder {
    TestDirectory directory;
    std::filesystem::path folder;

    explicit NewFolder(std::string_view name) : directory(name), folder(directory.path() / "ca") {}

    [[nodiscard]] CaFolder create() const {
        Checked<CaFolder> made = CaFolder::create(folder, kDomain, kNow);
        REQUIRE(made.has_value());
        return *std::move(made);
    }
    [[nodiscard]] IssueOrder order(const SpiffeId& id, const std::string& name) const {
        return {id,
                days(90),
                {},
                {},
                directory.path() / (name + ".pem"),
                directory.path() / (name + ".key")};
    }
    [[nodiscard]] crypto::Certificate leaf(const std::string& name) const {
        const auto chain = crypto::read_certificates(directory.read(name + ".pem"));
        REQUIRE(chain.has_value());
        return chain->front();
    }
    [[nodiscard]] crypto::TrustStore trust() const {
        Result<crypto::TrustStore> store =
            crypto::TrustStore::from_pem(kDomain, directory.read("ca/trust.pem"));
        REQUIRE(store.has_value());
        return *std::move(store);
    }
};

}  // namespace

TEST_SUITE("certification authority's folder") {
    TEST_CASE("a new folder has keys that only their owner may read") {
        const NewFolder fresh("ca-folder-modes");
        const CaFolder made = fresh.create();
        for (const std::string name : {"root.key", "issuing.key", "log.key"}) {
            CHECK(mode_of(fresh.folder / name) == 0600U);
        }
    }

    TEST_CASE("what is made is what openssl verifies with both lists") {
        const NewFolder fresh("ca-folder-openssl");
        CaFolder made = fresh.create();
        REQUIRE(
            made.issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow).has_value());
        const auto verified = fresh.directory.run(
            "openssl verify -x509_strict -crl_check_all -attime 1767225600 -CAfile ca/trust.pem "
            "sign.pem");
        CHECK_MESSAGE(verified.exit_code == 0, verified.output);
        const auto names =
            fresh.directory.run("openssl x509 -in sign.pem -noout -ext subjectAltName");
        CHECK(names.output.find("URI:spiffe://ca-test.example/unit/police/sign") !=
              std::string::npos);
    }

    TEST_CASE("an authority is never made over another one") {
        const NewFolder fresh("ca-folder-twice");
        { const CaFolder made = fresh.create(); }
        const std::string before = fresh.directory.read("ca/root.key");
        const Checked<CaFolder> again = CaFolder::create(fresh.folder, kDomain, kNow);
        REQUIRE(again.has_error());
        CHECK(again.error().code == Errc::already_exists);
        CHECK(again.error().place.find("index.json") != std::string::npos);
        CHECK(fresh.directory.read("ca/root.key") == before);
    }

    TEST_CASE("a key that is there is never overwritten") {
        const NewFolder fresh("ca-folder-overwrite");
        CaFolder made = fresh.create();
        fresh.directory.write("daemon.key", "precious");
        const Checked<IssuedCertificate> issued =
            made.issue(fresh.order(daemon_id(kDomain, UnitId("police")), "daemon"), kNow);
        REQUIRE(issued.has_error());
        CHECK(issued.error().code == Errc::already_exists);
        CHECK(issued.error().place.find("daemon.key") != std::string::npos);
        CHECK(fresh.directory.read("daemon.key") == "precious");
        CHECK(made.issued().empty());
        CHECK_FALSE(std::filesystem::exists(fresh.directory.path() / "daemon.pem"));
    }

    TEST_CASE("an end of a connection gets its chain and a signer its leaf alone") {
        const NewFolder fresh("ca-folder-chain");
        CaFolder made = fresh.create();
        REQUIRE(made.issue(fresh.order(daemon_id(kDomain, UnitId("police")), "daemon"), kNow)
                    .has_value());
        const auto signer =
            made.issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow);
        REQUIRE(signer.has_value());
        CHECK(crypto::read_certificates(fresh.directory.read("daemon.pem"))->size() == 2);
        CHECK(crypto::read_certificates(fresh.directory.read("sign.pem"))->size() == 1);
        CHECK(mode_of(fresh.directory.path() / "sign.key") == 0600U);
        CHECK(std::filesystem::exists(made.leaf_file(*signer)));
    }

    TEST_CASE("a hub without a name under which it is reached is refused") {
        const NewFolder fresh("ca-folder-hub");
        CaFolder made = fresh.create();
        IssueOrder order = fresh.order(hub_id(kDomain), "hub");
        CHECK(made.issue(order, kNow).error().code == Errc::certificate_wrong_name);
        CHECK_FALSE(std::filesystem::exists(fresh.directory.path() / "hub.key"));
        order.ip_addresses = {"127.0.0.1"};
        CHECK(made.issue(order, kNow).has_value());
    }

    TEST_CASE("a certificate does not outlive the authority") {
        const NewFolder fresh("ca-folder-days");
        CaFolder made = fresh.create();
        IssueOrder order = fresh.order(sign_id(kDomain, UnitId("police")), "sign");
        order.days = days(4000);
        CHECK(made.issue(order, kNow).error().code == Errc::bad_time);
        for (const days other : {days(0), days(-1), days::max(), days::min(),
                                 // 9 hours and some in milliseconds modulo 2^64.
                                 days(213'503'982'335)}) {
            order.days = other;
            CHECK(made.issue(order, kNow).error().code == Errc::bad_time);
        }
    }

    TEST_CASE("files that can't be made are found before anything is made") {
        const NewFolder fresh("ca-folder-nowhere");
        CaFolder made = fresh.create();
        const SpiffeId id = sign_id(kDomain, UnitId("police"));
        IssueOrder order = fresh.order(id, "sign");
        order.certificate = fresh.directory.path() / "nowhere" / "sign.pem";
        const Checked<IssuedCertificate> no_folder = made.issue(order, kNow);
        REQUIRE(no_folder.has_error());
        CHECK(no_folder.error().code == Errc::not_found);
        CHECK(no_folder.error().place == (fresh.directory.path() / "nowhere").string());
        order = fresh.order(id, "sign");
        order.certificate = fresh.directory.path() / "." / "ca" / ".." / "sign.key";
        CHECK(made.issue(order, kNow).error().code == Errc::bad_argument);
        CHECK(made.issued().empty());
        CHECK_FALSE(std::filesystem::exists(fresh.directory.path() / "sign.key"));
        CHECK(made.issue(fresh.order(id, "sign"), kNow).has_value());
    }

    TEST_CASE("a revoked certificate is refused by the trust file from then on") {
        const NewFolder fresh("ca-folder-revoke");
        CaFolder made = fresh.create();
        const auto issued =
            made.issue(fresh.order(daemon_id(kDomain, UnitId("police")), "daemon"), kNow);
        REQUIRE(issued.has_value());
        const crypto::Certificate leaf = fresh.leaf("daemon");
        CHECK(fresh.trust().check(leaf, CertificateUse::daemon, kNow).has_value());
        const auto revoked =
            made.revoke({issued->serial, crypto::RevocationReason::key_compromise}, kNow);
        REQUIRE(revoked.has_value());
        CHECK(fresh.trust().check(leaf, CertificateUse::daemon, kNow).error() ==
              Errc::certificate_revoked);
        CHECK(made.revoke({issued->serial}, kNow).error().code == Errc::certificate_revoked);
        CHECK(made.revoke({"00"}, kNow).error().code == Errc::not_found);
    }

    TEST_CASE(
        "a compromise is told by the list with its time and for every certificate of the key") {
        const NewFolder fresh("ca-folder-compromise");
        CaFolder made = fresh.create();
        const auto issued =
            made.issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow);
        REQUIRE(issued.has_value());
        const auto renewed = made.renew(issued->serial, days(100), kNow);
        REQUIRE(renewed.has_value());
        CHECK(renewed->public_key_digest() == fresh.leaf("sign").public_key_digest());
        CHECK(made.revoke({issued->serial, crypto::RevocationReason::key_compromise,
                           kNow + std::chrono::seconds(1)},
                          kNow)
                  .error()
                  .code == Errc::bad_time);
        // 2025-12-31T22:00:00Z
        const UtcTime since = kNow - std::chrono::hours(2);
        const auto revoked =
            made.revoke({issued->serial, crypto::RevocationReason::key_compromise, since}, kNow);
        REQUIRE(revoked.has_value());
        CHECK(revoked->size() == 2);
        CHECK(fresh.trust().revocation_of(fresh.leaf("sign"))->compromised_since == since);
        CHECK(fresh.trust().revocation_of(*renewed)->compromised_since == since);
        const auto text = fresh.directory.run("openssl crl -in ca/issuing.crl -noout -text").output;
        CHECK(text.find("Dec 31 22:00:00 2025 GMT") != std::string::npos);
        CHECK(text.find("Key Compromise") != std::string::npos);

        // Only an earlier time is news.
        CHECK(made.revoke({issued->serial, crypto::RevocationReason::key_compromise, since}, kNow)
                  .error()
                  .code == Errc::certificate_revoked);
        const UtcTime earlier = since - std::chrono::hours(1);
        REQUIRE(
            made.revoke({issued->serial, crypto::RevocationReason::key_compromise, earlier}, kNow)
                .has_value());
        CHECK(fresh.trust().revocation_of(*renewed)->compromised_since == earlier);
        CHECK(fresh.trust().revocation_of(*renewed)->time == kNow);
        CHECK(made.renew(issued->serial, days(100), kNow).error().code ==
              Errc::certificate_revoked);
    }

    TEST_CASE("a renewed certificate has the key and the names of the one before") {
        const NewFolder fresh("ca-folder-renewed");
        CaFolder made = fresh.create();
        IssueOrder order = fresh.order(hub_id(kDomain), "hub");
        order.dns_names = {"hub.ca-test.example"};
        order.ip_addresses = {"192.0.2.10", "2001:db8::1"};
        const auto issued = made.issue(order, kNow);
        REQUIRE(issued.has_value());
        const auto renewed = made.renew(issued->serial, days(30), kNow + days(80));
        REQUIRE(renewed.has_value());
        fresh.directory.write("renewed.pem", renewed->pem());
        const std::string show = "openssl x509 -noout -ext subjectAltName -in ";
        const std::string names = fresh.directory.run(show + "renewed.pem").output;
        CHECK(names == fresh.directory.run(show + "hub.pem").output);
        CHECK(names.find("DNS:hub.ca-test.example") != std::string::npos);
        CHECK(fresh.directory.run("openssl x509 -noout -pubkey -in renewed.pem").output ==
              fresh.directory.run("openssl x509 -noout -pubkey -in hub.pem").output);
        CHECK(fresh.directory.run("openssl x509 -noout -enddate -in renewed.pem").output ==
              "notAfter=Apr 21 00:00:00 2026 GMT\n");
        CHECK(renewed->serial() != issued->serial);
        CHECK(made.renew("00", days(30), kNow).error().code == Errc::not_found);
        CHECK(made.renew(issued->serial, days(0), kNow).error().code == Errc::bad_time);
    }

    TEST_CASE("a key that was certified for one identity is certified for no other") {
        const NewFolder fresh("ca-folder-other-use");
        CaFolder made = fresh.create();
        REQUIRE(
            made.issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow).has_value());
        const Bytes key = to_bytes(fresh.leaf("sign").public_key_der());
        CHECK(made.certify({daemon_id(kDomain, UnitId("police")), key}, kNow).error().code ==
              Errc::already_exists);
        CHECK(made.certify({sign_id(kDomain, UnitId("hsa")), key}, kNow).error().code ==
              Errc::already_exists);
        CHECK(made.issued().size() == 1);
    }

    TEST_CASE("lists that ran out are good again after they were renewed") {
        const NewFolder fresh("ca-folder-renew");
        CaFolder made = fresh.create();
        REQUIRE(
            made.issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow).has_value());
        const UtcTime later = kNow + days(40);
        CHECK(fresh.trust().check(fresh.leaf("sign"), CertificateUse::sign, later).error() ==
              Errc::crl_unusable);
        const Checked<RenewedLists> renewed = made.renew_lists(later);
        REQUIRE(renewed.has_value());
        CHECK(renewed->root);
        CHECK(fresh.trust().check(fresh.leaf("sign"), CertificateUse::sign, later).has_value());
    }

    TEST_CASE("without the root's key the issuing authority's list alone is renewed") {
        const NewFolder fresh("ca-folder-no-root");
        CaFolder made = fresh.create();
        std::filesystem::remove(fresh.folder / "root.key");
        const std::string root_list = fresh.directory.read("ca/root.crl");
        const Checked<RenewedLists> renewed = made.renew_lists(kNow + days(10));
        REQUIRE(renewed.has_value());
        CHECK_FALSE(renewed->root);
        CHECK(fresh.directory.read("ca/root.crl") == root_list);
    }

    TEST_CASE("an opened folder knows what was issued and revoked before") {
        const NewFolder fresh("ca-folder-open");
        std::string serial;
        {
            CaFolder made = fresh.create();
            const auto issued =
                made.issue(fresh.order(daemon_id(kDomain, UnitId("police")), "daemon"), kNow);
            REQUIRE(issued.has_value());
            serial = issued->serial;
            REQUIRE(made.revoke({serial, crypto::RevocationReason::superseded}, kNow).has_value());
        }
        const Checked<CaFolder> opened = CaFolder::open(fresh.folder);
        REQUIRE(opened.has_value());
        CHECK(opened->trust_domain() == kDomain);
        REQUIRE(opened->issued().size() == 1);
        CHECK(opened->issued().front().serial == serial);
        REQUIRE(opened->issued().front().revoked.has_value());
        CHECK(opened->issued().front().revoked->reason == crypto::RevocationReason::superseded);
    }

    TEST_CASE("only one command works in a folder at a time") {
        const NewFolder fresh("ca-folder-lock");
        const CaFolder made = fresh.create();
        CHECK(CaFolder::open(fresh.folder).error().code == Errc::already_running);
    }

    TEST_CASE("a key that others may read is refused") {
        const NewFolder fresh("ca-folder-open-key");
        { const CaFolder made = fresh.create(); }
        std::filesystem::permissions(fresh.folder / "issuing.key",
                                     std::filesystem::perms::others_read,
                                     std::filesystem::perm_options::add);
        const Checked<CaFolder> opened = CaFolder::open(fresh.folder);
        REQUIRE(opened.has_error());
        CHECK(opened.error().code == Errc::not_permitted);
        CHECK(opened.error().place.find("issuing.key") != std::string::npos);
    }

    TEST_CASE("an index that was tampered with is refused by its place") {
        const NewFolder fresh("ca-folder-index");
        { const CaFolder made = fresh.create(); }
        fresh.directory.write("ca/index.json", "{\"format\":\"tongbao/ca-index/v1\"}");
        const Checked<CaFolder> opened = CaFolder::open(fresh.folder);
        REQUIRE(opened.has_error());
        CHECK(opened.error().place.find("index.json: trust_domain") != std::string::npos);
    }

    TEST_CASE("the log's key has the log's name and stays the same") {
        const NewFolder fresh("ca-folder-log-key");
        CaFolder made = fresh.create();
        const Checked<std::string> text = made.log_verifier_key();
        REQUIRE(text.has_value());
        const Result<crypto::VerifierKey> key = crypto::VerifierKey::parse(*text);
        REQUIRE(key.has_value());
        CHECK(key->name() == "hub.ca-test.example/log");
        CHECK(fresh.directory.read("ca/log.vkey") == *text + '\n');
        CHECK(*made.log_verifier_key() == *text);
    }

    TEST_CASE("an authority with a passphrase opens with it and keeps both keys encrypted") {
        const NewFolder fresh("ca-folder-passphrase");
        const crypto::SecretBytes passphrase(as_bytes("open sesame"));
        {
            const Checked<CaFolder> made =
                CaFolder::create(fresh.folder, kDomain, kNow, &passphrase);
            REQUIRE(made.has_value());
        }
        for (const std::string name : {"ca/root.key", "ca/issuing.key"}) {
            CHECK(crypto::is_encrypted_key(fresh.directory.read(name)));
        }
        CHECK(CaFolder::open(fresh.folder).error().code == Errc::wrong_passphrase);
        const auto with = [](std::string text) -> AskPassphrase {
            return [text](const std::filesystem::path&) -> Checked<crypto::SecretBytes> {
                return crypto::SecretBytes(as_bytes(text));
            };
        };
        const Checked<CaFolder> wrong = CaFolder::open(fresh.folder, with("open barley"));
        REQUIRE(wrong.has_error());
        CHECK(wrong.error().code == Errc::wrong_passphrase);
        CHECK(wrong.error().place.find("issuing.key") != std::string::npos);
        Checked<CaFolder> opened = CaFolder::open(fresh.folder, with("open sesame"));
        REQUIRE(opened.has_value());
        CHECK(opened->renew_lists(kNow)->root);
        CHECK(opened->issue(fresh.order(sign_id(kDomain, UnitId("police")), "sign"), kNow)
                  .has_value());
    }
}
