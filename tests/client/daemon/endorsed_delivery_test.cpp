// What a daemon believes of endorsements: those of notices that arrive, and those of its own in the
// hub's answer.

#include "client/daemon/batch_check.hpp"
#include "crypto/merkle_proof.hpp"
#include "crypto/sha256.hpp"
#include "hub/log_showing.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/hub/endorsed_hub.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using testing::EndorsedHub;
using testing::leaf_of;
using testing::must;
using testing::numbered_report;

using Statements = std::vector<Bytes>;

/// A notice of reeds as a hub puts it into its log that writes what it likes.
struct FalseLeaf {
    Notice notice;
    std::vector<EndorsementRef> named;
    Statements kept;
};

struct Stage : EndorsedHub {
    /// What the entry names of a statement of `who`.
    [[nodiscard]] EndorsementRef ref(const char* role, const char* who,
                                     const Bytes& statement) const {
        return {role, crypto::sha256(statement), endorsers.of(who).certificate().digest()};
    }
    [[nodiscard]] std::vector<EndorsementRef> refs(const Statements& two) const {
        return {ref("reviewer", "reeds/reviewer", two[0]), ref("issuer", "reeds/issuer", two[1])};
    }

    /// Logs a report as it should be; its delivery to lake.
    [[nodiscard]] protocol::Delivery delivered() {
        REQUIRE(testing::accepted_at(send_endorsed("reeds", leaf, given)));
        const auto mail = must(store.read_mailbox(UnitId("lake"), std::nullopt, 9));
        hub::LogShowing showing(store, *tree, head, TreeSize(0));
        return must(showing.delivery(mail.back()));
    }
    /// Logs the leaves as told, in one batch; its delivery to lake.
    [[nodiscard]] protocol::Delivery delivered_falsely(const std::vector<FalseLeaf>& leaves) {
        storage::Commit commit;
        commit.expected = store.size();
        const LogIndex first = next_index(commit.expected);
        std::vector<Bytes> bytes;
        for (const FalseLeaf& each : leaves) bytes.push_back(leaf_of(each.notice));
        const Bytes statement = submission("reeds", bytes).statement;
        const Digest seal = signers.at("reeds").certificate().digest();
        storage::StoredBatch batch{
            first, static_cast<std::uint32_t>(leaves.size()), seal, statement, {}};
        std::vector<Digest> hashes;
        storage::MailboxRow row{UnitId("lake"), first, {}};
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const Notice& said = leaves[i].notice;
            LoggedEvent event{{crypto::sha256(bytes[i]), crypto::leaf_hash(bytes[i]),
                               crypto::sha256(statement), seal},
                              said.from,
                              said.to,
                              said.cc,
                              said.kind,
                              said.charter,
                              said.charter_version,
                              *deployment.keys.get()->head()};
            event.endorsements = leaves[i].named;
            // A report opens a case.
            event.case_number = CaseNumber("440000202600001");
            event.opens_case = true;
            const Bytes entry = to_bytes(protocol::write_log_entry({clock.now(), {}, event}));
            commit.entries.push_back(entry);
            hashes.push_back(crypto::leaf_hash(entry));
            batch.leaves.push_back(
                {event.leaf.leaf_hash, advanced(first, i), bytes[i], leaves[i].kept});
            row.leaves.push_back(static_cast<std::uint16_t>(i));
        }
        commit.batches = {batch};
        hub::LogParts parts = log();
        REQUIRE(hub::write_commit(parts, deployment.origin, commit, hashes).has_value());
        hub::LogShowing showing(store, *tree, head, TreeSize(0));
        return must(showing.delivery(row));
    }

    /// `code place`, and the first word of why, of what lake's daemon says; empty if it takes it.
    [[nodiscard]] std::string verdict(const protocol::Delivery& delivery) const {
        const LogFollower follower = testing::follower_of(*this);
        const UnitId lake("lake");
        const auto checked = check_delivery(
            delivery,
            {follower, *deployment.keys.get(), *deployment.trust.get(), *deployment.charter, lake});
        if (checked) return {};
        const Reason& reason = checked.error();
        const std::string first = reason.explanation.substr(0, reason.explanation.find(':'));
        return std::string(code(reason.code)) + ' ' + reason.place +
               (errc_from_code(first) ? ' ' + first : "");
    }

    /// Has the log adopt the next version of the charter, by which so many approve a report.
    void adopt(Approver approver) {
        CharterParts parts = deployment.charter->parts();
        parts.version = CharterVersion(parts.version.value() + 1);
        for (Kind& kind : parts.kinds) {
            if (kind.id == notice.kind) kind.approver = approver;
        }
        deployment.charter = std::make_shared<const Charter>(std::move(parts));
        deployment.charter_digest = crypto::sha256(deployment.charter_digest.bytes());
        start();
    }
    /// The delivery of one entry as the hub shows it when the log has grown.
    [[nodiscard]] protocol::Delivery shown_now(protocol::Delivery delivery) const {
        delivery.run.proof =
            must(crypto::range_proof(delivery.run.first, 1, tree->size(), tree->reader()));
        return delivery;
    }

    Notice notice = numbered_report(1);
    Bytes leaf = leaf_of(notice);
    Statements given = both(leaf);
};

