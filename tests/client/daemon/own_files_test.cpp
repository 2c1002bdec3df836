#include "client/daemon/own_files.hpp"

#include "program/files.hpp"
#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace tongbao::client {
namespace {

namespace fs = std::filesystem;
using testing::HubParts;
using testing::must;
using testing::TestHolder;

/// The files of lake's daemon, in the trust domain of a hub with a register. A test changes them,
/// then looks.
struct Files {
    Files() {
        hub.start();
        config.unit = UnitId("lake");
        config.tls = {folder.path() / "daemon.pem", folder.path() / "daemon.key",
                      folder.path() / "trust.pem"};
        config.sign_certificate = folder.path() / "sign.pem";
        config.sign_key = folder.path() / "sign.key";
        put_tls(first_tls);
        put_seal(first_seal);
        write(config.tls.trust, hub.pki.trust_pem());
        files.emplace(config, hub.pki.trust_domain(), hub.clock, logging);
        REQUIRE(files->open(words).has_value());
        files->settle(*hub.deployment.keys.get());
    }

    static void write(const fs::path& path, const std::string& text) {
        REQUIRE(program::write_file(path, text, 0600).has_value());
    }
    void put_tls(const TestHolder& holder) const {
        write(config.tls.certificate, holder.chain_pem());
        write(config.tls.key, holder.key_pem());
    }
    void put_seal(const TestHolder& holder) const {
        write(config.sign_certificate, holder.certificate.pem());
        write(config.sign_key, holder.key_pem());
    }

    /// Lets the hub enrol a certificate, and the daemon hear of it.
    void enrol(const crypto::Certificate& certificate) {
        hub.put_consented(certificate.serial(), certificate);
        hub.start();
        files->settle(*hub.deployment.keys.get());
    }

    [[nodiscard]] bool seal_is(const TestHolder& holder) const {
        return files->seals().in_use()->certificate() == holder.certificate;
    }
    [[nodiscard]] bool next_is(const TestHolder& holder) {
        return files->tls().next()->certificate == holder.certificate;
    }
    /// `use` and whether it waits, of each.
    [[nodiscard]] std::string shown() const {
        std::string text;
        for (const OwnCertificate& each : files->certificates()) {
            text += each.use + (each.waiting ? " waiting, " : ", ");
        }
        return text;
    }

