#include "client/daemon/batch_check.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "hub/log_showing.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/message_codec.hpp"
#include "tests/client/daemon/deliveries.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using testing::HubParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;

/// A hub to which lake submits batches of its own.
struct Submitting : HubParts {
    explicit Submitting(std::uint16_t count) {
        start();
        for (std::uint16_t number = 1; number <= count; ++number) {
            leaves.push_back(leaf_of(numbered_alarm(number)));
        }
    }

    /// The hub's answer to the batch, as it comes over the stream.
    protocol::Outcome submit() {
        const protocol::Submit submit = submission("lake", leaves);
        statement = submit.statement;
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(must_admit(submit));
        hub::LogShowing showing(store, *tree, head, tree->size());
        protocol::Outcome outcome = must(showing.outcome(1, sequence(batches).front()));
        return std::get<protocol::Outcome>(must(protocol::decode(protocol::encode(outcome))));
    }

    hub::VerifiedBatch must_admit(const protocol::Submit& submit) const {
        Checked<hub::VerifiedBatch> batch = admission().admit(UnitId("lake"), submit);
        REQUIRE(batch.has_value());
        return *std::move(batch);
    }

    [[nodiscard]] Checked<CheckedOutcome> check(const protocol::Outcome& outcome) const {
        SubmittedBatch batch{{}, statement, signers.at("lake").certificate().digest()};
        for (const Bytes& leaf : leaves) batch.leaves.emplace_back(leaf);
        return check_outcome(outcome, batch, testing::follower_of(*this), *deployment.keys.get(),
                             *deployment.charter);
    }
    /// `code place` of what is wrong with the answer; empty if it is taken.
    [[nodiscard]] std::string verdict(const protocol::Outcome& outcome) const {
        const auto checked = check(outcome);
        if (checked) return {};
        return std::string(code(checked.error().code)) + ' ' + checked.error().place;
    }

    std::vector<Bytes> leaves;
    Bytes statement;
};

/// The answer that a hub would give that puts an entry of its own making into its log for `leaf`.
protocol::Outcome false_answer(HubParts& hub, const LogEvent& event) {
    const LogIndex index = next_index(hub.store.size());
    const Bytes entry = to_bytes(protocol::write_log_entry(LogEntry{hub.clock.now(), {}, event}));
    storage::Commit commit;
    commit.expected = hub.store.size();
    commit.entries = {entry};
    hub::LogParts log = hub.log();
    REQUIRE(hub::write_commit(log, hub.deployment.origin, commit,
                              std::vector<Digest>{crypto::leaf_hash(entry)})
                .has_value());
    hub::LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
    return must(showing.outcome(1, {{protocol::LeafAccepted{index, false}}, index, {entry}}));
}

