// Endorsements at the hub: what is handed in beside a notice, and what becomes of it.

#include "crypto/sha256.hpp"
#include "hub/log_showing.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/endorsed_hub.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::act_of;
using testing::EndorsedHub;
using testing::leaf_of;
using testing::must;
using testing::numbered_report;
using testing::TestPki;
using testing::verdict;

using Statements = std::vector<Bytes>;

/// `code place`, and what the explanation begins with, of each reason; nothing if it was accepted.
std::string told(const protocol::LeafOutcome& outcome) {
    std::string words;
    const auto* const refused = std::get_if<protocol::LeafRefused>(&outcome);
    if (refused == nullptr) return words;
    for (const Reason& reason : refused->reasons) {
        if (!words.empty()) words += ", ";
        const std::string& why = reason.explanation;
        const std::string first = why.substr(0, why.find(':'));
        words += std::string(code(reason.code)) + ' ' + reason.place;
        if (errc_from_code(first)) words += ' ' + first;
    }
    return words;
}

/// An expired key of the issuer's is enrolled while it is good.
struct SignedHub : EndorsedHub {
    SignedHub() {
        const SpiffeId id = post_id(pki.trust_domain(), UnitId("reeds"), PostId("issuer"));
        endorsers.add(
            *this, "reeds/issuer-2",
            pki.holder(id, {pki.now() - std::chrono::days(1), pki.now() + std::chrono::hours(1)}));
        start();
    }

    Bytes leaf = leaf_of(numbered_report(1));
    Bytes reviewed = sign("reeds/reviewer", "reviewer", leaf);
    Bytes issued = sign("reeds/issuer", "issuer", leaf);
};

/// What is handed in beside a report of reeds, and what the hub says of it.
struct EndorsementCase {
    const char* name;
    Statements (*given)(const SignedHub& hub);
    const char* expected;
};

Bytes issued_over(const SignedHub& hub, const LogOrigin& origin, const Digest& leaf_hash) {
    return must(crypto::sign_endorsement(hub.endorsers.of("reeds/issuer"), "issuer", origin,
                                         leaf_hash, hub.clock.now()));
}

constexpr const char* kUnmatched =
    "endorsement_invalid endorsements[1] statement_mismatch, "
    "endorsement_missing endorsements.issuer";

const EndorsementCase kRows[] = {
    {"both",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.issued};
     },
     ""},
    {"both the other way round",
     [](const SignedHub& hub) {
         return Statements{hub.issued, hub.reviewed};
     },
     ""},
    {"none", [](const SignedHub&) { return Statements{}; },
     "endorsement_missing endorsements.reviewer, endorsement_missing endorsements.issuer"},
    {"the reviewer's alone", [](const SignedHub& hub) { return Statements{hub.reviewed}; },
     "endorsement_missing endorsements.issuer"},
    {"the issuer's alone", [](const SignedHub& hub) { return Statements{hub.issued}; },
     "endorsement_missing endorsements.reviewer"},
    {"the issuer's by the reviewer's key",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.sign("reeds/reviewer", "issuer", hub.leaf)};
     },
     "endorsement_invalid endorsements[1]"},
    {"by another unit's issuer",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.sign("lake/issuer", "issuer", hub.leaf)};
     },
     "endorsement_invalid endorsements[1]"},
    {"the reviewer's twice",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.sign("reeds/reviewer", "reviewer", hub.leaf)};
     },
     "endorsement_missing endorsements.issuer, endorsement_invalid endorsements[1]"},
    {"by the unit's seal",
     [](const SignedHub& hub) {
         return Statements{
             hub.reviewed,
             must(crypto::sign_endorsement(hub.signers.at("reeds"), "issuer", hub.deployment.origin,
                                           crypto::leaf_hash(hub.leaf), hub.clock.now()))};
     },
     "endorsement_invalid endorsements[1]"},
    {"over another notice",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed,
                           hub.sign("reeds/issuer", "issuer", leaf_of(numbered_report(2)))};
     },
     kUnmatched},
    {"over the digest of the notice",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed,
                           issued_over(hub, hub.deployment.origin, crypto::sha256(hub.leaf))};
     },
     kUnmatched},
    {"for another log",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, issued_over(hub, LogOrigin("hub.other.example/log"),
                                                     crypto::leaf_hash(hub.leaf))};
     },
     kUnmatched},
    {"in the role of a batch",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.submission("reeds", {hub.leaf}).statement};
     },
     kUnmatched},
    {"no container",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, to_bytes("no container")};
     },
     "endorsement_invalid endorsements[1] bad_statement, endorsement_missing endorsements.issuer"},
    {"no container before both",
     [](const SignedHub& hub) {
         return Statements{to_bytes("no container"), hub.reviewed, hub.issued};
     },
     "endorsement_invalid endorsements[0] bad_statement"},
    {"a changed byte",
     [](const SignedHub& hub) {
         Bytes changed = hub.issued;
         changed.back() ^= 1;
         return Statements{hub.reviewed, changed};
     },
     "endorsement_invalid endorsements[1] bad_signature, endorsement_missing endorsements.issuer"},
    {"by a key that nobody enrolled",
     [](const SignedHub& hub) {
         const auto stranger = testing::signer_with(hub.pki.post("reeds", "issuer"));
         return Statements{hub.reviewed, must(crypto::sign_endorsement(
                                             stranger, "issuer", hub.deployment.origin,
                                             crypto::leaf_hash(hub.leaf), hub.clock.now()))};
     },
     "endorsement_invalid endorsements[1] signer_not_enrolled, "
     "endorsement_missing endorsements.issuer"},
    {"a third that nobody asks for",
     [](const SignedHub& hub) {
         return Statements{hub.reviewed, hub.issued, hub.sign("lake/warden", "warden", hub.leaf)};
     },
     "endorsement_invalid endorsements[2]"},
};

