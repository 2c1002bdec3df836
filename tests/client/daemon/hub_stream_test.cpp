#include "client/daemon/hub_stream.hpp"

#include "client/daemon/own_act.hpp"
#include "crypto/sha256.hpp"
#include "hub/log_showing.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::kFirstBatch;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::StartedHub;

/// A hub and a daemon of dike's, to which lake's alarms go; their files are here already.
struct Streaming {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};

    Streaming() {
        daemon.put_file(testing::file("chart").sha256, Bytes(10));
        daemon.socket->hears = [this](const protocol::Message& message) {
            if (const auto* const hello = std::get_if<protocol::Hello>(&message)) {
                showing.emplace(hub.store, *hub.tree, hub.head, hello->known_size);
                daemon.socket->say(welcome());
                after_welcome();
            }
            if (std::holds_alternative<protocol::Submit>(message)) on_submit(message);
            if (std::holds_alternative<protocol::Credit>(message)) on_credit();
        };
    }

    protocol::Welcome welcome() {
        return {2, hub.deployment.origin.value(), hub.deployment.charter_digest,
                must(showing->update())};
    }

    /// What the hub delivers of the batch that begins at `batch`.
    protocol::Delivery delivery(LogIndex batch) {
        return must(showing->delivery({UnitId("dike"), batch, {0}}));
    }

    void log_alarm(std::uint16_t number) {
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(numbered_alarm(number)))));
    }

    void queue_act() {
        REQUIRE(daemon.store
                    ->enqueue({make_act(UnitId("dike"), ActKind::opened,
                                        {{crypto::sha256(leaf_of(numbered_alarm(1))), kFirstBatch}},
                                        {}, hub.clock.now())})
                    .has_value());
    }

    [[nodiscard]] bool said_alarm(const std::string& code, const std::string& place) const {
        const std::string& alarm = daemon.state.alarm;
        return alarm.starts_with(code + ": ") && alarm.find(place) != std::string::npos;
    }

    std::optional<hub::LogShowing> showing;
    std::function<void()> after_welcome = [] {};
    std::function<void(const protocol::Message&)> on_submit = [](const auto&) {};
    /// A delivery was stored: that is all that most tests wait for.
    std::function<void()> on_credit = [this] { daemon.stream->stop(); };
};

