#include "client/daemon/key_copy.hpp"

#include "crypto/merkle_tree.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/daemon/daemon_parts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::HubParts;
using testing::kRegisterEntries;
using testing::must;
using testing::register_of;

/// Lets the hub revoke the key of one more unit.
void revoke(HubParts& hub, const std::string& unit) {
    hub.pki.revoke(hub.signers.at(unit).certificate());
    hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
    hub.start();
}

Errc refusal(KeyCopy& keys, const Bytes& shown) {
    const Result<void> adopted = keys.adopt(shown);
    REQUIRE_FALSE(adopted.has_value());
    return to_errc(adopted.error());
}

struct Copying {
    Copying() { hub.start(); }
    HubParts hub;
    DaemonParts daemon{started(), "dike"};

private:
    HubParts& started() { return hub; }
};

TEST_SUITE("copy of the register") {
    TEST_CASE_FIXTURE(Copying, "what the hub shows is taken over and kept once it is proved") {
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        CHECK(daemon.keys->keys().keys().size() == 4);
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
        CHECK(daemon.store->read_register()->empty());

        REQUIRE(daemon.keys->keep(*hub.deployment.keys.get()->head()).has_value());
        CHECK(daemon.store->read_register()->size() == kRegisterEntries);
        daemon.restart();
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
    }

    TEST_CASE_FIXTURE(Copying, "only what the named entry proves is kept") {
        const Digest before = *hub.deployment.keys.get()->head();
        revoke(hub, "reeds");
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        REQUIRE(daemon.keys->keep(before).has_value());
        CHECK(daemon.store->read_register()->size() == kRegisterEntries);
        REQUIRE(daemon.keys->keep(*hub.deployment.keys.get()->head()).has_value());
        CHECK(daemon.store->read_register()->size() == kRegisterEntries + 1);
        // An older one proves nothing new and takes nothing back.
        REQUIRE(daemon.keys->keep(before).has_value());
        CHECK(daemon.store->read_register()->size() == kRegisterEntries + 1);
        CHECK(daemon.keys->keep(Digest()).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Copying, "a register that does not begin with what is proved is a fork") {
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        REQUIRE(daemon.keys->keep(*hub.deployment.keys.get()->head()).has_value());
        const std::optional<Digest> head = daemon.keys->keys().head();
        // Its certificates and salts are others.
        HubParts other;
        other.start();
        CHECK(refusal(*daemon.keys, register_of(other)) == Errc::log_forked);
        CHECK(refusal(*daemon.keys, to_bytes(R"({"entries":[]})")) == Errc::log_forked);
        CHECK(daemon.keys->keys().head() == head);
        daemon.restart();
        CHECK(refusal(*daemon.keys, register_of(other)) == Errc::log_forked);
        CHECK(daemon.keys->adopt(register_of(hub)).has_value());
    }

    TEST_CASE_FIXTURE(Copying, "what was shown and never proved gives way to what is shown later") {
        HubParts impostor;
        impostor.start();
        REQUIRE(daemon.keys->adopt(register_of(impostor)).has_value());
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
        CHECK(daemon.keys->keys().keys().size() == 4);

        // And behind proved entries.
        REQUIRE(daemon.keys->keep(*hub.deployment.keys.get()->head()).has_value());
        const Bytes before = register_of(hub);
        revoke(hub, "reeds");
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        REQUIRE(daemon.keys->adopt(before).has_value());
        CHECK(daemon.store->read_register()->size() == kRegisterEntries);
    }

    TEST_CASE_FIXTURE(Copying, "a register with another log key or charter is refused") {
        SUBCASE("log key") {
            HubParts other;
            other.signer = testing::log_signer(2);
            other.start();
            CHECK(refusal(*daemon.keys, register_of(other)) == Errc::unknown_log_key);
        }
        SUBCASE("charter") {
            HubParts other;
            other.deployment.charter_digest = Digest();
            other.start();
            CHECK(refusal(*daemon.keys, register_of(other)) == Errc::charter_mismatch);
        }
        SUBCASE("the charter under another version") {
            HubParts other;
            CharterParts parts = other.deployment.charter->parts();
            parts.version = CharterVersion(parts.version.value() + 1);
            other.deployment.charter = std::make_shared<const Charter>(std::move(parts));
            other.start();
            CHECK(refusal(*daemon.keys, register_of(other)) == Errc::charter_mismatch);
        }
        SUBCASE("none at all") {
            CHECK(refusal(*daemon.keys, to_bytes(R"({"entries":[]})")) == Errc::unknown_log_key);
        }
        CHECK_FALSE(daemon.keys->keys().head().has_value());
    }

    TEST_CASE_FIXTURE(Copying, "what came since is taken over behind what is here") {
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        CHECK(daemon.keys->last() == LogIndex(5));
        REQUIRE(daemon.keys->extend(register_of(hub, LogIndex(5))).has_value());
        revoke(hub, "reeds");
        const Bytes overlapping = register_of(hub, LogIndex(3));
        REQUIRE(daemon.keys->extend(register_of(hub, daemon.keys->last())).has_value());
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
        // An answer that was asked for before another came says some of it again.
        REQUIRE(daemon.keys->extend(overlapping).has_value());
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
        CHECK(daemon.keys->last() == LogIndex(6));
    }

    TEST_CASE_FIXTURE(Copying,
                      "what does not go on from here is refused and asked for as a whole") {
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        const std::optional<Digest> head = daemon.keys->keys().head();
        HubParts other;
        other.start();
        revoke(other, "reeds");
        const auto extend = [this](const Bytes& shown) {
            const Result<void> extended = daemon.keys->extend(shown);
            REQUIRE(extended.has_error());
            return to_errc(extended.error());
        };
        CHECK(extend(register_of(other, LogIndex(5))) == Errc::log_forked);
        CHECK(extend(register_of(other, LogIndex(4))) == Errc::log_forked);
        CHECK(daemon.keys->keys().head() == head);
        CHECK_FALSE(daemon.keys->all_proved());
        REQUIRE(daemon.keys->keep(*head).has_value());
        CHECK(daemon.keys->all_proved());
    }

    TEST_CASE_FIXTURE(Copying, "an answer older than the copy changes nothing") {
        const Bytes older = register_of(hub);
        revoke(hub, "reeds");
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        REQUIRE(daemon.keys->adopt(older).has_value());
        CHECK(daemon.keys->keys().head() == hub.deployment.keys.get()->head());
    }

    TEST_CASE_FIXTURE(Copying, "what is no register is refused") {
        CHECK(refusal(*daemon.keys, to_bytes("[]")) == Errc::bad_log_entry);
        CHECK(refusal(*daemon.keys, to_bytes(R"({"entries":[{"index":0}]})")) ==
              Errc::bad_log_entry);
        CHECK(refusal(*daemon.keys, to_bytes(R"({"entries":[{"index":0,"entry":"e30="}]})")) ==
              Errc::bad_log_entry);
    }

    TEST_CASE_FIXTURE(Copying, "a stored copy that breaks the chain is corrupt") {
        REQUIRE(daemon.keys->adopt(register_of(hub)).has_value());
        REQUIRE(daemon.store
                    ->append_register(
                        {{LogIndex(1), must(hub.store.read_entries(LogIndex(1), 1)).front()}})
                    .has_value());
        CHECK(KeyCopy::open(*daemon.services).error() == Errc::storage_corrupt);
    }
}

}  // namespace
}  // namespace tongbao::client
