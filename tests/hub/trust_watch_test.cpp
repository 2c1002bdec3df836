#include "hub/trust_watch.hpp"

#include "program/files.hpp"
#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <optional>
#include <string>

namespace tongbao::hub {
namespace {

namespace fs = std::filesystem;
using testing::HubParts;
using testing::must;

/// A hub without network that watches its files. A test changes the files, then looks.
struct Watching : HubParts {
    Watching() {
        holder.emplace(pki.hub());
        config.enrolled = enrolled.path();
        config.tls = {files.path() / "hub.pem", files.path() / "hub.key",
                      files.path() / "trust.pem"};
        write(config.tls.certificate, holder->chain_pem());
        write(config.tls.key, holder->key_pem());
        write(config.tls.trust, pki.trust_pem());
        lake = pki.daemon("lake").certificate;
        put_consented("lake-daemon", *lake);
        watch.emplace(config, deployment, ends, clock, logging);
        start();
        const auto material = must(program::read_tls_files(config.tls, pki.trust_domain(), words));
        ends.set(std::make_shared<const program::TlsEnd>(
            must(program::make_server_end(material, clock))));
        sequencer.emplace(
            deployment, log(), notices, clock, must(last_entry_time(store)), logging,
            [](const std::set<UnitId>&) {}, SequencerSettings{});
    }

    static void write(const fs::path& path, const std::string& text) {
        REQUIRE(program::write_file(path, text, 0600).has_value());
    }

    void revoke(const crypto::Certificate& certificate) {
        pki.revoke(certificate);
        write(config.tls.trust, pki.trust_pem());
    }

    /// Looks, and waits until the register has what was asked for.
    void look() {
        watch->look(*sequencer);
        std::promise<void> behind;
        REQUIRE(sequencer
                    ->change_register(
                        {}, [&behind](const std::vector<Result<void>>&) { behind.set_value(); })
                    .has_value());
        behind.get_future().wait();
    }

    [[nodiscard]] const crypto::EnrolledKey* find(const crypto::Certificate& certificate) const {
        return deployment.keys.get()->find(certificate.digest());
    }

