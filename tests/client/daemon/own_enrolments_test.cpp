#include "client/daemon/own_enrolments.hpp"

#include "client/ca/enrolment_request.hpp"
#include "client/daemon/alarm.hpp"
#include "crypto/certification_request.hpp"
#include "program/files.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::HubParts;
using testing::must;

/// A hub at which lake has its seal and a second one.
struct Enrolled {
    Enrolled() {
        hub.put_consented("second", second);
        hub.start();
        REQUIRE(own.open().has_value());
        REQUIRE(own.know(std::array{seal()}).has_value());
    }

    [[nodiscard]] Digest seal() const {
        return hub.signers.at("lake").certificate().public_key_digest();
    }
    [[nodiscard]] OwnEnrolments again() const {
        return {UnitId("lake"), folder.path() / "own-keys", requests.path(), hub_logging()};
    }
    static program::Logging& hub_logging() {
        static program::Logging logging("test", program::LogLevel::error);
        return logging;
    }
    [[nodiscard]] std::vector<UnaskedKey> unasked() const {
        return own.unasked(*hub.deployment.keys.get());
    }

    HubParts hub;
    crypto::Certificate second = hub.pki.sign("lake").certificate;
    storage::TemporaryFolder folder;
    storage::TemporaryFolder requests;
    OwnEnrolments own = again();
};

TEST_SUITE("own enrolments") {
    TEST_CASE_FIXTURE(Enrolled, "a key that the unit knows nothing of is found and no other") {
        // Nor those of other units, of which this one knows nothing either.
        const std::vector<UnaskedKey> found = unasked();
        REQUIRE(found.size() == 1);
        CHECK(found[0] == UnaskedKey{"spiffe://test.example/unit/lake/sign", second.digest(),
                                     second.public_key_digest(),
                                     hub.deployment.keys.get()->find(second.digest())->enrolled});
        CHECK(alarm_words(found[0]).starts_with("key_not_asked_for: "));
        CHECK(alarm_words(found[0]).find(second.public_key_digest().hex()) != std::string::npos);
    }

    TEST_CASE_FIXTURE(Enrolled, "keys of every use are looked at") {
        for (const auto& holder :
             {hub.pki.daemon("lake"), hub.pki.encrypt("lake"), hub.pki.post("lake", "keeper")}) {
            hub.put_consented(holder.certificate.serial(), holder.certificate);
        }
        hub.start();
        CHECK(unasked().size() == 4);
    }

    TEST_CASE_FIXTURE(Enrolled, "what was the unit's own once is known after a restart") {
        REQUIRE(own.know(std::array{second.public_key_digest()}).has_value());
        CHECK(unasked().empty());
        OwnEnrolments restarted = again();
        REQUIRE(restarted.open().has_value());
        CHECK(restarted.unasked(*hub.deployment.keys.get()).empty());
    }

    TEST_CASE_FIXTURE(Enrolled, "a certificate in the folder of requests was asked for") {
        REQUIRE(
            program::write_file(requests.path() / "notes.pem", "no certificate", 0600).has_value());
        REQUIRE(
            program::write_file(requests.path() / "second.txt", second.pem(), 0600).has_value());
        CHECK(own.look());
        CHECK(unasked().size() == 1);
        REQUIRE(
            program::write_file(requests.path() / "second.pem", second.pem(), 0600).has_value());
        CHECK(own.look());
        CHECK(unasked().empty());
        // Taken away, it was not: the folder says what the unit stands by.
        std::filesystem::remove(requests.path() / "second.pem");
        CHECK(own.look());
        CHECK(unasked().size() == 1);
    }

    TEST_CASE_FIXTURE(Enrolled, "a request of the unit in the folder was made for its keys") {
        const testing::TestHolder asked = hub.pki.daemon("lake");
        const SpiffeId id = *asked.certificate.spiffe();
        hub.put_consented("asked", asked.certificate);
        hub.start();
        CHECK(unasked().size() == 2);
        EnrolmentRequest request;
        request.trust_domain = hub.pki.trust_domain();
        request.unit = UnitId("lake");
        request.keys = {{id, asked.key.public_der(), asked.key.public_digest(),
                         must(crypto::make_certification_request(asked.key, id)), std::nullopt}};
        request.consent = hub.pki.consent(hub.signers.at("lake").key(), asked.certificate);
        const std::string text = format_enrolment_request(request);
        REQUIRE(program::write_file(requests.path() / "request.json", text, 0600).has_value());
        CHECK(own.look());
        REQUIRE(unasked().size() == 1);
        CHECK(unasked().front().certificate == second.digest());
        // What was changed asks for nothing.
        REQUIRE(program::write_file(requests.path() / "request.json",
                                    text.substr(0, text.size() - 2), 0600)
                    .has_value());
        CHECK(own.look());
        CHECK(unasked().size() == 2);
    }

    TEST_CASE_FIXTURE(Enrolled, "a renewed certificate for a known key is no news") {
        const crypto::Certificate renewed = must(hub.pki.issuing().issue(
            {*second.spiffe(), hub.pki.validity(), hub.signers.at("lake").key().public_der()}));
        hub.put_consented("renewed", renewed);
        hub.start();
        CHECK(unasked().size() == 1);
    }

    TEST_CASE_FIXTURE(Enrolled, "a key that was revoked is no alarm any more") {
        hub.pki.revoke(second);
        hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
        hub.start();
        CHECK(unasked().empty());
    }

    TEST_CASE_FIXTURE(Enrolled, "a damaged file of known keys is said to be so") {
        REQUIRE(program::write_file(folder.path() / "own-keys", "00ff\n", 0600).has_value());
        CHECK(again().open().error() == Errc::storage_corrupt);
        REQUIRE(program::write_file(folder.path() / "own-keys", seal().hex(), 0600).has_value());
        CHECK(again().open().error() == Errc::storage_corrupt);
    }

    TEST_CASE_FIXTURE(Enrolled, "the alarm is told once to every reader and ends with its cause") {
        DaemonParts daemon(hub, "lake");
        const std::size_t before = daemon.events.state().size();
        std::uint64_t seen = daemon.events.told();
        set_unasked(*daemon.services, unasked());
        set_unasked(*daemon.services, unasked());
        const auto news = daemon.events.since(seen);
        REQUIRE(news.has_value());
        REQUIRE(news->size() == 1);
        CHECK(news->front().name == "alarm");
        CHECK(news->front().data.find("key_not_asked_for") != std::string::npos);
        CHECK(daemon.events.state().size() == before + 1);
        CHECK(daemon.state.alarm.empty());  // nothing is wrong with the hub
        set_unasked(*daemon.services, {});
        CHECK(daemon.events.state().size() == before);
        CHECK(daemon.state.unasked.empty());
    }
}

}  // namespace
}  // namespace tongbao::client
