#include "client/daemon/trail.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "domain/act.hpp"
#include "hub/log_showing.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::HubParts;
using testing::kFirstBatch;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;

/// What a hub answers that shows these entries under its newest head to one who knows `known`.
Bytes answer_of(const HubParts& hub, TreeSize known, const std::vector<LogIndex>& events) {
    hub::LogShowing showing(hub.store, *hub.tree, hub.head, known);
    const protocol::HeadUpdate head = must(showing.update());
    const auto digests = [](protocol::JsonWriter& writer, const std::vector<Digest>& values) {
        writer.begin_array();
        for (const Digest& value : values) writer.text(value.base64());
        writer.end_array();
    };
    protocol::JsonWriter writer;
    writer.begin_object().member("checkpoint", head.checkpoint).key("consistency");
    digests(writer, head.consistency);
    writer.key("entries").begin_array();
    for (const LogIndex event : events) {
        const protocol::ProvedEntry proved = must(showing.prove(event));
        writer.begin_object().key("index").number(event.value());
        writer.member("entry", to_base64(proved.entry)).key("proof");
        digests(writer, proved.path);
        writer.end_object();
    }
    writer.end_array().end_object();
    return to_bytes(writer.take());
}

/// A hub with two alarms of lake at 6 and 7; dike signed for the first at 8, for the other at 9.
struct SignedFor : HubParts {
    SignedFor() {
        start();
        for (std::uint16_t number = 1; number <= 2; ++number) {
            alarms.push_back(leaf_of(numbered_alarm(number)));
            REQUIRE(testing::accepted_at(send("lake", alarms.back())));
        }
        for (std::uint16_t number = 0; number < 2; ++number) {
            Act act;
            act.id = ActId(testing::numbered_uuid(static_cast<std::uint16_t>(100 + number)));
            act.kind = ActKind::signed_for;
            act.from = UnitId("dike");
            act.issued_at = testing::TestPki::kNow;
            act.notices = {{crypto::sha256(alarms[number]), advanced(kFirstBatch, number)}};
            REQUIRE(testing::accepted_at(send("dike", leaf_of(act))));
        }
    }

    /// `code place` of what is wrong with the answer for the first alarm's trail; empty if it is
    /// taken.
    [[nodiscard]] std::string verdict(const Bytes& answer, const LogFollower& known) const {
        const auto trail = check_trail(answer, kFirstBatch, crypto::sha256(alarms[0]), known);
        if (trail) return {};
        return std::string(code(trail.error().code)) + ' ' + trail.error().place;
    }
    [[nodiscard]] std::string verdict(const std::vector<LogIndex>& events) const {
        const LogFollower known = testing::follower_of(*this);
        return verdict(answer_of(*this, known.size(), events), known);
    }

    std::vector<Bytes> alarms;
};

/// Logs what the hub says by itself, outside of any batch; or hides it from others.
LogIndex log_event(HubParts& hub, LogEvent event, bool hidden = false) {
    storage::Commit commit;
    commit.expected = hub.store.size();
    Bytes entry = to_bytes(protocol::write_log_entry({hub.clock.now(), {}, std::move(event)}));
    const LogIndex index = next_index(commit.expected);
    if (hidden) {
        const OpaqueEvent opaque{crypto::sha256(entry)};
        commit.records.push_back({index, std::move(entry)});
        entry = to_bytes(protocol::write_log_entry({hub.clock.now(), {}, opaque}));
    }
    commit.entries.push_back(entry);
    hub::LogParts parts = hub.log();
    REQUIRE(hub::write_commit(parts, hub.deployment.origin, std::move(commit),
                              std::vector{crypto::leaf_hash(entry)})
                .has_value());
    return index;
}