    storage::TemporaryFolder files;
    Config config;
    std::optional<testing::TestHolder> holder;
    std::optional<crypto::Certificate> lake;
    program::Newest<program::TlsEnd> ends;
    program::Logging logging{"hub_tests", program::LogLevel::error};
    std::optional<TrustWatch> watch;
    std::optional<Sequencer> sequencer;
};

constexpr TreeSize kStart(7);  // charter, log key, four seals and one daemon

TEST_SUITE("trust watch") {
    TEST_CASE_FIXTURE(Watching, "files that did not change change nothing") {
        const auto trust = deployment.trust.get();
        const auto end = ends.get();
        for (int i = 0; i < 3; ++i) look();
        CHECK(deployment.trust.get() == trust);
        CHECK(ends.get() == end);
        CHECK(store.size() == kStart);
        CHECK(watch->may_stay(lake->digest()).has_value());
    }

    TEST_CASE_FIXTURE(Watching, "a new list counts at once, is logged, and ends who is on it") {
        const crypto::Certificate seal = signers.at("lake").certificate();
        const std::string before = pki.trust_pem();
        revoke(*lake);
        revoke(seal);
        look();
        CHECK(watch->may_stay(lake->digest()).error() == Errc::certificate_revoked);
        CHECK(deployment.trust.get()->check(seal, CertificateUse::sign, clock.now()).error() ==
              Errc::certificate_revoked);
        CHECK(store.size() == TreeSize(9));
        REQUIRE(find(*lake) != nullptr);
        CHECK(find(*lake)->revoked.has_value());
        CHECK(find(seal)->revoked.has_value());
        CHECK(head_file.synced().front() == head.get()->note);
        // Once in the log, it stays out though the list forgets it.
        const auto lists = deployment.trust.get();
        write(config.tls.trust, before);
        look();
        CHECK(deployment.trust.get() != lists);
        CHECK(watch->may_stay(lake->digest()).error() == Errc::certificate_revoked);
        CHECK(store.size() == TreeSize(9));
    }

    TEST_CASE_FIXTURE(Watching, "a broken trust file changes nothing until a whole one comes") {
        const auto trust = deployment.trust.get();
        pki.revoke(*lake);
        const std::string whole = pki.trust_pem();
        SUBCASE("cut in the middle") {
            write(config.tls.trust, whole.substr(0, whole.size() / 2));
        }
        SUBCASE("cut before the lists") {
            write(config.tls.trust, whole.substr(0, whole.find("-----BEGIN X509 CRL")));
        }
        SUBCASE("of another authority") {
            write(config.tls.trust, testing::TestPki().trust_pem());
        }
        SUBCASE("empty") {
            write(config.tls.trust, "");
        }
        SUBCASE("gone") {
            fs::remove(config.tls.trust);
        }
        for (int i = 0; i < 3; ++i) look();
        CHECK(deployment.trust.get() == trust);
        CHECK(watch->may_stay(lake->digest()).has_value());
        CHECK(store.size() == kStart);
        write(config.tls.trust, whole);
        look();
        CHECK(watch->may_stay(lake->digest()).error() == Errc::certificate_revoked);
        CHECK(find(*lake)->revoked.has_value());
    }

    TEST_CASE_FIXTURE(Watching, "the hub's own certificate is taken over with its key") {
        const auto before = ends.get();
        const testing::TestHolder next = pki.hub();
        write(config.tls.certificate, next.chain_pem());
        look();
        CHECK(ends.get() == before);  // the key is still the old one's
        write(config.tls.key, next.key_pem());
        look();
        CHECK(ends.get()->certificate == next.certificate);
        CHECK(ends.get()->context != before->context);
    }

    TEST_CASE_FIXTURE(Watching, "a certificate of somebody else is not taken for the hub's") {
        const auto before = ends.get();
        const testing::TestHolder other = pki.daemon("lake");
        write(config.tls.certificate, other.chain_pem());
        write(config.tls.key, other.key_pem());
        for (int i = 0; i < 3; ++i) look();
        CHECK(ends.get() == before);
    }

    TEST_CASE_FIXTURE(Watching, "a certificate that comes into the folder is enrolled") {
        const crypto::Certificate next = pki.sign("lake").certificate;
        put_consented("lake-2", next);
        look();
        REQUIRE(find(next) != nullptr);
        CHECK(find(next)->enrolled == LogIndex(7));
        for (int i = 0; i < 3; ++i) look();
        CHECK(store.size() == TreeSize(8));
    }

    TEST_CASE_FIXTURE(Watching, "a bad file in the folder holds up no other") {
        const crypto::Certificate next = pki.sign("lake").certificate;
        write(enrolled.path() / "a-broken.pem", next.pem().substr(0, 100));
        write(enrolled.path() / "b-strange.pem", testing::TestPki().sign("dike").certificate.pem());
        put_consented("c-good", next);
        for (int i = 0; i < 4; ++i) look();
        CHECK(find(next) != nullptr);
        CHECK(store.size() == TreeSize(8));
        // Made good, it is taken over like any other.
        const crypto::Certificate mended = pki.sign("dike").certificate;
        put_consented("a-broken", mended);
        look();
        CHECK(find(mended) != nullptr);
    }

    TEST_CASE_FIXTURE(Watching, "a certificate waits for the consent of its unit") {
        const crypto::Certificate next = pki.sign("lake").certificate;
        write(enrolled.path() / "lake-2.pem", next.pem());
        for (int i = 0; i < 3; ++i) look();
        CHECK(find(next) == nullptr);
        put_consented("lake-2", next);
        look();
        CHECK(find(next) != nullptr);
    }

    TEST_CASE_FIXTURE(Watching,
                      "who consents may come in the same look behind what he consents to") {
        testing::TestHolder seal = pki.sign("lake");
        const crypto::Certificate daemon = pki.daemon("lake").certificate;
        put_consented("z-seal", seal.certificate);
        signers.at("lake") =
            must(crypto::StatementSigner::make(std::move(seal.key), seal.certificate));
        put_consented("a-daemon", daemon);
        look();
        CHECK(find(seal.certificate) != nullptr);
        CHECK(find(daemon) != nullptr);
        CHECK(store.size() == TreeSize(9));
    }

    TEST_CASE_FIXTURE(Watching, "a revoked certificate that comes into the folder stays out") {
        const crypto::Certificate next = pki.sign("lake").certificate;
        const crypto::Certificate other = pki.sign("lake").certificate;
        revoke(next);
        // Its unit consents to it: nothing but the list keeps it out.
        put_consented("lake-2", next);
        put_consented("lake-3", other);
        for (int i = 0; i < 3; ++i) look();
        CHECK(find(next) == nullptr);
        CHECK(find(other) != nullptr);
        CHECK(store.size() == TreeSize(kStart.value() + 1));
    }

    TEST_CASE_FIXTURE(Watching, "who may stay is enrolled, good and not beyond his time") {
        CHECK(watch->may_stay(Digest()).error() == Errc::signer_not_enrolled);
        // Lists that are out of date let nobody new in, and say nothing against who is here.
        clock.set(pki.now() + std::chrono::days(31));
        CHECK(watch->may_stay(lake->digest()).has_value());
        clock.set(lake->not_after());
        CHECK(watch->may_stay(lake->digest()).error() == Errc::certificate_expired);
    }
}

}  // namespace
}  // namespace tongbao::hub
