#include "hub/register_start.hpp"

#include "crypto/key_consent.hpp"
#include "program/files.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::HubParts;
using testing::must;
using testing::TestHolder;

void add_certificate(const HubParts& parts, const std::string& name, const std::string& pem) {
    REQUIRE(program::write_file(parts.enrolled.path() / name, pem, 0600).has_value());
}

/// Configures the charter with one member changed.
void set_charter(HubParts& parts, const char* member, const nlohmann::json& value) {
    nlohmann::json text = testing::charter_text();
    text[member] = value;
    protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
    REQUIRE(std::holds_alternative<Charter>(loaded));
    parts.deployment.charter =
        std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
    parts.deployment.charter_digest = Digest();
}

/// The register's events, in log order.
std::vector<RegisterEvent> events_of(const HubParts& parts) {
    std::vector<RegisterEvent> events;
    for (const LogIndex index : must(parts.store.read_register())) {
        events.push_back(std::get<RegisterEvent>(parts.entry(index).event));
    }
    return events;
}

TEST_SUITE("register start") {
    TEST_CASE("a new log begins with its charter its key and the certificates by name") {
        HubParts parts;
        parts.put_consented("00", parts.pki.encrypt("dike").certificate);
        add_certificate(parts, "notes.txt", "not a certificate");
        parts.start();
        const std::vector<RegisterEvent> events = events_of(parts);
        REQUIRE(events.size() == 7);
        CHECK(parts.store.size() == TreeSize(7));
        CHECK(std::get<CharterAdopted>(events[0].data) ==
              CharterAdopted{CharterId("lake-level"), CharterVersion(3),
                             parts.deployment.charter_digest});
        CHECK(std::get<LogKeyAnnounced>(events[1].data).verifier_key ==
              parts.signer.verifier_key().text());
        std::vector<std::string> names;
        for (std::size_t i = 2; i < events.size(); ++i) {
            names.push_back(std::get<KeyEnrolled>(events[i].data).spiffe);
        }
        CHECK(names == std::vector<std::string>{"spiffe://test.example/unit/dike/sign",
                                                "spiffe://test.example/unit/lake/sign",
                                                "spiffe://test.example/unit/office/sign",
                                                "spiffe://test.example/unit/reeds/sign",
                                                "spiffe://test.example/unit/dike/encrypt"});
        CHECK(events[0].predecessor == std::nullopt);
        for (std::size_t i = 1; i < events.size(); ++i) {
            CHECK(events[i].predecessor == must(parts.tree->node(0, i - 1)));
        }
        CHECK(parts.deployment.keys.get()->head() == must(parts.tree->node(0, 6)));
        CHECK(parts.head.get()->checkpoint.size == TreeSize(7));
        CHECK(parts.head_file.slots.front() == parts.head.get()->note);
        CHECK(parts.head_file.synced() == parts.head_file.slots);
    }

    TEST_CASE("a second start adds nothing and knows the same keys") {
        HubParts parts;
        parts.start();
        const auto before = parts.deployment.keys.get();
        parts.start();
        CHECK(parts.store.size() == TreeSize(6));
        CHECK(parts.deployment.keys.get()->head() == before->head());
        CHECK(parts.deployment.keys.get()->keys().size() == 4);
    }

    TEST_CASE("a new certificate is enrolled at the next start beside the old one") {
        HubParts parts;
        parts.start();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        parts.put_consented("lake-2", next);
        parts.start();
        CHECK(parts.store.size() == TreeSize(7));
        REQUIRE(parts.deployment.keys.get()->find(next.digest()) != nullptr);
        CHECK(parts.deployment.keys.get()->find(next.digest())->enrolled == LogIndex(6));
        CHECK(parts.deployment.keys.get()->current(*next.spiffe()).size() == 2);
    }

    TEST_CASE("a certificate is enrolled by the time that its entry bears") {
        HubParts parts;
        parts.pki.lists_until(parts.pki.now() + std::chrono::days(40));
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        // The log's last entry was made by a clock that was two days ahead.
        parts.clock.set(parts.pki.now() + std::chrono::days(2));
        parts.start();
        parts.clock.set(parts.pki.now());
        const crypto::Validity day{parts.pki.now() - std::chrono::hours(1),
                                   parts.pki.now() + std::chrono::days(1)};
        const auto id = sign_id(parts.pki.trust_domain(), UnitId("lake"));
        parts.put_consented("short", parts.pki.holder(id, day).certificate);
        CHECK(parts.try_start().error() == Errc::certificate_expired);
        CHECK(parts.store.size() == TreeSize(6));
    }

    TEST_CASE("a certificate on the revocation list is revoked once and stays so") {
        HubParts parts;
        parts.start();
        const crypto::Certificate lake = parts.signers.at("lake").certificate();
        parts.pki.revoke(lake);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        const std::vector<RegisterEvent> events = events_of(parts);
        REQUIRE(events.size() == 7);
        CHECK(std::get<KeyRevoked>(events[6].data) ==
              KeyRevoked{"spiffe://test.example/unit/lake/sign", lake.digest()});
        CHECK(parts.deployment.keys.get()->find(lake.digest())->revoked == LogIndex(6));
        parts.start();
        CHECK(parts.store.size() == TreeSize(7));
    }

    TEST_CASE("a key of a unit without its consent stops the start and writes nothing") {
        HubParts parts;
        parts.start();
        SUBCASE("a second seal") {
            add_certificate(parts, "x.pem", parts.pki.sign("lake").certificate.pem());
            CHECK(parts.try_start().error() == Errc::consent_missing);
        }
        SUBCASE("a connection's end") {
            add_certificate(parts, "x.pem", parts.pki.daemon("lake").certificate.pem());
            CHECK(parts.try_start().error() == Errc::consent_missing);
        }
        SUBCASE("the consent of another unit") {
            const crypto::Certificate daemon = parts.pki.daemon("lake").certificate;
            add_certificate(parts, "x.pem", daemon.pem());
            add_certificate(parts, "x.consent",
                            crypto::format_consent_file(
                                parts.pki.consent(parts.signers.at("reeds").key(), daemon)));
            CHECK(parts.try_start().error() == Errc::consent_invalid);
        }
        SUBCASE("a consent that can't be read") {
            add_certificate(parts, "x.pem", parts.pki.daemon("lake").certificate.pem());
            add_certificate(parts, "x.consent", "yes");
            CHECK(parts.try_start().error() == Errc::consent_invalid);
            CHECK(parts.words.find("x.consent") != std::string::npos);
        }
        CHECK(parts.words.find("/x.") != std::string::npos);
        CHECK(parts.store.size() == TreeSize(6));
    }

    TEST_CASE("who consents is enrolled before what it consents to whatever the names") {
        HubParts parts;
        // Each of the chain consents to the next one; digests put them in any order.
        for (int i = 0; i < 6; ++i) {
            TestHolder next = parts.pki.sign("lake");
            parts.put_consented(std::to_string(9 - i), next.certificate);
            parts.signers.at("lake") =
                must(crypto::StatementSigner::make(std::move(next.key), next.certificate));
        }
        parts.start();
        CHECK(parts.deployment.keys.get()->keys().size() == 4 + 6);
    }

    TEST_CASE("a unit whose only seal was revoked gets its next one without consent") {
        HubParts parts;
        parts.start();
        const crypto::Certificate lost = parts.signers.at("lake").certificate();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        const crypto::Certificate of_lost = parts.pki.daemon("lake").certificate;
        const std::string consent =
            crypto::format_consent_file(parts.pki.consent(parts.signers.at("lake").key(), of_lost));
        parts.pki.revoke(lost, parts.pki.now() - std::chrono::hours(3));
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        add_certificate(parts, "next.pem", next.pem());
        parts.start();
        REQUIRE(parts.deployment.keys.get()->find(next.digest()) != nullptr);
        CHECK(parts.deployment.keys.get()->find(lost.digest())->compromised_since ==
              parts.pki.now() - std::chrono::hours(3));
        // What the lost key consented to comes too late.
        add_certificate(parts, "late.pem", of_lost.pem());
        add_certificate(parts, "late.consent", consent);
        CHECK(parts.try_start().error() == Errc::consent_invalid);
    }

    TEST_CASE("a compromise that a later list names is logged once more and only once") {
        HubParts parts;
        parts.start();
        const crypto::Certificate lake = parts.signers.at("lake").certificate();
        parts.pki.revoke(lake);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        CHECK(parts.store.size() == TreeSize(7));
        const UtcTime since = parts.pki.now() - std::chrono::hours(5);
        parts.pki.revoke(lake, since);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        CHECK(parts.store.size() == TreeSize(8));
        CHECK(std::get<KeyRevoked>(events_of(parts)[7].data).compromised_since == since);
        CHECK(parts.deployment.keys.get()->find(lake.digest())->revoked == LogIndex(6));
        CHECK(parts.deployment.keys.get()->find(lake.digest())->compromised_since == since);
        parts.start();
        CHECK(parts.store.size() == TreeSize(8));
    }

    TEST_CASE("a certificate that was revoked before it was enrolled stays out") {
        HubParts parts;
        const crypto::Certificate lake = parts.signers.at("lake").certificate();
        parts.pki.revoke(lake);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        CHECK(parts.store.size() == TreeSize(5));
        CHECK(parts.deployment.keys.get()->find(lake.digest()) == nullptr);
    }

    TEST_CASE("another charter an older version and another text of this one are refused") {
        HubParts parts;
        parts.start();
        SUBCASE("another charter") {
            set_charter(parts, "id", "river-level");
        }
        SUBCASE("an older version") {
            set_charter(parts, "version", 2);
        }
        SUBCASE("another text") {
            parts.deployment.charter_digest = Digest();
        }
        CHECK(parts.try_start().error() == Errc::charter_mismatch);
        CHECK(parts.words.find("lake-level version 3") != std::string::npos);
        CHECK(parts.store.size() == TreeSize(6));
    }

    TEST_CASE("a newer version of the charter is adopted and the one before never again") {
        HubParts parts;
        parts.start();
        const auto before = parts.deployment.charter;
        const Digest digest_before = parts.deployment.charter_digest;
        set_charter(parts, "version", 4);
        parts.start();
        CHECK(parts.store.size() == TreeSize(7));
        CHECK(parts.deployment.keys.get()->charter()->version == CharterVersion(4));
        parts.deployment.charter = before;
        parts.deployment.charter_digest = digest_before;
        CHECK(parts.try_start().error() == Errc::charter_mismatch);
    }

    TEST_CASE("another log key is refused") {
        HubParts parts;
        parts.start();
        parts.signer = testing::log_signer(2);
        CHECK(parts.try_start().error() == Errc::bad_key);
        CHECK(parts.store.size() == TreeSize(6));
    }

    TEST_CASE("a certificate that nobody should trust stops the start and writes nothing") {
        HubParts parts;
        SUBCASE("of another authority") {
            const testing::TestPki other;
            add_certificate(parts, "other.pem", other.sign("lake").certificate.pem());
            CHECK(parts.try_start().error() == Errc::certificate_untrusted);
            CHECK(parts.words.ends_with("other.pem: spiffe://test.example/unit/lake/sign"));
        }
        SUBCASE("of another trust domain") {
            const testing::TestPki other("other.example");
            add_certificate(parts, "other.pem", other.sign("lake").certificate.pem());
            CHECK(parts.try_start().error() == Errc::certificate_wrong_name);
        }
        SUBCASE("no certificate at all") {
            add_certificate(parts, "broken.pem", "no certificate");
            CHECK(parts.try_start().error() == Errc::bad_certificate);
            CHECK(parts.words.find("broken.pem") != std::string::npos);
        }
        CHECK(parts.store.size() == TreeSize(0));
        CHECK(parts.head_file.slots.empty());
    }

    TEST_CASE("a register entry that does not follow the one before is damage") {
        HubParts parts;
        parts.start();
        storage::Commit commit;
        commit.expected = parts.store.size();
        commit.entries = {must(parts.store.read_entries(LogIndex(2), 1)).front()};
        commit.register_entries = {LogIndex(6)};
        commit.checkpoint = format_checkpoint({parts.deployment.origin, TreeSize(7), Digest()});
        REQUIRE(parts.store.commit(commit).has_value());
        CHECK(replay_register(parts.store, parts.words).error() == Errc::storage_corrupt);
        CHECK(parts.words == "register entry 6");
    }
}

}  // namespace
}  // namespace tongbao::hub