/// The only entry that the hub wrote is the refusal of this leaf, with the codes of `outcome`.
void check_logged_as_refused(const EndorsedHub& hub, TreeSize before, const Bytes& leaf,
                             const protocol::LeafOutcome& outcome) {
    REQUIRE(hub.store.size().value() == before.value() + 1);
    const LogEntry entry = hub.entry(next_index(before));
    const auto* const refused = std::get_if<RefusedEvent>(&entry.event);
    REQUIRE(refused != nullptr);
    CHECK(refused->leaf.sha256 == crypto::sha256(leaf));
    std::set<Errc> codes;
    for (const Reason& each : std::get<protocol::LeafRefused>(outcome).reasons) {
        codes.insert(each.code);
    }
    CHECK(refused->reasons == std::vector<Errc>(codes.begin(), codes.end()));
    CHECK(hub.mailed.empty());
    const storage::StoredBatch batch = must(hub.store.read_batch(next_index(before)));
    CHECK(batch.leaves.front().endorsements.empty());
    CHECK(batch.leaves.front().bytes.empty());
}

TEST_SUITE("endorsements at the hub") {
    TEST_CASE("each set of endorsements is judged by its code and a refused one logs no notice") {
        SignedHub refusing;
        for (const EndorsementCase& row : kRows) {
            CAPTURE(std::string(row.name));
            const std::string expected = row.expected;
            if (expected.empty()) {
                SignedHub hub;
                const auto outcome = hub.send_endorsed("reeds", hub.leaf, row.given(hub));
                CHECK(told(outcome) == "");
                CHECK(accepted_at(outcome).has_value());
                continue;
            }
            const TreeSize before = refusing.store.size();
            const auto outcome =
                refusing.send_endorsed("reeds", refusing.leaf, row.given(refusing));
            CHECK(told(outcome) == expected);
            check_logged_as_refused(refusing, before, refusing.leaf, outcome);
        }
        // The notice is not spoilt by that: with the right ones it goes.
        CHECK(told(refusing.send_endorsed("reeds", refusing.leaf, refusing.both(refusing.leaf))) ==
              "");
    }

    TEST_CASE("the entry names exactly the endorsements and the batch keeps their bytes") {
        SignedHub hub;
        const Statements given{hub.issued, hub.reviewed};
        const auto index = accepted_at(hub.send_endorsed("reeds", hub.leaf, given));
        REQUIRE(index);
        const auto logged = std::get<LoggedEvent>(hub.entry(*index).event);
        const auto ref = [&](const char* role, const char* who, const Bytes& statement) {
            return EndorsementRef{role, crypto::sha256(statement),
                                  hub.endorsers.of(who).certificate().digest()};
        };
        CHECK(logged.endorsements ==
              std::vector<EndorsementRef>{ref("issuer", "reeds/issuer", hub.issued),
                                          ref("reviewer", "reeds/reviewer", hub.reviewed)});
        CHECK(must(hub.store.read_batch(*index)).leaves.front().endorsements == given);
    }

    TEST_CASE("the delivery carries them to the recipient") {
        SignedHub hub;
        const Statements given = hub.both(hub.leaf);
        const auto index = accepted_at(hub.send_endorsed("reeds", hub.leaf, given));
        REQUIRE(index);
        const auto mail = must(hub.store.read_mailbox(UnitId("lake"), std::nullopt, 9));
        REQUIRE(mail.size() == 1);
        LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
        const protocol::Delivery delivery = must(showing.delivery(mail.front()));
        CHECK(delivery.endorsements == protocol::Endorsements{{0, given}});
    }

    TEST_CASE("the same bytes again get the first answer whatever comes with them") {
        SignedHub hub;
        const auto first = accepted_at(hub.send_endorsed("reeds", hub.leaf, hub.both(hub.leaf)));
        REQUIRE(first);
        const TreeSize before = hub.store.size();
        for (const Statements& given :
             {Statements{}, Statements{to_bytes("x")}, hub.both(hub.leaf)}) {
            const protocol::LeafOutcome again = hub.send_endorsed("reeds", hub.leaf, given);
            CHECK(verdict(again) == "repeated");
            CHECK(std::get<protocol::LeafAccepted>(again).index == *first);
        }
        CHECK(hub.store.size() == before);
    }

    TEST_CASE("a kind that a post signs is refused without it and by another post") {
        SignedHub hub;
        Notice decision = testing::notice_of("agenda_decision", "lake", {"office"});
        decision.id = NoticeId(testing::numbered_uuid(3));
        testing::set(decision, "approved", true);
        const Bytes leaf = leaf_of(decision);
        const auto sends = [&](Statements given) {
            // That it answers nothing is said first, each time.
            const std::string_view first = "reply_required in_reply_to";
            std::string words = told(hub.send_endorsed("lake", leaf, std::move(given)));
            REQUIRE(words.starts_with(first));
            words.erase(0, first.size());
            return words.empty() ? words : words.substr(2);
        };
        CHECK(sends({}) == "endorsement_missing endorsements.warden");
        CHECK(sends({hub.sign("lake/issuer", "warden", leaf)}) ==
              "endorsement_invalid endorsements[0]");
        CHECK(sends({hub.sign("lake/issuer", "issuer", leaf)}) ==
              "endorsement_missing endorsements.warden, endorsement_invalid endorsements[0]");
        CHECK(sends({hub.sign("lake/warden", "warden", leaf)}) == "");
    }

    TEST_CASE("a kind that asks for none takes none") {
        SignedHub hub;
        Notice request = testing::notice_of("agenda_request", "office", {"lake"});
        request.id = NoticeId(testing::numbered_uuid(4));
        request.issued_at = TestPki::kNow;
        testing::set(request, "items", std::string("甲"));
        const Bytes leaf = leaf_of(request);
        const TreeSize before = hub.store.size();
        const auto outcome =
            hub.send_endorsed("office", leaf, {hub.sign("lake/issuer", "issuer", leaf)});
        CHECK(told(outcome) == "endorsement_invalid endorsements[0]");
        check_logged_as_refused(hub, before, leaf, outcome);
        CHECK(told(hub.send_endorsed("office", leaf, {})).empty());
    }

    TEST_CASE("an act takes none") {
        SignedHub hub;
        const auto index = accepted_at(hub.send_endorsed("reeds", hub.leaf, hub.both(hub.leaf)));
        REQUIRE(index);
        const NoticeRef notice{crypto::sha256(hub.leaf), *index};
        const Bytes act = leaf_of(act_of(5, ActKind::delivered, {notice}, "lake"));
        const TreeSize before = hub.store.size();
        const auto outcome =
            hub.send_endorsed("lake", act, {hub.sign("lake/issuer", "issuer", act)});
        CHECK(told(outcome) == "endorsement_invalid endorsements");
        check_logged_as_refused(hub, before, act, outcome);
        CHECK(told(hub.send_endorsed("lake", act, {})).empty());
    }

    TEST_CASE("each leaf of a batch needs its own") {
        SignedHub hub;
        const std::vector<Bytes> leaves{hub.leaf, leaf_of(numbered_report(2))};
        protocol::Submit submit = hub.submission("reeds", leaves);
        submit.endorsements = {{1, hub.both(leaves[1])}};
        const auto send = [&hub](const protocol::Submit& batch) {
            Checked<VerifiedBatch> admitted = hub.admission().admit(UnitId("reeds"), batch);
            REQUIRE(admitted.has_value());
            std::vector<VerifiedBatch> batches;
            batches.push_back(*std::move(admitted));
            return hub.sequence(batches).front();
        };
        const SequencedBatch mixed = send(submit);
        CHECK(told(mixed.leaves[0]).starts_with("endorsement_missing"));
        CHECK(told(mixed.leaves[1]).empty());
        // Those of one leaf do not serve another.
        submit.endorsements = {{0, hub.both(leaves[1])}};
        CHECK(told(send(submit).leaves[0]).starts_with("endorsement_invalid"));
    }
}

