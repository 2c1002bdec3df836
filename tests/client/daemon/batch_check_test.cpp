#include "client/daemon/batch_check.hpp"

#include "crypto/sha256.hpp"
#include "domain/leaf_event.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/daemon/deliveries.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::delivery_of;
using testing::HubParts;
using testing::kFirstBatch;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::verdict_on;

/// A started hub with one batch of lake: three alarms, entries 6 to 8.
struct Sent : HubParts {
    Sent() {
        start();
        for (std::uint16_t number = 1; number <= 3; ++number) {
            leaves.push_back(leaf_of(numbered_alarm(number)));
        }
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(admitted("lake", leaves));
        answer = sequence(batches).front();
    }

    std::vector<Bytes> leaves;
    hub::SequencedBatch answer;
};

/// The log as a hub would have it that writes an entry of its own making over `leaf`.
void log_falsely(HubParts& hub, const Bytes& leaf, const LogEvent& event,
                 const protocol::Submit& submit) {
    const Bytes entry = to_bytes(protocol::write_log_entry(LogEntry{hub.clock.now(), {}, event}));
    storage::Commit commit;
    commit.expected = hub.store.size();
    const LogIndex index = next_index(commit.expected);
    commit.entries = {entry};
    commit.batches = {{index,
                       1,
                       hub.signers.at("lake").certificate().digest(),
                       submit.statement,
                       {{crypto::leaf_hash(leaf), index, leaf}}}};
    const std::vector<Digest> hashes{crypto::leaf_hash(entry)};
    hub::LogParts log = hub.log();
    REQUIRE(hub::write_commit(log, hub.deployment.origin, commit, hashes).has_value());
}

/// A notice that lake signed, logged as it is under the register head given, late for these limits.
void log_alarm(HubParts& hub, const Notice& notice, const Digest& register_head,
               std::vector<std::string> late = {}) {
    const Bytes leaf = leaf_of(notice);
    const protocol::Submit submit = hub.submission("lake", {leaf});
    const SignedLeaf signed_leaf{crypto::sha256(leaf), crypto::leaf_hash(leaf),
                                 crypto::sha256(submit.statement),
                                 hub.signers.at("lake").certificate().digest()};
    LoggedEvent event{signed_leaf,
                      notice.from,
                      notice.to,
                      notice.cc,
                      notice.kind,
                      notice.charter,
                      notice.charter_version,
                      register_head};
    event.late = std::move(late);
    // Its kind opens cases.
    event.case_number = CaseNumber("440000202600001");
    event.opens_case = true;
    log_falsely(hub, leaf, event, submit);
}