const std::string kFirstPlace = "leaves[0].endorsements[0]";
const std::string kSecondPlace = "leaves[0].endorsements[1]";

TEST_SUITE("endorsements of a delivery") {
    TEST_CASE_FIXTURE(Stage, "a notice with what its kind asks for is taken") {
        CHECK(verdict(delivered()) == "");
        CHECK(verdict(delivered_falsely({{numbered_report(2), {}, {}}})) ==
              "endorsement_missing leaves[0].endorsements.reviewer");
    }

    TEST_CASE_FIXTURE(Stage, "endorsements that are left out or exchanged or added are refused") {
        const protocol::Delivery good = delivered();
        protocol::Delivery bad = good;
        bad.endorsements.clear();
        CHECK(verdict(bad) == "entry_mismatch leaves[0].endorsements");
        bad = good;
        bad.endorsements[0].statements.pop_back();
        CHECK(verdict(bad) == "entry_mismatch leaves[0].endorsements");
        bad = good;
        std::swap(bad.endorsements[0].statements[0], bad.endorsements[0].statements[1]);
        CHECK(verdict(bad) == "entry_mismatch " + kFirstPlace);
        bad = good;
        bad.endorsements[0].statements.push_back(sign("lake/warden", "warden", leaf));
        CHECK(verdict(bad) == "entry_mismatch leaves[0].endorsements");
        // Another signature of the same key over the same notice.
        bad = good;
        bad.endorsements[0].statements[1] = sign("reeds/issuer", "issuer", leaf);
        CHECK(verdict(bad) == "entry_mismatch " + kSecondPlace);
        bad = good;
        bad.endorsements[0].statements[1] =
            sign("reeds/issuer", "issuer", leaf_of(numbered_report(2)));
        CHECK(verdict(bad) == "endorsement_invalid " + kSecondPlace + " statement_mismatch");
        CHECK(verdict(good) == "");
    }

    TEST_CASE_FIXTURE(Stage, "a changed byte of an endorsement is noticed") {
        protocol::Delivery delivery = delivered();
        Bytes& bytes = delivery.endorsements[0].statements[1];
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            CAPTURE(i);
            bytes[i] ^= 1;
            CHECK(verdict(delivery).starts_with("endorsement_invalid " + kSecondPlace));
            bytes[i] ^= 1;
        }
        CHECK(verdict(delivery) == "");
    }

    TEST_CASE_FIXTURE(Stage, "an entry that names others than came is refused") {
        const Statements others = both(leaf);
        CHECK(verdict(delivered_falsely({{notice, refs(others), given}})) ==
              "entry_mismatch " + kFirstPlace);
        std::vector<EndorsementRef> role = refs(given);
        role[1].role = "stamp";
        CHECK(verdict(delivered_falsely({{notice, role, given}})) ==
              "entry_mismatch " + kSecondPlace);
        std::vector<EndorsementRef> swapped = refs(given);
        swapped[1].signer = swapped[0].signer;
        CHECK(verdict(delivered_falsely({{notice, swapped, given}})) ==
              "entry_mismatch " + kSecondPlace);
        CHECK(verdict(delivered_falsely({{notice, {}, given}})) ==
              "entry_mismatch leaves[0].endorsements");
        CHECK(verdict(delivered_falsely({{notice, refs(given), given}})) == "");
    }

    TEST_CASE_FIXTURE(Stage, "a hub that takes a notice without one that is asked for is refused") {
        const std::vector<EndorsementRef> all = refs(given);
        CHECK(verdict(delivered_falsely({{notice, {all[0]}, {given[0]}}})) ==
              "endorsement_missing leaves[0].endorsements.issuer");
        CHECK(verdict(delivered_falsely({{notice, {all[1]}, {given[1]}}})) ==
              "endorsement_missing leaves[0].endorsements.reviewer");
        const Bytes same_key = sign("reeds/reviewer", "issuer", leaf);
        CHECK(verdict(delivered_falsely({{notice,
                                          {all[0], ref("issuer", "reeds/reviewer", same_key)},
                                          {given[0], same_key}}})) ==
              "endorsement_invalid " + kSecondPlace);
        const Bytes foreign = sign("lake/issuer", "issuer", leaf);
        CHECK(verdict(delivered_falsely({{notice,
                                          {all[0], ref("issuer", "lake/issuer", foreign)},
                                          {given[0], foreign}}})) ==
              "endorsement_invalid " + kSecondPlace);
    }

    TEST_CASE_FIXTURE(Stage, "a hub that takes a notice with one that nobody asks for is refused") {
        const std::string third = "endorsement_invalid leaves[0].endorsements[2]";
        std::vector<EndorsementRef> named = refs(given);
        Statements kept = given;
        SUBCASE("in a role of its own") {
            kept.push_back(sign("lake/warden", "warden", leaf));
            named.push_back(ref("warden", "lake/warden", kept[2]));
        }
        SUBCASE("in a role that is there already") {
            kept.push_back(sign("reeds/issuer", "issuer", leaf));
            named.push_back(ref("issuer", "reeds/issuer", kept[2]));
        }
        CHECK(verdict(delivered_falsely({{notice, named, kept}})) == third);
    }

    TEST_CASE_FIXTURE(Stage, "a notice is held to the charter that was in force at its entry") {
        SUBCASE("one more than is asked for now") {
            const protocol::Delivery before = delivered_falsely({{notice, refs(given), given}});
            adopt(Approver::one);
            CHECK(verdict(shown_now(before)) == "");
            CHECK(verdict(delivered_falsely({{notice, refs(given), given}})) ==
                  "endorsement_invalid " + kFirstPlace);
        }
        SUBCASE("one less than is asked for now") {
            adopt(Approver::one);
            const FalseLeaf issued{notice, {refs(given)[1]}, {given[1]}};
            const protocol::Delivery before = delivered_falsely({issued});
            CHECK(verdict(before) == "");
            adopt(Approver::two);
            CHECK(verdict(shown_now(before)) == "");
            CHECK(verdict(delivered_falsely({issued})) ==
                  "endorsement_missing leaves[0].endorsements.reviewer");
        }
        SUBCASE("what its signatures are worth counts under every charter") {
            protocol::Delivery before = delivered_falsely({{notice, refs(given), given}});
            adopt(Approver::one);
            before.endorsements[0].statements[1].back() ^= 1;
            CHECK(verdict(shown_now(before)) ==
                  "endorsement_invalid " + kSecondPlace + " bad_signature");
        }
        SUBCASE("to adopt a charter and come back to the one before frees nothing") {
            const std::shared_ptr<const Charter> first = deployment.charter;
            adopt(Approver::none);
            const protocol::Delivery between = delivered_falsely({{notice, {}, {}}});
            deployment.charter = first;
            CHECK(verdict(between) == "endorsement_missing leaves[0].endorsements.reviewer");
        }
    }

    TEST_CASE_FIXTURE(Stage, "a key that was not in force at the entry endorses nothing") {
        const crypto::Certificate issuer = endorsers.of("reeds/issuer").certificate();
        const protocol::Delivery before = delivered_falsely({{notice, refs(given), given}});
        SUBCASE("revoked before") {
            revoke(issuer);
            CHECK(verdict(delivered_falsely({{notice, refs(given), given}})) ==
                  "endorsement_invalid " + kSecondPlace + " signer_not_enrolled");
        }
        SUBCASE("enrolled after") {
            testing::TestHolder late = pki.post("reeds", "issuer");
            const crypto::StatementSigner late_one = testing::signer_with(std::move(late));
            const Bytes made = must(crypto::sign_endorsement(late_one, "issuer", deployment.origin,
                                                             crypto::leaf_hash(leaf), clock.now()));
            const std::vector<EndorsementRef> named{
                refs(given)[0], {"issuer", crypto::sha256(made), late_one.certificate().digest()}};
            const protocol::Delivery early = delivered_falsely({{notice, named, {given[0], made}}});
            put_consented("late-issuer", late_one.certificate());
            start();
            REQUIRE(deployment.keys.get()->find(late_one.certificate().digest()) != nullptr);
            protocol::Delivery shown = early;
            shown.run.proof =
                must(crypto::range_proof(early.run.first, 1, tree->size(), tree->reader()));
            CHECK(verdict(shown) == "endorsement_invalid " + kSecondPlace + " signer_not_enrolled");
        }
        SUBCASE("revoked after") {
            revoke(issuer);
            protocol::Delivery shown = before;
            shown.run.proof =
                must(crypto::range_proof(before.run.first, 1, tree->size(), tree->reader()));
            CHECK(verdict(shown) == "");
        }
    }

    TEST_CASE_FIXTURE(Stage, "a certificate beyond its time at the entry endorses nothing") {
        const SpiffeId id = post_id(pki.trust_domain(), UnitId("reeds"), PostId("issuer"));
        endorsers.add(
            *this, "reeds/issuer-2",
            pki.holder(id, {pki.now() - std::chrono::days(1), pki.now() + std::chrono::hours(1)}));
        start();
        const Bytes made = sign("reeds/issuer-2", "issuer", leaf);
        const FalseLeaf logged{
            notice, {refs(given)[0], ref("issuer", "reeds/issuer-2", made)}, {given[0], made}};
        CHECK(verdict(delivered_falsely({logged})) == "");
        clock.set(testing::TestPki::kNow + std::chrono::hours(2));
        CHECK(verdict(delivered_falsely({logged})) ==
              "endorsement_invalid " + kSecondPlace + " certificate_expired");
    }

    TEST_CASE_FIXTURE(Stage, "an endorser that is not known asks for the register") {
        const Notice other = numbered_report(2);
        const Statements others = both(leaf_of(other));
        std::vector<EndorsementRef> unknown = refs(others);
        unknown[1].signer = crypto::sha256(as_bytes("a certificate to come"));
        const crypto::KeyRegister& keys = *deployment.keys.get();
        CHECK_FALSE(needs_register(
            delivered_falsely({{notice, refs(given), given}, {other, refs(others), others}}),
            keys));
        CHECK(needs_register(delivered_falsely({{other, unknown, others}}), keys));
        // Behind an entry that names nothing that is not known.
        CHECK(needs_register(
            delivered_falsely({{notice, refs(given), given}, {other, unknown, others}}), keys));
        CHECK(
            needs_register(delivered_falsely({{notice, {}, {}}, {other, unknown, others}}), keys));
    }
}

