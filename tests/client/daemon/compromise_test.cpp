#include "client/daemon/compromise.hpp"

#include "client/daemon/batch_check.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::client {
namespace {

using namespace std::chrono_literals;
using testing::Asking;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;

/// Dike's daemon, to which two alarms of lake came, an hour between them.
struct Delivered : Asking {
    Delivered() {
        // Past the places of the log that the stage's own notices claim.
        for (std::uint16_t number = 50; number < 70; ++number) {
            REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(numbered_alarm(number)))));
        }
        first = deliver(21);
        hub.clock.set(hub.clock.now() + 1h);
        second = deliver(22);
    }

    LogIndex deliver(std::uint16_t number) {
        const Notice notice = numbered_alarm(number);
        const auto index = testing::accepted_at(hub.send("lake", leaf_of(notice)));
        REQUIRE(index);
        daemon.put_arrived(notice, testing::delivery_of(hub, *index));
        return *index;
    }

    /// The hub revokes lake's seal, and the daemon hears of it.
    void revoke(std::optional<UtcTime> since) {
        hub.pki.revoke(hub.signers.at("lake").certificate(), since);
        hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
        hub.start();
        REQUIRE(daemon.keys->adopt(testing::register_of(hub)).has_value());
        daemon.services->register_seen(daemon.keys->keys());
    }

    [[nodiscard]] std::string shown(LogIndex index) {
        const auto notice = body_of(ask("GET", "/v1/notices/" + std::to_string(index.value())));
        REQUIRE(notice.contains("notice"));
        return notice.value("signed_since_compromise", "");
    }
    [[nodiscard]] std::string listed(LogIndex index) {
        const auto inbox = body_of(ask("GET", "/v1/inbox"));
        for (const auto& each : inbox.at("notices")) {
            if (each.at("index") == index.value()) return each.value("signed_since_compromise", "");
        }
        return "not there";
    }

    LogIndex first;
    LogIndex second;
};

TEST_SUITE("keys that others may have had") {
    TEST_CASE_FIXTURE(Delivered, "what was signed since the compromise is flagged and no other") {
        const UtcTime since = testing::TestPki::kNow + 30min;
        CHECK(listed(second).empty());
        revoke(since);
        CHECK(shown(first).empty());
        CHECK(listed(first).empty());
        CHECK(shown(second) == format_utc(since));
        CHECK(listed(second) == format_utc(since));
    }

    TEST_CASE_FIXTURE(Delivered, "the moment of the compromise counts to it") {
        revoke(testing::TestPki::kNow + 1h);
        CHECK(listed(first).empty());
        CHECK(listed(second) == format_utc(testing::TestPki::kNow + 1h));
    }

    TEST_CASE_FIXTURE(Delivered, "a revocation without such a time flags nothing") {
        revoke(std::nullopt);
        CHECK(listed(first).empty());
        CHECK(listed(second).empty());
    }

    TEST_CASE_FIXTURE(Delivered, "what is flagged is valid by the order of the log all the same") {
        revoke(testing::TestPki::kNow);
        CHECK_FALSE(listed(first).empty());
        const LogFollower follower = testing::follower_of(hub);
        const UnitId dike("dike");
        for (const LogIndex index : {first, second}) {
            const Checked<CheckedBatch> checked =
                check_delivery(testing::delivery_of(hub, index),
                               {follower, daemon.keys->keys(), *hub.deployment.trust.get(),
                                *hub.deployment.charter, dike});
            REQUIRE(checked.has_value());
            CHECK(checked->leaves.size() == 1);
        }
        // What comes after the revocation is refused.
        const auto late = hub.admission().admit(
            UnitId("lake"), hub.submission("lake", {leaf_of(numbered_alarm(23))}));
        REQUIRE(late.has_error());
        CHECK(late.error().code == Errc::signer_not_enrolled);
    }

    TEST_CASE_FIXTURE(Delivered, "what is said of one certificate of a key holds for all of them") {
        const crypto::Certificate seal = hub.signers.at("lake").certificate();
        const crypto::Certificate other = must(hub.pki.issuing().issue(
            {*seal.spiffe(), hub.pki.validity(), hub.signers.at("lake").key().public_der()}));
        hub.put_consented("other", other);
        hub.start();
        const UtcTime since = testing::TestPki::kNow;
        hub.pki.revoke(other, since);
        hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
        hub.start();
        const CompromisedKeys keys = compromised_keys(*hub.deployment.keys.get());
        CHECK(keys == CompromisedKeys{{seal.digest(), since}, {other.digest(), since}});
    }
}

}  // namespace
}  // namespace tongbao::client