TEST_SUITE("trail") {
    TEST_CASE("what the clocks of a notice brought is part of its trail and of no other one") {
        SignedFor hub;
        const NoticeRef first{crypto::sha256(hub.alarms[0]), LogIndex(6)};
        const NoticeRef second{crypto::sha256(hub.alarms[1]), LogIndex(7)};
        const EscalatedEvent step{first, UnitId("dike"), 0, {}, 0, 1, {}, testing::TestPki::kNow};
        EscalatedEvent of_other = step;
        of_other.notice = second;
        CHECK(log_event(hub, step) == LogIndex(10));
        CHECK(log_event(hub, ClosedEvent{first, UnitId("dike")}) == LogIndex(11));
        CHECK(log_event(hub, of_other) == LogIndex(12));
        CHECK(log_event(hub, ClosedEvent{second, UnitId("dike")}) == LogIndex(13));
        const LogFollower known = testing::follower_of(hub);
        const auto trail = check_trail(
            answer_of(hub, known.size(), {LogIndex(6), LogIndex(8), LogIndex(10), LogIndex(11)}),
            LogIndex(6), first.sha256, known);
        REQUIRE(trail.has_value());
        const std::string written = write_trail(*trail);
        CHECK(written.find(R"("event":"escalated","unit":"dike","sha256":")" +
                           first.sha256.hex()) != std::string::npos);
        CHECK(written.find(R"("event":"closed","unit":"dike")") != std::string::npos);
        CHECK(hub.verdict({LogIndex(6), LogIndex(12)}) == "entry_mismatch entries[1]");
        CHECK(hub.verdict({LogIndex(6), LogIndex(13)}) == "entry_mismatch entries[1]");
    }

    TEST_CASE("what is about a notice alone is hidden from others only if that is") {
        SignedFor hub;
        const NoticeRef first{crypto::sha256(hub.alarms[0]), LogIndex(6)};
        const NoticeRef answer{crypto::sha256(as_bytes("answer")), LogIndex(9)};
        const LogIndex closed = log_event(hub, ClosedEvent{first, UnitId("dike")}, true);
        const LogIndex replied = log_event(hub, RepliedEvent{UnitId("dike"), first, answer}, true);
        const LogIndex told = log_event(hub, ClosedEvent{first, UnitId("dike")});
        CHECK(hub.verdict({LogIndex(6), closed}) == "entry_mismatch entries[1]");
        // The answer may be one that only its parties know of.
        CHECK(hub.verdict({LogIndex(6), replied}).empty());
        CHECK(hub.verdict({LogIndex(6), told}).empty());
    }

    TEST_CASE("what takes a notice back is in its trail and in those that it restores") {
        SignedFor hub;
        const NoticeRef first{crypto::sha256(hub.alarms[0]), LogIndex(6)};
        const NoticeRef second{crypto::sha256(hub.alarms[1]), LogIndex(7)};
        const NoticeRef by{crypto::sha256(as_bytes("correction")), LogIndex(9)};
        AnsweredActEvent withdrawn{AnsweredAct::withdraw, UnitId("lake"), first, by};
        CHECK(log_event(hub, withdrawn) == LogIndex(10));
        withdrawn.notice = by;
        withdrawn.restored = {{first, UnitId("dike")}};
        CHECK(log_event(hub, withdrawn) == LogIndex(11));
        withdrawn.notice = second;
        withdrawn.restored = {{second, UnitId("dike")}};
        CHECK(log_event(hub, withdrawn) == LogIndex(12));
        const LogFollower known = testing::follower_of(hub);
        const auto trail = check_trail(
            answer_of(hub, known.size(), {LogIndex(6), LogIndex(8), LogIndex(10), LogIndex(11)}),
            LogIndex(6), first.sha256, known);
        REQUIRE(trail.has_value());
        CHECK(write_trail(*trail).find(R"("event":"withdrawn","unit":"lake","sha256":")" +
                                       by.sha256.hex()) != std::string::npos);
        CHECK(hub.verdict({LogIndex(6), LogIndex(12)}) == "entry_mismatch entries[1]");
    }

    TEST_CASE("a notice's own entry and the acts on it are its trail") {
        const SignedFor hub;
        const LogFollower known = testing::follower_of(hub);
        const auto trail = check_trail(answer_of(hub, known.size(), {LogIndex(6), LogIndex(8)}),
                                       LogIndex(6), crypto::sha256(hub.alarms[0]), known);
        REQUIRE(trail.has_value());
        CHECK(trail->size == TreeSize(10));
        REQUIRE(trail->events.size() == 2);
        CHECK(trail->events[0].index == LogIndex(6));
        CHECK(std::get<ActEvent>(trail->events[1].entry.event).act == ActKind::signed_for);
        // One whose bytes are not here is known by its place alone.
        CHECK(check_trail(answer_of(hub, known.size(), {LogIndex(6)}), LogIndex(6), {}, known)
                  .has_value());
    }

    TEST_CASE("entries of another notice are no part of the trail though the log holds them") {
        const SignedFor hub;
        CHECK(hub.verdict({LogIndex(6), LogIndex(9)}) == "entry_mismatch entries[1]");
        CHECK(hub.verdict({LogIndex(6), LogIndex(7)}) == "entry_mismatch entries[1]");
        CHECK(hub.verdict({LogIndex(7), LogIndex(9)}) == "entry_mismatch entries");
        CHECK(hub.verdict({LogIndex(0)}) == "entry_mismatch entries");
        const LogFollower known = testing::follower_of(hub);
        // Another notice than the one that was signed stands at its place.
        const auto other = check_trail(answer_of(hub, known.size(), {LogIndex(6)}), LogIndex(6),
                                       crypto::sha256(hub.alarms[1]), known);
        REQUIRE(other.has_error());
        CHECK(other.error().code == Errc::entry_mismatch);
    }

    TEST_CASE("a trail without its own entry or out of order is refused") {
        const SignedFor hub;
        CHECK(hub.verdict(std::vector<LogIndex>()) == "entry_mismatch entries");
        CHECK(hub.verdict({LogIndex(8)}) == "entry_mismatch entries");
        CHECK(hub.verdict({LogIndex(8), LogIndex(6)}) == "entry_mismatch entries");
        CHECK(hub.verdict({LogIndex(6), LogIndex(8), LogIndex(8)}) == "entry_mismatch entries[2]");
    }

    TEST_CASE("an entry that does not stand in the log is refused") {
        const SignedFor hub;
        const LogFollower known = testing::follower_of(hub);
        const std::string good(as_text(answer_of(hub, known.size(), {LogIndex(6), LogIndex(8)})));
        CHECK(hub.verdict(to_bytes(good), known).empty());
        std::string bad = good;
        bad.replace(bad.find("\"index\":8"), 9, "\"index\":9");
        CHECK(hub.verdict(to_bytes(bad), known) == "proof_mismatch entries[1]");
        bad = good;
        bad.replace(bad.find("\"index\":8"), 9, "\"index\":10");
        CHECK(hub.verdict(to_bytes(bad), known) == "not_in_tree entries[1]");
    }

    TEST_CASE("the head of the answer must extend the one that is known") {
        SignedFor hub;
        LogFollower known = testing::follower_of(hub);
        const Bytes old = answer_of(hub, known.size(), {LogIndex(6)});
        SUBCASE("an older head was rolled back") {
            REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(numbered_alarm(3)))));
            CHECK(hub.verdict(old, testing::follower_of(hub)) == "log_rolled_back checkpoint");
        }
        SUBCASE("a newer one brings the proof") {
            REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(numbered_alarm(3)))));
            CHECK(hub.verdict(answer_of(hub, known.size(), {LogIndex(6)}), known).empty());
            CHECK(hub.verdict(answer_of(hub, TreeSize(0), {LogIndex(6)}), known) ==
                  "log_forked checkpoint");
        }
        SUBCASE("another log of the same size is a fork") {
            const SignedFor other;
            CHECK(hub.verdict(answer_of(other, known.size(), {LogIndex(6)}), known) ==
                  "log_forked checkpoint");
        }
    }

    TEST_CASE("a trail of other entries sets the alarm and the head known stays") {
        SignedFor hub;
        testing::DaemonParts daemon(hub, "lake");
        *daemon.follower = testing::follower_of(hub);
        const std::string request = "GET /v1/notices/6/trail?known_size=10";
        daemon.fake.answers[request] = {200,
                                        answer_of(hub, TreeSize(10), {LogIndex(6), LogIndex(9)})};
        const auto ask = [&] {
            return daemon.run(fetch_trail(*daemon.services, *daemon.follower, LogIndex(6),
                                          crypto::sha256(hub.alarms[0])));
        };
        CHECK(ask().error() == Errc::entry_mismatch);
        CHECK(daemon.state.alarm.starts_with("entry_mismatch: "));
        CHECK(daemon.state.alarm.find("trail of notice 6") != std::string::npos);

        daemon.state.alarm.clear();
        daemon.fake.answers[request] = {200,
                                        answer_of(hub, TreeSize(10), {LogIndex(6), LogIndex(8)})};
        CHECK(ask()->events.size() == 2);
        daemon.fake.answers.erase(request);
        CHECK(ask().error() == Errc::not_found);
        CHECK(daemon.state.alarm.empty());
    }
}

}  // namespace
}  // namespace tongbao::client