TEST_SUITE("batch check") {
    TEST_CASE("a notice is late only for what the charter limits") {
        const auto verdict = [](std::vector<std::string> late) {
            HubParts hub;
            hub.start();
            log_alarm(hub, numbered_alarm(1), *hub.deployment.keys.get()->head(), std::move(late));
            return verdict_on(hub, delivery_of(hub, kFirstBatch));
        };
        CHECK(verdict({}).empty());
        CHECK(verdict({"send_within"}).empty());
        CHECK(verdict({"send_within", "checks[1]"}).empty());
        // A check without a limit, and one that there is not.
        CHECK(verdict({"checks[0]"}) == "entry_mismatch leaves[0]");
        CHECK(verdict({"checks[1]", "checks[2]"}) == "entry_mismatch leaves[0]");
    }

    TEST_CASE("a good delivery is taken with what the log says of it") {
        const Sent hub;
        const protocol::Delivery delivery = delivery_of(hub, kFirstBatch, {1});
        const LogFollower follower = testing::follower_of(hub);
        const UnitId dike("dike");
        const auto checked =
            check_delivery(delivery, {follower, *hub.deployment.keys.get(),
                                      *hub.deployment.trust.get(), *hub.deployment.charter, dike});
        REQUIRE(checked.has_value());
        CHECK(checked->register_head == hub.deployment.keys.get()->head());
        REQUIRE(checked->leaves.size() == 2);
        const CheckedLeaf& first = checked->leaves.front();
        CHECK(first.sha256 == crypto::sha256(hub.leaves[0]));
        CHECK(first.index == kFirstBatch);
        const CheckedLeaf& last = checked->leaves.back();
        CHECK(last.sha256 == crypto::sha256(hub.leaves[2]));
        CHECK(last.index == advanced(kFirstBatch, 2));
        CHECK(last.position == 2);
        CHECK(last.logged_at == hub.clock.now());
        CHECK(std::get<Notice>(last.leaf) == numbered_alarm(3));
    }

    TEST_CASE("the keeper of the ledger takes what is kept and nobody else what is not his") {
        Sent hub;
        const auto verdict_of = [&hub](LogIndex batch, const char* taker) {
            const UnitId unit(taker);
            const auto checked =
                check_delivery(delivery_of(hub, batch),
                               {testing::follower_of(hub), *hub.deployment.keys.get(),
                                *hub.deployment.trust.get(), *hub.deployment.charter, unit});
            return checked ? Errc{} : checked.error().code;
        };
        // level_alarm may belong to a case and the office sees all of it.
        CHECK(verdict_of(kFirstBatch, "office") == Errc{});
        CHECK(verdict_of(kFirstBatch, "reeds") == Errc::entry_mismatch);
        Notice apart = numbered_alarm(9);
        apart.kind = KindId("gate_order");  // in no case
        const LogIndex index = next_index(hub.store.size());
        log_alarm(hub, apart, *hub.deployment.keys.get()->head());
        CHECK(verdict_of(index, "office") == Errc::entry_mismatch);
    }

    TEST_CASE("a changed byte anywhere is noticed") {
        const Sent hub;
        const protocol::Delivery good = delivery_of(hub, kFirstBatch, {1});
        REQUIRE(verdict_on(hub, good).empty());
        const auto flip_each = [&](auto&& bytes_of) {
            protocol::Delivery bad = good;
            Bytes& bytes = bytes_of(bad);
            REQUIRE_FALSE(bytes.empty());
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                CAPTURE(i);
                bytes[i] ^= 1;
                CHECK_FALSE(verdict_on(hub, bad).empty());
                bytes[i] ^= 1;
            }
        };
        SUBCASE("in a leaf") {
            flip_each([](protocol::Delivery& delivery) -> Bytes& {
                return std::get<protocol::DeliveredLeaf>(delivery.leaves[2]).bytes;
            });
        }
        SUBCASE("in an entry") {
            flip_each([](protocol::Delivery& delivery) -> Bytes& {
                return std::get<Bytes>(delivery.run.entries[0]);
            });
        }
        SUBCASE("in the statement") {
            flip_each([](protocol::Delivery& delivery) -> Bytes& { return delivery.statement; });
        }
    }

    TEST_CASE("a changed hash or place is noticed") {
        const Sent hub;
        const protocol::Delivery good = delivery_of(hub, kFirstBatch, {1});
        REQUIRE_FALSE(good.run.proof.empty());
        for (std::size_t i = 0; i < good.run.proof.size(); ++i) {
            protocol::Delivery bad = good;
            bad.run.proof[i] = Digest();
            CHECK(verdict_on(hub, bad) == "proof_mismatch run");
        }
        protocol::Delivery bad = good;
        bad.leaves[1] = Digest();
        CHECK(verdict_on(hub, bad) == "statement_mismatch statement");
        bad = good;
        bad.leaves.pop_back();
        CHECK(verdict_on(hub, bad) == "statement_mismatch statement");
        bad = good;
        bad.run.entries[1] = Digest();
        CHECK(verdict_on(hub, bad) == "proof_mismatch run");
        bad = good;
        bad.batch = LogIndex(5);
        CHECK(verdict_on(hub, bad) == "entry_mismatch batch");
        bad = good;
        std::get<protocol::DeliveredLeaf>(bad.leaves[0]).index = advanced(kFirstBatch, 2);
        CHECK(verdict_on(hub, bad) == "entry_mismatch leaves[0]");
        // An entry that is there as a hash alone, before the run, behind it.
        for (const std::uint64_t index :
             {std::uint64_t{7}, std::uint64_t{0}, std::uint64_t{9}, ~std::uint64_t{0}}) {
            std::get<protocol::DeliveredLeaf>(bad.leaves[0]).index = LogIndex(index);
            CHECK(verdict_on(hub, bad) == "entry_mismatch leaves[0]");
        }
    }

    TEST_CASE("a signer that the register does not have or another one is noticed") {
        const Sent hub;
        const protocol::Delivery good = delivery_of(hub, kFirstBatch);
        protocol::Delivery bad = good;
        bad.signer = hub.signers.at("reeds").certificate().digest();
        CHECK(verdict_on(hub, bad) == "signer_not_enrolled statement");
        bad.signer = Digest();
        CHECK(verdict_on(hub, bad) == "signer_not_enrolled signer");
        CHECK(needs_register(bad, *hub.deployment.keys.get()));
        CHECK_FALSE(needs_register(good, *hub.deployment.keys.get()));
        CHECK(needs_register(good, crypto::KeyRegister()));
    }

    TEST_CASE("a unit does not speak in another's name though its hub logs it") {
        HubParts hub;
        hub.start();
        Notice notice = numbered_alarm(1);
        notice.from = UnitId("reeds");
        const Bytes leaf = leaf_of(notice);
        const protocol::Submit submit = hub.submission("lake", {leaf});
        const SignedLeaf signed_leaf{crypto::sha256(leaf), crypto::leaf_hash(leaf),
                                     crypto::sha256(submit.statement),
                                     hub.signers.at("lake").certificate().digest()};
        log_falsely(
            hub, leaf,
            LoggedEvent{signed_leaf, notice.from, notice.to, notice.cc, notice.kind, notice.charter,
                        notice.charter_version, *hub.deployment.keys.get()->head()},
            submit);
        CHECK(verdict_on(hub, delivery_of(hub, kFirstBatch)) == "sender_mismatch leaves[0]");
    }

    TEST_CASE("an entry that says something else than its leaf is noticed") {
        const Notice notice = numbered_alarm(1);
        const Bytes leaf = leaf_of(notice);
        // Each changes one thing that the hub could write otherwise.
        const std::vector<std::pair<std::string, void (*)(LoggedEvent&)>> changes{
            {"", [](LoggedEvent&) {}},
            {"", [](LoggedEvent& event) { event.case_number = CaseNumber("440000202600002"); }},
            // It opens a case: in another one, or in none, it does not stand.
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.opens_case = false; }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) {
                 event.case_number.reset();
                 event.opens_case = false;
             }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.to = {UnitId("reeds")}; }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.cc = {UnitId("office")}; }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.from = UnitId("reeds"); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.kind = KindId("minutes"); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.charter_version = CharterVersion(4); }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.leaf.sha256 = Digest(); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.leaf.leaf_hash = Digest(); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.leaf.statement = Digest(); }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.leaf.signer = Digest(); }},
            {"register_mismatch leaves[0]",
             [](LoggedEvent& event) { event.register_head = Digest(); }},
        };
        HubParts hub;
        hub.start();
        const protocol::Submit submit = hub.submission("lake", {leaf});
        for (const auto& [expected, change] : changes) {
            LoggedEvent event{
                {crypto::sha256(leaf), crypto::leaf_hash(leaf), crypto::sha256(submit.statement),
                 hub.signers.at("lake").certificate().digest()},
                notice.from,
                notice.to,
                notice.cc,
                notice.kind,
                notice.charter,
                notice.charter_version,
                *hub.deployment.keys.get()->head(),
                {},
                CaseNumber("440000202600001"),
                true};
            change(event);
            const LogIndex index = next_index(hub.store.size());
            log_falsely(hub, leaf, event, submit);
            CHECK(verdict_on(hub, delivery_of(hub, index)) == expected);
        }
    }

    TEST_CASE("a delivered notice has the case that its entry says") {
        HubParts hub;
        hub.start();
        Notice notice = numbered_alarm(1);
        const auto log_in = [&](const std::optional<CaseNumber>& number, bool opened) {
            const Bytes leaf = leaf_of(notice);
            const protocol::Submit submit = hub.submission("lake", {leaf});
            LoggedEvent event = event_of(
                notice,
                {crypto::sha256(leaf), crypto::leaf_hash(leaf), crypto::sha256(submit.statement),
                 hub.signers.at("lake").certificate().digest()},
                *hub.deployment.keys.get()->head());
            event.case_number = number;
            event.opens_case = opened;
            const LogIndex index = next_index(hub.store.size());
            log_falsely(hub, leaf, event, submit);
            return check_delivery(
                delivery_of(hub, index),
                {testing::follower_of(hub), *hub.deployment.keys.get(), *hub.deployment.trust.get(),
                 *hub.deployment.charter, UnitId("dike")});
        };
        const CaseNumber number("440000202600001");
        const auto opened = log_in(number, true);
        REQUIRE(opened.has_value());
        CHECK(opened->leaves.front().case_number == number);
        CHECK(opened->leaves.front().opens_case);

        notice.case_number = number;
        const auto named = log_in(number, false);
        REQUIRE(named.has_value());
        CHECK(named->leaves.front().case_number == number);
        CHECK_FALSE(named->leaves.front().opens_case);
        CHECK_FALSE(log_in(CaseNumber("440000202600002"), false).has_value());
        CHECK_FALSE(log_in(number, true).has_value());
        CHECK_FALSE(log_in(std::nullopt, false).has_value());
    }

    TEST_CASE("a notice for other units is not taken though it is well signed and logged") {
        HubParts hub;
        hub.start();
        Notice notice = numbered_alarm(1);
        SUBCASE("to another") {
            notice.to = {UnitId("reeds")};
        }
        SUBCASE("to another and as a copy to a third") {
            notice.to = {UnitId("reeds")};
            notice.cc = {UnitId("office")};
        }
        log_alarm(hub, notice, *hub.deployment.keys.get()->head());
        CHECK(verdict_on(hub, delivery_of(hub, kFirstBatch)) == "entry_mismatch leaves[0]");
    }

    TEST_CASE("a copy is taken") {
        HubParts hub;
        hub.start();
        Notice notice = numbered_alarm(1);
        notice.to = {UnitId("reeds")};
        notice.cc = {UnitId("office"), UnitId("dike")};
        log_alarm(hub, notice, *hub.deployment.keys.get()->head());
        CHECK(verdict_on(hub, delivery_of(hub, kFirstBatch)).empty());
    }

    TEST_CASE("a key that the register revoked before the entry signed nothing") {
        Sent hub;
        const Digest before = *hub.deployment.keys.get()->head();
        hub.pki.revoke(hub.signers.at("lake").certificate());
        hub.deployment.trust.set(std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
        hub.start();
        // What was logged while the key counted stays good.
        CHECK(verdict_on(hub, delivery_of(hub, kFirstBatch)).empty());
        const LogIndex index = next_index(hub.store.size());
        SUBCASE("under the register that says so") {
            log_alarm(hub, numbered_alarm(1), *hub.deployment.keys.get()->head());
            CHECK(verdict_on(hub, delivery_of(hub, index)) == "signer_not_enrolled leaves[0]");
        }
        SUBCASE("under the register as it was before") {
            log_alarm(hub, numbered_alarm(1), before);
            CHECK(verdict_on(hub, delivery_of(hub, index)) == "register_mismatch leaves[0]");
        }
    }
}

}  // namespace
}  // namespace tongbao::client