TEST_SUITE("endorsers that are not trusted") {
    TEST_CASE("a key that was revoked before admission endorses nothing") {
        SignedHub hub;
        const Statements given = hub.both(hub.leaf);
        const crypto::Certificate issuer = hub.endorsers.of("reeds/issuer").certificate();
        SUBCASE("by the list alone") {
            hub.pki.revoke(issuer);
            hub.deployment.trust.set(
                std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
            const TreeSize before = hub.store.size();
            const auto outcome = hub.send_endorsed("reeds", hub.leaf, given);
            CHECK(told(outcome) ==
                  "endorsement_invalid endorsements[1] certificate_revoked, "
                  "endorsement_missing endorsements.issuer");
            check_logged_as_refused(hub, before, hub.leaf, outcome);
        }
        SUBCASE("in the register too") {
            hub.revoke(issuer);
            const TreeSize before = hub.store.size();
            const auto outcome = hub.send_endorsed("reeds", hub.leaf, given);
            CHECK(told(outcome) ==
                  "endorsement_invalid endorsements[1] signer_not_enrolled, "
                  "endorsement_missing endorsements.issuer");
            check_logged_as_refused(hub, before, hub.leaf, outcome);
        }
    }

    TEST_CASE("a key that is revoked between admission and its round endorses nothing") {
        SignedHub hub;
        VerifiedBatch admitted = hub.admit("reeds", hub.leaf, hub.both(hub.leaf));
        REQUIRE(admitted.leaves().front().reasons.empty());
        hub.revoke(hub.endorsers.of("reeds/issuer").certificate());
        const TreeSize before = hub.store.size();
        const auto outcome = hub.log_one(std::move(admitted));
        CHECK(told(outcome) == "endorsement_invalid endorsements.issuer certificate_revoked");
        check_logged_as_refused(hub, before, hub.leaf, outcome);
    }

    TEST_CASE("a certificate beyond its time endorses nothing at admission or in the round") {
        SignedHub hub;
        const Statements given{hub.reviewed, hub.sign("reeds/issuer-2", "issuer", hub.leaf)};
        VerifiedBatch admitted = hub.admit("reeds", hub.leaf, given);
        REQUIRE(admitted.leaves().front().reasons.empty());
        hub.clock.set(TestPki::kNow + std::chrono::hours(2));
        TreeSize before = hub.store.size();
        const auto late = hub.log_one(std::move(admitted));
        CHECK(told(late) == "endorsement_invalid endorsements.issuer certificate_expired");
        check_logged_as_refused(hub, before, hub.leaf, late);
        before = hub.store.size();
        const auto outcome = hub.send_endorsed("reeds", hub.leaf, given);
        CHECK(told(outcome) ==
              "endorsement_invalid endorsements[1] certificate_expired, "
              "endorsement_missing endorsements.issuer");
        check_logged_as_refused(hub, before, hub.leaf, outcome);
    }
}

}  // namespace
}  // namespace tongbao::hub