    HubParts hub;
    TestHolder first_tls = hub.pki.daemon("lake");
    TestHolder first_seal = hub.pki.sign("lake");
    storage::TemporaryFolder folder;
    DaemonConfig config;
    program::Logging logging{"test", program::LogLevel::error};
    std::string words;
    std::optional<OwnFiles> files;
};

TEST_SUITE("own files of a daemon") {
    TEST_CASE_FIXTURE(Files, "files that did not change change nothing") {
        const auto trust = files->trust().get();
        CHECK_FALSE(files->look());
        CHECK(files->trust().get() == trust);
        CHECK(seal_is(first_seal));
        CHECK(next_is(first_tls));
    }

    TEST_CASE_FIXTURE(Files, "a new seal signs once the register enrols it and not before") {
        enrol(first_seal.certificate);
        CHECK(shown() == "tls, sign, ");
        const TestHolder next = hub.pki.sign("lake");
        put_seal(next);
        CHECK(files->look());
        CHECK(seal_is(first_seal));
        CHECK(shown() == "tls, sign, sign waiting, ");
        files->settle(*hub.deployment.keys.get());
        CHECK(seal_is(first_seal));
        enrol(next.certificate);
        CHECK(seal_is(next));
        CHECK(shown() == "tls, sign, ");
        // Put back, the one before is taken over again: it is enrolled.
        put_seal(first_seal);
        CHECK(files->look());
        files->settle(*hub.deployment.keys.get());
        CHECK(seal_is(first_seal));
    }

    TEST_CASE_FIXTURE(Files, "a seal that was revoked meanwhile does not take over") {
        enrol(first_seal.certificate);
        const TestHolder next = hub.pki.sign("lake");
        hub.put_consented("next", next.certificate);
        hub.start();
        hub.pki.revoke(next.certificate);
        hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
        hub.start();
        put_seal(next);
        CHECK(files->look());
        files->settle(*hub.deployment.keys.get());
        CHECK(seal_is(first_seal));
    }

    TEST_CASE_FIXTURE(Files, "the only seal signs though it is not enrolled and is shown to wait") {
        CHECK(seal_is(first_seal));
        CHECK(shown() == "tls, sign waiting, ");
        enrol(first_seal.certificate);
        CHECK(shown() == "tls, sign, ");
    }

    TEST_CASE_FIXTURE(Files, "a new connection certificate waits for the register too") {
        enrol(first_tls.certificate);
        const TestHolder next = hub.pki.daemon("lake");
        put_tls(next);
        CHECK(files->look());
        CHECK(next_is(first_tls));
        CHECK(shown() == "tls, tls waiting, sign waiting, ");
        enrol(next.certificate);
        CHECK(next_is(next));
    }

    TEST_CASE_FIXTURE(Files, "who can't connect tries the waiting certificate in turn") {
        const TestHolder next = hub.pki.daemon("lake");
        put_tls(next);
        CHECK(files->look());
        files->tls().failed();
        CHECK(next_is(next));
        files->tls().failed();
        CHECK(next_is(first_tls));
    }

    TEST_CASE_FIXTURE(Files, "a connection certificate that is over gives way at once") {
        const crypto::Validity hour{hub.clock.now() - std::chrono::hours(1),
                                    hub.clock.now() + std::chrono::hours(1)};
        const TestHolder brief =
            hub.pki.holder(daemon_id(hub.pki.trust_domain(), UnitId("lake")), hour);
        put_tls(brief);
        files.emplace(config, hub.pki.trust_domain(), hub.clock, logging);
        REQUIRE(files->open(words).has_value());
        CHECK(next_is(brief));
        hub.clock.set(brief.certificate.not_after());
        put_tls(first_tls);
        CHECK_FALSE(files->look());
        CHECK(next_is(first_tls));
        CHECK(files->tls().waiting() == nullptr);
    }

    TEST_CASE_FIXTURE(Files, "new lists are taken over under the certificate in use") {
        const auto before = files->trust().get();
        const auto end = files->tls().in_use();
        hub.pki.revoke(hub.pki.sign("dike").certificate);
        write(config.tls.trust, hub.pki.trust_pem());
        CHECK_FALSE(files->look());
        CHECK(files->trust().get() != before);
        CHECK(files->tls().in_use()->trust == files->trust().get());
        CHECK(files->tls().in_use()->context != end->context);
        CHECK(next_is(first_tls));
    }

    TEST_CASE_FIXTURE(Files, "what is broken or another's changes nothing") {
        const auto trust = files->trust().get();
        const std::string whole = hub.pki.trust_pem();
        SUBCASE("half a trust file") {
            write(config.tls.trust, whole.substr(0, whole.size() / 2));
        }
        SUBCASE("a trust file without lists") {
            write(config.tls.trust, whole.substr(0, whole.find("-----BEGIN X509 CRL")));
        }
        SUBCASE("another trust domain") {
            write(config.tls.trust, testing::TestPki("other.example").trust_pem());
        }
        SUBCASE("a key that does not fit") {
            write(config.tls.key, hub.pki.daemon("lake").key_pem());
            write(config.sign_key, hub.pki.sign("lake").key_pem());
        }
        SUBCASE("a key that others may read") {
            put_seal(hub.pki.sign("lake"));
            fs::permissions(config.sign_key, fs::perms(0644));
        }
        SUBCASE("another unit's") {
            put_tls(hub.pki.daemon("dike"));
            put_seal(hub.pki.sign("dike"));
        }
        SUBCASE("of another use") {
            put_tls(hub.pki.sign("lake"));
            put_seal(hub.pki.daemon("lake"));
        }
        SUBCASE("of another authority") {
            put_tls(testing::TestPki().daemon("lake"));
            put_seal(testing::TestPki().sign("lake"));
        }
        for (int i = 0; i < 3; ++i) CHECK_FALSE(files->look());
        CHECK(files->trust().get() == trust);
        CHECK(next_is(first_tls));
        CHECK(seal_is(first_seal));
        CHECK(files->seals().waiting() == nullptr);
        CHECK(files->tls().waiting() == nullptr);
        // Whole again, it is taken over.
        const TestHolder next = hub.pki.sign("lake");
        put_tls(first_tls);
        put_seal(next);
        write(config.tls.trust, whole);
        CHECK(files->look());
        CHECK(files->seals().waiting()->certificate() == next.certificate);
    }

    TEST_CASE_FIXTURE(Files, "the keys of all of them are the unit's own") {
        const TestHolder next = hub.pki.sign("lake");
        put_seal(next);
        CHECK(files->look());
        CHECK(files->public_keys() ==
              std::vector<Digest>{first_tls.certificate.public_key_digest(),
                                  first_seal.certificate.public_key_digest(),
                                  next.certificate.public_key_digest()});
    }
}

}  // namespace
}  // namespace tongbao::client