/// What reeds' daemon says of the hub's answer to the batch of this notice, which went with `went`.
std::string verdict_on_answer(const Stage& hub, const protocol::Outcome& outcome,
                              const Bytes& statement, const std::vector<Statements>& went) {
    SubmittedBatch batch{
        {BytesView(hub.leaf)}, statement, hub.signers.at("reeds").certificate().digest()};
    batch.endorsements = went;
    const auto checked = check_outcome(outcome, batch, testing::follower_of(hub),
                                       *hub.deployment.keys.get(), *hub.deployment.charter);
    if (checked) return {};
    return std::string(code(checked.error().code)) + ' ' + checked.error().place;
}

TEST_SUITE("endorsements in the hub's answer") {
    TEST_CASE_FIXTURE(Stage, "an entry that names other endorsements than went is refused") {
        const protocol::Submit submit = testing::endorsed_submission(*this, "reeds", leaf, given);
        Checked<hub::VerifiedBatch> admitted = admission().admit(UnitId("reeds"), submit);
        REQUIRE(admitted.has_value());
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(*std::move(admitted));
        hub::LogShowing showing(store, *tree, head, tree->size());
        const protocol::Outcome outcome = must(showing.outcome(1, sequence(batches).front()));
        const auto verdict_with = [&](const std::vector<Statements>& went) {
            return verdict_on_answer(*this, outcome, submit.statement, went);
        };
        CHECK(verdict_with({given}) == "");
        CHECK(verdict_with({}) == "entry_mismatch leaves[0]");
        CHECK(verdict_with({{}}) == "entry_mismatch leaves[0]");
        CHECK(verdict_with({{given[0]}}) == "entry_mismatch leaves[0]");
        CHECK(verdict_with({{given[1], given[0]}}) == "entry_mismatch leaves[0]");
        CHECK(verdict_with({both(leaf)}) == "entry_mismatch leaves[0]");
        CHECK(verdict_with({{given[0], given[1], given[1]}}) == "entry_mismatch leaves[0]");
    }
}

}  // namespace
}  // namespace tongbao::client