TEST_SUITE("stream of a daemon") {
    TEST_CASE_FIXTURE(Streaming, "a delivery is stored, its head pinned and its receipt queued") {
        log_alarm(1);
        after_welcome = [this] { daemon.socket->say(delivery(kFirstBatch)); };
        CHECK(daemon.serve() == Errc::connection_closed);
        CHECK(daemon.state.alarm.empty());
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->size() == 1);
        CHECK(*daemon.store->pinned_head() == hub.head.get()->note);
        CHECK(daemon.store->read_register()->size() == 6);
        CHECK(*daemon.store->resume_position() == kFirstBatch);
        CHECK(daemon.state.received.last_minute(hub.clock.now()) == 1);
    }

    TEST_CASE_FIXTURE(Streaming, "a delivery that does not verify is an alarm that names it") {
        log_alarm(1);
        after_welcome = [this] {
            protocol::Delivery bad = delivery(kFirstBatch);
            std::get<protocol::DeliveredLeaf>(bad.leaves[0]).bytes[30] ^= 1;
            daemon.socket->say(bad);
        };
        CHECK(daemon.serve() == Errc::statement_mismatch);
        CHECK(said_alarm("statement_mismatch", "delivery 6, statement"));
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->empty());
    }

    TEST_CASE_FIXTURE(Streaming, "a delivery of a signer that was never enrolled is an alarm") {
        log_alarm(1);
        after_welcome = [this] {
            protocol::Delivery bad = delivery(kFirstBatch);
            bad.signer = Digest();
            daemon.socket->say(bad);
        };
        CHECK(daemon.serve() == Errc::signer_not_enrolled);
        CHECK(said_alarm("signer_not_enrolled", "delivery 6, signer"));
    }

    TEST_CASE_FIXTURE(Streaming, "the first alarm stays when others follow") {
        log_alarm(1);
        after_welcome = [this] {
            protocol::Delivery bad = delivery(kFirstBatch);
            bad.signer = Digest();
            daemon.socket->say(bad);
        };
        daemon.state.alarm = "log_forked: before";
        CHECK(daemon.serve() == Errc::signer_not_enrolled);
        CHECK(daemon.state.alarm == "log_forked: before");
    }

    TEST_CASE_FIXTURE(Streaming,
                      "a log that is not the one pinned is an alarm and nothing is said") {
        log_alarm(1);
        StartedHub other;
        REQUIRE(testing::accepted_at(other.send("lake", leaf_of(numbered_alarm(1)))));
        *daemon.follower = testing::follower_of(other);  // of the same size
        CHECK(daemon.serve() == Errc::log_forked);
        CHECK(said_alarm("log_forked", "head"));
        CHECK_FALSE(daemon.state.connected);
        CHECK(daemon.store->pinned_head()->empty());
    }

    TEST_CASE_FIXTURE(Streaming,
                      "a welcome of another log or charter or without a head is an alarm") {
        std::string expected;
        void (*change)(protocol::Welcome&) = nullptr;
        SUBCASE("another log") {
            expected = "unknown_log_key";
            change = [](protocol::Welcome& said) { said.origin = "hub.other.example/log"; };
        }
        SUBCASE("another charter") {
            expected = "charter_mismatch";
            change = [](protocol::Welcome& said) { said.charter = Digest(); };
        }
        SUBCASE("no head") {
            expected = "bad_checkpoint";
            change = [](protocol::Welcome& said) { said.head = {}; };
        }
        daemon.socket->hears = [this, change](const protocol::Message&) {
            showing.emplace(hub.store, *hub.tree, hub.head, TreeSize(0));
            protocol::Welcome said = welcome();
            change(said);
            daemon.socket->say(said);
        };
        CHECK(std::string(code(daemon.serve())) == expected);
        CHECK(said_alarm(expected, "welcome"));
    }

    TEST_CASE_FIXTURE(Streaming, "a register that does not begin with the proved one is an alarm") {
        REQUIRE(daemon.keys->adopt(testing::register_of(hub)).has_value());
        REQUIRE(daemon.keys->keep(*hub.deployment.keys.get()->head()).has_value());
        StartedHub other;
        const LogIndex last = testing::must(hub.store.read_register()).back();
        daemon.fake.answers["GET /v1/register?after=" + std::to_string(last.value())] = {
            200, testing::register_of(other)};
        CHECK(daemon.serve() == Errc::log_forked);
        CHECK(said_alarm("log_forked", "register"));
    }

    TEST_CASE_FIXTURE(Streaming, "a hub that says it has less than is known is an alarm") {
        daemon.socket->hears = [this](const protocol::Message&) {
            daemon.socket->say(protocol::Farewell{{Errc::log_rolled_back, "known_size", ""}});
        };
        CHECK(daemon.serve() == Errc::log_rolled_back);
        CHECK(said_alarm("log_rolled_back", "farewell"));
    }

    TEST_CASE_FIXTURE(Streaming, "an answer that the log does not bear out is an alarm") {
        log_alarm(1);
        queue_act();
        on_submit = [this](const protocol::Message&) {
            protocol::Outcome claim;
            claim.number = 1;
            claim.leaves = {protocol::LeafAccepted{kFirstBatch, true}};
            daemon.socket->say(claim);
        };
        CHECK(daemon.serve() == Errc::proof_mismatch);
        CHECK(said_alarm("proof_mismatch", "leaves[0]"));
        CHECK(daemon.store->outbox_size() == 1);
    }

    TEST_CASE_FIXTURE(Streaming, "a plain problem of the hub is no alarm") {
        daemon.fake.answers["GET /v1/register"] = {
            503, to_bytes(R"({"type":"t","title":"t","status":503,"code":"bad_signature"})")};
        CHECK(daemon.serve() == Errc::bad_signature);
        CHECK(daemon.state.alarm.empty());
    }

    TEST_CASE_FIXTURE(Streaming, "a refused batch stops the sending and not the receiving") {
        log_alarm(1);
        queue_act();
        on_submit = [this](const protocol::Message& message) {
            const std::uint64_t number = std::get<protocol::Submit>(message).number;
            daemon.socket->say(
                protocol::BatchRefused{number, {Errc::certificate_expired, "statement", ""}});
            daemon.socket->say(delivery(kFirstBatch));
        };
        std::string told;
        on_credit = [this, &told] {
            told = daemon.state.last_error;
            daemon.stream->stop();
        };
        CHECK(daemon.serve() == Errc::connection_closed);
        CHECK(told == "certificate_expired");
        CHECK(daemon.state.alarm.empty());
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->size() == 1);
        CHECK(daemon.store->outbox_size() == 2);  // the act, and the receipt for what came
        CHECK(std::count_if(daemon.socket->heard.begin(), daemon.socket->heard.end(),
                            [](const auto& each) {
                                return std::holds_alternative<protocol::Submit>(each);
                            }) == 1);
        CHECK(daemon.retries.sending.next() > Backoff::kFirst / 2);  // it is not the first pause
    }

    TEST_CASE_FIXTURE(Streaming, "a hub that breaks the protocol is told so") {
        after_welcome = [this] { daemon.socket->say(protocol::Credit{kFirstBatch}); };
        CHECK(daemon.serve() == Errc::protocol_violation);
        REQUIRE_FALSE(daemon.socket->heard.empty());
        const auto* const farewell = std::get_if<protocol::Farewell>(&daemon.socket->heard.back());
        REQUIRE(farewell != nullptr);
        CHECK(farewell->reason.code == Errc::protocol_violation);
        CHECK(farewell->reason.place == "type");
    }

    TEST_CASE_FIXTURE(Streaming, "a welcome alone is no progress and a stored delivery is") {
        log_alarm(1);
        for (int i = 0; i < 5; ++i) CHECK(daemon.retries.connecting.next() > Backoff::kFirst / 4);
        SUBCASE("welcome") {
            after_welcome = [this] {
                daemon.socket->say(protocol::Farewell{{Errc::shutting_down, "", ""}});
            };
            CHECK(daemon.serve() == Errc::shutting_down);
            CHECK(daemon.retries.connecting.next() > Backoff::kFirst);
        }
        SUBCASE("delivery") {
            after_welcome = [this] { daemon.socket->say(delivery(kFirstBatch)); };
            CHECK(daemon.serve() == Errc::connection_closed);
            CHECK(daemon.retries.connecting.next() <= Backoff::kFirst);
        }
    }

    TEST_CASE_FIXTURE(Streaming, "the head that was pinned last is known after a restart") {
        log_alarm(1);
        after_welcome = [this] { daemon.socket->say(delivery(kFirstBatch)); };
        CHECK(daemon.serve() == Errc::connection_closed);
        daemon.restart();
        CHECK(daemon.follower->size() == TreeSize(7));
        StartedHub other;  // shorter, as one that was rolled back
        CHECK(daemon.follower->advance({other.head.get()->note, {}}).error() ==
              Errc::log_rolled_back);
    }
}

}  // namespace
}  // namespace tongbao::client