TEST_SUITE("outcome check") {
    TEST_CASE("what an entry says of lateness is taken over with its case and time") {
        Submitting hub(1);
        const protocol::Outcome honest = hub.submit();
        const Checked<CheckedOutcome> in_time = hub.check(honest);
        REQUIRE(in_time.has_value());
        REQUIRE(in_time->entries[0].has_value());
        CHECK(in_time->entries[0]->late.empty());
        const Checked<LogEntry> entry =
            protocol::read_log_entry(std::get<Bytes>(honest.run.entries[0]));
        REQUIRE(entry.has_value());
        LoggedEvent late = std::get<LoggedEvent>(entry->event);
        late.late = {"send_within"};
        const protocol::Outcome answer = false_answer(hub, late);
        const Checked<CheckedOutcome> checked = hub.check(answer);
        REQUIRE(checked.has_value());
        CHECK(checked->entries[0]->late == std::vector<std::string>{"send_within"});
    }

    TEST_CASE("the answer to one's own batch is what the log holds") {
        Submitting hub(3);
        const protocol::Outcome good = hub.submit();
        CHECK(hub.verdict(good).empty());
        protocol::Outcome bad = good;
        std::get<Bytes>(bad.run.entries[1])[20] ^= 1;
        CHECK(hub.verdict(bad) == "proof_mismatch run");
        bad = good;
        std::swap(bad.leaves[0], bad.leaves[1]);
        CHECK(hub.verdict(bad) == "entry_mismatch leaves[0]");
        bad = good;
        bad.leaves[0] = protocol::LeafAccepted{LogIndex(99), false};
        CHECK(hub.verdict(bad) == "entry_mismatch leaves[0]");
        bad = good;
        bad.run = {};
        CHECK(hub.verdict(bad) == "entry_mismatch leaves[0]");
    }

    TEST_CASE("a repetition is proved by the entry of the first time") {
        Submitting hub(3);
        const protocol::Outcome first = hub.submit();
        hub.leaves.push_back(leaf_of(numbered_alarm(4)));
        hub.clock.set(hub.clock.now() + std::chrono::seconds(5));  // another statement
        const protocol::Outcome good = hub.submit();
        for (std::size_t i = 0; i < 3; ++i) {
            const auto& again = std::get<protocol::LeafAccepted>(good.leaves[i]);
            CHECK(again.repeated);
            CHECK(again.index == std::get<protocol::LeafAccepted>(first.leaves[i]).index);
            CHECK(again.earlier.entry == std::get<Bytes>(first.run.entries[i]));
        }
        CHECK(hub.verdict(good).empty());

        const auto changed = [&](auto&& change) {
            protocol::Outcome bad = good;
            change(std::get<protocol::LeafAccepted>(bad.leaves[1]),
                   std::get<protocol::LeafAccepted>(bad.leaves[2]));
            return hub.verdict(bad);
        };
        using Leaf = protocol::LeafAccepted;
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.earlier = {}; }) == "proof_mismatch leaves[1]");
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.index = LogIndex(99); }) ==
              "not_in_tree leaves[1]");
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.index = LogIndex(0); }) ==
              "proof_mismatch leaves[1]");
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.earlier.entry[20] ^= 1; }) ==
              "proof_mismatch leaves[1]");
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.earlier.path.back() = Digest(); }) ==
              "proof_mismatch leaves[1]");
        CHECK(changed([](Leaf& leaf, Leaf&) { leaf.earlier.path.pop_back(); }) ==
              "proof_mismatch leaves[1]");
        // Another leaf's entry, well proved.
        CHECK(changed([](Leaf& leaf, Leaf& other) { leaf = other; }) == "entry_mismatch leaves[1]");
    }

    TEST_CASE("an answer under a register that is not here asks for it") {
        Submitting hub(2);
        const protocol::Outcome first = hub.submit();
        CHECK_FALSE(needs_register(first, *hub.deployment.keys.get()));
        CHECK(needs_register(first, crypto::KeyRegister()));
        const protocol::Outcome again = hub.submit();
        CHECK_FALSE(needs_register(again, *hub.deployment.keys.get()));
        CHECK(needs_register(again, crypto::KeyRegister()));
    }

    TEST_CASE("a leaf that was never logged is not taken for a repetition") {
        Submitting hub(1);
        protocol::Outcome claim = hub.submit();
        hub.leaves = {leaf_of(numbered_alarm(2))};
        std::get<protocol::LeafAccepted>(claim.leaves[0]).repeated = true;
        claim.run = {};
        CHECK(hub.verdict(claim) == "proof_mismatch leaves[0]");
    }

    TEST_CASE("an entry that says something else than was signed is noticed") {
        const Notice notice = numbered_alarm(1);
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
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.to = {UnitId("office")}; }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.cc = {UnitId("office")}; }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.from = UnitId("reeds"); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.kind = KindId("minutes"); }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.leaf.sha256 = Digest(); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.leaf.leaf_hash = Digest(); }},
            {"entry_mismatch leaves[0]",
             [](LoggedEvent& event) { event.leaf.statement = Digest(); }},
            {"entry_mismatch leaves[0]", [](LoggedEvent& event) { event.leaf.signer = Digest(); }},
            {"register_mismatch leaves[0]",
             [](LoggedEvent& event) { event.register_head = Digest(); }},
        };
        for (const auto& [expected, change] : changes) {
            Submitting hub(1);
            hub.statement = hub.submission("lake", hub.leaves).statement;
            LoggedEvent event{
                {crypto::sha256(hub.leaves[0]), crypto::leaf_hash(hub.leaves[0]),
                 crypto::sha256(hub.statement), hub.signers.at("lake").certificate().digest()},
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
            CHECK(hub.verdict(false_answer(hub, event)) == expected);
        }
    }

    TEST_CASE("an act that the log turns into another one is noticed") {
        Act act;
        act.id = ActId(testing::numbered_uuid(7));
        act.kind = ActKind::declined;
        act.from = UnitId("lake");
        act.issued_at = testing::TestPki::kNow;
        act.notices = {{crypto::sha256(to_bytes("notice")), LogIndex(3)}};
        act.reason = "not ours";
        const std::vector<std::pair<std::string, void (*)(ActEvent&)>> changes{
            {"", [](ActEvent&) {}},
            {"entry_mismatch leaves[0]", [](ActEvent& event) { event.act = ActKind::taken_up; }},
            {"entry_mismatch leaves[0]",
             [](ActEvent& event) { event.notices[0].index = LogIndex(4); }},
            {"entry_mismatch leaves[0]", [](ActEvent& event) { event.from = UnitId("reeds"); }},
        };
        for (const auto& [expected, change] : changes) {
            Submitting hub(0);
            hub.leaves = {leaf_of(act)};
            hub.statement = hub.submission("lake", hub.leaves).statement;
            ActEvent event{
                {crypto::sha256(hub.leaves[0]), crypto::leaf_hash(hub.leaves[0]),
                 crypto::sha256(hub.statement), hub.signers.at("lake").certificate().digest()},
                act.kind,
                act.from,
                act.notices,
                *hub.deployment.keys.get()->head()};
            change(event);
            CHECK(hub.verdict(false_answer(hub, event)) == expected);
        }
    }
}

}  // namespace
}  // namespace tongbao::client
